import Quantities

/// Rows on their way to a file, as a mapping says.
public struct CSVWriter {
    public enum Cell: Hashable, Sendable {
        case text(String)
        case hundredths(Int64)
        /// With the column whose format it has.
        case day(Day, ImportColumn)
    }

    /// A letter that the mapping's encoding does not have.
    public struct Unwritable: Error, Hashable, Sendable, CustomStringConvertible {
        public let row: Int
        public var description: String { "row \(row) has a letter that Latin-1 has not; say codificacion=utf-8" }
    }

    /// What was not taken away yet; whoever writes it empties it.
    public var buffer: [UInt8] = []
    /// Without the header.
    public private(set) var rows = 0
    private let mapping: ImportMapping
    private let separator: UInt8
    private let decimalMark: UInt8

    /// - Parameter columns: the names of the first line.
    public init(columns: [String], mapping: ImportMapping) {
        self.mapping = mapping
        separator = mapping.separator ?? 44
        decimalMark = mapping.decimalMark ?? 46
        for (index, name) in columns.enumerated() {
            if index > 0 { buffer.append(separator) }
            write(mapping.encoding?.bytes(name) ?? Array(name.utf8))
        }
        buffer.append(10)
    }

    /// - Throws: ``Unwritable``; then nothing of the row was added.
    public mutating func append(_ cells: [Cell]) throws {
        let begin = buffer.count
        for (index, cell) in cells.enumerated() {
            if index > 0 { buffer.append(separator) }
            switch cell {
            case .hundredths(let value):
                let plain = Money(cents: value).plain
                write(plain.utf8.map { $0 == 46 ? decimalMark : $0 })
            case .day(let day, let column): write(Array((mapping.format(column) ?? .iso).text(day).utf8))
            case .text(let text):
                guard let bytes = (mapping.encoding ?? .utf8).bytes(SpreadsheetText.guarded(text)) else {
                    buffer.removeLast(buffer.count - begin)
                    throw Unwritable(row: rows + 1)
                }
                write(bytes)
            }
        }
        buffer.append(10)
        rows += 1
    }

    private mutating func write(_ bytes: [UInt8]) {
        guard bytes.contains(where: { $0 == separator || $0 == 34 || $0 == 10 || $0 == 13 }) else {
            buffer += bytes
            return
        }
        buffer.append(34)
        for byte in bytes {
            if byte == 34 { buffer.append(34) }
            buffer.append(byte)
        }
        buffer.append(34)
    }
}

/// The rows that an import reads back.
extension CSVWriter {
    private static func cells(_ kind: ImportKind, _ values: [ImportColumn: Cell]) -> [Cell] {
        kind.columns.map { values[$0] ?? .text("") }
    }

    private static func cell(_ money: Money) -> Cell { .hundredths(money.cents) }
    private static func cell(_ percent: Percent) -> Cell { .hundredths(percent.basisPoints) }

    private static func item(_ item: Item) -> [ImportColumn: Cell] {
        var values: [ImportColumn: Cell] = [
            .item: .text(item.id), .description: .text(item.description), .principal: cell(item.principal),
            .dueDate: .day(item.dueDate, .dueDate),
        ]
        values[.itemRate] = item.moratoryRate.map { cell($0) }
        if let indexed = item.indexed {
            (values[.unit], values[.units]) = (.text(indexed.unit), .hundredths(indexed.hundredths))
        }
        return values
    }

    public static func item(_ item: Item, of account: Account) -> [Cell] {
        let own: [ImportColumn: Cell] = [.account: .text(account.id), .currency: .text(account.currency.rawValue)]
        return cells(.items, own.merging(Self.item(item)) { $1 })
    }

    public static func account(_ account: Account, item: Item?) -> [Cell] {
        let terms = account.terms
        var values: [ImportColumn: Cell] = [
            .account: .text(account.id), .creditor: .text(account.creditor), .firstName: .text(account.firstName),
            .fullName: .text(account.fullName), .document: .text(account.document), .phone: .text(account.phone),
            .currency: .text(account.currency.rawValue), .segment: .text(account.segment),
            .optedOut: .text(account.optedOut ? "si" : ""), .rate: cell(terms.moratoryRate),
            .vatOnInterest: cell(terms.vatOnInterest), .imputation: .text(terms.imputation.rawValue),
            .dayCountBasis: .text(String(terms.dayCountBasis)),
        ]
        if let charge = terms.collectionCharge {
            values[.chargeRate] = cell(charge.rate)
            values[.chargeMinimum] = cell(charge.minimum)
            values[.chargeMaximum] = cell(charge.maximum)
            values[.chargeVAT] = cell(charge.vat)
            values[.chargeFromDays] = .text(String(charge.fromDaysPastDue))
        }
        if let notice = account.chargeNotice {
            values[.noticeChannel] = .text(notice.channel)
            values[.noticeDay] = .day(notice.day, .noticeDay)
            values[.noticeText] = .text(notice.text)
        }
        if let punitive = terms.punitive {
            values[.punitiveRate] = cell(punitive.rate)
            values[.punitiveCapped] = .text(punitive.cappedAtHalf ? "si" : "no")
        }
        values[.mail] = account.email.map { .text($0) }
        values[.mailVerified] = .text(account.emailVerified ? "si" : "")
        values[.address] = account.postalAddress.map { .text($0) }
        values[.language] = account.language.map { .text($0) }
        values[.capitalisation] = terms.capitalisation.map { .text(String($0.months)) }
        return cells(.accounts, values.merging(item.map { Self.item($0) } ?? [:]) { $1 })
    }

    private static func payment(_ payment: Payment, of account: Account) -> [ImportColumn: Cell] {
        var values: [ImportColumn: Cell] = [
            .account: .text(account.id), .amount: cell(payment.amount), .day: .day(payment.day, .day),
            .currency: .text(account.currency.rawValue), .chosenItem: .text(payment.chosenItem ?? ""),
        ]
        values[.reversedOn] = payment.reversedOn.map { .day($0, .reversedOn) }
        return values
    }

    public static func payment(_ payment: Payment, of account: Account) -> [Cell] {
        cells(.payments, Self.payment(payment, of: account).merging([.payment: .text(payment.id)]) { $1 })
    }

    public static func history(_ payment: Payment, of account: Account) -> [Cell] {
        cells(
            .history,
            Self.payment(payment, of: account).merging([.type: .text("pago"), .id: .text(payment.id)]) { $1 })
    }

    public static func history(_ promise: ImportedPromise, of account: Account) -> [Cell] {
        var values: [ImportColumn: Cell] = [
            .type: .text("promesa"), .id: .text(promise.id), .account: .text(account.id), .amount: cell(promise.amount),
            .day: .day(promise.payBy, .day), .currency: .text(account.currency.rawValue),
            .state: .text(promise.state.rawValue), .createdOn: .day(promise.createdOn, .createdOn),
            .plan: .text(promise.planID ?? ""), .evidence: .text(promise.evidence.joined(separator: " ")),
            .record: .text(promise.record ?? ""),
        ]
        values[.deadline] = promise.deadline.map { .day($0, .deadline) }
        return cells(.history, values)
    }

    public static func history(_ waiver: Waiver, of account: Account) -> [Cell] {
        let component =
            switch waiver.component {
            case .costs: "cargo"
            case .interest: "interes"
            case .principal: "capital"
            }
        return cells(
            .history,
            [
                .type: .text("quita"), .id: .text(waiver.id), .account: .text(account.id),
                .amount: waiver.amount.map { cell($0) } ?? .text(""), .day: .day(waiver.day, .day),
                .currency: .text(account.currency.rawValue), .chosenItem: .text(waiver.item ?? ""),
                .component: .text(component), .reason: .text(waiver.reason),
            ])
    }
}
