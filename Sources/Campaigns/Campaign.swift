import Dialog
import Negotiation
import Quantities

/// A way to reach somebody, as campaign files name it.
public enum ContactChannel: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case whatsapp, sms, mail
    /// A call by a person or a dialler: goes to the call list, never to a gateway.
    case voice = "voz"

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A manager's plan of whom to write to, when, on which channels and with which words.
///
/// A value without behaviour of its own: ``Campaign/decide(_:now:rules:)`` says what it means for one account.
public struct Campaign: Hashable, Sendable, Codable {
    public var name: String
    /// The manager's label and a hash of the file.
    public var version: String
    public var audience: Audience
    public var dayZero: DayZero
    /// By day, strictly ascending.
    public var steps: [CampaignStep]
    /// Days after the customer's last message from which the campaign goes on; nil where a message ends it.
    public var resumesAfterReply: Int?
    /// Whether any payment ends it, or only that of all that is owed.
    public var endsOnAnyPayment: Bool
    public var closing: Closing?
}

/// The accounts that a campaign is for; what is nil or empty asks for nothing.
public struct Audience: Hashable, Sendable, Codable {
    public var stages: [Stage]
    public var segments: [String]
    /// Days past due, negative before the due date.
    public var daysPastDue: ClosedRange<Int>?
    /// What may be asked for today, in cents of the account's currency.
    public var balance: ClosedRange<Int64>?
    public var currency: Currency?
}

/// From when the days of the steps count.
public enum DayZero: String, Hashable, Sendable, Codable, CaseIterable {
    /// The due date of the oldest item that is owed; a later item begins the campaign again.
    case dueDate = "vencimiento"
    /// The day on which the account entered the campaign.
    case enrolment = "inscripcion"
}

/// One contact of the cadence: the first channel of the list that can carry it does.
public struct CampaignStep: Hashable, Sendable, Codable {
    /// Days from day zero.
    public var day: Int
    /// Minutes of the day, [start, end).
    public var hours: Range<Int>
    /// In the order in which they are tried: the next one where there is no address or the message could not be delivered.
    public var messages: [CampaignMessage]
}

/// What a step says on one channel.
public struct CampaignMessage: Hashable, Sendable, Codable {
    public var channel: ContactChannel
    /// For everybody: names no debt (I4).
    public var wording: Wording
    /// For who was verified on this channel.
    public var verifiedWording: Wording?
}

public struct Wording: Hashable, Sendable, Codable {
    public var text: CampaignText
    /// The subject of a mail.
    public var subject: CampaignText?
    /// The template that WhatsApp approved with this text; its parameters are the placeholders in order.
    public var template: TemplateName?
    /// The template's header, where it varies.
    public var header: TemplateHeader<CampaignText>?
    /// The template's buttons, in its order, where any varies.
    public var buttons: [TemplateButton<CampaignText>]?

    public struct TemplateName: Hashable, Sendable, Codable {
        public var name: String
        /// Such as `es_AR`.
        public var language: String
    }
}

/// What follows when nobody answered the last step: always work for a person.
public struct Closing: Hashable, Sendable, Codable {
    public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        case formalNotice = "carta_documento"
        case mediation = "mediacion"
        case agency = "agencia"
    }
    public var day: Int
    public var action: Action

    /// What a person does now, in Spanish.
    public var task: String {
        switch action {
        case .formalNotice: "preparar la carta documento para que la firme una persona"
        case .mediation: "ofrecer la mediación, firmada por una persona"
        case .agency: "asignar a una agencia de cobranza"
        }
    }
}
