import Quantities

/// The rows of each kind, from their cells.
extension ImportReader {
    mutating func itemRow() -> ImportedRow? {
        let account = required(.account)
        let currency = currency()
        guard let item = item(.ars) else { return nil }
        return ImportedRow(accountID: account, key: item.id, currency: currency, content: .item(item))
    }

    private mutating func item(_ currency: Currency) -> Item? {
        let id = required(.item)
        let description = required(.description)
        let principal = money(.principal, currency)
        let due = day(.dueDate)
        guard let principal, let due else { return nil }
        var item = Item(id: id, description: description, principal: principal, dueDate: due)
        if !isEmpty(.itemRate) { item.moratoryRate = percent(.itemRate) }
        let unit = text(.unit)
        if unit.isEmpty != isEmpty(.units) {
            report(.units, "a number of units, together with `\(ImportColumn.unit.name)`")
        } else if !unit.isEmpty, let units = hundredths(.units) {
            item.indexed = IndexedPrincipal(unit: unit, hundredths: units)
        }
        return item
    }

    /// An account's row may hold one of its items, or none.
    mutating func accountRow() -> ImportedRow? {
        let id = required(.account)
        let stated = currency()
        let currency = stated ?? .ars
        var item: Item?
        if ImportColumn.itemColumns.contains(where: { !isEmpty($0) }) {
            item = self.item(currency)
        }
        let phone = required(.phone)
        if !phone.isEmpty,
            !(phone.hasPrefix("+") && CellValues.allDigits(phone.dropFirst()) && (8...16).contains(phone.utf8.count))
        {
            report(.phone, "a phone in E.164 such as +5491100000003")
        }
        let document = required(.document)
        if !document.isEmpty, !(CellValues.allDigits(document) && (7...11).contains(document.utf8.count)) {
            report(.document, "7 to 11 digits")
        }
        let segment = text(.segment)
        var account = Account(
            id: id, creditor: required(.creditor), firstName: required(.firstName), fullName: required(.fullName),
            document: document, phone: phone, currency: currency, segment: segment.isEmpty ? "ocasional" : segment,
            items: item.map { [$0] } ?? [], chargeNotice: notice(), optedOut: flag(.optedOut), terms: terms(currency))
        let mail = text(.mail)
        if !mail.isEmpty, mail.split(separator: "@", omittingEmptySubsequences: false).count != 2 {
            report(.mail, "an address such as marta@example.com")
        }
        account.email = mail.isEmpty ? nil : mail
        account.emailVerified = flag(.mailVerified)
        let address = text(.address)
        account.postalAddress = address.isEmpty ? nil : address
        let language = text(.language)
        if !language.isEmpty, !LanguageTag.isTag(language) {
            report(.language, "a language such as es, pt-BR or en (BCP 47)")
        }
        account.language = language.isEmpty ? nil : language
        return ImportedRow(accountID: id, key: item?.id ?? "", currency: stated, content: .account(account))
    }

    private mutating func notice() -> ChargeNotice? {
        guard let day = optionalDay(.noticeDay) else { return nil }
        return ChargeNotice(channel: required(.noticeChannel), day: day, text: required(.noticeText))
    }

    private mutating func terms(_ currency: Currency) -> ContractTerms {
        var terms = ContractTerms()
        if !isEmpty(.rate) { terms.moratoryRate = percent(.rate) }
        if !isEmpty(.vatOnInterest) { terms.vatOnInterest = percent(.vatOnInterest) }
        if !isEmpty(.dayCountBasis) {
            terms.dayCountBasis = withBytes(.dayCountBasis, CellValues.count) ?? 0
            if ![360, 365].contains(terms.dayCountBasis) { report(.dayCountBasis, "365 or 360") }
        }
        if !isEmpty(.punitiveRate) {
            let capped = isEmpty(.punitiveCapped) || flag(.punitiveCapped)
            terms.punitive = PunitiveTerms(rate: percent(.punitiveRate), cappedAtHalf: capped)
        }
        if !isEmpty(.capitalisation) {
            terms.capitalisation = withBytes(.capitalisation, CellValues.count).flatMap(
                Capitalisation.init(everyMonths:))
            if terms.capitalisation == nil { report(.capitalisation, "6 months or more (CCCN 770)") }
        }
        if !isEmpty(.imputation), let mode = word(.imputation, ImputationMode.self) { terms.imputation = mode }
        if !isEmpty(.chargeRate) {
            let days = withBytes(.chargeFromDays, CellValues.count)
            if days == nil { report(.chargeFromDays, "a number of days") }
            let rate = percent(.chargeRate)
            if let minimum = money(.chargeMinimum, currency), let maximum = money(.chargeMaximum, currency) {
                if minimum > maximum { report(.chargeMinimum, "at most `\(ImportColumn.chargeMaximum.name)`") }
                terms.collectionCharge = CollectionChargeTerms(
                    rate: rate, minimum: minimum, maximum: maximum, vat: percent(.chargeVAT), fromDaysPastDue: days ?? 1
                )
            }
        }
        return terms
    }

    mutating func paymentRow() -> ImportedRow? {
        let id = required(.payment)
        return payment(id, key: id)
    }

    private mutating func payment(_ id: String, key: String) -> ImportedRow? {
        let account = required(.account)
        let currency = currency()
        let amount = positiveAmount()
        let day = day(.day)
        let reversedOn = optionalDay(.reversedOn)
        let item = text(.chosenItem)
        guard let amount, let day else { return nil }
        let payment = Payment(
            id: id, amount: amount, day: day, reversedOn: reversedOn, chosenItem: item.isEmpty ? nil : item)
        return ImportedRow(accountID: account, key: key, currency: currency, content: .payment(payment))
    }

    private mutating func positiveAmount() -> Money? {
        let amount = money(.amount)
        if let amount, !amount.isPositive { report(.amount, "more than zero") }
        return amount
    }

    /// What a row of history tells of.
    enum HistoryType: String, CaseIterable {
        case payment = "pago"
        case promise = "promesa"
        case waiver = "quita"
    }

    /// What a waiver gives up.
    enum ComponentWord: String, CaseIterable {
        case costs = "cargo"
        case interest = "interes"
        case principal = "capital"

        var component: DebtComponent {
            switch self {
            case .costs: .costs
            case .interest: .interest
            case .principal: .principal
            }
        }
    }

    mutating func historyRow() -> ImportedRow? {
        guard let type = word(.type, HistoryType.self) else { return nil }
        let id = required(.id)
        let key = type.rawValue + ":" + id
        if type == .payment { return payment(id, key: key) }
        let account = required(.account)
        let currency = currency()
        let day = day(.day)
        if type == .waiver {
            let item = text(.chosenItem)
            let amount = isEmpty(.amount) ? nil : positiveAmount()
            let reason = required(.reason)
            guard let component = word(.component, ComponentWord.self)?.component, let day else { return nil }
            let waiver = Waiver(
                id: id, day: day, item: item.isEmpty ? nil : item, component: component, amount: amount, reason: reason)
            return ImportedRow(accountID: account, key: key, currency: currency, content: .waiver(waiver))
        }
        let amount = positiveAmount()
        let state = word(.state, ImportedPromise.State.self)
        let createdOn = isEmpty(.createdOn) ? day : self.day(.createdOn)
        let deadline = optionalDay(.deadline)
        let (plan, record, evidence) = (text(.plan), text(.record), text(.evidence))
        guard let amount, let state, let day, let createdOn else { return nil }
        if createdOn > day { report(.createdOn, "a day up to `\(ImportColumn.day.name)`") }
        if let deadline, deadline < day { report(.deadline, "a day from `\(ImportColumn.day.name)` on") }
        let promise = ImportedPromise(
            id: id, amount: amount, payBy: day, createdOn: createdOn, state: state, deadline: deadline,
            planID: plan.isEmpty ? nil : plan, evidence: evidence.split(separator: " ").map(String.init),
            record: record.isEmpty ? nil : record)
        return ImportedRow(accountID: account, key: key, currency: currency, content: .promise(promise))
    }
}
