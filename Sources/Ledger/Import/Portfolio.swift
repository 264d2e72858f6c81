import Quantities

extension Account {
    /// Takes what a later import says of the account: its data, its items by their id. Payments and waivers stay, items
    /// that are not named stay, and an opt-out is never taken back.
    /// - Parameter stated: whether the file has a column; what it does not have stays as it was.
    public mutating func update(from row: Account, stated: (ImportColumn) -> Bool) {
        let before = self
        self = row
        items = before.items
        for item in row.items { put(item) }
        payments = before.payments
        waivers = before.waivers
        optedOut = row.optedOut || before.optedOut
        if !stated(.currency) { currency = before.currency }
        if !stated(.segment) { segment = before.segment }
        if !stated(.mail) { email = before.email }
        if !stated(.mailVerified) { emailVerified = before.emailVerified }
        if !stated(.address) { postalAddress = before.postalAddress }
        if !stated(.language) { language = before.language }
        if !stated(.noticeDay) { chargeNotice = before.chargeNotice }
        if !stated(.rate) { terms.moratoryRate = before.terms.moratoryRate }
        if !stated(.vatOnInterest) { terms.vatOnInterest = before.terms.vatOnInterest }
        if !stated(.dayCountBasis) { terms.dayCountBasis = before.terms.dayCountBasis }
        if !stated(.punitiveRate) { terms.punitive = before.terms.punitive }
        if !stated(.capitalisation) { terms.capitalisation = before.terms.capitalisation }
        if !stated(.imputation) { terms.imputation = before.terms.imputation }
        if !stated(.chargeRate) { terms.collectionCharge = before.terms.collectionCharge }
    }

    /// Adds an item, or brings the one with its id up to date.
    public mutating func put(_ item: Item) {
        if let index = items.firstIndex(where: { $0.id == item.id }) { items[index] = item } else { items.append(item) }
    }

    /// The column in which another row of the same account says something else.
    public func contradiction(of other: Account) -> ImportColumn? {
        if phone != other.phone { return .phone }
        if document != other.document { return .document }
        if fullName != other.fullName { return .fullName }
        if firstName != other.firstName { return .firstName }
        if creditor != other.creditor { return .creditor }
        if currency != other.currency { return .currency }
        if segment != other.segment { return .segment }
        if optedOut != other.optedOut { return .optedOut }
        if email != other.email { return .mail }
        if emailVerified != other.emailVerified { return .mailVerified }
        if postalAddress != other.postalAddress { return .address }
        if language != other.language { return .language }
        if chargeNotice != other.chargeNotice { return .noticeDay }
        return terms == other.terms ? nil : .rate
    }
}

/// A payment with the account it is for.
public struct ImportedPayment: Hashable, Sendable {
    public var accountID: String
    public var payment: Payment
}

/// All rows of a text at once, for portfolios that are not kept: simulations, training, tests.
private func rows(
    _ kind: ImportKind, _ csv: String, _ file: String, mapping: ImportMapping,
    _ take: (ImportedRow, inout ImportReader) -> ImportProblem?
) -> ImportFailure? {
    var problems: [ImportProblem] = []
    var bytes = Array(csv.utf8)
    do {
        var reader = try ImportReader(kind, file: file, mapping: mapping) {
            defer { bytes = [] }
            return bytes
        }
        while let row = try reader.next() {
            switch row {
            case .good(let row): if let problem = take(row, &reader) { problems.append(problem) }
            case .bad(let found): problems += found
            }
        }
    } catch let failure as ImportFailure {
        return failure
    } catch {
        return ImportFailure(problems: ["\(file): \(error)"])
    }
    return problems.isEmpty ? nil : ImportFailure(problems: problems.map { $0.rendered(file: file) })
}

/// Accounts from CSV: one row per item; rows of one account repeat its data.
public enum AccountImport {
    /// All accounts in the order of their first rows, or every row that is wrong.
    public static func parse(
        csv: String, file: String, mapping: ImportMapping = ImportMapping()
    ) -> Result<[Account], ImportFailure> {
        var accounts: [Account] = []
        var places: [String: Int] = [:]
        var phones: [String: String] = [:]
        let failure = rows(.accounts, csv, file, mapping: mapping) { row, reader in
            guard case .account(let account) = row.content else { return nil }
            guard let place = places[account.id] else {
                if let other = phones[account.phone] {
                    return reader.problem(.phone, expected: "a phone of its own; account \(other) has this one")
                }
                phones[account.phone] = account.id
                places[account.id] = accounts.count
                accounts.append(account)
                return nil
            }
            if let column = accounts[place].contradiction(of: account) {
                return reader.problem(column, expected: "the same as in the other rows of account \(account.id)")
            }
            guard let item = account.items.first, !accounts[place].items.contains(where: { $0.id == item.id }) else {
                return reader.problem(.item, expected: "an item that the account does not have yet")
            }
            accounts[place].items.append(item)
            return nil
        }
        return failure.map { .failure($0) } ?? .success(accounts)
    }
}

/// Payments from CSV: `pago,cuenta,importe,dia`, with optional `item_elegido` and `anulado_el`.
public enum PaymentImport {
    /// All payments, or every row that is wrong.
    public static func parse(
        csv: String, file: String, accounts: [Account], mapping: ImportMapping = ImportMapping()
    ) -> Result<[ImportedPayment], ImportFailure> {
        let known = Dictionary(accounts.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        var payments: [ImportedPayment] = []
        let failure = rows(.payments, csv, file, mapping: mapping) { row, reader in
            guard let account = known[row.accountID] else {
                return reader.problem(.account, expected: "an account that was imported")
            }
            guard case .payment(let payment) = row.in(account.currency).content else { return nil }
            if !seen.insert(payment.id).inserted {
                return reader.problem(.payment, expected: "an id that is not in the file twice")
            }
            if let item = payment.chosenItem, !account.items.contains(where: { $0.id == item }) {
                return reader.problem(.chosenItem, expected: "an item of account \(account.id)")
            }
            payments.append(ImportedPayment(accountID: account.id, payment: payment))
            return nil
        }
        return failure.map { .failure($0) } ?? .success(payments)
    }
}
