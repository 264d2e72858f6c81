import Conversations
import DatabaseEngine
import Quantities

/// A request with the name of who asked, as far as it is known.
public struct ListedRequest: Sendable {
    public var request: PersonRequest
    /// Nil for a number without an account, and once the person was erased.
    public var name: String?
}

extension Store {
    /// Open ones first, by the day on which they are due; then those that were answered, latest first.
    public func personRequests(limit: Int = 500) async throws -> [ListedRequest] {
        try await pool.read { db in
            let turn = SQLiteTurn(db: db)
            return try String.fetchAll(
                db,
                sql: """
                    SELECT body FROM person_requests
                    ORDER BY state NOT IN \(PersonRequest.State.openSQL), CASE WHEN state IN \(PersonRequest.State.openSQL) THEN due
                        ELSE -due END, id LIMIT ?
                    """, arguments: [limit]
            ).map { body in
                let request: PersonRequest = try JSON.value(body)
                return ListedRequest(
                    request: request, name: try request.accountID.flatMap { try turn.head(id: $0)?.fullName })
            }
        }
    }

    /// How many requests are open, and how many of them are overdue on a day.
    public func personRequestCounts(on day: Day) async throws -> (open: Int, overdue: Int) {
        try await pool.read { db in
            func count(_ condition: String) throws -> Int {
                try Int.fetchOne(
                    db,
                    sql:
                        "SELECT count(*) FROM person_requests WHERE state IN \(PersonRequest.State.openSQL) AND \(condition)"
                )
                    ?? 0
            }
            return (try count("true"), try count("due < \(day.number)"))
        }
    }
}

extension PersonRequest.State {
    static let openSQL = listSQL(allCases.filter(\.isOpen))
}

extension Handoff.State {
    static let withPeopleSQL = listSQL(withPeople)
    /// Those in which somebody still has something to do.
    static let openSQL = listSQL(withPeople + [.scheduled])
}

/// `('queued', 'claimed')`.
private func listSQL<Value: RawRepresentable<String>>(_ values: [Value]) -> String {
    "(" + values.map { "'\($0.rawValue)'" }.joined(separator: ", ") + ")"
}
