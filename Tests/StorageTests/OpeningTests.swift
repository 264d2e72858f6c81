import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import Testing

@testable import Storage

/// Opening, refusing to open, and backing up.
struct OpeningTests {
    @Test("A second opener is refused with a sentence, and may open after the first closed", .ofSQLite)
    func secondOpener() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let first = try Store(path: path)
            let error = #expect(throws: StoreError.self) { try Store(path: path) }
            #expect(error?.description.contains("another Promesa uses this database") == true)
            try first.close()
            try Store(path: path).close()
        }
    }

    @Test("Closing once more takes nothing away from who opened it since", .ofSQLite)
    func closedTwice() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let first = try Store(path: path)
            try first.close()
            let second = try Store(path: path)
            try first.close()
            #expect(throws: StoreError.self) { try Store(path: path) }
            try second.close()
            try second.close()
        }
    }

    @Test("The dialog that was loaded last is the newest, also where the clock was set back since")
    func newestDialog() async throws {
        try await withStore { store in
            let now = DemoCompany.morning
            for (version, minutes) in [("a", 0), ("b", -60), ("c", -120), ("a", -180), ("a", -181)] as [(String, Int64)] {
                try await store.save(
                    StoredDialog(
                        place: "cobranza", version: version, source: "", loadedAt: now.adding(seconds: minutes * 60)))
                #expect(try await store.dialogs().last?.version == version)
            }
            #expect(try await store.dialogs().map(\.version) == ["b", "c", "a"])
        }
    }

    @Test("A database of a newer version is refused, and left as it was")
    func newer() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            try Store(path: path).close()
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
            try queue.close()
            let error = #expect(throws: StoreError.self) { try Store(path: path) }
            #expect(error?.description.contains("newer version") == true)
            let count = try await DatabaseQueue(path: path).read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM grdb_migrations")
            }
            #expect(count == Schema.migrator.migrations.count + 1)
        }
    }

    @Test("A file that is no database, or a folder that is not there, is refused with its path", .ofSQLite)
    func unusable() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            try Data(
                "esto no es una base de datos, y tiene más de cien letras para que SQLite lea todo el encabezado".utf8
            )
            .write(to: URL(fileURLWithPath: path))
            for wrong in [path, folder + "/nada/promesa.sqlite"] {
                let error = #expect(throws: StoreError.self) { try Store(path: wrong) }
                #expect(error?.description.hasPrefix(wrong) == true)
            }
        }
    }

    @Test("Everything is there when a store is opened again")
    func reopened() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let store = try Store(path: path)
            try await store.importAccounts(DemoCompany.accounts)
            let reply = try await store.receive(message("m1"))
            try store.close()
            let again = try Store(path: path)
            #expect(try await again.accounts() == DemoCompany.accounts.sorted { $0.id < $1.id })
            let repeated = try await again.receive(message("m1"))
            #expect(repeated.duplicate && repeated.messages == reply.messages)
            try again.close()
        }
    }

    @Test("A backup taken while turns are written opens and holds whole turns", .ofSQLite)
    func backup() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let target = folder + "/copia.sqlite"
            let store = try Store(path: path)
            try await store.importAccounts(DemoCompany.accounts)
            try await store.receive(message("before"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for index in 0..<100 { try await store.receive(message("m\(index)", from: "juan")) }
                }
                try await Task.detached { try Store.backup(from: path, to: target) }.value
                try await group.waitForAll()
            }
            try store.close()
            let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let copy = try Store(path: target)
            let inbox = try await copy.counts().inbox
            let turns = try await copy.pool.read { try Int.fetchOne($0, sql: "SELECT sum(turns) FROM conversations") }
            #expect((1...101).contains(inbox) && turns == inbox)
            #expect(try await copy.pool.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
            try copy.close()
        }
    }

    @Test("A backup of a file that is not there says so", .ofSQLite)
    func noBackup() {
        let error = #expect(throws: StoreError.self) { try Store.backup(from: "/nada/promesa.sqlite", to: "/tmp/nada") }
        #expect(error?.description.contains("there is no such file") == true)
    }

    @Test("Accounts imported again keep their payments and their opt-out")
    func importedAgain() async throws {
        try await withStore { store in
            try await store.receive(message("m1", "no me escriban más"))
            try await store.importAccounts(DemoCompany.accounts)
            #expect(try await store.account(id: "marta")?.optedOut == true)
        }
    }
}
