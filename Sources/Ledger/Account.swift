import Quantities

/// What one customer owes one creditor under one contract, as imported. Amounts owed are derived by
/// ``Account/statement(on:indices:)``.
public struct Account: Hashable, Sendable, Codable {
    public var id: String
    public var creditor: String
    /// First name, as the bot addresses the customer.
    public var firstName: String
    public var fullName: String
    /// Document number, digits only; its last three digits verify the right party.
    public var document: String
    /// Phone in E.164, such as `+5491100000003`; the key by which an inbound message finds its account.
    public var phone: String
    public var email: String?
    /// Whether the company vouches that the holder reads the mail: then figures may be sent there.
    public var emailVerified = false
    /// Where a formal notice is sent, in one line.
    public var postalAddress: String?
    /// The language that the holder wants to be attended in (BCP 47), such as `pt-BR`; nil where nobody said.
    public var language: String?
    public var currency: Currency
    /// Payment-history segment: `buen_pagador`, `olvidadizo`, `ocasional`, `cronico`.
    public var segment: String
    public var items: [Item]
    public var payments: [Payment]
    public var waivers: [Waiver]
    public var chargeNotice: ChargeNotice?
    public var optedOut: Bool
    public var terms: ContractTerms

    public init(
        id: String, creditor: String, firstName: String, fullName: String, document: String, phone: String,
        currency: Currency = .ars, segment: String = "ocasional", items: [Item] = [], payments: [Payment] = [],
        waivers: [Waiver] = [], chargeNotice: ChargeNotice? = nil, optedOut: Bool = false,
        terms: ContractTerms = ContractTerms()
    ) {
        self.id = id
        self.creditor = creditor
        self.firstName = firstName
        self.fullName = fullName
        self.document = document
        self.phone = phone
        self.currency = currency
        self.segment = segment
        self.items = items
        self.payments = payments
        self.waivers = waivers
        self.chargeNotice = chargeNotice
        self.optedOut = optedOut
        self.terms = terms
    }

    /// Reads also what was written before accounts had waivers or a mail.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func field<T: Decodable>(_ key: CodingKeys) throws -> T { try container.decode(T.self, forKey: key) }
        self.init(
            id: try field(.id), creditor: try field(.creditor), firstName: try field(.firstName),
            fullName: try field(.fullName), document: try field(.document), phone: try field(.phone),
            currency: try field(.currency), segment: try field(.segment), items: try field(.items),
            payments: try field(.payments),
            waivers: try container.decodeIfPresent([Waiver].self, forKey: .waivers) ?? [],
            chargeNotice: try container.decodeIfPresent(ChargeNotice.self, forKey: .chargeNotice),
            optedOut: try field(.optedOut), terms: try field(.terms))
        email = try container.decodeIfPresent(String.self, forKey: .email)
        emailVerified = try container.decodeIfPresent(Bool.self, forKey: .emailVerified) ?? false
        postalAddress = try container.decodeIfPresent(String.self, forKey: .postalAddress)
        language = try container.decodeIfPresent(String.self, forKey: .language)
    }
}

extension Account {
    /// As a store keeps it: items and payments by id, whatever the order in which they came.
    public var ordered: Account {
        func before(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
        var account = self
        account.items.sort { before($0.id, $1.id) }
        account.payments.sort { before($0.id, $1.id) }
        return account
    }

    /// Equal for the accounts of one person: their document or, where it is not known, the account itself.
    public var personKey: String { document.isEmpty ? "cuenta \(id)" : document }
}
