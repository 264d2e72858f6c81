import Campaigns
import Conduct
import Conversations
import DemoCompany
import Foundation
import Ledger
import Quantities
import SharedData
import Testing

/// Campaigns through the turn road, in memory.
struct CampaignTurnTests {
    private static func campaign(_ name: String) throws -> Campaign {
        let path = SharedData.repository.appendingPathComponent("Fixtures/campaigns/\(name).yaml")
        return try #require(CampaignFile(source: String(contentsOf: path, encoding: .utf8), file: name).campaign)
    }

    /// The demo company in a campaign, with its own clock.
    private final class Room {
        let store = MemoryStore(accounts: DemoCompany.accounts)
        let campaign: Campaign
        var processor: TurnProcessor
        var now = DemoCompany.morning
        var serial = 0

        init(_ name: String) throws {
            campaign = try CampaignTurnTests.campaign(name)
            var world = DemoCompany.world
            world.senders = [.whatsapp: "100000000000002", .sms: "+5491150000000"]
            processor = TurnProcessor(world: world)
            store.save(campaign)
        }

        @discardableResult func advance(_ id: String) throws -> Decision {
            try processor.advance(campaign, accountID: id, now: now, tx: store)
        }

        func clock(days: Int) throws {
            let target = now.adding(seconds: Int64(days) * 86_400)
            while let timer = store.takeTimer(dueAt: target) {
                now = max(now, timer.at)
                _ = try processor.fire(timer, now: now, tx: store)
            }
            now = target
        }

        func write(_ id: String, _ text: String, channel: String = "whatsapp") throws {
            serial += 1
            _ = try processor.receive(
                InboundMessage(
                    contact: DemoCompany.contact(id, channel: channel), messageID: "u\(serial)", writtenAt: now,
                    content: .text(text)),
                now: now, tx: store)
        }

        func sent(_ id: String) -> [OutboxMessage] {
            let conversations = Set(store.conversations(accountID: id).map(\.id))
            return store.contents.outbox.filter {
                conversations.contains($0.conversationID) && $0.purpose == .proactive
            }
        }
        func enrolment(_ id: String) -> Enrolment? { store.enrolment(campaign: campaign.name, accountID: id) }
    }

    @Test("Run twice, an account is written to once, and names no debt before the person is known (I4)")
    func once() throws {
        let room = try Room("mora-temprana")
        // Sofía has been late for twenty days: a call is her step.
        for _ in 0..<2 { for account in DemoCompany.accounts { try room.advance(account.id) } }
        let sofia = room.sent("sofia")
        #expect(sofia.map(\.contact.channel) == ["voz"])
        for message in room.store.contents.outbox {
            #expect(!message.message.text.contains("$") && message.purpose == .proactive)
        }
        #expect(Set(room.store.contents.outbox.map(\.conversationID)).count == room.store.contents.outbox.count)
    }

    @Test("The cadence goes on by timers and ends after the last step")
    func cadence() throws {
        let room = try Room("mora-temprana")
        try room.advance("juan")
        try room.clock(days: 50)
        #expect(room.sent("juan").map(\.contact.channel) == ["whatsapp", "sms", "voz", "whatsapp"])
        #expect(room.enrolment("juan")?.attempts.map(\.stepDay) == [4, 10, 20, 35])
        #expect(room.enrolment("juan")?.ended?.reason == "campaña terminada: se hicieron todos los pasos")
        #expect(room.store.contents.timers.isEmpty)
    }

    @Test("A template carries the approved text's parameters in order")
    func template() throws {
        let room = try Room("mora-temprana")
        try room.advance("juan")
        try room.clock(days: 1)
        #expect(
            room.sent("juan").first?.form
                == .template(name: "mensaje_pendiente", language: "es_AR", parameters: ["Juan", "Red Fibra"]))
    }

    @Test("A payment ends it at once; a payment before it began does not")
    func payment() throws {
        let room = try Room("mora-temprana")
        try room.advance("juan")
        try room.clock(days: 1)
        let payment = Payment(id: "p1", amount: Money(cents: 100_000), day: room.now.day(in: .argentina))
        try room.processor.importPayments([payment], accountID: "juan", now: room.now, tx: room.store)
        try room.clock(days: 50)
        #expect(room.sent("juan").count == 1)
        #expect(room.enrolment("juan")?.ended?.reason.hasPrefix("pagó") == true)
    }

    @Test("An answer holds it for five days; the opt-out ends it for good (I6)")
    func answered() throws {
        let room = try Room("mora-temprana")
        try room.advance("juan")
        try room.clock(days: 5)
        try room.write("juan", "hola")
        try room.clock(days: 4)
        #expect(room.sent("juan").count == 1)
        try room.clock(days: 2)
        #expect(room.sent("juan").count == 2)
        try room.write("juan", "no me escriban más")
        try room.clock(days: 60)
        #expect(room.sent("juan").count == 2)
        #expect(room.store.account(id: "juan")?.optedOut == true)
        #expect(room.enrolment("juan")?.ended?.reason.contains("no recibir") == true)
    }

    @Test("While a person attends nothing is sent (I7)")
    func attended() throws {
        let room = try Room("mora-temprana")
        try room.advance("juan")
        try room.clock(days: 1)
        try room.write("juan", "quiero hablar con una persona")
        try room.clock(days: 60)
        #expect(room.sent("juan").count == 1)
        #expect(room.enrolment("juan")?.ended?.reason.hasPrefix("atiende una persona") == true)
    }

    @Test("A message that a gateway gives up goes over the step's next channel, on another day")
    func escalates() throws {
        let room = try Room("mora-temprana")
        try room.advance("juan")
        try room.clock(days: 1)
        let first = try #require(room.sent("juan").first)
        try room.processor.deliveryFailed(first, reason: "HTTP 400", now: room.now, tx: room.store)
        try room.processor.deliveryFailed(first, reason: "HTTP 400", now: room.now, tx: room.store)
        try room.clock(days: 1)
        #expect(room.sent("juan").map(\.contact.channel) == ["whatsapp", "sms"])
        #expect(room.enrolment("juan")?.attempts.map(\.stepDay) == [4, 4])
        let days = room.sent("juan").map { $0.createdAt.day(in: .argentina) }
        #expect(days[0] < days[1])
    }

    @Test("The closing step leaves the account to a person and says what to do")
    func closing() throws {
        let room = try Room("extrajudicial")
        try room.advance("raul")
        try room.clock(days: 40)
        #expect(room.enrolment("raul")?.ended?.closing == .mediation)
        #expect(room.sent("raul").map(\.contact.channel) == ["whatsapp", "voz"])
    }

    @Test("An account with an agency is written to by nobody, and who writes is passed to a person")
    func assigned() throws {
        let room = try Room("extrajudicial")
        room.store.save(Assignment(accountID: "raul", agency: "Estudio Sur", assignedOn: room.now.day(in: .argentina)))
        try room.advance("raul")
        try room.clock(days: 40)
        #expect(room.sent("raul").isEmpty)
        try room.write("raul", "hola")
        #expect(room.store.contents.handoffs.values.map(\.reason) == ["cuenta_en_agencia"])
        #expect(room.store.contents.outbox.last?.message.text.contains("Estudio") == false)
    }
}
