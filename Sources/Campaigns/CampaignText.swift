import Dialog
import Negotiation
import Quantities

/// A text with placeholders.
public struct CampaignText: Hashable, Sendable, Codable {
    public enum Part: Hashable, Sendable, Codable {
        case text(String)
        case placeholder(Placeholder)
    }
    public var parts: [Part]

    /// What a campaign's text may hold between braces.
    public enum Placeholder: String, Hashable, Sendable, Codable, CaseIterable {
        /// First name, creditor, and the hours in which people attend: they say nothing about a debt.
        case firstName = "nombre"
        case creditor = "acreedor"
        case attendedHours = "atencion"
        /// The account's id, such as a template's address may end with.
        case account = "cuenta"
        case balance = "saldo"
        case dueDate = "vencimiento"
        case daysPastDue = "dias_mora"
        case items = "detalle"
        case alias, cbu, link

        /// Whether it tells, or lets guess, that there is a debt.
        public var disclosesDebt: Bool {
            switch self {
            case .firstName, .creditor, .attendedHours, .account: false
            default: true
            }
        }
    }

    public var placeholders: [Placeholder] {
        parts.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }

    func rendered(_ value: (Placeholder) -> String) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .placeholder(let placeholder): value(placeholder)
            }
        }.joined()
    }
}

/// What the company says of itself in every text.
public struct CompanyDetails: Hashable, Sendable {
    public var payment: PaymentInstructions
    public var attendedHours: String
    public init(payment: PaymentInstructions, attendedHours: String) {
        self.payment = payment
        self.attendedHours = attendedHours
    }
}

extension CampaignText.Placeholder {
    func value(for situation: Situation, on day: Day, _ company: CompanyDetails) -> String {
        let owed = situation.statement.demandable
        return switch self {
        case .firstName: situation.account.firstName
        case .creditor: situation.account.creditor
        case .attendedHours: company.attendedHours
        case .account: situation.account.id
        case .balance: owed.total.formatted
        case .dueDate: owed.nextDueDate?.formatted(asOf: day) ?? "—"
        case .daysPastDue: String(max(0, owed.daysPastDue ?? 0))
        case .items: owed.lines.map(\.description).joined(separator: ", ")
        case .alias: company.payment.alias
        case .cbu: company.payment.cbu
        case .link: company.payment.link.replacing("{cuenta}", with: situation.account.id)
        }
    }
}
