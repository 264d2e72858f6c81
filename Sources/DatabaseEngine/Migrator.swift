#if PostgreSQL
    /// Brings a database's tables up to date, step by step; one node at a time.
    public struct DatabaseMigrator: Sendable {
        private var steps: [(name: String, migrate: @Sendable (Database) throws -> Void)] = []

        public init() {}

        public var migrations: [String] { steps.map(\.name) }

        public mutating func registerMigration(_ name: String, migrate: @escaping @Sendable (Database) throws -> Void) {
            steps.append((name, migrate))
        }

        public func migrate(_ writer: any DatabaseWriter, upTo last: String? = nil) throws {
            try writer.write { db in
                let applied = Set(try appliedMigrations(db))
                let due = steps.prefix(through: last).filter { !applied.contains($0.name) }
                guard !due.isEmpty else { return }
                try db.execute(sql: Prelude.sql)
                // The name is GRDB's.
                try db.execute(
                    sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT PRIMARY KEY) WITHOUT ROWID")
                for step in due {
                    try step.migrate(db)
                    try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES (?)", arguments: [step.name])
                }
            }
        }

        /// In their order.
        public func appliedMigrations(_ db: Database) throws -> [String] {
            let applied = Set(try identifiers(db))
            return migrations.filter { applied.contains($0) }
        }

        /// Whether it has steps that this program does not know.
        public func hasBeenSuperseded(_ db: Database) throws -> Bool {
            !Set(try identifiers(db)).subtracting(migrations).isEmpty
        }

        public func hasCompletedMigrations(_ db: Database) throws -> Bool {
            try appliedMigrations(db).count == steps.count
        }

        private func identifiers(_ db: Database) throws -> [String] {
            guard try db.tableExists("grdb_migrations") else { return [] }
            return try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations")
        }
    }

    extension Array {
        fileprivate func prefix(
            through name: String?
        ) -> ArraySlice<(name: String, migrate: @Sendable (Database) throws -> Void)>
        where Element == (name: String, migrate: @Sendable (Database) throws -> Void) {
            guard let index = name.flatMap({ name in firstIndex { $0.name == name } }) else { return self[...] }
            return self[...index]
        }
    }
#endif
