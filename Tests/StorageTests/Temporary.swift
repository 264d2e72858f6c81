import Conversations
import DemoCompany
import Foundation
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
    func receive(_ message: InboundMessage, now: Moment = DemoCompany.morning) async throws -> TurnReply {
        let processor = TurnProcessor(world: DemoCompany.world)
        return try await submit { tx in try processor.receive(message, now: now, tx: tx) }
    }
}
