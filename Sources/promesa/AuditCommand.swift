import ArgumentParser
import Foundation
import Ledger
import Quantities
import Storage

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read the audit log, and verify that nobody changed it.",
        subcommands: [Verify.self, List.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Walk the chain of the audit log; exit code 1 where it is broken.",
            discussion: """
                Keep the anchor that it prints somewhere else (a ticket, a mail, a printed sheet): with --anchor a later \
                verification also sees rows cut off at the end and a log that was rewritten from its first row.
                """)

        @Option(help: "The hash that an earlier verification printed.") var anchor: String?
        @Argument(help: "The database, also while a server uses it.") var database: String

        func run() throws {
            let verdict = try refusing { try Store.verifyAudit(in: database, anchor: anchor) }
            switch verdict {
            case .intact(let rows, let last, let hash):
                guard let last else {
                    print("íntegro: todavía no tiene filas")
                    return
                }
                print("íntegro hasta \(last.iso(in: .argentina)) (\(rows) filas)")
                print("ancla: \(hash)")
            case .broken(let row, let breach):
                print("roto: \(breach.spanish(row: row))")
                throw ExitCode(1)
            }
        }
    }

    struct List: ParsableCommand {
        enum Format: String, ExpressibleByArgument, CaseIterable { case text, csv }

        static let configuration = CommandConfiguration(abstract: "Who did what, and when; oldest first.")

        @Option(help: "An account, or a document for all accounts of that person.") var person: String?
        @Option(help: "Who did it: an agent's or a token's name.") var agent: String?
        @Option(help: "What: handoff.claimed, or handoff for all that begin so.") var kind: String?
        @Option(help: "The day, such as 2026-11-24; the first one with --to.") var day: String?
        @Option(help: "The last day.") var to: String?
        @Option(help: "text or csv.") var format = Format.text
        @Argument(help: "The database, also while a server uses it.") var database: String

        func validate() throws {
            if to != nil, day == nil { throw ValidationError("give --day, the first day, with --to") }
        }

        func run() throws {
            let filter = AuditFilter(person: person, agent: agent, kind: kind, moments: try moments())
            var table = CSVWriter(
                columns: ["fila", "momento", "tipo", "cuenta", "conversacion", "detalle"], mapping: ImportMapping())
            try refusing {
                try Store.audit(in: database, filter) { row in
                    let cells = Self.cells(row)
                    switch format {
                    case .text: print(shown(cells.filter { !$0.isEmpty }.joined(separator: "  ")))
                    case .csv:
                        try table.append(cells.map { .text($0) })
                        if table.buffer.count > 1 << 16 { Self.flush(&table) }
                    }
                }
            }
            if format == .csv { Self.flush(&table) }
        }

        private static func flush(_ table: inout CSVWriter) {
            FileHandle.standardOutput.write(Data(table.buffer))
            table.buffer = []
        }

        private static func cells(_ row: AuditRow) -> [String] {
            let head = [String(row.id), row.at.iso(in: .argentina)]
            return switch row.content {
            case .event(let event):
                head + [
                    event.kind, event.accountID ?? "", event.conversationID ?? "",
                    event.detail.joined(separator: " · "),
                ]
            case .erased(let by): head + ["suprimido", "", "", "por la fila \(by)"]
            }
        }

        private func moments() throws -> ClosedRange<Moment>? {
            func read(_ text: String) throws -> Day {
                guard let day = Day(text) else { throw refuse("\(text): expected a day such as 2026-11-24") }
                return day
            }
            guard let first = try day.map(read) else { return nil }
            let last = try to.map(read) ?? first
            guard first <= last else { throw refuse("--to \(last.iso): comes before \(first.iso)") }
            let end = Moment(last.adding(days: 1), in: .argentina)
            return Moment(first, in: .argentina)...Moment(milliseconds: end.milliseconds - 1)
        }
    }
}

/// Runs `body`; exit code 2 with the sentence where the database cannot be used.
func refusing<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as StoreError {
        throw refuse(error.description)
    }
}
