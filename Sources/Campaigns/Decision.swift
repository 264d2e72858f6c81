import Dialog
import Quantities

/// What a campaign does next for one account.
public enum Decision: Hashable, Sendable {
    case send(PlannedMessage)
    /// The cadence is over and nobody answered: a person goes on, from this moment.
    case close(Closing, at: Moment)
    case noContact(NoContact)
}

/// A message of a campaign, composed, and the moment at which it may leave.
public struct PlannedMessage: Hashable, Sendable {
    public var stepDay: Int
    public var channel: ContactChannel
    public var address: String
    public var at: Moment
    public var text: String
    public var subject: String?
    public var template: Wording.TemplateName?
    /// Values of the template's parameters, in order.
    public var parameters: [String]
    public var header: TemplateHeader<String>?
    public var buttons: [TemplateButton<String>]?
    /// Whether it is the text for who was verified.
    public var verified: Bool
    /// In Spanish, what moved it from the step's own day and hour, and which channels could not carry it.
    public var remarks: [String]
}

/// Why nothing is sent.
public struct NoContact: Hashable, Sendable {
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case optedOut = "pidió la baja"
        case assigned = "la lleva una agencia"
        case nothingOwed = "no debe nada"
        case paid = "pagó"
        case attended = "atiende una persona"
        case openPromise = "promesa vigente"
        case replied = "contestó"
        case outside = "no es de esta campaña"
        case noAddress = "sin forma de contacto"
        case conduct = "regla de contacto"
        case finished = "campaña terminada"
    }
    public var rule: Rule
    /// In Spanish.
    public var detail: String
    /// Rule and detail in one sentence.
    public var why: String {
        switch rule {
        case .outside, .noAddress, .conduct, .finished: "\(rule.rawValue): \(detail)"
        default: detail
        }
    }
    /// Whether the account leaves the campaign; otherwise it is looked at again on another day.
    public var ends: Bool

    public init(_ rule: Rule, _ detail: String, ends: Bool) {
        self.rule = rule
        self.detail = detail
        self.ends = ends
    }
}
