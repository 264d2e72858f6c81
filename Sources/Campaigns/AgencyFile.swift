import Ledger
import Quantities

/// What an agency gets: one row per account, with the figures of the day.
public enum AgencyExport {
    public static let header = [
        "cuenta", "agencia", "asignada_el", "acreedor", "nombre_completo", "documento", "telefono", "mail", "domicilio",
        "moneda", "capital", "intereses", "cargos", "total", "dias_mora",
    ]

    /// The file for accounts that the agency has, in order of account.
    public static func csv(
        _ entries: [(account: Account, assignment: Assignment)], on day: Day, indices: IndexTables = .none
    )
        -> String
    {
        entries.sorted { $0.account.id < $1.account.id }.reduce(csvLine(header)) { text, entry in
            let account = entry.account
            let owed = account.statement(on: day, indices: indices).demandable
            return text
                + csvLine([
                    account.id, entry.assignment.agency, entry.assignment.assignedOn.iso, account.creditor,
                    account.fullName, account.document, account.phone, account.email ?? "",
                    account.postalAddress ?? "", account.currency.rawValue, owed.principal.plain, owed.interest.plain,
                    owed.charges.plain, owed.total.plain, String(max(0, owed.daysPastDue ?? 0)),
                ])
        }
    }
}

/// What an agency reports on one account.
public struct AgencyResult: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// It collected a payment; the account stays with it while something is owed.
        case paid(Payment)
        /// It gives the account back.
        case returned(reason: String)
    }
    public var accountID: String
    public var outcome: Outcome

    public init(accountID: String, outcome: Outcome) {
        self.accountID = accountID
        self.outcome = outcome
    }
}

/// Every row of an agency's file that cannot be taken; then none was.
public struct AgencyFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public let problems: [String]
    public var description: String {
        problems.joined(separator: "\n") + "\nno se tomó nada (\(problems.count) problemas)"
    }
}

extension AgencyResult {
    static let columns = ["cuenta", "resultado", "pago", "importe", "dia", "motivo"]

    /// Reads `cuenta,resultado,pago,importe,dia,motivo`, where `resultado` is `pagada` (with a payment's id, amount and
    /// day) or `devuelta`.
    /// - Parameter account: the account of an id, where an agency has it or had it.
    /// - Throws: ``AgencyFileError`` with every problem.
    public static func parse(csv: String, file: String, account: (String) throws -> Account?) throws -> [AgencyResult] {
        var problems: [String] = []
        let rows = parseCSV(csv).map { (line: $0[0].line, fields: $0.map(\.text)) }
        guard let header = rows.first else {
            throw AgencyFileError(problems: [
                "\(file):1: está vacío; la primera línea es \(columns.joined(separator: ","))"
            ])
        }
        for name in header.fields where !columns.contains(name) {
            problems.append("\(file):1: no conozco la columna `\(name)`; son \(columns.joined(separator: ", "))")
        }
        for name in ["cuenta", "resultado"] where !header.fields.contains(name) {
            problems.append("\(file):1: falta la columna `\(name)`")
        }
        guard problems.isEmpty else { throw AgencyFileError(problems: problems) }
        var results: [AgencyResult] = []
        var payments: Set<String> = []
        for (line, fields) in rows.dropFirst() {
            func value(_ name: String) -> String {
                header.fields.firstIndex(of: name).flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
            }
            func report(_ name: String, _ expected: String) {
                problems.append("\(file):\(line): `\(name)`: se espera \(expected), no `\(value(name))`")
            }
            guard fields.count == header.fields.count else {
                problems.append("\(file):\(line): se esperan \(header.fields.count) campos, hay \(fields.count)")
                continue
            }
            guard let found = try account(value("cuenta")) else {
                report("cuenta", "una cuenta asignada a una agencia")
                continue
            }
            switch value("resultado") {
            case "devuelta":
                let reason = value("motivo")
                results.append(
                    AgencyResult(accountID: found.id, outcome: .returned(reason: reason.isEmpty ? "devuelta" : reason)))
            case "pagada":
                let id = value("pago")
                if id.isEmpty { report("pago", "el identificador del pago") }
                if !id.isEmpty, !payments.insert(id).inserted { report("pago", "un pago que no esté dos veces") }
                let amount = Money(plain: value("importe"), found.currency)
                if amount?.isPositive != true { report("importe", "un importe como 24600.00") }
                let day = Day(value("dia"))
                if day == nil { report("dia", "un día como 2026-12-05") }
                if let amount, amount.isPositive, let day {
                    results.append(
                        AgencyResult(accountID: found.id, outcome: .paid(Payment(id: id, amount: amount, day: day))))
                }
            default: report("resultado", "`pagada` o `devuelta`")
            }
        }
        guard problems.isEmpty else { throw AgencyFileError(problems: problems) }
        return results
    }
}
