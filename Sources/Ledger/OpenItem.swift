import Quantities

/// One item on its way through time: the one place where interest, charge, payments and waivers meet.
///
/// Interest runs in stretches of equal base. A stretch ends when a payment or waiver touches the item, or when interest
/// is capitalised; those of an indexed item are valued at the index of the day on which they end.
struct OpenItem {
    let item: Item
    let rate: Percent
    private let halfPunitive: Int64
    private let index: IndexTable?
    /// The principal in money on day d is `numerator × index(d) / denominator`; the index is 1 where there is none.
    private var numerator: Int128
    private var denominator: Int128
    private(set) var principalSettled: Int64 = 0
    private(set) var interest: AccruedFigure
    private(set) var punitive: AccruedFigure
    private(set) var charge: Int64 = 0
    private(set) var chargeVAT: Int64 = 0
    private(set) var chargeSettled: Int64 = 0
    /// Interest that joined the base on which interest runs, and is still owed.
    private var capitalised: Int64 = 0
    private var stretchFrom: Day
    private var nextCapitalisation: Day?
    private var capitalisations = 0
    private var chargeDay: Day?
    private(set) var steps: [FigureStep] = []
    /// The day on which the last of it was settled.
    private(set) var closedOn: Day?

    init(_ item: Item, account: Account, indices: IndexTables) {
        let terms = account.terms
        self.item = item
        rate = item.moratoryRate ?? terms.moratoryRate
        halfPunitive = terms.punitive?.halfBasisPoints(beside: rate) ?? 0
        interest = AccruedFigure(unitsPerCent: .interest(basis: terms.dayCountBasis))
        punitive = AccruedFigure(unitsPerCent: .punitive(basis: terms.dayCountBasis))
        stretchFrom = item.dueDate
        if let indexed = item.indexed, let table = indices[indexed.unit], table.value(on: item.dueDate) != nil {
            // hundredths of a unit × ten-thousandths of a peso are 10^-6 pesos: 10 000 to the cent.
            (numerator, denominator, index) = (Int128(indexed.hundredths), 10_000, table)
        } else {
            (numerator, denominator, index) = (Int128(item.principal.cents), 1, nil)
        }
        if let every = terms.capitalisation { nextCapitalisation = item.dueDate.adding(months: every.months) }
        if let charging = terms.collectionCharge, let notice = account.chargeNotice, notice.isProof {
            chargeDay = max(item.dueDate.adding(days: min(max(1, charging.fromDaysPastDue), 36_500)), notice.day)
        }
    }

    // MARK: What is left

    /// The principal in cents as it stands on `day`, half up.
    func principal(on day: Day) -> Int64 {
        guard let value = index?.value(on: day) else { return Int64(numerator) }
        return roundedHalfUp(numerator * Int128(value), over: denominator)
    }

    /// Interest with the open stretch up to `day`.
    func interest(on day: Day) -> AccruedFigure {
        var figure = interest
        if day > stretchFrom {
            figure.accrue(principal(on: day) + capitalised, rate: rate.basisPoints, days: day - stretchFrom)
        }
        return figure
    }

    /// Punitive interest with the open stretch up to `day`.
    func punitive(on day: Day) -> AccruedFigure {
        var figure = punitive
        if day > stretchFrom, halfPunitive > 0 {
            figure.accrue(principal(on: day), rate: halfPunitive, days: day - stretchFrom)
        }
        return figure
    }

    /// What a payment on `day` finds, VAT with the component that it belongs to.
    /// - Precondition: it was advanced to `day`.
    func debt(on day: Day, terms: ContractTerms) -> ItemDebt {
        let (interest, punitive) = (interest(on: day), punitive(on: day))
        let vat = terms.vatOnInterest
        let owed = interest.left + interest.leftVAT(vat) + punitive.left + punitive.leftVAT(vat)
        let currency = item.principal.currency
        return ItemDebt(
            id: item.id, dueDate: item.dueDate, principal: Money(cents: principal(on: day), currency),
            interest: Money(cents: owed, currency),
            costs: Money(cents: charge + chargeVAT - chargeSettled, currency), rate: rate)
    }

    // MARK: What happens to it

    /// Does what its dates ask for up to `day`, in their order: the charge, once it is due and was informed, and
    /// capitalisations.
    mutating func advance(to day: Day, account: Account) {
        while true {
            let charging = chargeDay.map { $0 <= day } ?? false
            let capitalising = nextCapitalisation.map { $0 <= day } ?? false
            if charging, !capitalising || chargeDay! <= nextCapitalisation! {
                assess(on: chargeDay!, account)
                chargeDay = nil
            } else if capitalising {
                capitalise(on: nextCapitalisation!, account.terms)
            } else {
                return
            }
        }
    }

    private mutating func assess(on day: Day, _ account: Account) {
        let base = Money(cents: principal(on: day), item.principal.currency)
        guard let terms = account.terms.collectionCharge, let notice = account.chargeNotice, base.isPositive else {
            return
        }
        let assessed = terms.charge(on: base)
        (charge, chargeVAT) = (assessed.amount.cents, assessed.vat.cents)
        steps.append(.charge(base: base, terms: terms, amount: assessed.amount, vat: assessed.vat, notice: notice))
    }

    private mutating func capitalise(on day: Day, _ terms: ContractTerms) {
        closeStretch(on: day, terms)
        let before = capitalised
        capitalised = interest.left
        if capitalised > before {
            steps.append(.capitalised(Money(cents: capitalised, item.principal.currency), on: day))
        }
        capitalisations += 1
        nextCapitalisation =
            principal(on: day) + capitalised > 0
            ? terms.capitalisation.map { item.dueDate.adding(months: $0.months * (capitalisations + 1)) } : nil
    }

    /// Ends the stretch of equal base that is open.
    private mutating func closeStretch(on day: Day, _ terms: ContractTerms) {
        guard day > stretchFrom else { return }
        let currency = item.principal.currency
        let principal = principal(on: day)
        let days = day - stretchFrom
        (interest, punitive) = (interest(on: day), punitive(on: day))
        stretchFrom = day
        guard principal + capitalised > 0 else { return }
        steps.append(
            .interest(
                base: Money(cents: principal + capitalised, currency), rate: rate, days: days,
                basis: terms.dayCountBasis))
        if halfPunitive > 0 {
            steps.append(
                .punitive(
                    base: Money(cents: principal, currency), halfBasisPoints: halfPunitive, days: days,
                    basis: terms.dayCountBasis))
        }
    }

    /// Takes `cents` off a component on `day`.
    /// - Precondition: no more than ``debt(on:terms:)`` says is left of it.
    mutating func settle(
        _ component: DebtComponent, _ cents: Int64, on day: Day, _ cause: FigureStep.Cause, _ terms: ContractTerms
    ) {
        guard cents > 0 else { return }
        closeStretch(on: day, terms)
        switch component {
        case .costs: chargeSettled += cents
        case .interest:
            let rest = interest.settle(cents, vat: terms.vatOnInterest)
            _ = punitive.settle(rest, vat: terms.vatOnInterest)
            capitalised = min(capitalised, interest.left)
        case .principal:
            (numerator, denominator) = (Int128(principal(on: day) - cents), 1)
            if let value = index?.value(on: day) { denominator = Int128(value) }
            principalSettled += cents
        }
        steps.append(.settled(component, Money(cents: cents, item.principal.currency), on: day, cause))
        closedOn = debt(on: day, terms: terms).total.isZero ? day : nil
    }

    // MARK: How it is shown

    /// The line of a statement.
    mutating func line(on day: Day, _ terms: ContractTerms) -> StatementLine {
        closeStretch(on: day, terms)
        let currency = item.principal.currency
        func money(_ cents: Int64) -> Money { Money(cents: cents, currency) }
        let vat = terms.vatOnInterest
        let paidOfCharge = min(chargeSettled, charge)
        let principal = principal(on: day)
        var steps = steps
        if let index, let indexed = item.indexed, let value = index.value(on: day) {
            steps.insert(.indexed(indexed, tenThousandths: value, principal: money(principal), on: day), at: 0)
        }
        return StatementLine(
            itemID: item.id, description: item.description, dueDate: item.dueDate, daysPastDue: day - item.dueDate,
            importedPrincipal: item.principal, principal: money(principal), interest: money(interest.left),
            punitive: money(punitive.left),
            interestVAT: money(interest.leftVAT(vat) + punitive.leftVAT(vat)), charge: money(charge - paidOfCharge),
            chargeVAT: money(chargeVAT - (chargeSettled - paidOfCharge)), vatOnInterest: vat,
            accruedInterest: money(interest.gross), accruedPunitive: money(punitive.gross), steps: steps)
    }

    /// What the item grew to and what was settled of it, for ``AccountBalance``.
    func contribution(on day: Day, _ terms: ContractTerms) -> (principal: Int64, interest: Int64, charges: Int64) {
        let (interest, punitive) = (interest(on: day), punitive(on: day))
        let vat = terms.vatOnInterest
        return (
            principal(on: day) + principalSettled,
            interest.gross + interest.grossVAT(vat) + punitive.gross + punitive.grossVAT(vat), charge + chargeVAT
        )
    }
}
