import Campaigns
import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import Quantities
import SharedData
import Testing

@testable import Storage

/// Campaigns, enrolments and assignments on disk.
struct CampaignStorageTests {
    private static let campaign: Campaign = {
        let path = SharedData.repository.appendingPathComponent("Fixtures/campaigns/mora-temprana.yaml")
        return CampaignFile(source: try! String(contentsOf: path, encoding: .utf8), file: "c.yaml").campaign!
    }()

    private static let processor: TurnProcessor = {
        var world = DemoCompany.world
        world.senders = [.whatsapp: "100000000000002", .sms: "+541150000000"]
        return TurnProcessor(world: world)
    }()

    @Test("Everything that a campaign writes is read back as it was")
    func roundTrip() async throws {
        try await withStore { store in
            var enrolment = Enrolment(
                campaign: "mora-temprana", accountID: "marta", at: DemoCompany.morning, dayZero: Day("2026-10-21")!)
            enrolment.attempts = [.init(stepDay: 4, channel: .voice, at: DemoCompany.morning, messageID: "m1")]
            enrolment.ended = .init(at: DemoCompany.morning, reason: "pagó", closing: .agency)
            let assignment = Assignment(accountID: "raul", agency: "Estudio Sur", assignedOn: Day("2026-11-24")!)
            let (saved, campaign) = (enrolment, Self.campaign)
            let read = try await store.submit { tx in
                try tx.save(campaign)
                try tx.save(saved)
                try tx.save(assignment)
                return (
                    try tx.campaign(name: campaign.name), try tx.enrolments(accountID: "marta"),
                    try tx.enrolment(campaign: "mora-temprana", accountID: "marta"),
                    try tx.assignment(accountID: "raul")
                )
            }
            #expect(read.0 == campaign && read.1 == [saved] && read.2 == saved && read.3 == assignment)
            #expect(try await store.closedEnrolments() == [saved])
            #expect(try await store.assignments(agency: "Estudio Sur") == [assignment])
            #expect(try await store.assignments(agency: "Otro").isEmpty)
        }
    }

    @Test("The database writes what the store in memory writes, step by step")
    func parity() async throws {
        try await withStore { store in
            let memory = MemoryStore(accounts: DemoCompany.accounts)
            let (campaign, processor) = (Self.campaign, Self.processor)
            memory.save(campaign)
            try await store.submit { try $0.save(campaign) }
            var now = DemoCompany.morning
            for account in DemoCompany.accounts {
                let decision = try processor.advance(campaign, accountID: account.id, now: now, tx: memory)
                let moment = now
                #expect(
                    try await store.submit {
                        try processor.advance(campaign, accountID: account.id, now: moment, tx: $0)
                    }
                        == decision)
            }
            for _ in 0..<6 {
                now = now.adding(seconds: 5 * 86_400)
                while let timer = memory.takeTimer(dueAt: now) { _ = try processor.fire(timer, now: now, tx: memory) }
                while let timer = try await store.dueTimers(now: now, limit: 1).first {
                    _ = try await store.fire(timer, with: processor, now: now)
                }
            }
            let outbox: [OutboxMessage] = try await store.pool.read { db in
                try String.fetchAll(db, sql: "SELECT body FROM outbox ORDER BY seq").map { try JSON.value($0) }
            }
            #expect(outbox == memory.contents.outbox && outbox.count > 10)
            let enrolments: [Enrolment] = try await store.pool.read { db in
                try String.fetchAll(db, sql: "SELECT body FROM enrolments ORDER BY account_id").map {
                    try JSON.value($0)
                }
            }
            #expect(enrolments == memory.contents.enrolments.values.sorted { $0.accountID < $1.accountID })
        }
    }

    @Test("A database from before campaigns is brought up to date and keeps its accounts", .ofSQLite)
    func migrates() async throws {
        try await withOldDatabase(upTo: "1", accounts: DemoCompany.accounts) { path in
            let store = try Store(path: path)
            #expect(try await store.accountCount() == DemoCompany.accounts.count)
            #expect(try await store.closedEnrolments().isEmpty)
            try store.close()
        }
    }

    @Test(
        "What a gateway gives up, or reports as failed, goes on to the step's next channel", arguments: [true, false])
    func escalates(atOnce: Bool) async throws {
        try await withStore { store in
            let (campaign, processor) = (Self.campaign, Self.processor)
            let now = DemoCompany.morning.adding(seconds: 86_400)
            try await store.submit { tx in
                try tx.save(campaign)
                _ = try processor.advance(campaign, accountID: "juan", now: now, tx: tx)
            }
            let message = try #require(try await store.dueOutbox(now: now, limit: 10).first?.message)
            #expect(message.contact.channel == "whatsapp")
            if atOnce {
                try await store.markDead(message.id, reason: "HTTP 400", now: now, processor: processor)
            } else {
                try await store.markSent(message.id, gatewayMessageID: "w1", now: now, processor: processor)
                try await store.recordStatus("w1", "failed", error: "131026", at: now, processor: processor)
            }
            let later = now.adding(seconds: 86_400)
            for _ in 0..<3 {
                for timer in try await store.dueTimers(now: later, limit: 10) {
                    _ = try await store.fire(timer, with: processor, now: later)
                }
            }
            #expect(try await store.dueOutbox(now: later, limit: 10).map(\.message.contact.channel) == ["sms"])
        }
    }
}
