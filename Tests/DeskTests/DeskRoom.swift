import Conversations
import DemoCompany
import Desk
import Foundation
import Quantities
import Storage

/// A desk over a store in a temporary folder.
struct DeskRoom {
    let store: Store
    let desk: Desk
    let processor = TurnProcessor(world: DemoCompany.world)
    let now = DemoCompany.morning

    static func open(_ body: (DeskRoom) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-desk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appendingPathComponent("promesa.sqlite").path)
        try await store.importAccounts(DemoCompany.accounts)
        try await body(
            DeskRoom(store: store, desk: Desk(store: store, processor: TurnProcessor(world: DemoCompany.world))))
        try store.close()
    }

    @discardableResult
    func say(_ text: String, from account: String, at moment: Moment? = nil) async throws -> TurnReply {
        let moment = moment ?? now
        let message = InboundMessage(
            contact: DemoCompany.contact(account), messageID: UUID().uuidString, writtenAt: moment, content: .text(text)
        )
        let processor = processor
        return try await store.submit { try processor.receive(message, now: moment, tx: $0) }
    }

    /// A hand-off of the account's conversation, queued.
    @discardableResult
    func queue(_ account: String, _ request: String = "quiero hablar con una persona", at moment: Moment? = nil)
        async throws -> String
    {
        try await say(request, from: account, at: moment)
        return try await desk.list(now: moment ?? now).first { $0.account == account }!.id
    }

    func order(_ command: AgentCommand, on id: String, by agent: String = "Ana") async throws -> QueueEntry {
        try await desk.command(command, by: agent, handoffID: id, now: now)
    }

    func refusal(_ command: AgentCommand, on id: String, by agent: String = "Ana") async throws -> AgentRefusal? {
        do {
            _ = try await order(command, on: id, by: agent)
            return nil
        } catch let refusal as AgentRefusal {
            return refusal
        }
    }
}
