import Channels
import Conversations
import Ledger
import Quantities
import Service
import Storage
import Synchronization

/// What one history came to.
struct Outcome: Sendable {
    var violations: [String] = []
    /// What happened, a line each.
    var log: [String] = []
    var figures = Figures()
}

/// How much happened.
package struct Figures: Sendable {
    package init() {}
    package var (events, messages, duplicates, crashes, restarts): (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)
    package var (diskFaults, sent, gatewayFaults, promises, handoffs): (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)

    package static func += (sum: inout Figures, other: Figures) {
        sum.events += other.events
        sum.messages += other.messages
        sum.duplicates += other.duplicates
        sum.crashes += other.crashes
        sum.restarts += other.restarts
        sum.diskFaults += other.diskFaults
        sum.sent += other.sent
        sum.gatewayFaults += other.gatewayFaults
        sum.promises += other.promises
        sum.handoffs += other.handoffs
    }
}

/// One history lived by the server on a simulated disk, clock and gateway.
final class SimulatedRun {
    private let company: Company
    private let seed: UInt64
    private let flaw: Flaw?
    private let disk: SimulatedDisk
    private let clock: Clock
    private let gateway: SimulatedGateway
    private let reference: Reference
    private var store: Store?
    private var server: SocketlessServer?
    private var outcome = Outcome()
    /// Delivered at least once, in order, and whether the gateway was told that we have it.
    private var delivered: [(message: InboundMessage, isAcknowledged: Bool)] = []
    private var payments: [(payment: Payment, accountID: String, isAcknowledged: Bool)] = []
    private var plannedLoss = SimulatedDisk.Loss.everythingUnsynced
    private var diesRecovering: Int?
    /// Seconds by which the clock was set back: what was put off to a moment waits that much longer.
    private var setBack: Int64 = 0
    /// For the flaw that sends what was read before.
    private var readEarlier: [OutboxEntry] = []

    final class Clock: Sendable {
        private let moment: Mutex<Moment>
        init(_ moment: Moment) { self.moment = Mutex(moment) }
        var now: Moment { moment.withLock { $0 } }
        func pass(_ seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    init(_ company: Company, seed: UInt64, flaw: Flaw?) {
        self.company = company
        self.seed = seed
        self.flaw = flaw
        disk = SimulatedDisk(copyOf: company.disk)
        disk.ignoresSync = flaw == .diskIgnoresSync
        clock = Clock(Company.morning)
        gateway = SimulatedGateway(disk: disk)
        reference = Reference(company)
        gateway.onTaking = { [clock, reference] in reference.leaves($0, isRepeated: $1, at: clock.now) }
    }

    private func note(_ line: String) { outcome.log.append("\(clock.now.iso(in: company.world.zone))  \(line)") }

    /// Lives the events, then lets all come to rest. Stops at the first violation.
    func live(_ events: [Event]) async -> Outcome {
        defer { disk.forget() }
        await start()
        for event in events where reference.violations.isEmpty {
            outcome.figures.events += 1
            gateway.random = SeededRandom(event.seed)
            await happen(event)
            if disk.isDead { await restart(SeededRandom(event.seed &+ 1)) }
        }
        if reference.violations.isEmpty { await rest() }
        try? store?.close()
        outcome.violations = reference.violations
        outcome.figures.sent = gateway.taken.count
        outcome.figures.gatewayFaults = gateway.refusals
        outcome.figures.diskFaults = disk.failures
        outcome.figures.promises = reference.store.contents.promises.count
        outcome.figures.handoffs = reference.store.contents.handoffs.count
        return outcome
    }

    // MARK: Machine

    private func start() async {
        do {
            let store = try Store(
                simulated: disk.uri, checkpointPages: 4 + Int(seed % 60),
                synchronous: flaw == .databaseDoesNotSync ? "OFF" : "FULL")
            self.store = store
            let (clock, gateway, seed) = (clock, gateway, seed)
            server = SocketlessServer(
                configuration: company.configuration, world: company.world, store: store, clock: { clock.now },
                randomness: { SeededRandom(seed) }, post: { try gateway.answer($0) })
        } catch {
            if !disk.isDead { reference.violate("I1: the database cannot be opened after a crash: \(error)") }
        }
    }

    private func restart(_ seeded: SeededRandom) async {
        var random = seeded
        outcome.figures.crashes += 1
        repeat {
            outcome.figures.restarts += 1
            try? store?.close()
            (store, server) = (nil, nil)
            disk.restart(losing: plannedLoss, using: &random)
            note("the machine starts again; of what was not synced it lost: \(plannedLoss.rawValue)")
            if let operations = diesRecovering { disk.die(inOperations: operations) }
            diesRecovering = nil
            await start()
        } while disk.isDead
        readEarlier = []
        await resolve()
        await compare()
    }

    /// What the operations that were cut off came to, as the database tells it.
    private var open: [Operation] = []

    private enum Operation {
        case message(InboundMessage, Moment, isAcknowledged: Bool)
        case payments([Payment], String, Moment)
        case order(AgentCommand, String, handoffID: String, Moment)
        case timers([DueTimer], Moment)
    }

    private func resolve() async {
        guard !open.isEmpty, let contents = await contents() else { return }
        let inbox = Set(contents.inbox.map(\.message.messageID))
        for operation in open {
            switch operation {
            case .message(let message, let now, let isAcknowledged):
                if inbox.contains(message.messageID) {
                    reference.receive(message, now: now)
                } else if isAcknowledged {
                    reference.violate("I1: \(message.messageID) was acknowledged and is lost")
                }
            case .payments(let payments, let accountID, let now):
                let written = contents.accounts.first { $0.id == accountID }?.payments ?? []
                if payments.allSatisfy(written.contains) {
                    reference.receive(payments, accountID: accountID, now: now)
                }
            case .order(let command, let agent, let handoffID, let now):
                if contents.journal > reference.store.contents.recorded.count {
                    reference.order(command, by: agent, handoffID: handoffID, now: now)
                }
            case .timers(let timers, let now):
                for timer in timers where !contents.timers.contains(timer) { reference.fire(timer, now: now) }
            }
        }
        open = []
    }

    private func contents() async -> StoreContents? {
        do { return try await store?.contents() } catch {
            if !disk.isDead { reference.violate("the database cannot be read: \(error)") }
            return nil
        }
    }

    private func compare() async { if let contents = await contents() { reference.compare(contents) } }

    // MARK: Events

    private func happen(_ event: Event) async {
        switch event.kind {
        case .say(let sayings):
            let messages = sayings.map { saying -> InboundMessage in
                outcome.figures.messages += 1
                note("\(saying.contact) writes “\(saying.text)” (w\(delivered.count))")
                return compose(saying.contact, .text(saying.text))
            }
            await deliver(messages)
        case .tap(let contact, let index):
            let person = company.cast.people[contact].contact
            guard let last = reference.store.contents.outbox.last(where: { $0.contact == person }),
                index < last.message.options.count
            else { return }
            let option = last.message.options[index]
            outcome.figures.messages += 1
            note("\(contact) taps “\(option.title)” (w\(delivered.count))")
            await deliver([compose(contact, .tap(id: option.id, title: option.title))])
        case .again(let back):
            guard back < delivered.count else { return }
            var message = delivered[delivered.count - 1 - back].message
            outcome.figures.duplicates += 1
            note("the gateway delivers \(message.messageID) again")
            let original = message
            if flaw == .forgetsMessages { message.messageID += "-again" }
            await deliver([message], as: [original])
        case .retry: await retry()
        case .report(let back, let state):
            guard back < gateway.taken.count, let state = MessageStatus.State(rawValue: state) else { return }
            let taken = gateway.taken[gateway.taken.count - 1 - back]
            note("the gateway reports \(taken.message.id) as \(state.rawValue)")
            let status = MessageStatus(gatewayMessageID: taken.id, state: state, tracker: taken.tracker)
            _ = await succeeds { try await $0.receive([.status(status)]) }
        case .pay(let account, let cents):
            let accountID = company.cast.accounts[account].id
            let payment = Payment(
                id: "pago-\(payments.count)",
                amount: Money(cents: cents, company.cast.accounts[account].currency),
                day: clock.now.day(in: company.world.zone))
            note("the ERP: \(accountID) paid \(payment.amount.formatted)")
            payments.append((payment, accountID, false))
            await pay(payments.count - 1)
        case .reverse(let account):
            let accountID = company.cast.accounts[account].id
            guard let index = payments.lastIndex(where: { $0.accountID == accountID }) else { return }
            payments[index].payment.reversedOn = clock.now.day(in: company.world.zone)
            payments[index].isAcknowledged = false
            note("the ERP: \(accountID)'s \(payments[index].payment.id) bounced")
            await pay(index)
        case .order(let command, let agent):
            let handoffs = reference.store.contents.handoffs.values.filter {
                $0.state != .closed && $0.state != .returned
            }
            guard let handoff = handoffs.min(by: { $0.id < $1.id }) else { return }
            note("\(agent): \(command) on \(handoff.id)")
            await order(command, agent, handoff.id)
        case .pass(let seconds):
            clock.pass(seconds)
            setBack += max(0, -seconds)
            note(seconds < 0 ? "the clock is set back \(-seconds) s" : "\(seconds) s pass")
        case .timers: await fireTimers()
        case .send: await send()
        case .powerFails(let operations, let loss, let again):
            note("the power will fail in the \(operations)th write or sync from here")
            plannedLoss = loss
            diesRecovering = again
            disk.die(inOperations: operations)
        case .diskFills:
            note("the disk fills")
            disk.isFull = true
        case .diskEmpties:
            note("the disk has room")
            disk.isFull = false
        case .syncFails:
            note("the next sync fails")
            disk.failingSyncs = 1
        }
    }

    private func compose(_ contact: Int, _ content: InboundMessage.Content) -> InboundMessage {
        let message = InboundMessage(
            contact: company.cast.people[contact].contact, messageID: "w\(delivered.count)", writtenAt: clock.now,
            content: content)
        delivered.append((message, false))
        return message
    }

    /// Whether something was done without an error.
    private func succeeds(_ work: (SocketlessServer) async throws -> Void) async -> Bool {
        guard let server else { return false }
        do {
            try await work(server)
            return true
        } catch {
            note("  refused: \(error)")
            return false
        }
    }

    /// Gateways deliver messages at once, which one commit takes; what they are told decides whether they come again.
    private func deliver(_ messages: [InboundMessage], as originals: [InboundMessage]? = nil) async {
        guard let store, let server else { return }
        let now = clock.now
        let failures = disk.failures
        store.hold()
        var tasks: [Task<String?, Never>] = []
        for message in messages {
            let (waiting, done) = (store.waitingCount, Completion())
            tasks.append(
                Task {
                    defer { done.isDone.withLock { $0 = true } }
                    do {
                        try await server.receive([.turn(message)])
                        return nil
                    } catch {
                        return "\(error)"
                    }
                })
            while store.waitingCount == waiting, !done.isDone.withLock({ $0 }) { await Task.yield() }
        }
        store.commitHeld()
        var operations: [Operation] = []
        for (index, task) in tasks.enumerated() {
            let refusal = await task.value
            if let refusal { note("  refused: \(refusal)") }
            let message = originals?[index] ?? messages[index]
            let isAcknowledged = refusal == nil || flaw == .acknowledgesBeforeCommit
            if isAcknowledged, let at = delivered.firstIndex(where: { $0.message.messageID == message.messageID }) {
                delivered[at].isAcknowledged = true
            }
            operations.append(.message(message, now, isAcknowledged: isAcknowledged))
        }
        await settle(operations, hadFailures: disk.failures > failures)
    }

    private final class Completion: Sendable { let isDone = Mutex(false) }

    /// Where nothing failed, what was done is lived at once; else the database is asked.
    private func settle(_ operations: [Operation], hadFailures: Bool) async {
        if !hadFailures {
            for case .message(let message, let now, _) in operations { reference.receive(message, now: now) }
            for case .payments(let payments, let accountID, let now) in operations {
                reference.receive(payments, accountID: accountID, now: now)
            }
            for case .order(let command, let agent, let handoffID, let now) in operations {
                reference.order(command, by: agent, handoffID: handoffID, now: now)
            }
            for case .timers(let timers, let now) in operations {
                for timer in timers { reference.fire(timer, now: now) }
            }
            return
        }
        open += operations
        // After a crash the machine starts first.
        if !disk.isDead { await resolve() }
    }

    private func retry() async {
        let late = delivered.filter { !$0.isAcknowledged }.map(\.message)
        if !late.isEmpty { note("gateways deliver again what was not acknowledged: \(late.count)") }
        for message in late where !disk.isDead { await deliver([message]) }
        for index in payments.indices where !payments[index].isAcknowledged && !disk.isDead { await pay(index) }
    }

    private func pay(_ index: Int) async {
        let (payment, accountID, _) = payments[index]
        let (now, failures) = (clock.now, disk.failures)
        let isDone = await succeeds {
            if flaw == .losesPayments { return }
            try await $0.receive([payment], accountID: accountID)
        }
        payments[index].isAcknowledged = isDone
        await settle([.payments([payment], accountID, now)], hadFailures: disk.failures > failures)
    }

    private func order(_ command: AgentCommand, _ agent: String, _ handoffID: String) async {
        let (now, failures) = (clock.now, disk.failures)
        _ = await succeeds { try await $0.order(command, by: agent, handoffID: handoffID) }
        await settle([.order(command, agent, handoffID: handoffID, now)], hadFailures: disk.failures > failures)
    }

    private func fireTimers() async {
        let (now, failures) = (clock.now, disk.failures)
        let due = reference.dueTimers(now: now)
        if !due.isEmpty { note("timers fire: " + due.map { "\($0.kind) of \($0.key)" }.joined(separator: ", ")) }
        _ = await succeeds { _ = try await $0.fireTimers() }
        await settle([.timers(due, now)], hadFailures: disk.failures > failures)
    }

    /// - Returns: how many were tried.
    @discardableResult
    private func send() async -> Int {
        guard let server else { return 0 }
        var entries = (try? await server.readyToLeave()) ?? []
        if flaw == .ignoresEpoch, !gateway.isHealthy {
            let taken = Set(gateway.taken.map(\.message.id))
            (entries, readEarlier) = (readEarlier.filter { !taken.contains($0.message.id) }, entries)
        }
        for entry in entries where !disk.isDead {
            let failures = disk.failures
            let refusals = gateway.refusals
            note("the dispatcher sends \(entry.message.id)")
            gateway.sending = entry
            if flaw == .notesBeforeSending {
                try? await store?.markSent(
                    entry.message.id, gatewayMessageID: "early", now: clock.now,
                    processor: TurnProcessor(world: company.world))
            }
            await server.send(entry)
            gateway.sending = nil
            if disk.failures == failures, gateway.refusals == refusals { gateway.settle(entry.message.id) }
        }
        return entries.count
    }

    // MARK: The end

    /// Longer than any pause before another attempt.
    private func calmHours() async {
        for _ in 0..<8 where reference.violations.isEmpty {
            clock.pass(1200)
            await fireTimers()
            for _ in 0..<20 { if await send() == 0 { break } }
        }
    }

    /// All faults end: gateways repeat what was not acknowledged, and what waits leaves.
    private func rest() async {
        note("from here on nothing fails")
        gateway.isHealthy = true
        plannedLoss = .everythingUnsynced
        disk.dieNow()
        await restart(SeededRandom(seed))
        await retry()
        await calmHours()
        if setBack > 0, await contents()?.outbox.contains(where: { $0.state == "pending" }) == true {
            clock.pass(setBack)
            await calmHours()
        }
        guard let contents = await contents(), reference.violations.isEmpty else { return }
        reference.compare(contents)
        for (message, isAcknowledged) in delivered where !isAcknowledged {
            reference.violate("I1: \(message.messageID) is refused though nothing fails any more")
        }
        for conversation in contents.conversations where conversation.window != nil {
            reference.violate("I1: what waits in \(conversation.id) is not answered though nothing fails any more")
        }
        let taken = Set(gateway.taken.map(\.message.id))
        for entry in contents.outbox {
            if entry.state == "pending", entry.message.purpose != .proactive, !entry.message.isForPeopleOnly {
                reference.violate("I9: \(entry.message.id) does not leave though nothing fails any more")
            }
            if ["sent", "delivered", "read"].contains(entry.state), !taken.contains(entry.message.id) {
                reference.violate("I9: \(entry.message.id) counts as sent, and no gateway has it")
            }
        }
    }
}

extension OutboxMessage {
    /// Says nothing to the customer.
    fileprivate var isForPeopleOnly: Bool { if case .attended = form { true } else { false } }
}
