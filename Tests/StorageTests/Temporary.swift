import Conversations
import DemoCompany
import Foundation
import GRDB
import Ledger
import Quantities

@testable import Storage

/// A folder that is removed at the end of a test.
func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

/// A store in a temporary folder, closed at the end, with the demo company's accounts.
func withStore<Value>(_ body: (Store) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { folder in
        let store = try Store(path: folder + "/promesa.sqlite")
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
        let path = folder + "/promesa.sqlite"
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
