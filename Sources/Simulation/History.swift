import Conversations
import Ledger
import Quantities

/// A random source that repeats for a seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// One thing that happens. What it needs at random comes of its own seed, so that it happens alike where others are left
/// out of the history.
struct Event: Sendable {
    struct Saying: Sendable {
        /// Whose, by index.
        var contact: Int
        var text: String
    }
    enum Kind: Sendable {
        /// Messages that gateways deliver at once.
        case say([Saying])
        /// Taps an option of the last message.
        case tap(contact: Int, option: Int)
        /// A gateway delivers one of the last messages again.
        case again(back: Int)
        /// Gateways deliver all that was not acknowledged.
        case retry
        /// A gateway reports on one of the last messages that it took.
        case report(back: Int, String)
        case pay(account: Int, cents: Int64)
        /// The ERP takes the account's last payment back.
        case reverse(account: Int)
        case order(AgentCommand, by: String)
        /// Seconds; negative where the clock is set back.
        case pass(Int64)
        case timers
        case send
        /// The power fails in the middle of a write or sync to come, and perhaps once more while the database recovers.
        case powerFails(inOperations: Int, SimulatedDisk.Loss, whileRecovering: Int?)
        case diskFills, diskEmpties, syncFails
    }
    var seed: UInt64
    var kind: Kind
}

/// Who takes part: some of the company's accounts, two of one person, two with one phone, and a stranger.
struct Cast: Sendable {
    struct Person: Sendable {
        var contact: ContactKey
        var accountID: String?
        /// The digits that prove who the holder is.
        var proof: String
    }
    var accounts: [Account]
    var people: [Person]

    init(of company: [Account]) {
        var accounts = Array(company.prefix(4))
        if var second = accounts.first {
            second.id += "-2"
            second.phone = "+5491177770001"
            accounts.append(second)
        }
        // Whoever writes from here may be either of two.
        if accounts.count > 3 {
            accounts[2].phone = accounts[3].phone
        }
        self.accounts = accounts
        people = accounts.map {
            Person(
                contact: ContactKey(channel: "whatsapp", gatewayAccount: "100000000000002", address: $0.phone),
                accountID: $0.id, proof: String($0.document.suffix(3)))
        }
        people.append(
            Person(
                contact: ContactKey(channel: "whatsapp", gatewayAccount: "100000000000002", address: "+5491199999999"),
                accountID: nil, proof: "000"))
    }
}

enum Sayings {
    static let human = ["quiero hablar con una persona", "pasame con un asesor", "quiero una persona"]
    static let optOut = ["no me escriban más", "no quiero recibir más mensajes"]
    static let promising = [
        "el viernes pago todo", "pago todo mañana", "el 5 te tiro la mitad", "te pago 20 lucas el lunes", "pago hoy",
        "3 cuotas", "quiero cuotas", "la 1",
    ]
    static let yes = ["dale", "sí", "sí, confirmo", "ok"]
    static let other = [
        "hola", "no", "cuánto debo?", "cómo pago?", "quién sos?", "no puedo", "ya pagué", "no debo nada", "mejor el 10",
        "después te digo", "gracias", "👍", "jaja", "999", "el 31 de febrero", "99999999999999999999", "equivocado",
        "esto es una estafa", "\u{0}", "¿?",
    ]
}

/// The history of a seed.
func history(seed: UInt64, cast: Cast, length: Int) -> [Event] {
    var random = SeededRandom(seed)
    func pick<T>(_ all: [T]) -> T { all[Int.random(in: 0..<all.count, using: &random)] }
    func text(for contact: Int) -> String {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<22: cast.people[contact].proof
        case 22..<46: pick(Sayings.promising)
        case 46..<68: pick(Sayings.yes)
        case 68..<72: pick(Sayings.human)
        case 72..<74: pick(Sayings.optOut)
        default: pick(Sayings.other)
        }
    }
    // Few people, so that conversations come far.
    let talkers = (0..<3).map { _ in Int.random(in: 0..<cast.people.count, using: &random) }
    let orders: [AgentCommand] = [
        .claim, .claim, .claim, .reply("Hola, soy Ana."), .note("llamar"), .hold, .release, .returnToBot(note: nil),
        .close(note: "listo"),
    ]
    return (0..<length).map { _ in
        let kind: Event.Kind
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<34:
            let count = Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 2...5, using: &random) : 1
            kind = .say(
                (0..<count).map { _ in
                    let contact = pick(talkers)
                    return Event.Saying(contact: contact, text: text(for: contact))
                })
        case 34..<38: kind = .tap(contact: pick(talkers), option: Int.random(in: 0..<3, using: &random))
        case 38..<43: kind = .again(back: Int.random(in: 0..<6, using: &random))
        case 43..<47: kind = .retry
        case 47..<51:
            kind = .report(
                back: Int.random(in: 0..<4, using: &random), pick(["sent", "delivered", "read", "delivered", "failed"]))
        case 51..<54:
            kind = .pay(
                account: Int.random(in: 0..<cast.accounts.count, using: &random),
                cents: Int64.random(in: 100_000...3_000_000, using: &random))
        case 54: kind = .reverse(account: Int.random(in: 0..<cast.accounts.count, using: &random))
        case 55..<63: kind = .order(pick(orders), by: pick(["Ana", "Bruno"]))
        case 63..<70: kind = .pass(Int64.random(in: 1...600, using: &random))
        case 70..<73: kind = .pass(Int64.random(in: 3600...3 * 86_400, using: &random))
        case 73: kind = .pass(-3600)
        case 74..<78: kind = .timers
        case 78..<91: kind = .send
        case 91..<97:
            let again = Int.random(in: 0..<4, using: &random) == 0
            kind = .powerFails(
                inOperations: Int.random(in: 1...40, using: &random), pick(SimulatedDisk.Loss.allCases),
                whileRecovering: again ? Int.random(in: 1...12, using: &random) : nil)
        case 97: kind = .diskFills
        case 98: kind = .diskEmpties
        default: kind = .syncFails
        }
        return Event(seed: random.next(), kind: kind)
    }
}
