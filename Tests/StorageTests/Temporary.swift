import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import Ledger
import Quantities
import Testing

@testable import Storage

/// A folder that is removed at the end of a test.
func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

#if PostgreSQL
    /// Whether the database is one file of SQLite.
    let isFile = false

    /// A schema of its own for each name in each folder, in the database that `PROMESA_TEST_DATABASE` names.
    func database(in folder: String, _ name: String = "promesa") throws -> String {
        guard let address = ProcessInfo.processInfo.environment["PROMESA_TEST_DATABASE"] else {
            throw StoreError.unusable(
                path: "PROMESA_TEST_DATABASE", reason: "it names no PostgreSQL; `Scripts/postgres start` prints one")
        }
        let schema = "t" + folder.suffix(36).filter { $0 != "-" }.lowercased() + "_" + name
        try DatabaseQueue(path: address).writeWithoutTransaction {
            try $0.execute(sql: "CREATE SCHEMA IF NOT EXISTS \(schema)")
        }
        return "\(address)?options=-csearch_path%3D\(schema)&key=\(folder)/\(name).key"
    }

    /// A file that goes with a database.
    func file(beside path: String, _ ending: String) -> String {
        DatabaseAddress(path)!.key!.dropLast(4) + ending
    }

    let tablesQuery = """
        SELECT table_name FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
        """
#else
    let isFile = true

    func database(in folder: String, _ name: String = "promesa") throws -> String { folder + "/\(name).sqlite" }

    /// A file that goes with a database.
    func file(beside path: String, _ ending: String) -> String { path + ending }

    let tablesQuery = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
#endif

extension Trait where Self == ConditionTrait {
    /// Not on PostgreSQL.
    static var ofSQLite: Self { .enabled(if: isFile, "about SQLite and its file") }
}

/// A store in a temporary folder, closed at the end, with the demo company's accounts.
func withStore<Value>(_ body: (Store) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { folder in
        let store = try Store(path: database(in: folder))
        try await store.importAccounts(DemoCompany.accounts)
        let value = try await body(store)
        try store.close()
        return value
    }
}

/// A database as a version wrote it whose accounts were bodies, up to one of its migrations.
func withOldDatabase<Value>(
    upTo version: String, accounts: [Account], _ body: (String) async throws -> Value
) async throws -> Value {
    try await withTemporaryFolder { folder in
        let path = try database(in: folder)
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: version)
        try await queue.write { db in
            for account in accounts {
                try db.execute(
                    sql: "INSERT INTO accounts (id, phone, document, body) VALUES (?, ?, ?, ?)",
                    arguments: [account.id, account.phone, account.document, JSON.text(account)])
            }
        }
        try queue.close()
        return try await body(path)
    }
}

func message(_ id: String, _ text: String = "hola", from account: String = "marta", channel: String = "whatsapp")
    -> InboundMessage
{
    InboundMessage(
        contact: DemoCompany.contact(account, channel: channel), messageID: id, writtenAt: DemoCompany.morning,
        content: .text(text))
}

extension Store {
    /// One turn of the demo company.
    @discardableResult
    func receive(
        _ message: InboundMessage, now: Moment = DemoCompany.morning, world: World = DemoCompany.world
    ) async throws -> TurnReply {
        let processor = TurnProcessor(world: world)
        return try await submit { tx in try processor.receive(message, now: now, tx: tx) }
    }

    func fire(_ timer: DueTimer, with processor: TurnProcessor, now: Moment) async throws -> TurnReply? {
        try await fire([timer], with: processor, now: now)[0].get()
    }
}

/// As ``MemoryRun/live(_:)``, on disk.
@discardableResult
func live(_ history: [Step], on store: Store, world: World = DemoCompany.world) async throws -> [TurnReply] {
    let processor = TurnProcessor(world: world)
    var replies: [TurnReply] = []
    var screens: [ContactKey: [String]] = [:]
    func receive(_ message: InboundMessage) async throws {
        let reply = try await store.receive(message, now: message.writtenAt, world: world)
        replies.append(reply)
        if let last = reply.messages.last { screens[message.contact] = last.options.map(\.id) }
    }
    for step in history {
        switch step {
        case .message(let message): try await receive(message)
        case .tap(let contact, let index, let id, let at):
            guard let options = screens[contact], index < options.count else { continue }
            try await receive(
                InboundMessage(
                    contact: contact, messageID: id, writtenAt: at,
                    content: .tap(id: options[index], title: "opción")))
        case .until(let moment):
            while let timer = try await store.dueTimers(now: moment, limit: 1).first {
                if let reply = try await store.fire(timer, with: processor, now: moment) { replies.append(reply) }
            }
        case .payment(let payment, let account, let at):
            try await store.submit { try processor.importPayments([payment], accountID: account, now: at, tx: $0) }
        case .order(let command, let agent, let at):
            let open = try await store.openHandoffs().map(\.handoff.id).min()
            guard let id = open else { continue }
            _ = try? await store.submit {
                try processor.command(command, by: agent, handoffID: id, now: at, tx: $0)
            }
        }
    }
    return replies
}
