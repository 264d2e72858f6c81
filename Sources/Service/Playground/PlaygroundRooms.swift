import Conversations
import Dialog
import Foundation
import Ledger
import Quantities
import Storage
import Workbench

/// The conversations of the playground, all in memory: each is a designer's, with the accounts of the fixtures.
actor PlaygroundRooms {
    private final class Room {
        let workbench: Workbench
        /// What the last command answered besides the conversation.
        var note = ""

        init(_ workbench: Workbench) { self.workbench = workbench }
    }

    /// Older conversations are forgotten.
    static let limit = 50

    private let current: CurrentWorld
    private let accounts: [Account]
    private var rooms: [(id: String, room: Room)] = []

    init(current: CurrentWorld, accounts: [Account]) {
        self.current = current
        self.accounts = accounts
    }

    var accountIDs: [String] { accounts.map(\.id) }

    /// Begins a conversation with the dialogs of this moment; nil where there is no such account.
    /// - Returns: its id.
    func open(as account: String, at moment: Moment) -> String? {
        guard accounts.contains(where: { $0.id == account }) else { return nil }
        let workbench = Workbench(
            world: current.world, accounts: accounts, accountID: account, at: moment,
            findDialog: { [current] in try Self.findDialog($0, in: current.world) },
            save: { _, _ in throw Unavailable(description: "acá la charla se baja con «Guardar como .chat»") })
        let id = UUID().uuidString.lowercased()
        rooms.append((id, Room(workbench)))
        if rooms.count > Self.limit { rooms.removeFirst() }
        return id
    }

    /// What is typed: words for the bot, or a command with `:`.
    /// - Returns: false where there is no such conversation.
    func execute(_ line: String, in id: String) -> Bool {
        guard let room = room(id) else { return false }
        let answer = room.workbench.execute(line)
        // What was said is in the conversation; the rest is shown beside it.
        let isSpoken =
            !line.hasPrefix(":") || [":clock", ":pay", ":agent", ":media", ":goto"].contains { line.hasPrefix($0) }
        room.note = isSpoken && answer.hasPrefix("bot>") ? "" : answer
        return true
    }

    func page(of id: String) -> String? {
        guard let room = room(id) else { return nil }
        return PlaygroundPage(id: id, workbench: room.workbench, note: room.note, accounts: accountIDs).html.text
    }

    func chat(of id: String) -> String? { room(id)?.workbench.session.chatSource }

    private func room(_ id: String) -> Room? { rooms.first { $0.id == id }?.room }

    /// A dialog as the server has it now, by its name, or a version that conversations may still be on, by the beginning
    /// of its own.
    private static func findDialog(_ name: String, in world: World) throws -> CompiledDialog {
        if let dialog = world.dialogs[name] ?? world.earlierDialogs.first(where: { $0.key.hasPrefix(name) })?.value {
            return dialog
        }
        let names = world.dialogs.keys.sorted() + world.earlierDialogs.keys.sorted().suffix(8)
        throw Unavailable(description: "no hay un diálogo `\(name)`; hay \(names.joined(separator: ", "))")
    }

    private struct Unavailable: Error, CustomStringConvertible { let description: String }
}
