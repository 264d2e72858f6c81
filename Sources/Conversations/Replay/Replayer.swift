import Campaigns
import Dialog
import Ledger
import Negotiation
import Quantities

/// Lives recorded conversations again with another dialog, with the code that serves, in memory.
public struct Replayer: Sendable {
    let processor: TurnProcessor
    let dialog: CompiledDialog

    /// - Parameter world: the policy, the reader and the rest; its dialogs are not used.
    public init(world: World, dialog: CompiledDialog) {
        var world = world
        world.dialogs = [dialog.name: dialog]
        world.entryDialog = dialog.name
        world.earlierDialogs = [:]
        world.experiment = nil
        world.answersInResponse = []
        processor = TurnProcessor(world: world, traces: false)
        self.dialog = dialog
    }

    /// - Throws: what a turn throws; then nothing can be said of this person.
    public func replay(_ recording: Recording) throws -> ReplayedPerson {
        if !recording.isComplete { return ReplayedPerson(skipped: .incomplete, recording) }
        if recording.conversations.contains(where: { ($0.dialog ?? dialog.name) != dialog.name }) {
            return ReplayedPerson(skipped: .otherDialog, recording)
        }
        var run = Run(processor: processor, recording: recording)
        try run.live()
        return run.result()
    }
}

/// One person's second life.
private struct Run {
    let processor: TurnProcessor
    let recording: Recording
    let store: MemoryStore
    private let earlier: [PromiseToPay]
    /// Recorded timers still to come, by kind and account.
    private var awaited: [[String]: Int] = [:]
    /// By conversation: the place in the transcript where it goes another way.
    private var divergence: [String: Int] = [:]
    /// By conversation: how many entries of the transcript are known to be the same.
    private var compared: [String: Int] = [:]
    private let recordedIDs: [ContactKey: String]
    /// The ids in this life of the recorded conversations, once they are there.
    private var ids: [String: String] = [:]
    /// Promises that a recorded message gave.
    private let recordedPromises: Set<String>
    /// Accounts that the second life has seen, and those that an agency has.
    private var known: Set<String> = []
    private var assigned: Set<String> = []
    /// What is on each customer's screen, by conversation, and up to where the outbox was looked at.
    private var screens: [String: [BotMessage.Option]] = [:]
    private var seen = 0

    init(processor: TurnProcessor, recording: Recording) {
        self.processor = processor
        self.recording = recording
        // Ids of their own: those of earlier promises are taken.
        store = MemoryStore(firstID: 1_000_000)
        earlier = recording.earlierPromises
        recordedPromises = Set(recording.promises.map(\.id)).subtracting(earlier.map(\.id))
        recordedIDs = Dictionary(
            recording.conversations.map { ($0.contact, $0.id) }, uniquingKeysWith: { first, _ in first })
        for turn in recording.turns {
            if let key = Self.key(of: turn.turn) { awaited[key, default: 0] += 1 }
        }
    }

    /// A server looks at its timers once a second: what is due for longer would have fired.
    private static let slack: Int64 = 2

    mutating func live() throws {
        begin()
        for recorded in recording.turns {
            let turn = recorded.turn
            if let account = recorded.account { refresh(account) }
            try fireOthers(dueBy: turn.at.adding(seconds: -Self.slack))
            try carryOut(turn)
            compare()
        }
        try fireOthers(dueBy: recording.endsAt.adding(seconds: -Self.slack))
        for conversation in recording.conversations {
            let entries = transcript(of: conversation)
            let recorded = recording.transcripts[conversation.id] ?? []
            if divergence[conversation.id] == nil, entries.count != recorded.count {
                divergence[conversation.id] = min(entries.count, recorded.count)
            }
        }
    }

    /// Promises that no recorded message gave are there from the start, open where they still were.
    private func begin() {
        guard let first = recording.turns.first else { return }
        let today = first.turn.at.day(in: processor.world.zone)
        for var promise in earlier {
            if promise.closure.map({ $0.on >= today }) ?? (promise.deadline >= today) {
                promise.state = .open
                promise.closure = nil
            }
            store.save(promise)
            if promise.state == .open { try? processor.setTimers(of: promise, today, store) }
        }
    }

    /// Takes the account as it was recorded, save for what the second life did to it.
    private mutating func refresh(_ recorded: Account) {
        var account = recorded
        account.waivers.removeAll { waiver in recordedPromises.contains { waiver.id.hasPrefix($0 + "/") } }
        if known.contains(account.id), let mine = store.account(id: account.id) {
            account.optedOut = mine.optedOut
            account.waivers += mine.waivers.filter { !account.waivers.contains($0) }
        }
        known.insert(account.id)
        store.save(account)
    }

    private mutating func carryOut(_ turn: RecordedTurn) throws {
        switch turn.input {
        case .message(var message), .part(var message):
            assign(turn)
            message.content = onScreen(message)
            let waits = if case .part = turn.input { true } else { false }
            _ = try processor.receive(message, waits: waits, now: turn.at, tx: store)
        case .whole:
            assign(turn)
            guard let contact = contact(of: turn) else { return }
            try processor.closeWindow(of: contact, now: turn.at, tx: store)
        case .timer(let timer):
            if let key = Self.key(of: turn) { awaited[key, default: 1] -= 1 }
            // Those of the recording belong to other ids: what is due of that kind fires now.
            while let due = store.takeTimer(dueAt: turn.at, where: { $0.kind == timer.kind }) {
                _ = try processor.fire(due, now: turn.at, tx: store)
            }
        case .payments(let payments, let quietly):
            guard let account = turn.accountID else { return }
            try processor.importPayments(payments, accountID: account, quietly: quietly, now: turn.at, tx: store)
        case .order(let command, let agent):
            guard let contact = contact(of: turn), let conversation = store.conversation(for: contact),
                let handoff = store.openHandoff(conversationID: conversation.id)
            else { return }
            do {
                _ = try processor.command(
                    command, by: agent, supervising: true, handoffID: handoff.id, now: turn.at, tx: store)
            } catch is AgentRefusal {
                // The case is not where it was: what the person wrote is missing, and that is the difference.
            }
        case .page(let order):
            guard let account = turn.accountID else { return }
            try processor.receive(order, accountID: account, now: turn.at, tx: store)
        case .campaign(let contact, let text):
            guard let account = turn.accountID else { return }
            try processor.wrote(text, to: contact, accountID: account, now: turn.at, tx: store)
        }
    }

    private func contact(of turn: RecordedTurn) -> ContactKey? {
        recording.conversations.first { $0.id == turn.conversationID }?.contact
    }

    private mutating func assign(_ turn: RecordedTurn) {
        guard let account = turn.accountID else { return }
        let today = turn.at.day(in: processor.world.zone)
        if let agency = turn.agency {
            assigned.insert(account)
            store.save(Assignment(accountID: account, agency: agency, assignedOn: today))
        } else if assigned.remove(account) != nil, var assignment = store.assignment(accountID: account) {
            assignment.ended = Assignment.Ending(on: today, reason: "")
            store.save(assignment)
        }
    }

    /// A tap is on the button with that title: its id counts messages, and others may have come.
    private func onScreen(_ message: InboundMessage) -> InboundMessage.Content {
        guard case .tap(_, let title) = message.content,
            let conversation = store.conversation(for: message.contact),
            divergence[recordedIDs[message.contact] ?? ""] != nil,
            let option = screens[conversation.id]?.first(where: { $0.title == title })
        else { return message.content }
        return .tap(id: option.id, title: title)
    }

    /// Fires what is due and was never recorded: it belongs to this life only.
    private mutating func fireOthers(dueBy moment: Moment) throws {
        let awaited = awaited
        let store = store
        while let timer = store.takeTimer(
            dueAt: moment,
            where: {
                // What waits is answered when it was.
                if $0.kind == .quiet || $0.kind == .idle && store.conversation(id: $0.key)?.window != nil {
                    return false
                }
                let account = (try? store.accountID(of: $0)) ?? ""
                return (awaited[[$0.kind.rawValue, account]] ?? 0) <= 0
            })
        {
            _ = try processor.fire(timer, now: timer.at, tx: store)
        }
        look()
    }

    private mutating func look() {
        for message in store.contents.outbox.dropFirst(seen) where message.author == .bot {
            screens[message.conversationID] = message.message.options
        }
        seen = store.contents.outbox.count
    }

    private static func key(of turn: RecordedTurn) -> [String]? {
        guard case .timer(let timer) = turn.input else { return nil }
        return [timer.kind.rawValue, turn.accountID ?? ""]
    }

    // MARK: Comparing

    /// - Parameter conversation: as it was recorded.
    private mutating func transcript(of conversation: Recording.Talk) -> [TranscriptEntry] {
        let id = ids[conversation.id] ?? store.conversation(for: conversation.contact)?.id
        ids[conversation.id] = id
        return id.flatMap { store.contents.transcripts[$0] } ?? []
    }

    private mutating func compare() {
        look()
        for conversation in recording.conversations where divergence[conversation.id] == nil {
            let mine = transcript(of: conversation)
            let theirs = recording.transcripts[conversation.id] ?? []
            var index = compared[conversation.id, default: 0]
            while index < mine.count {
                guard index < theirs.count, Self.same(mine[index], theirs[index]) else {
                    divergence[conversation.id] = index
                    break
                }
                index += 1
            }
            compared[conversation.id] = index
        }
    }

    private static func same(_ a: TranscriptEntry, _ b: TranscriptEntry) -> Bool {
        a.text == b.text && a.speaker == b.speaker && a.options == b.options
    }

    mutating func result() -> ReplayedPerson {
        var result = ReplayedPerson(
            conversations: recording.conversations.count, turns: recording.completeTurns)
        for conversation in recording.conversations {
            guard let index = divergence[conversation.id] else { continue }
            result.differences.append(
                ReplayDifference(
                    conversation, at: index, recorded: recording.transcripts[conversation.id] ?? [],
                    replayed: transcript(of: conversation)))
        }
        let old = recording.promises.filter { promise in !earlier.contains { $0.id == promise.id } }
        let new = store.contents.promises.values.filter { promise in !earlier.contains { $0.id == promise.id } }
        (result.promisesGained, result.promisesLost) = Self.changes(
            from: old.map(ReplayedPerson.Promise.init), to: new.map(ReplayedPerson.Promise.init))
        (result.handoffsGained, result.handoffsLost) = Self.changes(
            from: recording.handoffs.map(ReplayedPerson.Case.init),
            to: store.contents.handoffs.values.map(ReplayedPerson.Case.init))
        return result
    }

    /// What the second has more, and what it has less, each as often.
    private static func changes<Value: Hashable & Comparable>(from old: [Value], to new: [Value]) -> ([Value], [Value])
    {
        var counts: [Value: Int] = [:]
        for value in new { counts[value, default: 0] += 1 }
        for value in old { counts[value, default: 0] -= 1 }
        func repeated(_ sign: Int) -> [Value] {
            counts.filter { $0.value * sign > 0 }.flatMap { Array(repeating: $0.key, count: abs($0.value)) }.sorted()
        }
        return (repeated(1), repeated(-1))
    }
}
