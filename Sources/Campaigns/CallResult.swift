import Ledger
import Quantities

/// How a call went, as the dialler reports it.
public struct CallResult: Hashable, Sendable {
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// The debtor was reached: it counts as their answer.
        case answered = "contestada"
        /// Nobody was: the step's next channel is tried.
        case noAnswer = "no_contesta"
        case busy = "ocupado"
        case voicemail = "contestador"
        case wrongNumber = "numero_equivocado"
        case askedForPerson = "pide_persona"
        case optedOut = "pide_baja"

        /// Whether the customer heard us.
        public var reached: Bool { [.answered, .askedForPerson, .optedOut].contains(self) }
    }

    /// The `llamada` of the call list.
    public var callID: String
    public var outcome: Outcome
    public var at: Moment

    public init(callID: String, outcome: Outcome, at: Moment) {
        self.callID = callID
        self.outcome = outcome
        self.at = at
    }
}

/// Every row of a dialler's file that cannot be taken; then none was.
public struct CallResultError: Error, Hashable, Sendable, CustomStringConvertible {
    public let problems: [String]
    public init(problems: [String]) { self.problems = problems }
    public var description: String {
        problems.joined(separator: "\n") + "\nno se tomó nada (\(problems.count) problemas)"
    }
}

extension CallResult {
    static let columns = ["llamada", "resultado", "momento"]

    /// Reads `llamada,resultado,momento`; other columns are passed over.
    /// - Throws: ``CallResultError`` with every problem.
    public static func parse(csv: String, file: String, zone: Zone) throws -> [CallResult] {
        var problems: [String] = []
        let rows = parseCSV(csv).map { (line: $0[0].line, fields: $0.map(\.text)) }
        let header = rows.first?.fields ?? []
        for name in columns where !header.contains(name) {
            problems.append(
                "\(file):1: falta la columna `\(name)`; tienen que estar \(columns.joined(separator: ", "))")
        }
        guard problems.isEmpty else { throw CallResultError(problems: problems) }
        var results: [CallResult] = []
        for (line, fields) in rows.dropFirst() {
            func value(_ name: String) -> String {
                header.firstIndex(of: name).flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
            }
            let outcome = Outcome(rawValue: value("resultado"))
            if outcome == nil {
                let known = Outcome.allCases.map(\.rawValue).joined(separator: ", ")
                problems.append("\(file):\(line): `resultado`: se espera \(known), no `\(value("resultado"))`")
            }
            let moment = Moment(iso: value("momento"), in: zone)
            if moment == nil {
                problems.append(
                    "\(file):\(line): `momento`: se espera un momento como 2026-11-24T10:00, no `\(value("momento"))`")
            }
            if value("llamada").isEmpty { problems.append("\(file):\(line): falta `llamada`") }
            if let outcome, let moment {
                results.append(CallResult(callID: value("llamada"), outcome: outcome, at: moment))
            }
        }
        guard problems.isEmpty else { throw CallResultError(problems: problems) }
        return results
    }
}
