import DatabaseEngine
import Foundation
import Synchronization

/// Several servers on one database: any of them takes any message; what only one may do (sending, timers, campaigns) the
/// one does that leads. There is only one where the database is a file.
#if PostgreSQL
    extension Store {
        /// Whether other servers may work on the same database.
        public static let hasNodes = true

        /// Whether this server is the one that sends and fires timers.
        public var leads: Bool { leadership.leads }

        /// Tries to lead from now on, until the store is closed; where the one that leads ends, another does so within
        /// some seconds.
        /// - Parameter written: called where any node wrote something, while this one leads.
        public func tryToLead(_ written: @escaping @Sendable () -> Void) { leadership.begin(written) }

        func temporaryDatabase() throws -> DatabaseQueue {
            var configuration = DatabaseConfiguration()
            configuration.temporary = true
            return try DatabaseQueue(path: leadership.path, configuration: configuration)
        }
    }

    /// Holds, or waits for, the lock of the one that leads, on a connection of its own: when that is gone, so is the lock.
    final class Leadership: Sendable {
        private struct State {
            var leads = false
            var hasEnded = false
        }
        let path: String
        private let state = Mutex(State())

        init(path: String) { self.path = path }

        var leads: Bool { state.withLock { $0.leads } }

        func begin(_ written: @escaping @Sendable () -> Void) {
            let thread = Thread { [self] in
                while !hasEnded {
                    // The server is away, or ended the connection: whoever gets the lock next leads.
                    try? lead(written)
                    set(false)
                    Thread.sleep(forTimeInterval: 0.3)
                }
            }
            thread.name = "promesa-leader"
            thread.start()
        }

        func end() { state.withLock { $0 = State(leads: false, hasEnded: true) } }

        private var hasEnded: Bool { state.withLock { $0.hasEnded } }

        private func set(_ leads: Bool) { state.withLock { $0.leads = leads && !$0.hasEnded } }

        /// Until the store is closed.
        /// - Throws: where the connection is gone.
        private func lead(_ written: @Sendable () -> Void) throws {
            let connection = try DatabaseQueue(path: path)
            try connection.writeWithoutTransaction { db in
                var hadToWait = false
                while try !db.leads() {
                    hadToWait = true
                    _ = try db.waitForNotification(milliseconds: 300)
                    if hasEnded { return }
                }
                // Who led may not have noticed yet that its connection is gone.
                if hadToWait { Thread.sleep(forTimeInterval: 1) }
                try db.listen()
                set(true)
                written()
                while !hasEnded {
                    if try db.waitForNotification(milliseconds: 300) { written() } else { try db.ping() }
                }
            }
        }
    }
#else
    extension Store {
        /// Whether other servers may work on the same database.
        public static let hasNodes = false

        /// Whether this server is the one that sends and fires timers.
        public var leads: Bool { true }

        /// Where there are no other nodes there is nothing to do.
        public func tryToLead(_ written: @escaping @Sendable () -> Void) {}

        /// A database without a name is SQLite's own temporary file, gone when it is closed.
        func temporaryDatabase() throws -> DatabaseQueue { try DatabaseQueue(path: "") }
    }
#endif
