import Conversations
import DatabaseEngine
import DemoCompany
import Dialog
import Foundation
import Quantities
import Testing

@testable import Storage

/// I9 and I7 on disk: in order, at least once, and nothing of the bot after a person took over.
struct OutboxTests {
    static let now = DemoCompany.morning
    static let processor = TurnProcessor(world: DemoCompany.world)

    /// A conversation with an account and `texts` waiting in its outbox.
    private func queue(
        _ texts: [String], for account: String, author: OutboxMessage.Author = .bot, epoch: Int = 0, in store: Store
    ) async throws {
        try await store.submit { tx in
            let contact = DemoCompany.contact(account)
            let conversation =
                try tx.conversation(for: contact)
                ?? Conversation(id: "c-\(account)", contact: contact, accountID: account)
            try tx.save(conversation)
            for text in texts {
                try tx.enqueue(
                    OutboxMessage(
                        id: text, conversationID: conversation.id, contact: contact, author: author, epoch: epoch,
                        message: BotMessage(text: text), createdAt: Self.now))
            }
        }
    }

    private func due(_ store: Store, at now: Moment = now) async throws -> [String] {
        try await store.dueOutbox(now: now, limit: 100).map(\.message.id)
    }

    private func state(_ id: String, _ store: Store) async throws -> String? {
        try await store.pool.read {
            try String.fetchOne($0, sql: "SELECT state FROM outbox WHERE id = ?", arguments: [id])
        }
    }

    @Test("Of each conversation only the oldest is due; the next when it was sent")
    func order() async throws {
        try await withStore { store in
            try await queue(["a1", "a2"], for: "marta", in: store)
            try await queue(["b1"], for: "juan", in: store)
            #expect(try await due(store) == ["a1", "b1"])
            try await store.markSent("a1", gatewayMessageID: "w1", now: Self.now, processor: Self.processor)
            #expect(try await due(store) == ["a2", "b1"])
        }
    }

    @Test("A failed message waits for its moment, and its conversation with it")
    func backOff() async throws {
        try await withStore { store in
            try await queue(["a1", "a2"], for: "marta", in: store)
            try await queue(["b1"], for: "juan", in: store)
            try await store.markFailed("a1", retryAt: Self.now.adding(seconds: 10), reason: "HTTP 500", now: Self.now)
            #expect(try await due(store) == ["b1"])
            #expect(try await due(store, at: Self.now.adding(seconds: 10)) == ["a1", "b1"])
            #expect(try await store.dueOutbox(now: Self.now.adding(seconds: 10), limit: 1).first?.attempts == 1)
        }
    }

    @Test("A message put off to a permitted hour holds up no answer behind it")
    func postponed() async throws {
        try await withStore { store in
            try await queue(["reminder", "answer"], for: "marta", in: store)
            let morning = Self.now.adding(seconds: 12 * 3600)
            try await store.postpone("reminder", until: morning)
            #expect(try await due(store) == ["answer"])
            #expect(try await due(store, at: morning) == ["reminder"])
        }
    }

    @Test("A fresh message leaves at once, also where the clock was set back since it was written")
    func clockSetBack() async throws {
        try await withStore { store in
            try await queue(["answer"], for: "marta", in: store)
            #expect(try await due(store, at: Self.now.adding(seconds: -3 * 3600)) == ["answer"])
        }
    }

    @Test("A message given up lets the later ones go on")
    func dead() async throws {
        try await withStore { store in
            try await queue(["a1", "a2"], for: "marta", in: store)
            try await store.markDead(
                "a1", reason: "HTTP 400", now: Self.now, processor: TurnProcessor(world: DemoCompany.world))
            #expect(try await due(store) == ["a2"])
            #expect(try await state("a1", store) == "dead")
            #expect(try await store.deadLetters(limit: 10).map(\.reason) == ["HTTP 400"])
        }
    }

    @Test("Who wants no more messages, as a gateway says, has opted out in the same transaction (I6)")
    func optedOut() async throws {
        try await withStore { store in
            try await store.importAccounts(DemoCompany.accounts)
            try await queue(["a1"], for: "marta", in: store)
            try await queue(["b1"], for: "juan", in: store)
            try await store.markDead("a1", reason: "x", optsOut: true, now: Self.now, processor: Self.processor)
            try await store.markSent("b1", gatewayMessageID: "w1", now: Self.now, processor: Self.processor)
            try await store.recordStatus(
                "w1", "failed", error: "x", optsOut: true, at: Self.now, processor: Self.processor)
            for account in ["marta", "juan"] { #expect(try await store.account(id: account)?.optedOut == true) }
        }
    }

    @Test(
        "Who wants no more messages has opted out also where the report comes before our own note of the message (I6)")
    func optedOutEarly() async throws {
        try await withStore { store in
            try await store.importAccounts(DemoCompany.accounts)
            try await queue(["a1"], for: "marta", in: store)
            try await store.recordStatus(
                "w1", "failed", error: "21610", optsOut: true, at: Self.now, processor: Self.processor)
            #expect(try await store.account(id: "marta")?.optedOut != true)
            try await store.markSent("a1", gatewayMessageID: "w1", now: Self.now, processor: Self.processor)
            #expect(try await store.account(id: "marta")?.optedOut == true)
        }
    }

    @Test("The bot's messages from before a change of owner are never sent, also while they wait to be tried again")
    func superseded() async throws {
        try await withStore { store in
            try await queue(["old1", "old2"], for: "marta", in: store)
            try await store.markFailed(
                "old1", retryAt: Self.now.adding(seconds: 900), reason: "HTTP 500", now: Self.now)
            try await store.submit { tx in
                var conversation = try tx.conversation(for: DemoCompany.contact("marta"))!
                conversation.owner = .agent("Ana")
                conversation.epoch += 1
                try tx.save(conversation)
            }
            try await queue(["ana"], for: "marta", author: .agent("Ana"), epoch: 1, in: store)
            #expect(try await due(store) == ["ana"])
            #expect(try await state("old1", store) == "superseded")
            #expect(try await state("old2", store) == "superseded")
        }
    }

    @Test("An agent's message is sent whatever the epoch, in its turn")
    func agentsMessage() async throws {
        try await withStore { store in
            try await queue(["ana"], for: "marta", author: .agent("Ana"), epoch: 0, in: store)
            try await store.submit { tx in
                var conversation = try tx.conversation(for: DemoCompany.contact("marta"))!
                conversation.epoch = 5
                try tx.save(conversation)
            }
            #expect(try await due(store) == ["ana"])
            try await store.markFailed("ana", retryAt: Self.now.adding(seconds: 9), reason: "", now: Self.now)
            #expect(try await due(store).isEmpty)
        }
    }

    @Test(
        "A gateway's reports never go backwards",
        arguments: [
            (["delivered", "read"], "read"), (["read", "delivered", "sent"], "read"),
            (["delivered", "failed"], "delivered"),
            (["failed", "delivered"], "failed"), (["sent"], "sent"), (["unheard-of"], "sent"),
        ])
    func statuses(reports: [String], last: String) async throws {
        try await withStore { store in
            try await queue(["a1"], for: "marta", in: store)
            try await store.markSent("a1", gatewayMessageID: "w1", now: Self.now, processor: Self.processor)
            for report in reports {
                try await store.recordStatus(
                    "w1", report, error: nil, at: Self.now, processor: TurnProcessor(world: DemoCompany.world))
            }
            #expect(try await state("a1", store) == last)
        }
    }

    @Test("What the gateway reports by our own id is known to have arrived, and is not sent again")
    func tracked() async throws {
        try await withStore { store in
            try await queue(["a1"], for: "marta", in: store)
            try await store.markFailed("a1", retryAt: Self.now, reason: "no answer", now: Self.now)
            try await store.recordStatus(
                "w1", "delivered", error: nil, tracked: ("a1", 0), at: Self.now, processor: Self.processor)
            let entry = try #require(try await store.dueOutbox(now: Self.now, limit: 1).first)
            #expect(entry.parts == 1 && entry.lastPartID == "w1")
            try await store.markSent("a1", gatewayMessageID: "w1", now: Self.now, processor: Self.processor)
            #expect(try await state("a1", store) == "delivered")
        }
    }

    @Test(
        "A report that comes before our own note of the message is kept for it, the furthest of them",
        arguments: [
            (["sent"], "sent"), (["delivered", "sent"], "delivered"), (["read", "delivered"], "read"),
            (["failed"], "failed"),
        ])
    func early(reports: [String], last: String) async throws {
        try await withStore { store in
            try await queue(["a1"], for: "marta", in: store)
            for report in reports {
                try await store.recordStatus("w1", report, error: nil, at: Self.now, processor: Self.processor)
            }
            try await store.markSent("a1", gatewayMessageID: "w1", now: Self.now, processor: Self.processor)
            #expect(try await state("a1", store) == last)
        }
    }

    @Test("Reports on messages that are not ours are forgotten after a day")
    func foreign() async throws {
        try await withStore { store in
            for (id, now) in [("x", Self.now), ("y", Self.now.adding(seconds: 86_401))] {
                try await store.recordStatus(id, "sent", error: nil, at: now, processor: Self.processor)
            }
            let kept = try await store.pool.read {
                try String.fetchAll($0, sql: "SELECT gateway_message_id FROM early_statuses")
            }
            #expect(kept == ["y"])
        }
    }

    @Test("A part that failed on the way fails its message; the others' reports do not stand for it")
    func parts() async throws {
        try await withStore { store in
            try await queue(["a1"], for: "marta", in: store)
            try await store.markPart("a1", 0, gatewayMessageID: "w1")
            #expect(try await store.dueOutbox(now: Self.now, limit: 1).first?.parts == 1)
            try await store.markSent("a1", gatewayMessageID: "w2", now: Self.now, processor: Self.processor)
            try await store.recordStatus("w1", "read", error: nil, at: Self.now, processor: Self.processor)
            #expect(try await state("a1", store) == "sent")
            try await store.recordStatus("w1", "failed", error: "x", at: Self.now, processor: Self.processor)
            #expect(try await state("a1", store) == "failed")
        }
    }

    @Test(
        "What could not be delivered for something that passes leaves again, its last part, so many times and no more")
    func sentAgain() async throws {
        try await withStore { store in
            try await queue(["a1"], for: "marta", in: store)
            try await store.markPart("a1", 0, gatewayMessageID: "w0")
            var times = 0
            while times < 20 {
                let entry = try #require(try await store.dueOutbox(now: Self.now, limit: 1).first)
                #expect(entry.parts == 1 && entry.attempts == times)
                times += 1
                try await store.markSent("a1", gatewayMessageID: "w\(times)", now: Self.now, processor: Self.processor)
                // Again, of an earlier part, of another's message: nothing.
                for other in ["w\(times - 1)", "x"] {
                    #expect(try await !store.sendAgain(other, reason: nil, now: Self.now) { _ in Self.now })
                }
                let leaves = try await store.sendAgain("w\(times)", reason: "130429", now: Self.now) { _ in Self.now }
                if !leaves { break }
            }
            #expect(times == Store.mostDeliveries + 1)
            #expect(try await state("a1", store) == "sent")
        }
    }

    @Test("Messages of a channel that is paused wait, and those of others do not")
    func paused() async throws {
        try await withStore { store in
            try await queue(["a1"], for: "marta", in: store)
            #expect(try await store.dueOutbox(now: Self.now, limit: 9, paused: ["whatsapp", "sms"]).isEmpty)
            #expect(try await store.dueOutbox(now: Self.now, limit: 9, paused: ["what", "sms"]).count == 1)
        }
    }

    @Test("Due messages come in their order, as many as asked for", arguments: [1, 3, 100])
    func limit(count: Int) async throws {
        try await withStore { store in
            let accounts = DemoCompany.accounts.prefix(10).map(\.id)
            for account in accounts { try await queue(["\(account)-1", "\(account)-2"], for: account, in: store) }
            #expect(
                try await store.dueOutbox(now: Self.now, limit: count).map(\.message.id)
                    == accounts.prefix(count).map { "\($0)-1" })
        }
    }

    @Test("The due messages are found by index, without sorting what waits", .ofSQLite)
    func plan() async throws {
        try await withStore { store in
            let plan = try await store.pool.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + Store.headsQuery, arguments: [0, 0, "  ", 1]).map {
                    $0["detail"] as String
                }
            }
            #expect(plan.allSatisfy { !$0.contains("SCAN") && !$0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }

    @Test("What waits behind a limit is looked at once, not at every turn of the dispatcher")
    func heldBack() async throws {
        try await withStore { store in
            let later = Self.now.adding(seconds: 60)
            for account in DemoCompany.accounts.prefix(20).map(\.id) {
                try await queue([account, "\(account)-2"], for: account, in: store)
                try await store.hold(account, until: later, now: Self.now)
            }
            #expect(try await due(store).isEmpty)
            #expect(try await heads(store, due: Self.now) == 0)
            #expect(try await store.dueOutbox(now: later, limit: 100).count == 20)
        }
    }

    @Test(
        "What waits is looked at again when the clock is set back, also before a server starts",
        arguments: [false, true])
    func setBackHeads(startsAgain: Bool) async throws {
        try await withStore { store in
            try await queue(["a1"], for: "marta", in: store)
            try await store.markFailed("a1", retryAt: Self.now.adding(seconds: 90), reason: "HTTP 500", now: Self.now)
            #expect(try await due(store).isEmpty)
            if startsAgain { store.outboxLooked.withLock { $0 = nil } }
            #expect(try await due(store, at: Self.now.adding(seconds: -3600)) == ["a1"])
        }
    }

    @Test("A conversation whose last message left is not looked at any more")
    func headless() async throws {
        try await withStore { store in
            try await queue(["a1"], for: "marta", in: store)
            #expect(try await heads(store, due: Self.now) == 1)
            try await store.markSent("a1", gatewayMessageID: "w1", now: Self.now, processor: Self.processor)
            #expect(try await heads(store, due: Self.now) == 0)
        }
    }

    @Test("What waited in a database of an earlier version leaves, in its order", .ofSQLite)
    func migrates() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let queue = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(queue, upTo: "nodes")
            try await queue.write { db in
                let conversation = Conversation(id: "c1", contact: DemoCompany.contact("marta"), accountID: nil)
                try SQLiteTurn(db: db).save(conversation)
                for id in ["a1", "a2"] {
                    try SQLiteTurn(db: db).enqueue(
                        OutboxMessage(
                            id: id, conversationID: "c1", contact: conversation.contact, author: .bot, epoch: 0,
                            message: BotMessage(text: id), createdAt: Self.now))
                }
            }
            try queue.close()
            let store = try Store(path: path)
            #expect(try await due(store) == ["a1"])
            try await store.markSent("a1", gatewayMessageID: "w1", now: Self.now, processor: Self.processor)
            #expect(try await due(store) == ["a2"])
            try store.close()
        }
    }

    /// Conversations that would be looked at.
    private func heads(_ store: Store, due now: Moment) async throws -> Int {
        try await store.pool.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM outbox_heads WHERE due <= ?", arguments: [now.milliseconds]) ?? 0
        }
    }
}
