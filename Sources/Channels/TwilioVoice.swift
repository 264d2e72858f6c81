import Conversations
import Dialog
import Foundation
import Quantities

/// Calls through Twilio: each turn of a call is a request, answered with TwiML that says something and gathers what the
/// caller says or types.
public enum TwilioVoice {
    /// What a request of a call is.
    public enum Event: Hashable, Sendable {
        case turn(InboundMessage)
        /// The caller said nothing: what was asked is asked again.
        case silence(ContactKey)
        /// The call ended, or something else that needs no answer.
        case ignored(kind: String)
        case unreadable(reason: String)
    }

    /// - Parameters:
    ///   - step: how many times this call was answered before, from the URL that Twilio was given; it tells the turns of a
    ///     call apart, and a request that Twilio repeats has the same.
    ///   - leastConfidence: of what was said, 0…1: below it nothing is believed that can be asked again.
    public static func parse(
        _ fields: [String: String], step: Int, leastConfidence: Double = 0.5, receivedAt: Moment
    ) -> Event {
        guard let call = fields["CallSid"], UntrustedJSON.isIdentifier(call) else {
            return .unreadable(reason: "no CallSid")
        }
        let status = fields["CallStatus"] ?? ""
        guard ["ringing", "in-progress", "queued", "initiated"].contains(status) else { return .ignored(kind: status) }
        // Nothing of a debt is told to a machine.
        if let by = fields["AnsweredBy"], by.hasPrefix("machine") || by == "fax" { return .ignored(kind: by) }
        // Of a call that we place the customer is who is called.
        let outbound = fields["Direction"]?.hasPrefix("outbound") == true
        guard let company = fields[outbound ? "From" : "To"], let caller = fields[outbound ? "To" : "From"],
            UntrustedJSON.isIdentifier(company), UntrustedJSON.isIdentifier(caller)
        else { return .unreadable(reason: "no From or To") }
        let contact = ContactKey(channel: "voz", gatewayAccount: company, address: caller)
        func turn(_ content: InboundMessage.Content, _ hint: InboundMessage.Hint? = nil) -> Event {
            var message = InboundMessage(
                contact: contact, messageID: step == 0 ? call : "\(call)/\(step)", writtenAt: receivedAt,
                content: content)
            message.hint = hint
            return .turn(message)
        }
        let speech = (fields["SpeechResult"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        let digits = (fields["Digits"] ?? "").filter(\.isNumber)
        let confidence = fields["Confidence"].map { Double($0) ?? 0 } ?? 1
        if !speech.isEmpty, confidence >= leastConfidence || digits.isEmpty {
            return turn(.text(speech), confidence >= leastConfidence ? nil : .misheard)
        }
        if !digits.isEmpty { return turn(.text(digits)) }
        return step == 0 ? turn(.opened) : .silence(contact)
    }

    /// What is said next, and whether the call goes on.
    public struct Answer: Sendable {
        public var messages: [BotMessage]
        /// Where Twilio posts what the caller says; nil ends the call.
        public var next: String?
        public init(messages: [BotMessage], next: String?) {
            self.messages = messages
            self.next = next
        }
    }

    /// Said to who calls while a person has the case, or waits to call back.
    public static let callBack = BotMessage(
        text: "Una persona del equipo te va a llamar a este número. Gracias por llamar.")
    /// Said before hanging up on a line where nobody speaks.
    public static let goodbye = BotMessage(text: "No te escucho. Podés volver a llamar cuando quieras. Gracias.")

    /// TwiML in which the caller may speak or type at any moment, also over what is being said.
    public static func twiML(_ answer: Answer, language: String = "es-AR", voice: String = "es-MX") -> Data {
        let said = answer.messages.map { "<Say language=\"\(voice.markup)\">\(spoken($0).markup)</Say>" }.joined()
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>"
        if let next = answer.next {
            xml += "<Gather input=\"speech dtmf\" language=\"\(language.markup)\" action=\"\(next.markup)\""
            xml += " method=\"POST\" actionOnEmptyResult=\"true\" timeout=\"5\" speechTimeout=\"auto\""
            xml += " finishOnKey=\"#\" bargeIn=\"true\">\(said)</Gather>"
        } else {
            xml += said + "<Hangup/>"
        }
        return Data((xml + "</Response>").utf8)
    }

    /// The message and its options, each with the key that chooses it.
    static func spoken(_ message: BotMessage) -> String {
        var text = SpokenText.spoken(message.text)
        for (index, option) in message.options.enumerated() {
            let title = SpokenText.spoken(option.title + (option.detail.map { ", \($0)" } ?? ""))
            text += " Para \(title), marcá \(SpanishNumbers.words(Int64(index + 1)))."
        }
        return text
    }
}
