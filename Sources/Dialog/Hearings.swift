import Understanding

/// A set of the names that `hears:` may list; names that nobody knows are left out.
struct Hearings: OptionSet, Hashable, Sendable {
    let rawValue: UInt64

    private static let bits: [String: Hearings] = {
        let names = (Array(DialogVocabulary.intents.keys) + DialogVocabulary.readings).sorted()
        precondition(names.count <= 64, "names of hearings no longer fit 64 bits")
        return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Hearings(rawValue: 1 << $0)) })
    }()

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(_ names: some Sequence<String>) {
        self = names.reduce(into: []) { $0.formUnion(Self.bits[$1] ?? []) }
    }

    init(named name: String) { self = Self.bits[name] ?? [] }

    static let yes = Hearings(["si"])
    static let no = Hearings(["no"])
    static let accepts = Hearings(["acepta"])
    static let amount = Hearings(["monto"])
    static let day = Hearings(["fecha"])
    static let instalments = Hearings(["cuotas"])
    static let option = Hearings(["opcion"])
    static let other = Hearings(["otro"])
    static let death = Hearings(["fallecimiento"])
    static let repeatedInsult = Hearings(["insulto_repetido"])

    /// The names that each intent is heard as, with the confidence that it takes.
    private static let byIntent: [Intent: [(heard: Hearings, from: Double)]] = {
        var table: [Intent: [(heard: Hearings, from: Double)]] = [:]
        for (name, intents) in DialogVocabulary.intents {
            for intent in intents {
                table[intent, default: []].append((Hearings([name]), DialogVocabulary.threshold(of: name)))
            }
        }
        return table
    }()
    private static let document = Hearings(["documento"])
    private static let payDay = Hearings(["dia_de_cobro"])
    private static let unsure: Set<Intent> = [.deny, .reject, .unclear, .postpone]

    /// What a message says wherever it is said.
    init(_ understanding: Understanding) {
        self = .other
        var isUnsure = false
        for reading in understanding.intents {
            if Self.unsure.contains(reading.intent) { isUnsure = true }
            for name in Self.byIntent[reading.intent] ?? [] where reading.confidence >= name.from {
                formUnion(name.heard)
            }
        }
        if isUnsure { remove(.yes) }
        // "si voy a pagar te aviso".
        if understanding.has(.postpone) { remove(.accepts) }
        if understanding.documentDigits != nil { insert(Self.document) }
        if understanding.namesPayDay { insert(Self.payDay) }
    }
}
