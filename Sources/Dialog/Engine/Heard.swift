import Negotiation
import Quantities
import Understanding

/// What the customer did in a turn: wrote, or tapped a button.
struct Heard {
    let understanding: Understanding
    let messageID: String
    /// The name that a tapped button stands for, without its serial.
    let tapped: String?
    /// The message that the tapped button is on.
    let serial: Int?
    /// The button belongs to an older message than the last one with options.
    let staleTap: Bool
    /// What it says wherever it is said.
    let said: Hearings

    init(_ understanding: Understanding, messageID: String) {
        self.understanding = understanding
        said = Hearings(understanding)
        self.messageID = messageID
        tapped = nil
        serial = nil
        staleTap = false
    }

    /// - Parameter id: `name#serial`.
    init(tapped id: String, _ understanding: Understanding, messageID: String, serial: Int) {
        self.messageID = messageID
        let parts = id.split(separator: "#", maxSplits: 1)
        if parts.count == 2, let number = Int(parts[1]) {
            tapped = String(parts[0])
            self.serial = number
            staleTap = number != serial
            self.understanding = Understanding(normalised: understanding.normalised)
            said = Hearings(named: String(parts[0]))
        } else {
            // A button that is not ours (a template's): read as the text on it.
            tapped = nil
            self.serial = nil
            staleTap = false
            self.understanding = understanding
            said = Hearings(understanding)
        }
    }

    var text: String { understanding.normalised }

    /// For `:why`, what was read and why.
    var reasons: [String] {
        if let tapped { return ["tocó el botón `\(tapped)`"] }
        var lines = understanding.intents.map { "\($0.intent.rawValue) \(Self.percent($0.confidence)) (\($0.reason))" }
        lines += understanding.amounts.map { "importe \(Self.percent($0.confidence)) (\($0.reason))" }
        lines += understanding.days.map {
            "día \($0.day?.iso ?? "sin precisar") \($0.kind.rawValue) \(Self.percent($0.confidence)) (\($0.reason))"
        }
        return lines
    }

    private static func percent(_ confidence: Double) -> String { "\(Int((confidence * 100).rounded())) %" }

    /// Said by courtesy, and typed: a tap answers something.
    var isCourtesy: Bool { tapped == nil && understanding.isCourtesy }

    /// "Hola", and nothing else.
    var isGreeting: Bool {
        tapped == nil && !understanding.intents.isEmpty && understanding.intents.allSatisfy { $0.intent == .greet }
    }

    /// The offer on the screen that was chosen.
    func chosenOffer(in state: DialogState) -> Offer? {
        guard let id = tapped ?? understanding.choice else { return nil }
        return state.shownOffers.first { $0.id == id }
    }

    /// "20 lucas ahora y el resto el lunes": the first payment is that of today, and not 20 lucas on Monday.
    /// - Parameter confirming: "y el 20 el resto", said to what is read back, is another payment.
    func daysToTake(asOf today: Day, confirming: Bool) -> [DayReading] {
        let days = understanding.days
        if confirming, days.count == 1, text.hasPrefix("y "), text.contains("resto") || text.contains("falta") {
            return []
        }
        let coming = days.filter { $0.kind == .payBy && $0.confidence >= 0.5 }
        guard coming.count > 1, let first = coming.first, first.day == today, coming[1].day != today,
            let amount = understanding.amounts.first, amount.value != .all, amount.span.end <= coming[1].span.start,
            understanding.amounts.count > 1 || text.contains("resto") || text.contains("falta")
        else { return days }
        return [first]
    }

    /// "el jueves", and neither "este jueves" nor "jueves 26".
    func namesOnlyTheWeekday(of day: Day) -> Bool {
        let words = text.split { !$0.isLetter }
        let name = day.weekday.spanishName.replacing("é", with: "e").replacing("á", with: "a")
        return words.contains(Substring(name)) && !words.contains("este")
            && !text.utf8.contains { (48...57).contains($0) }
    }

    /// "por qué me sumaron 2.976": a sum that is asked about, or disputed, is no offer.
    var onlyAsks: Bool {
        if understanding.has(.promise) || understanding.has(.partialPayment) { return false }
        let asks: [Intent] = [
            .askBalance, .askDueDate, .askConsequences, .askWhy, .askHowToPay, .dispute, .complain,
        ]
        return asks.contains { understanding.has($0) }
    }

    /// Whether a day in the message may be taken as the day of payment: a commitment, or the answer to the question.
    func commits(asked: Bool) -> Bool {
        let refuses: [Intent] = [
            .complain, .alreadyPaid, .dispute, .askDueDate, .askConsequences, .askWhy, .askWhyDocument, .askHowToPay,
            .thirdParty, .wrongPerson, .cannotPay,
            // "no voy a pagar el viernes", "el lunes me operan", "cuánto debo hasta hoy".
            .reject, .hardship, .askBalance,
        ]
        if understanding.has(.promise) || understanding.has(.partialPayment) { return true }
        return asked && !refuses.contains { understanding.has($0) }
    }
}

extension DialogState {
    /// The last question wants a day, or a yes to one.
    func askingForDay(_ dialog: CompiledDialog) -> Bool {
        if pendingSlot == "fecha" { return true }
        guard let definition = dialog.states[state], pendingSlot == nil else { return false }
        return definition.expects == .day || definition.confirms || definition.heard.contains(.day)
    }
}

extension Understanding {
    /// A death was told, and not that of the account's holder for sure.
    var mournsAnother: Bool { intents.contains { $0.intent == .deceased && $0.confidence < 0.6 } }

    /// Thanks, an "ok" or a "till later", and nothing else.
    public var isCourtesy: Bool {
        !intents.isEmpty
            && intents.allSatisfy { [.thanks, .affirm, .accept, .comesBack, .postpone].contains($0.intent) }
            && (has(.comesBack) || !has(.postpone)) && amounts.isEmpty && instalments == nil
            && (has(.comesBack) || days.isEmpty)
    }
}
