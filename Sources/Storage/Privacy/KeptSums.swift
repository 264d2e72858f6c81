import DatabaseEngine

/// Keeps what rows that are deleted were worth to the dashboards, as sums in `rollup_kept`.
struct KeptSums {
    let db: Database

    /// - Parameters:
    ///   - note: says, by ``note(_:_:_:staysInRollup:)``, which rows are about to go.
    ///   - work: deletes them.
    func keep(_ note: (KeptSums) throws -> Void, while work: () throws -> Void) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS worth AS SELECT *, 0 AS stays FROM main.rollup WHERE false;
                DELETE FROM temp.worth;
                """)
        try note(self)
        try work()
        // The triggers took off what went.
        try add(to: "rollup", where: "stays = 0")
        try add(to: "rollup_kept", where: "true")
        try db.execute(sql: "DELETE FROM temp.worth")
    }

    /// - Parameters:
    ///   - view: of ``ReportSchema/views``, without `rollup_`.
    ///   - staysInRollup: whether nothing is taken off when the row goes.
    func note(
        _ view: String, _ condition: String, _ arguments: StatementArguments = [:], staysInRollup: Bool = false
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO temp.worth SELECT \(ReportSchema.columns), \(staysInRollup ? 1 : 0) FROM rollup_\(view) WHERE \(condition)
                """, arguments: arguments)
    }

    private func add(to table: String, where condition: String) throws {
        let columns = ReportSchema.dimensions
        try db.execute(
            sql: """
                INSERT INTO main.\(table) (\(ReportSchema.columns))
                    SELECT \(columns), sum(n), sum(cents) FROM temp.worth WHERE \(condition) GROUP BY \(columns)
                    \(ReportSchema.adding(to: table))
                """)
    }
}
