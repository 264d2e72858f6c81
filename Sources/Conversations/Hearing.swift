import Dialog
import Understanding

/// What is taken from what a customer wrote or said.
extension TurnProcessor {
    /// What must not wait, and is believed also where it may have been misheard: it costs a call back or a message less.
    static let urgent: [Intent] = [.optOut, .askHuman, .distress]

    /// What a message may mean, as far as its gateway is sure of it.
    /// - Parameter text: a part of the message; all of it unless told.
    func understanding(of message: InboundMessage, _ text: String? = nil, asked question: Question = .open)
        -> Understanding
    {
        let text = text ?? message.text
        var heard = world.reader.read(text, at: message.writtenAt, zone: world.zone, asked: question)
        switch message.hint {
        case .misheard:
            // Not an amount, nor a day, nor a yes, nor a button's words: the dialog asks again.
            heard = Understanding(
                normalised: "", intents: heard.intents.filter { Self.urgent.contains($0.intent) })
        case .optOut where !heard.has(.optOut):
            let whole = Span(0, text.utf8.count)
            heard.intents.insert(
                IntentReading(.optOut, span: whole, confidence: 1, reason: "baja en el operador"), at: 0)
        case .optOut, nil: break
        }
        return heard
    }
}
