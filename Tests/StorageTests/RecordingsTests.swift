import Conversations
import DatabaseEngine
import DemoCompany
import Dialog
import Foundation
import Quantities
import SharedData
import Testing

@testable import Storage

/// What a database keeps of its turns is enough to live them again.
struct RecordingsTests {
    private func replay(_ path: String, with dialog: CompiledDialog) throws -> ReplayReport {
        let replayer = Replayer(world: DemoCompany.world, dialog: dialog)
        var report = ReplayReport()
        try Recordings(path: path).forEachPerson { report.add(try replayer.replay($0)) }
        return report
    }

    private func path(of store: Store) throws -> String {
        #if PostgreSQL
            store.pool.path
        #else
            try #require(
                try store.pool.read { try String.fetchOne($0, sql: "SELECT file FROM pragma_database_list") })
        #endif
    }

    @Test(
        "A recorded history with the same dialog is the same, read while the store is open, whatever waited for what",
        arguments: 0..<8, [Int64(0), 300_000])
    func same(seed: Int, quietWindow: Int64) async throws {
        var world = DemoCompany.world
        world.quietWindow = quietWindow
        try await withStore { [world] store in
            try await live(
                randomHistory(seed: seed, steps: 60).flatMap { [.until($0.moment), $0] }, on: store, world: world)
            let report = try replay(path(of: store), with: DemoCompany.world.dialogs["cobranza"]!)
            #expect(report.isSame, "\(report.text(shown: 3))")
            let conversations = try await store.pool.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM conversations")
            }
            #expect(report.same == conversations && report.turns > 30)
        }
    }

    @Test("A dialog that makes no promises any more loses the recorded ones")
    func promiseLost() async throws {
        try await withStore { store in
            for account in ["marta", "juan"] {
                for (index, text) in ["hola", DemoCompany.proof(account), "el viernes te pago todo", "sí, confirmo"]
                    .enumerated()
                {
                    try await store.receive(message("\(account)-\(index)", text, from: account))
                }
            }
            let file = SharedData.repository.appendingPathComponent("Dialogs/cobranza.yaml")
            let source = try String(contentsOf: file, encoding: .utf8).replacing(
                "{ hears: si, do: registrar, next: anotada }",
                with: "{ hears: si, when: tiene_plan, do: registrar, next: anotada }")
            let changed = try #require(compileDialog(source: source, file: "cobranza.yaml").dialog)
            let report = try replay(path(of: store), with: changed)
            #expect(Set(report.promisesLost.map(\.account)) == ["juan", "marta"])
            #expect(report.differs == 2 && report.differences.allSatisfy { $0.after == "sí, confirmo" })
        }
    }

    @Test("The account is taken as it stood at each turn, also where an import changed it later")
    func accountThen() async throws {
        try await withStore { store in
            try await store.receive(message("1"))
            try await store.receive(message("2", "137"))
            var marta = DemoCompany.account("marta")
            marta.firstName = "Martina"
            try await store.importAccounts([marta])
            try await store.receive(message("3", "cuánto debo?"))
            #expect(try replay(path(of: store), with: DemoCompany.world.dialogs["cobranza"]!).isSame)
        }
    }

    @Test("Conversations from before turns were written down are counted, not replayed")
    func incomplete() async throws {
        try await withStore { store in
            try await store.receive(message("1"))
            try await store.write { try $0.execute(sql: "DELETE FROM journal") }
            try await store.receive(message("2", "137"))
            let report = try replay(path(of: store), with: DemoCompany.world.dialogs["cobranza"]!)
            #expect(report.skippedIncomplete == 1 && report.same == 0 && report.isSame)
        }
    }

    @Test("A database of an earlier version says what to do, and is brought up to date with its conversations")
    func earlier() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let old = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(old, upTo: "events")
            try await old.write {
                try $0.execute(
                    sql: """
                        INSERT INTO conversations VALUES ('c1', 'w', 'g', '1', NULL, 0, 1, '{"dialog":{"version":"v1"}}'),
                            ('c2', 'w', 'g', '2', NULL, 0, 1, '{"dialog":{"version":"v1","ended":"x"}}'),
                            ('c3', 'w', 'g', '3', NULL, 0, 1, '{}')
                        """)
            }
            try old.close()
            let error = #expect(throws: StoreError.self) { try Recordings(path: path) }
            #expect(error?.description.contains("start the server with it once") == true)
            let store = try Store(path: path)
            let running = try await store.pool.read {
                try String.fetchAll($0, sql: "SELECT id FROM conversations WHERE dialog_version = 'v1'")
            }
            #expect(running == ["c1"])
            try store.close()
        }
    }
}
