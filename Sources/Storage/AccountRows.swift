import DatabaseEngine
import Ledger
import Quantities

/// Accounts as rows: the head of each, and its items and payments, by id, in tables of their own. A turn reads all of an
/// account by its key, in three reads.
extension SQLiteTurn {
    func account(id: String) throws -> Account? { try head(id: id).map(whole) }

    func account(phone: String) throws -> Account? {
        let found = try heads("WHERE phone = ? LIMIT 2", phone)
        return found.count == 1 ? try whole(found[0]) : nil
    }

    func account(email: String) throws -> Account? {
        let found = try heads("WHERE email IS NOT NULL AND lower(email) = lower(?) LIMIT 2", email)
        return found.count == 1 ? try whole(found[0]) : nil
    }

    func accounts(document: String) throws -> [Account] {
        try heads("WHERE document = ? ORDER BY id", document).map(whole)
    }

    /// The account without its items and payments.
    func head(id: String) throws -> Account? { try heads("WHERE id = ?", id).first }

    /// The same, and the import that brought it.
    func headAndImport(id: String) throws -> (Account, Int64?)? {
        try RowStatement(db, AccountRows.headAndImport).first(.text(id)) {
            (try AccountRows.head($0), $0.optionalInteger(29))
        }
    }

    /// The person's accounts, without items and payments.
    func heads(ofPersonOf id: String) throws -> [Account] {
        guard let head = try head(id: id) else { return [] }
        return head.document.isEmpty ? [head] : try heads("WHERE document = ? ORDER BY id", head.document)
    }

    func save(_ account: Account) throws {
        try save(head: account)
        let putItem = try RowStatement(db, AccountRows.putItem)
        for item in account.items { try putItem.run(AccountRows.values(item, account.id)) }
        let putPayment = try RowStatement(db, AccountRows.putPayment)
        for payment in account.payments { try putPayment.run(AccountRows.values(payment, account.id)) }
    }

    func save(head account: Account) throws {
        try RowStatement(db, AccountRows.putHead).run(AccountRows.values(account))
    }

    private func whole(_ head: Account) throws -> Account {
        var account = head
        account.items = try RowStatement(db, AccountRows.selectItems).all(.text(head.id)) {
            AccountRows.item($0, head.currency)
        }
        account.payments = try RowStatement(db, AccountRows.selectPayments).all(.text(head.id)) {
            AccountRows.payment($0, head.currency)
        }
        return account
    }

    private func heads(_ condition: String, _ key: String) throws -> [Account] {
        try RowStatement(db, AccountRows.selectHeads + condition).all(.text(key), read: AccountRows.head)
    }
}

/// The columns of accounts, items and payments, and what they hold.
enum AccountRows {
    private static let headColumnNames = [
        "id", "creditor", "first_name", "full_name", "document", "phone", "email", "email_verified", "postal_address",
        "currency", "segment", "opted_out", "notice_channel", "notice_day", "notice_text", "rate", "day_count", "vat",
        "imputation", "charge_rate", "charge_min", "charge_max", "charge_vat", "charge_from", "punitive_rate",
        "punitive_capped", "capitalisation", "waivers", "language",
    ]
    private static let itemColumnNames = ["id", "description", "cents", "due", "rate", "unit", "units"]
    private static let paymentColumnNames = ["id", "cents", "day", "reversed_on", "item"]

    private static let headColumns = headColumnNames.joined(separator: ", ")
    private static let itemColumns = itemColumnNames.joined(separator: ", ")
    private static let paymentColumns = paymentColumnNames.joined(separator: ", ")

    static let selectHeads = "SELECT \(headColumns) FROM accounts "
    static let headAndImport = "SELECT \(headColumns), import FROM accounts WHERE id = ?"
    static let selectItems = "SELECT \(itemColumns) FROM items WHERE account_id = ? ORDER BY id"
    static let selectPayments = "SELECT \(paymentColumns) FROM payments WHERE account_id = ? ORDER BY id"
    /// One of them, and the import that brought it.
    static let selectItem = "SELECT \(itemColumns), import FROM items WHERE account_id = ? AND id = ?"
    static let selectPayment = "SELECT \(paymentColumns), import FROM payments WHERE account_id = ? AND id = ?"

    static let addHead = add("accounts", headColumnNames)
    static let putHead = put("accounts", ["id"], Array(headColumnNames.dropFirst()))
    static let addItem = add("items", ["account_id"] + itemColumnNames)
    static let putItem = put("items", ["account_id", "id"], Array(itemColumnNames.dropFirst()))
    static let addPayment = add("payments", ["account_id"] + paymentColumnNames)
    static let putPayment = put("payments", ["account_id", "id"], Array(paymentColumnNames.dropFirst()))

    /// Changes nothing where the key is known.
    private static func add(_ table: String, _ columns: [String]) -> String {
        "INSERT OR IGNORE INTO \(table) (\(columns.joined(separator: ", ")), import) VALUES (\(marks(columns.count + 1)))"
    }

    /// Changes nothing where the row is known and the same; a row that is known keeps the import that brought it.
    private static func put(_ table: String, _ key: [String], _ columns: [String]) -> String {
        """
        INSERT INTO \(table) (\((key + columns).joined(separator: ", ")), import)
        VALUES (\(marks(key.count + columns.count + 1)))
        ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        WHERE (\(columns.map { "\(table).\($0)" }.joined(separator: ", ")))
            IS DISTINCT FROM (\(columns.map { "excluded.\($0)" }.joined(separator: ", ")))
        """
    }

    private static func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

    /// - Parameter id: the import that brings it, where it is one.
    static func values(_ account: Account, import id: Int64? = nil) throws -> [RowValue] {
        let (notice, terms, charge) = (account.chargeNotice, account.terms, account.terms.collectionCharge)
        return [
            .text(account.id), .text(account.creditor), .text(account.firstName), .text(account.fullName),
            .text(account.document), .text(account.phone), .text(account.email), .flag(account.emailVerified),
            .text(account.postalAddress), .text(account.currency.rawValue), .text(account.segment),
            .flag(account.optedOut), .text(notice?.channel), .day(notice?.day), .text(notice?.text),
            .rate(terms.moratoryRate), .integer(Int64(terms.dayCountBasis)), .rate(terms.vatOnInterest),
            .text(terms.imputation.rawValue), .rate(charge?.rate), .cents(charge?.minimum), .cents(charge?.maximum),
            .rate(charge?.vat), .integer(charge.map { Int64($0.fromDaysPastDue) }), .rate(terms.punitive?.rate),
            terms.punitive.map { .flag($0.cappedAtHalf) } ?? .null,
            .integer(terms.capitalisation.map { Int64($0.months) }),
            .text(account.waivers.isEmpty ? nil : try JSON.text(account.waivers)), .text(account.language),
            .integer(id),
        ]
    }

    static func head(_ row: RowColumns) throws -> Account {
        let currency = Currency(rawValue: row.text(9)) ?? .ars
        func percent(_ index: CInt) -> Percent { Percent(basisPoints: row.integer(index)) }
        func money(_ index: CInt) -> Money { Money(cents: row.integer(index), currency) }
        let charge =
            row.isNull(19)
            ? nil
            : CollectionChargeTerms(
                rate: percent(19), minimum: money(20), maximum: money(21), vat: percent(22),
                fromDaysPastDue: Int(row.integer(23)))
        var account = Account(
            id: row.text(0), creditor: row.text(1), firstName: row.text(2), fullName: row.text(3),
            document: row.text(4), phone: row.text(5), currency: currency, segment: row.text(10),
            waivers: try row.optionalText(27).map { try JSON.value($0) } ?? [],
            chargeNotice: row.optionalDay(13).map {
                ChargeNotice(channel: row.text(12), day: $0, text: row.text(14))
            }, optedOut: row.flag(11),
            terms: ContractTerms(
                moratoryRate: percent(15), dayCountBasis: Int(row.integer(16)), vatOnInterest: percent(17),
                collectionCharge: charge, imputation: ImputationMode(rawValue: row.text(18)) ?? .oldestItemFirst,
                punitive: row.isNull(24) ? nil : PunitiveTerms(rate: percent(24), cappedAtHalf: row.flag(25)),
                capitalisation: row.optionalInteger(26).flatMap { Capitalisation(everyMonths: Int($0)) }))
        account.email = row.optionalText(6)
        account.emailVerified = row.flag(7)
        account.postalAddress = row.optionalText(8)
        account.language = row.optionalText(28)
        return account
    }

    static func values(_ item: Item, _ account: String, import id: Int64? = nil) -> [RowValue] {
        [
            .text(account), .text(item.id), .text(item.description), .cents(item.principal), .day(item.dueDate),
            .rate(item.moratoryRate), .text(item.indexed?.unit), .integer(item.indexed?.hundredths),
            .integer(id),
        ]
    }

    static func item(_ row: RowColumns, _ currency: Currency) -> Item {
        Item(
            id: row.text(0), description: row.text(1), principal: Money(cents: row.integer(2), currency),
            dueDate: row.day(3), moratoryRate: row.optionalInteger(4).map { Percent(basisPoints: $0) },
            indexed: row.optionalText(5).map { IndexedPrincipal(unit: $0, hundredths: row.integer(6)) })
    }

    static func values(_ payment: Payment, _ account: String, import id: Int64? = nil) -> [RowValue] {
        [
            .text(account), .text(payment.id), .cents(payment.amount), .day(payment.day), .day(payment.reversedOn),
            .text(payment.chosenItem), .integer(id),
        ]
    }

    static func payment(_ row: RowColumns, _ currency: Currency) -> Payment {
        Payment(
            id: row.text(0), amount: Money(cents: row.integer(1), currency), day: row.day(2),
            reversedOn: row.optionalDay(3), chosenItem: row.optionalText(4))
    }
}
