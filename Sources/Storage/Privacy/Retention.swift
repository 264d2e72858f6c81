import Conversations
import DatabaseEngine
import Ledger
import Quantities

/// For how many days what is held of people is kept; what is older goes by itself, every night (Ley 25.326, art. 4
/// inc. 7: data that are no longer needed are destroyed).
public struct RetentionTerms: Hashable, Sendable {
    /// Messages as they came, and what only a replay needs. Gateways post again for up to seven days: fewer than eight
    /// would answer a message twice.
    public var raw = 90
    /// What was said. Five years: the general limitation of actions (CCCN 2560).
    public var talk = 1825
    /// Accounts that owe nothing, counted from the last thing that happened to them. Ten years: accounting records
    /// (CCCN 328).
    public var closed = 3650
    /// The text of the audit log; its chain stays.
    public var audit = 3650

    public init() {}
}

/// What a pass of retention took away, or would: rows by what they are.
public struct RetentionReport: Hashable, Sendable {
    public enum Part: String, Sendable, CaseIterable {
        case messages = "mensajes como llegaron"
        case turns = "turnos que ya no se vuelven a vivir"
        case accountVersions = "versiones anteriores de cuentas"
        case deadLetters = "mensajes que no se pudieron leer o entregar"
        case talk = "líneas de conversaciones"
        case sent = "mensajes que se mandaron"
        case strangers = "charlas de números sin cuenta"
        case people = "personas que no deben nada"
        case audit = "líneas del registro"
    }
    public var rows: [Part: Int] = [:]
    public var total: Int { rows.values.reduce(0, +) }
}

extension Store {
    /// Counts what a pass would take away, also while a server uses the database.
    /// - Throws: ``StoreError``.
    public static func retentionDue(in path: String, _ terms: RetentionTerms, now: Moment) throws -> RetentionReport {
        try reading(path) { db in
            var report = RetentionReport()
            for part in RetentionReport.Part.allCases {
                let pass = RetentionPass(part: part, terms: terms, now: now)
                var (last, count) = (RetentionPass.Place.start, 0)
                while true {
                    let batch = try pass.due(db, after: last, limit: 10_000)
                    guard let end = batch.last else { break }
                    (last, count) = (end, count + batch.count)
                }
                if count > 0 { report.rows[part] = count }
            }
            return report
        }
    }

    /// Takes away what was kept long enough, in small transactions between which turns go on. What rows were worth to the
    /// dashboards stays as sums; a replay reaches as far back as messages are kept as they came.
    /// - Parameter pause: between two transactions.
    /// - Throws: ``StoreError``; what was taken away by then stays so.
    public func retain(
        _ terms: RetentionTerms, now: Moment, pause: () async throws -> Void = {}
    ) async throws -> RetentionReport {
        var report = RetentionReport()
        for part in RetentionReport.Part.allCases {
            let pass = RetentionPass(part: part, terms: terms, now: now)
            var last = RetentionPass.Place.start
            while true {
                let (from, limit) = (last, pass.batch)
                let (batch, rows, highest) = try await pool.read { db in
                    let batch = try pass.due(db, after: from, limit: limit)
                    return (
                        batch, try pass.scattered(batch, db),
                        try Int64.fetchOne(db, sql: "SELECT max(seq) FROM journal") ?? 0
                    )
                }
                guard let end = batch.last else { break }
                last = end
                let key = rows == nil ? nil : try await erasureKey()
                let done = try await write { db in
                    try pass.take(batch, rows, key: key, highestTurn: highest, db)
                }
                if done > 0 { report.rows[part, default: 0] += done }
                try await pause()
            }
        }
        try await write { try Self.forgetEarlyStatuses($0, now) }
        return report
    }
}
