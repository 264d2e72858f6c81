import Campaigns
import Channels
import Conversations
import Foundation
import Ledger
import Negotiation
import Quantities
import Service
import Storage
import Synchronization

/// What one history came to.
struct Outcome: Sendable {
    var violations: [String] = []
    /// What happened, a line each.
    var log: [String] = []
    /// Events until the first violation.
    var events = 0
    var figures = Figures()
}

/// One history lived by the server on a simulated disk, clock and gateways.
final class SimulatedRun {
    let company: Company
    let seed: UInt64
    let configuration: Configuration
    /// In milliseconds.
    let quietWindow: Int64
    var flaw: Flaw? { company.flaw }
    let disk: SimulatedDisk
    let clock: Clock
    let gateway: SimulatedGateway
    let reference: Reference
    let post: Post
    var store: Store?
    var server: SocketlessServer?
    var outcome = Outcome()
    /// Delivered at least once, in order, and whether the gateway was told that we have it.
    var delivered: [(message: InboundMessage, isAcknowledged: Bool)] = []
    var payments: [(payment: Payment, accountID: String, isAcknowledged: Bool)] = []
    var plannedLoss = SimulatedDisk.Loss.everythingUnsynced
    var diesRecovering: Int?
    /// Seconds by which the clock was set back: what was put off to a moment waits that much longer.
    var setBack: Int64 = 0
    /// Whether the file was written anew after the last erasure, and the database's log emptied.
    var isRewritten = false
    /// For the flaw that sends what was read before.
    var readEarlier: [OutboxEntry] = []
    /// What the operations that were cut off came to, as the database tells it.
    var open: [Operation] = []
    /// States of messages that are final to us, with what was made of them.
    private var noted: [String: String] = [:]
    /// When those count as contact that left on a later day than they were written.
    private var counted: [String: Moment] = [:]

    final class Clock: Sendable {
        private let moment: Mutex<Moment>
        init(_ moment: Moment) { self.moment = Mutex(moment) }
        var now: Moment { moment.withLock { $0 } }
        func pass(_ seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
        /// No two events and no two messages are of one moment.
        func tick() { moment.withLock { $0 = Moment(milliseconds: $0.milliseconds + 1) } }
    }

    /// What was asked of the server in one request, or done by itself.
    enum Operation {
        case message(InboundMessage, Moment, isAcknowledged: Bool, answer: [String]?)
        case payment(Payment, String, Moment)
        case order(AgentCommand, Cast.Agent, handoffID: String, Moment)
        case page(PageOrder, accountID: String, Moment)
        case campaign(Campaign, Moment)
        case timers([DueTimer], Moment)
        case presence(AgentPresence.State, Cast.Agent, Moment)
        case desk(Moment)
        case file(ImportedFile, Moment)
        case register(accountID: String, Cast.Agent, Moment)
        case verify(requestID: String, Cast.Agent, Moment)
        case erase(requestID: String, Cast.Agent, Moment)
    }

    init(_ company: Company, seed: UInt64) {
        self.company = company
        self.seed = seed
        configuration = company.configuration(seed)
        quietWindow = company.quietWindow(seed)
        disk = SimulatedDisk(copyOf: company.disk)
        disk.ignoresSync = company.flaw == .diskIgnoresSync
        let clock = Clock(Company.morning)
        self.clock = clock
        gateway = SimulatedGateway(
            disk: disk, genericSecret: configuration.generic?.secret.current ?? "", now: { clock.now })
        gateway.garbles = company.flaw == .garblesTexts
        reference = Reference(company, roster: configuration.roster)
        post = Post(configuration: configuration)
        gateway.onTaking = { [reference] in reference.leaves($0, read: $1, isRepeated: $2, at: clock.now) }
    }

    var today: Day { clock.now.day(in: company.world.zone) }

    func note(_ line: String) { outcome.log.append("\(clock.now.iso(in: company.world.zone))  \(line)") }

    /// Lives the events, then lets all come to rest. Stops at the first violation.
    func live(_ events: [Event]) async -> Outcome {
        defer { disk.forget() }
        await start()
        for event in events where reference.violations.isEmpty {
            outcome.events += 1
            clock.tick()
            gateway.random = SeededRandom(event.seed)
            await happen(event)
            if disk.isDead { await restart(SeededRandom(event.seed &+ 1)) }
        }
        if reference.violations.isEmpty { await rest() }
        try? store?.close()
        outcome.violations = reference.violations
        outcome.figures += reference.figures
        outcome.figures += gateway.figures
        outcome.figures[.events] += outcome.events
        outcome.figures[.diskFailures] += disk.failures
        let contents = reference.store.contents
        outcome.figures[.promises] += contents.promises.values.filter { $0.planID == nil }.count
        for promise in contents.promises.values { outcome.figures[promise.state.count] += 1 }
        outcome.figures[.plans] += Set(contents.promises.values.compactMap(\.planID)).count
        outcome.figures[.handoffs] += contents.handoffs.count
        return outcome
    }

    // MARK: Machine

    private func start() async {
        do {
            let store = try Store(
                simulated: disk.uri, checkpointPages: 4 + Int(seed % 60),
                synchronous: flaw == .databaseDoesNotSync ? "OFF" : "FULL")
            self.store = store
            var world = company.world(stored: try await store.dialogs())
            world.quietWindow = quietWindow
            let (clock, gateway, seed) = (clock, gateway, seed)
            server = SocketlessServer(
                configuration: configuration, world: world, store: store, clock: { clock.now },
                randomness: { SeededRandom(seed) }, post: { try gateway.answer($0) })
            reference.world = world
        } catch {
            if !disk.isDead { reference.violate("I1: the database cannot be opened after a crash: \(error)") }
        }
    }

    private func restart(_ seeded: SeededRandom) async {
        var random = seeded
        repeat {
            outcome.figures[.crashes] += 1
            outcome.figures[plannedLoss.count] += 1
            try? store?.close()
            (store, server) = (nil, nil)
            disk.restart(losing: plannedLoss, using: &random)
            note("the power is back; of what was not synced the disk lost: \(plannedLoss.words)")
            if let operations = diesRecovering {
                disk.die(inOperations: operations)
                outcome.figures[.crashesRecovering] += 1
            }
            diesRecovering = nil
            await start()
        } while disk.isDead
        readEarlier = []
        await resolve()
        reference.lastSeen = [:]
        await compare()
    }

    /// Where nothing failed, what was done is lived at once; else the database is asked.
    func settle(_ operations: [Operation], hadFailures: Bool) async {
        guard hadFailures else {
            for operation in operations {
                if case .erase(let id, let agent, let now) = operation {
                    if let contents = await contents() { await erase(id, by: agent, found: contents, now) }
                } else {
                    live(operation)
                }
            }
            return
        }
        open += operations
        // After a crash the machine starts first.
        if !disk.isDead { await resolve() }
    }

    private func live(_ operation: Operation) {
        switch operation {
        case .message(let message, let now, let isAcknowledged, let answer):
            let reply = reference.receive(message, now: now)
            if let answer, isAcknowledged, let reply {
                outcome.figures[.checkedAnswers] += 1
                if answer != reply.map(\.text) {
                    reference.violate("I9: \(message.messageID) is answered \(answer) instead of \(reply.map(\.text))")
                }
            }
        case .payment(let payment, let accountID, let now):
            reference.receive(payment, accountID: accountID, now: now)
        case .order(let order, let agent, let handoffID, let now):
            reference.order(order, by: agent, handoffID: handoffID, now: now)
        case .page(let order, let accountID, let now): reference.receive(order, accountID: accountID, now: now)
        case .campaign(let campaign, let now):
            reference.begin(campaign)
            reference.run(campaign, now: now)
        case .timers(let timers, let now): for timer in timers { reference.fire(timer, now: now) }
        case .presence(let state, let agent, let now): reference.note(state, of: agent.name, now: now)
        case .desk(let now): reference.watchDesk(now: now)
        case .file(let file, let now):
            reference.take(file, now: now)
            reference.note(file, now: now)
        case .register(let accountID, let agent, let now):
            reference.register(.erasure, accountID: accountID, by: agent.name, now: now)
        case .verify(let id, let agent, let now): reference.verify(id, by: agent.name, now: now)
        // What is left of the person is read in the database.
        case .erase: break
        }
    }

    /// Lives those of the open operations that the database has.
    private func resolve() async {
        guard let contents = await contents() else { return }
        let inbox = Set(contents.inbox.map(\.message.messageID))
        for operation in open {
            // Orders are told by the journal: each writes one turn.
            let isAhead = contents.journal > reference.store.contents.recorded.count
            switch operation {
            case .message(let message, _, let isAcknowledged, _):
                if inbox.contains(message.messageID) {
                    live(operation)
                } else if isAcknowledged {
                    reference.violate("I1: \(message.messageID) was acknowledged and is lost")
                }
            case .payment(let payment, let accountID, _):
                let written = contents.accounts.first { $0.id == accountID }?.payments ?? []
                let isKnown = reference.store.account(id: accountID)?.payments.contains(payment) == true
                if written.contains(payment), isAhead || !isKnown { live(operation) }
            case .order, .page: if isAhead { live(operation) }
            case .campaign(let campaign, let now):
                guard contents.campaigns.contains(campaign) else { break }
                reference.begin(campaign)
                let known = reference.store.contents
                let enrolments = known.enrolments.values.sorted {
                    ($0.campaign, $0.accountID) < ($1.campaign, $1.accountID)
                }
                if contents.enrolments != enrolments || contents.timers != reference.timers {
                    reference.run(campaign, now: now)
                }
            case .timers(let timers, let now):
                for timer in timers where !contents.timers.contains(timer) { reference.fire(timer, now: now) }
            case .presence(let state, let agent, _):
                if contents.presences.contains(where: { $0.agent == agent.name && $0.state == state }) {
                    live(operation)
                }
            case .desk(let now):
                reference.watchDesk(now: now) { step in
                    switch step {
                    case .absent(let agent):
                        contents.presences.contains { $0.agent == agent && $0.state == .absent }
                    case .turn: contents.journal > reference.store.contents.recorded.count
                    }
                }
            case .file(let file, let now):
                guard contents.imports > reference.imports else { break }
                reference.take(file, now: now)
                if contents.audit.count > reference.store.contents.audit.count { reference.note(file, now: now) }
            case .register:
                if contents.personRequests.count > reference.store.contents.personRequests.count { live(operation) }
            case .verify(let id, _, _):
                if contents.personRequests.contains(where: { $0.id == id && $0.state == .verified }) { live(operation) }
            case .erase(let id, let agent, let now):
                if contents.personRequests.contains(where: { $0.id == id && $0.state == .done }) {
                    await erase(id, by: agent, found: contents, now)
                }
            }
        }
        open = []
        for entry in contents.outbox { note(entry) }
    }

    private func erase(_ requestID: String, by agent: Cast.Agent, found: StoreContents, _ now: Moment) async {
        let words = reference.words(of: requestID)
        outcome.figures[.checkedErasures] += words.count
        for place in (try? await store?.places(of: words)) ?? ["the database cannot be searched"] {
            reference.violate("\(requestID) was carried out, and there is \(place)")
        }
        if isRewritten {
            outcome.figures[.rewrites] += words.count
            for word in words where disk.files.values.contains(where: { $0.bytes.contains(word) }) {
                reference.violate("\(requestID) was carried out, and a byte of it is left in the file")
            }
        }
        reference.erase(
            requestID, by: agent.name, found: found, delivered: delivered.map(\.message), now: now)
        let left = Set(reference.store.contents.accounts.keys)
        payments.removeAll { !left.contains($0.accountID) }
        isRewritten = false
    }

    /// What became of a message: where it was given up, its campaign hears of it.
    private func note(_ entry: StoreContents.Leaving) {
        let id = entry.message.id
        if let moment = entry.contactAt, counted[id] != moment {
            reference.counts(entry.message, from: counted[id] ?? entry.message.createdAt, at: moment)
            counted[id] = moment
        }
        guard noted[id] != entry.state else { return }
        noted[id] = entry.state
        if entry.state == "dead" || entry.state == "failed" {
            reference.fails(id, reason: entry.error ?? "", now: clock.now)
        }
    }

    /// Asks what became of a message, where that is not known from the database as a whole.
    func look(at messageID: String) async {
        guard !disk.isDead, let entry = try? await store?.leaving(messageID) else { return }
        note(entry)
    }

    func contents() async -> StoreContents? {
        do { return try await store?.contents() } catch {
            if !disk.isDead { reference.violate("the database cannot be read: \(error)") }
            return nil
        }
    }

    private func compare() async { if let contents = await contents() { reference.compare(contents, now: clock.now) } }

    // MARK: The end

    /// Longer than any pause before another attempt.
    private func calmHours() async {
        for _ in 0..<8 where reference.violations.isEmpty {
            clock.pass(1200)
            await fireTimers()
            await watchDesk()
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
        guard reference.violations.isEmpty, let contents = await contents() else { return }
        reference.compare(contents, now: clock.now)
        reference.checkWaiting(contents.handoffs, contents.presences, now: clock.now)
        for (message, isAcknowledged) in delivered where !isAcknowledged {
            reference.violate("I1: \(message.messageID) is refused though nothing fails any more")
        }
        for conversation in contents.conversations where conversation.window != nil {
            reference.violate("I1: what waits in \(conversation.id) is not answered though nothing fails any more")
        }
        for (payment, _, isAcknowledged) in payments where !isAcknowledged {
            reference.violate("I1: the payment \(payment.id) is refused though nothing fails any more")
        }
        // Where the clock was set back, what came last is not what came latest, and the dashboards go by the latest.
        if setBack == 0 {
            for difference in (try? await store?.disagreements()) ?? ["the dashboards' tables cannot be read"] {
                reference.violate(difference)
            }
            outcome.figures[.checkedDashboards] += 1
        }
        let taken = Set(gateway.taken.map(\.message.id))
        for entry in contents.outbox {
            let answers = entry.message.purpose == nil || entry.message.purpose == .reply
            if entry.state == "pending", answers, !entry.message.isForPeopleOnly {
                reference.violate("I9: \(entry.message.id) does not leave though nothing fails any more")
            }
            if ["sent", "delivered", "read"].contains(entry.state), !taken.contains(entry.message.id) {
                reference.violate("I9: \(entry.message.id) counts as sent, and no gateway has it")
            }
        }
    }
}

extension PromiseToPay.State {
    fileprivate var count: Figures.Count {
        switch self {
        case .open: .promisesOpen
        case .kept: .promisesKept
        case .partiallyKept: .promisesPartlyKept
        case .broken: .promisesBroken
        case .withdrawn: .promisesWithdrawn
        case .superseded: .promisesSuperseded
        }
    }
}

extension SimulatedDisk.Loss {
    fileprivate var count: Figures.Count {
        switch self {
        case .everythingUnsynced: .lostEverything
        case .nothing: .lostNothing
        case .someWrites: .lostWrites
        case .tornSectors: .tornSectors
        }
    }

    var words: String {
        switch self {
        case .everythingUnsynced: "everything"
        case .nothing: "nothing"
        case .someWrites: "some writes"
        case .tornSectors: "some sectors"
        }
    }
}
