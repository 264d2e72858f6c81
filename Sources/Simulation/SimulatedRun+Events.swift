import Channels
import Conduct
import Conversations
import Dialog
import Foundation
import Ledger
import Quantities
import Service
import Storage
import Synchronization

/// What happens in a history.
extension SimulatedRun {
    func happen(_ event: Event) async {
        switch event.kind {
        case .say(let sayings):
            var messages: [InboundMessage] = []
            for saying in sayings {
                messages.append(compose(saying.contact, .text(saying.text), "writes “\(saying.text)”"))
            }
            await deliver(messages)
        case .converse(let contact, let messages): await converse(contact, messages, SeededRandom(event.seed))
        case .tap(let contact, let index): await tap(contact, index)
        case .sendMedia(let contact):
            if channel(of: contact) == "generic" { return }
            outcome.figures[.media] += 1
            let kind = channel(of: contact) == "telegram" ? "voice" : "audio"
            await deliver([compose(contact, .media(kind: kind), "sends a voice message")])
        case .sharePhone(let contact):
            guard channel(of: contact) == "telegram" else { return }
            var message = compose(contact, .opened, "shares the phone")
            message.phone = company.cast.people[contact].phone
            delivered[delivered.count - 1].message = message
            await deliver([message])
        case .echo(let contact):
            guard channel(of: contact) == "whatsapp" else { return }
            outcome.figures[.echoes] += 1
            await deliver([
                compose(contact, .humanEcho(text: "Hola, te escribo yo."), "is written to from the gateway's app")
            ])
        case .move(let contact):
            guard channel(of: contact) == "whatsapp" else { return }
            outcome.figures[.moves] += 1
            let address = "+54911888" + String(10_000 + contact)
            await deliver([compose(contact, .moved(to: address), "has another number")])
        case .again(let back):
            guard back < delivered.count else { return }
            let original = delivered[delivered.count - 1 - back].message
            outcome.figures[.duplicates] += 1
            note("the gateway delivers \(original.messageID) again")
            var message = original
            if flaw == .forgetsMessages { message.messageID = Post.forgotten(message.messageID) }
            await deliver([message], as: [original])
        case .retry: await retry()
        case .report(let back, let state): await report(back, state)
        case .pay(let account, let cents):
            let account = company.cast.accounts[account]
            if reference.store.account(id: account.id) == nil { return }
            await pay(Money(cents: cents, account.currency), account.id)
        case .payPromised(let account):
            let accountID = company.cast.accounts[account].id
            let open = reference.store.promises(accountID: accountID).filter { $0.state == .open }
            guard let first = open.min(by: { ($0.payBy, $0.id) < ($1.payBy, $1.id) }) else { return }
            await pay(first.amount, accountID)
        case .importFile(let file, let account): await take(file, company.cast.accounts[account].id)
        case .reverse(let account):
            let accountID = company.cast.accounts[account].id
            guard let index = payments.lastIndex(where: { $0.accountID == accountID }) else { return }
            payments[index].payment.reversedOn = today
            payments[index].isAcknowledged = false
            outcome.figures[.reversals] += 1
            note("the ERP: \(accountID)'s \(payments[index].payment.id) bounced")
            await pay(index)
        case .order(let order, let agent, let index): await take(order, by: agent, index)
        case .presence(let agent, let state): await present(state, company.cast.agents[agent])
        case .desk: await watchDesk()
        case .erase(let account, let steps):
            for _ in 0..<steps where !disk.isDead { await erase(company.cast.accounts[account].id) }
        case .visitPage(let account, let visit): await self.visit(company.cast.accounts[account].id, visit)
        case .campaign(let index): await runCampaign(index)
        case .loadDialog(let index): await loadDialog(index)
        case .pass(let seconds):
            clock.pass(seconds)
            setBack += max(0, -seconds)
            if seconds < 0 { outcome.figures[.clockSetBack] += 1 }
            note(seconds < 0 ? "the clock is set back \(-seconds) s" : "\(seconds) s pass")
        case .morning(let days):
            outcome.figures[.days] += days
            let morning = Moment(today.adding(days: days), hour: 10, in: company.world.zone)
            clock.pass((morning.milliseconds - clock.now.milliseconds + 999) / 1000)
            note("it is ten in the morning, \(days) \(days == 1 ? "day" : "days") later")
            await fireTimers()
            if !disk.isDead { await watchDesk() }
            if !disk.isDead { await send() }
        case .timers: await fireTimers()
        case .send: await send()
        case .powerFails(let operations, let loss, let again):
            note("the power will fail in the \(operations)th write or sync from here")
            plannedLoss = loss
            diesRecovering = again
            disk.die(inOperations: operations)
        case .diskFills:
            outcome.figures[.fullDisks] += 1
            note("the disk fills")
            disk.isFull = true
        case .diskEmpties:
            note("the disk has room")
            disk.isFull = false
        case .syncFails:
            outcome.figures[.failedSyncs] += 1
            note("the next sync fails")
            disk.failingSyncs = 1
        case .outage(let hours):
            outcome.figures[.outages] += 1
            note("no gateway can be reached for \(hours) h")
            gateway.outageUntil = clock.now.adding(seconds: Int64(hours) * 3600)
        }
    }

    private func channel(of contact: Int) -> String { company.cast.people[contact].contact.channel }

    /// - Parameter deed: what they do, for the log.
    private func compose(_ contact: Int, _ content: InboundMessage.Content, _ deed: String) -> InboundMessage {
        let person = company.cast.people[contact].contact
        let id = Post.messageID(delivered.count, on: person.channel)
        outcome.figures[.messages] += 1
        let count: Figures.Count =
            switch person.channel {
            case "sms": .byChannelSMS
            case "telegram": .byChannelTelegram
            case "generic": .byChannelGeneric
            default: .byChannelWhatsApp
            }
        outcome.figures[count] += 1
        note("\(name(of: contact)) \(deed) (\(id))")
        // Gateways tell the second.
        let written = Moment(seconds: clock.now.milliseconds / 1000)
        let message = InboundMessage(contact: person, messageID: id, writtenAt: written, content: content)
        delivered.append((message, false))
        return message
    }

    /// "marta by sms".
    private func name(of contact: Int) -> String {
        let person = company.cast.people[contact]
        return "\(person.accountID ?? "a stranger") by \(person.contact.channel)"
    }

    /// Answers what they are asked, as long as the bot attends, and reads what it says.
    private func converse(_ contact: Int, _ messages: Int, _ seeded: SeededRandom) async {
        var random = seeded
        for _ in 0..<messages where !disk.isDead {
            guard let text = answer(of: contact, &random) else { return }
            await deliver([compose(contact, .text(text), "writes “\(text)”")])
            if quietWindow > 0, !disk.isDead {
                clock.pass(quietWindow / 1000 + 1)
                note("they wait for an answer")
                await fireTimers()
            }
            if !disk.isDead, Bool.random(using: &random) { await send() }
        }
    }

    /// What somebody says who wants to settle their debt; nil where no bot attends them, or it said goodbye.
    private func answer(of contact: Int, _ random: inout SeededRandom) -> String? {
        let person = company.cast.people[contact]
        func any(_ texts: [String]) -> String { texts[Int.random(in: 0..<texts.count, using: &random)] }
        guard let conversation = reference.store.conversation(for: person.contact) else { return "hola" }
        guard conversation.owner == .bot else { return nil }
        guard let state = conversation.dialog, state.ended == nil, let dialog = reference.world.dialog(of: state) else {
            return any(Sayings.promising)
        }
        if Int.random(in: 0..<8, using: &random) == 0 { return any(Sayings.other) }
        switch dialog.question(in: state) {
        case .identity: return person.proof
        case .confirmation: return any(Sayings.yes)
        case .choice(let options):
            // The first is mostly yes.
            return Bool.random(using: &random) ? "1" : String(Int.random(in: 1...max(1, options.count), using: &random))
        case .amount: return any(["20 lucas", "15000", "la mitad", "todo"])
        case .day: return any(["el viernes", "mañana", "pago hoy", "el lunes", "el 5"])
        case .open, .reminder: return any(Sayings.promising)
        }
    }

    private func tap(_ contact: Int, _ index: Int) async {
        let person = company.cast.people[contact].contact
        // What a response answered is in no outbox.
        guard person.channel != "generic",
            let last = reference.store.contents.outbox.last(where: { $0.contact == person }),
            index < last.message.options.count
        else { return }
        let option = last.message.options[index]
        outcome.figures[.taps] += 1
        if person.channel == "sms" {
            await deliver([compose(contact, .text(String(index + 1)), "writes “\(index + 1)”")])
        } else {
            // Telegram gives the button's words back as they were shown.
            let title =
                person.channel == "telegram" ? option.title + (option.detail.map { " · \($0)" } ?? "") : option.title
            await deliver([compose(contact, .tap(id: option.id, title: title), "taps “\(option.title)”")])
        }
    }

    /// Whether something was done without an error; what was refused is noted.
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

    private func answer(to request: Post.Request) async -> (status: Int, body: Data) {
        guard let server else { return (0, Data()) }
        let answer = await server.respond(to: request)
        if answer.status >= 400 { note("  refused: \(answer.status) \(String(decoding: answer.body, as: UTF8.self))") }
        return answer
    }

    // MARK: Messages

    private final class Completion: Sendable { let isDone = Mutex(false) }

    /// Gateways deliver messages at once, which one commit takes; what they are told decides whether they come again.
    func deliver(_ messages: [InboundMessage], as originals: [InboundMessage]? = nil) async {
        guard let store, let server else { return }
        let failures = disk.failures
        store.hold()
        var tasks: [Task<(status: Int, body: Data), Never>] = []
        var moments: [Moment] = []
        for message in messages {
            clock.tick()
            moments.append(clock.now)
            let (waiting, done) = (store.waitingCount, Completion())
            let request = post.delivering(message, at: clock.now)
            tasks.append(
                Task {
                    defer { done.isDone.withLock { $0 = true } }
                    return await server.respond(to: request)
                })
            while store.waitingCount == waiting, !done.isDone.withLock({ $0 }) { await Task.yield() }
        }
        store.commitHeld()
        var operations: [Operation] = []
        for (index, task) in tasks.enumerated() {
            let (status, body) = await task.value
            if status != 200 { note("  refused: \(status) \(String(decoding: body, as: UTF8.self))") }
            let message = originals?[index] ?? messages[index]
            let isAcknowledged = status == 200 || flaw == .acknowledgesBeforeCommit
            if isAcknowledged, let at = delivered.firstIndex(where: { $0.message.messageID == message.messageID }) {
                delivered[at].isAcknowledged = true
            }
            var answer = message.contact.channel == "generic" && status == 200 ? Post.answer(body) ?? [] : nil
            if flaw == .mixesUpAnswers, let first = answer?.first { answer?.append(first) }
            operations.append(
                .message(
                    Post.read(message, at: moments[index]), moments[index], isAcknowledged: isAcknowledged,
                    answer: answer))
        }
        await settle(operations, hadFailures: disk.failures > failures)
    }

    func retry() async {
        let late = delivered.filter { !$0.isAcknowledged }.map(\.message)
        if !late.isEmpty { note("gateways deliver again what was not acknowledged: \(late.count)") }
        for message in late where !disk.isDead { await deliver([message]) }
        for index in payments.indices where !payments[index].isAcknowledged && !disk.isDead { await pay(index) }
    }

    private func report(_ back: Int, _ state: String) async {
        guard back < gateway.taken.count, let state = MessageStatus.State(rawValue: state) else { return }
        let taken = gateway.taken[gateway.taken.count - 1 - back]
        let status = MessageStatus(gatewayMessageID: taken.id, state: state, tracker: taken.tracker)
        guard let request = post.reporting(status, on: taken.message.contact.channel) else { return }
        outcome.figures[.reports] += 1
        note("the gateway reports \(taken.message.id) as \(state.rawValue)")
        _ = await answer(to: request)
        await look(at: taken.message.id)
    }

    // MARK: The company

    private func pay(_ amount: Money, _ accountID: String) async {
        let payment = Payment(id: "pago-\(payments.count)", amount: amount, day: today)
        outcome.figures[.payments] += 1
        note("the ERP: \(accountID) paid \(amount.formatted)")
        payments.append((payment, accountID, false))
        await pay(payments.count - 1)
    }

    private func take(_ file: Event.Import, _ accountID: String) async {
        guard let account = reference.store.account(id: accountID) else { return }
        // Nobody knows any more who they are.
        if case .optOut = file, account.phone.isEmpty { return }
        let file = ImportedFile(file, into: account, number: outcome.figures[.imports], on: today)
        outcome.figures[.imports] += 1
        note("the ERP's file: \(file.words)")
        let (now, failures) = (clock.now, disk.failures)
        let status = await answer(to: post.importing(file, of: file.kind)).status
        if case .nothing = file.content {
            outcome.figures[.refusedImports] += 1
            if status == 200 { reference.violate("a file with a row that cannot be read is imported") }
            return
        }
        await settle([.file(file, now)], hadFailures: disk.failures > failures)
    }

    private func pay(_ index: Int) async {
        let (payment, accountID, _) = payments[index]
        let (now, failures) = (clock.now, disk.failures)
        let isDone =
            flaw == .losesPayments ? true : await answer(to: post.paying(payment, accountID: accountID)).status == 200
        payments[index].isAcknowledged = isDone
        await settle([.payment(payment, accountID, now)], hadFailures: disk.failures > failures)
    }

    private func take(_ order: Event.Order, by index: Int, _ which: Int?) async {
        let handoffs = reference.store.contents.handoffs.values.sorted { $0.id < $1.id }
        let open = handoffs.filter { $0.state != .closed && $0.state != .returned }
        let agent = company.cast.agents[index]
        let likely =
            open.first { $0.agent == agent.name } ?? open.first { $0.state == .queued } ?? open.first
        guard let handoff = which.map({ $0 < handoffs.count ? handoffs[$0] : nil }) ?? likely else { return }
        // Who acts on a case that waits takes it first, unless they pressed too soon.
        if which == nil, handoff.state == .queued {
            if case .claim = order {} else { await take(.claim, by: index, nil) }
            if disk.isDead { return }
        }
        outcome.figures[.orders] += 1
        note("\(agent.name) \(order.words) \(handoff.id)")
        let (now, failures) = (clock.now, disk.failures)
        _ = await answer(to: post.ordering(order, agent, of: company.cast, handoffID: handoff.id, on: today))
        await settle(
            [.order(order.command(company.cast, on: today, in: company.world.zone), agent, handoffID: handoff.id, now)],
            hadFailures: disk.failures > failures)
    }

    private func present(_ state: AgentPresence.State, _ agent: Cast.Agent) async {
        outcome.figures[.presences] += 1
        note("\(agent.name) is \(state.rawValue)")
        let (now, failures) = (clock.now, disk.failures)
        reference.lastSeen[agent.name] = now
        _ = await answer(to: post.present(state, agent))
        await settle([.presence(state, agent, now)], hadFailures: disk.failures > failures)
    }

    /// One step of a request that the person made in a chat, or that is written down now.
    private func erase(_ accountID: String) async {
        guard let account = reference.store.account(id: accountID), !account.phone.isEmpty,
            let manager = company.cast.agents.first(where: \.isManager)
        else { return }
        let open = reference.store.contents.personRequests.values.filter {
            $0.accountID == accountID && $0.right == .erasure && $0.state.isOpen
        }
        outcome.figures[.privacy] += 1
        let (now, failures) = (clock.now, disk.failures)
        guard let request = open.min(by: { $0.id < $1.id }) else {
            note("\(accountID) wants to be erased")
            let body: [String: Any] = [
                "account": accountID, "right": DataRight.erasure.rawValue, "channel": "mostrador",
            ]
            _ = await answer(to: post.asking("", body, by: manager))
            return await settle([.register(accountID: accountID, manager, now)], hadFailures: disk.failures > failures)
        }
        if request.state == .received {
            note("it is sure who asks for \(request.id)")
            _ = await answer(to: post.asking("/\(request.id)/verify", [:], by: manager))
            return await settle([.verify(requestID: request.id, manager, now)], hadFailures: disk.failures > failures)
        }
        note("\(request.id) is carried out")
        let (status, body) =
            flaw == .losesErasures
            ? (200, Data()) : await answer(to: post.asking("/\(request.id)/done", [:], by: manager))
        let answer = String(decoding: body, as: UTF8.self)
        isRewritten = status == 200 && [#""log_emptied":true"#, #""rewritten":true"#].allSatisfy(answer.contains)
        // What it is refused for was not changed.
        if status == 200 || disk.failures > failures {
            await settle([.erase(requestID: request.id, manager, now)], hadFailures: disk.failures > failures)
        }
    }

    func watchDesk() async {
        let (now, failures) = (clock.now, disk.failures)
        if flaw != .forgetsDesk { _ = await succeeds { try await $0.watchDesk() } }
        await settle([.desk(now)], hadFailures: disk.failures > failures)
    }

    private func visit(_ accountID: String, _ visit: Event.PageVisit) async {
        guard reference.store.account(id: accountID) != nil, let links = configuration.customerLinks else { return }
        let link = links.link(accountID, on: today)
        guard let start = link.range(of: "/c/")?.lowerBound else { return }
        let path = String(link[start...])
        outcome.figures[.visits] += 1
        let (now, failures) = (clock.now, disk.failures)
        switch visit {
        case .look:
            note("\(accountID) looks at the own page")
            let page = await answer(to: Post.Request("GET", path))
            guard disk.failures == failures, let account = reference.store.account(id: accountID) else { return }
            let owed = account.statement(on: today, indices: reference.world.indices).demandable.total
            outcome.figures[.checkedFigures] += 1
            if page.status != 200 || !String(decoding: page.body, as: UTF8.self).contains(owed.formatted) {
                reference.violate("I8: the page of \(accountID) does not say \(owed.formatted) (\(page.status))")
            }
        case .withdraw, .askForPerson:
            let isWithdrawal = if case .withdraw = visit { true } else { false }
            note("\(accountID) \(isWithdrawal ? "withdraws the promise" : "asks for a person") on the own page")
            if flaw != .losesPageOrders {
                _ = await answer(to: Post.Request("POST", path + (isWithdrawal ? "/retirar" : "/persona")))
            }
            await settle(
                [.page(isWithdrawal ? .withdrawPromise : .askForPerson, accountID: accountID, now)],
                hadFailures: disk.failures > failures)
        }
    }

    private func runCampaign(_ index: Int) async {
        let campaign = company.campaigns[index]
        outcome.figures[.campaigns] += 1
        note("the campaign \(campaign.name) takes accounts in")
        let (now, failures) = (clock.now, disk.failures)
        _ = await succeeds { try await $0.run(campaign) }
        await settle([.campaign(campaign, now)], hadFailures: disk.failures > failures)
    }

    private func loadDialog(_ index: Int) async {
        guard index < company.versions.count else { return }
        let version = company.versions[index]
        outcome.figures[.loads] += 1
        note("the dialog \(version.dialog.name) is loaded, version \(version.dialog.version)")
        // Where it is not written, the one that runs stays, until the machine starts again and finds what it finds.
        if await succeeds({ try await $0.load(version.dialog, source: version.source) }) {
            reference.world.dialogs[version.dialog.name] = version.dialog
        }
    }

    // MARK: What the server does by itself

    func fireTimers() async {
        let (now, failures) = (clock.now, disk.failures)
        let due = reference.dueTimers(now: now)
        if !due.isEmpty { note("timers fire: " + due.map { "\($0.kind) of \($0.key)" }.joined(separator: ", ")) }
        _ = await succeeds { _ = try await $0.fireTimers() }
        await settle([.timers(due, now)], hadFailures: disk.failures > failures)
    }

    /// - Returns: how many were tried.
    @discardableResult
    func send() async -> Int {
        guard let server else { return 0 }
        var entries = (try? await server.readyToLeave()) ?? []
        if flaw == .ignoresEpoch, !gateway.isHealthy {
            let taken = Set(gateway.taken.map(\.message.id))
            (entries, readEarlier) = (readEarlier.filter { !taken.contains($0.message.id) }, entries)
        }
        for entry in entries where !disk.isDead {
            let (failures, refusals, taken) = (disk.failures, gateway.refusals, gateway.taken.count)
            note("the dispatcher sends \(entry.message.id): “\(entry.message.message.text.prefix(60))…”")
            gateway.sending = entry
            if flaw == .notesBeforeSending {
                try? await store?.markSent(
                    entry.message.id, gatewayMessageID: "early", now: clock.now, processor: server.processor)
            }
            if flaw == .sendsWithoutLooking {
                await server.post(entry)
                if gateway.taken.contains(where: { $0.message.id == entry.message.id }) {
                    try? await store?.markSent(
                        entry.message.id, gatewayMessageID: nil, now: clock.now, processor: server.processor)
                }
            } else {
                await server.send(entry)
            }
            gateway.sending = nil
            // One that is put off to a permitted hour did not leave, and is in doubt as it was.
            if gateway.taken.count > taken, disk.failures == failures, gateway.refusals == refusals {
                gateway.settle(entry.message.id)
            }
            await look(at: entry.message.id)
        }
        return entries.count
    }
}
