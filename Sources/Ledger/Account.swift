import Quantities

/// One dated obligation of an account.
public struct Item: Hashable, Sendable, Codable {
    public var id: String
    /// What the customer reads: "Factura octubre 2026".
    public var description: String
    public var principal: Money
    public var dueDate: Day

    public init(id: String, description: String, principal: Money, dueDate: Day) {
        self.id = id
        self.description = description
        self.principal = principal
        self.dueDate = dueDate
    }
}

/// Money received for an account. A reversal (bounced payment) is the same payment with `reversedOn` set.
public struct Payment: Hashable, Sendable, Codable {
    public var id: String
    public var amount: Money
    public var day: Day
    public var reversedOn: Day?
    /// The item the debtor chose to pay (CCCN 900), where they said so.
    public var chosenItem: String?

    public init(id: String, amount: Money, day: Day, reversedOn: Day? = nil, chosenItem: String? = nil) {
        self.id = id
        self.amount = amount
        self.day = day
        self.reversedOn = reversedOn
        self.chosenItem = chosenItem
    }
}

/// Proof that a collection charge was informed to the customer before it is demanded.
public struct ChargeNotice: Hashable, Sendable, Codable {
    public var channel: String
    public var day: Day
    public var text: String

    public init(channel: String, day: Day, text: String) {
        self.channel = channel
        self.day = day
        self.text = text
    }
}

/// What one customer owes one creditor under one contract, as imported. Amounts owed are derived by ``Account/statement(on:)``.
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
    public var currency: Currency
    /// Payment-history segment: `buen_pagador`, `olvidadizo`, `ocasional`, `cronico`.
    public var segment: String
    public var items: [Item]
    public var payments: [Payment]
    public var chargeNotice: ChargeNotice?
    public var optedOut: Bool
    public var terms: ContractTerms

    public init(
        id: String, creditor: String, firstName: String, fullName: String, document: String, phone: String,
        currency: Currency = .ars, segment: String = "ocasional", items: [Item] = [], payments: [Payment] = [],
        chargeNotice: ChargeNotice? = nil, optedOut: Bool = false, terms: ContractTerms = ContractTerms()
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
        self.chargeNotice = chargeNotice
        self.optedOut = optedOut
        self.terms = terms
    }
}

/// The order in which a payment extinguishes debt across items (CCCN 900–902 or the contract).
public enum ImputationMode: String, Codable, Sendable, CaseIterable {
    case oldestItemFirst = "oldest_item_first"
    case mostOnerousFirst = "most_onerous_first"
    case debtorChoice = "debtor_choice"
    case componentsAcrossItems = "components_across_items"
    case proRata = "pro_rata"
}

/// A collection charge (*cargo de gestión de cobranza*): a share of the overdue principal between a minimum and a cap.
public struct CollectionChargeTerms: Hashable, Sendable, Codable {
    public var rate: Percent
    public var minimum: Money
    public var maximum: Money
    public var vat: Percent
    /// The charge is due from this many days past due.
    public var fromDaysPastDue: Int

    public init(rate: Percent, minimum: Money, maximum: Money, vat: Percent, fromDaysPastDue: Int) {
        self.rate = rate
        self.minimum = minimum
        self.maximum = maximum
        self.vat = vat
        self.fromDaysPastDue = fromDaysPastDue
    }
}

/// What the contract says about interest, charges and imputation.
public struct ContractTerms: Hashable, Sendable, Codable {
    /// Nominal annual rate of moratory interest (TNA).
    public var moratoryRate: Percent
    /// 365 (the default) or 360 where the contract says so.
    public var dayCountBasis: Int
    public var vatOnInterest: Percent
    public var collectionCharge: CollectionChargeTerms?
    public var imputation: ImputationMode

    public init(
        moratoryRate: Percent = Percent(basisPoints: 6000), dayCountBasis: Int = 365,
        vatOnInterest: Percent = Percent(basisPoints: 2100), collectionCharge: CollectionChargeTerms? = nil,
        imputation: ImputationMode = .oldestItemFirst
    ) {
        self.moratoryRate = moratoryRate
        self.dayCountBasis = dayCountBasis
        self.vatOnInterest = vatOnInterest
        self.collectionCharge = collectionCharge
        self.imputation = imputation
    }
}
