import Conversations
import DemoCompany
import Desk
import Quantities
import Testing

/// What an agent finds: account, transcript, reason, promises and what may be offered.
struct CaseViewTests {
    @Test("A case shows the account with every figure explained")
    func account() async throws {
        try await DeskRoom.open { room in
            let view = try await room.desk.read(room.queue("marta"), now: room.now)
            let account = try #require(view.account)
            #expect(account.id == "marta" && account.name == "Marta Sosa")
            #expect(account.total == "$ 54.035,95")
            #expect(account.days_past_due == 34)
            #expect(!account.opted_out)
            #expect(account.items.count >= 2)
            #expect(account.items.filter { $0.total != "$ 0,00" }.allSatisfy { !$0.explanation.isEmpty })
        }
    }

    @Test("A case shows the transcript with who spoke, and why it is here")
    func transcript() async throws {
        try await DeskRoom.open { room in
            try await room.say("hola", from: "marta")
            let id = try await room.queue("marta", "esto es un robo, quiero hablar con alguien")
            _ = try await room.order(.claim, on: id)
            _ = try await room.order(.note("está enojada"), on: id)
            _ = try await room.order(.reply("Hola Marta."), on: id)
            let view = try await room.desk.read(id, now: room.now)
            #expect(view.transcript.map(\.speaker) == ["cliente", "bot", "cliente", "bot", "nota de Ana", "Ana"])
            #expect(view.transcript.last?.text == "Hola Marta.")
            #expect(!view.handoff.reason.isEmpty)
            #expect(view.handoff.agent == "Ana")
        }
    }

    @Test("A case shows what limits contact with the person, since when and why; a mark that was lifted is gone")
    func marks() async throws {
        try await DeskRoom.open { room in
            try await room.say("no me escriban antes de las 14", from: "marta")
            let id = try await room.queue("marta")
            _ = try await room.order(.claim, on: id)
            _ = try await room.order(.mark(ceased: true, vulnerable: true), on: id)
            var account = try #require(try await room.desk.read(id, now: room.now).account)
            #expect(
                account.ceased?.why == "lo marcó Ana" && account.vulnerable?.since.hasPrefix("2026-11-24T10") == true)
            #expect(account.own_hours == "de 14:00 a 24:00")
            _ = try await room.order(.mark(ceased: nil, vulnerable: false), on: id)
            account = try #require(try await room.desk.read(id, now: room.now).account)
            #expect(account.ceased != nil && account.vulnerable == nil)
        }
    }

    @Test("A case shows what may be offered today and what was promised")
    func offers() async throws {
        try await DeskRoom.open { room in
            for text in ["hola", "137", "el viernes te pago todo", "sí, confirmo"] {
                try await room.say(text, from: "marta")
            }
            let view = try await room.desk.read(room.queue("marta"), now: room.now)
            #expect(view.promises.map(\.state) == ["open"])
            #expect(view.promises.first?.pay_by == "2026-11-27")
            #expect(view.offers.count >= 2)
            #expect(view.offers.allSatisfy { !$0.description.isEmpty && !$0.explanation.isEmpty })
        }
    }

    @Test(
        "A case shows how the customer sounds lately",
        arguments: [
            ("quiero hablar con una persona", CaseView.Mood.calm),
            ("son unos hijos de puta, quiero hablar con una persona!!!", .furious),
            ("no quiero vivir más", .distressed),
        ])
    func mood(text: String, mood: CaseView.Mood) async throws {
        try await DeskRoom.open { room in
            let view = try await room.desk.read(room.queue("marta", text), now: room.now)
            #expect(view.mood == mood)
        }
    }

    @Test("A case shows which of the offers the bot put to the customer already")
    func offered() async throws {
        try await DeskRoom.open { room in
            let fresh = try await room.desk.read(room.queue("juan"), now: room.now)
            #expect(!fresh.offers.isEmpty && fresh.offers.allSatisfy { !$0.offered })
            for text in ["hola", "137", "quiero cuotas"] { try await room.say(text, from: "marta") }
            let view = try await room.desk.read(room.queue("marta"), now: room.now)
            #expect(view.offers.contains { $0.offered && $0.id.hasPrefix("plan") })
            #expect(view.offers.contains { !$0.offered })
        }
    }

    @Test("A case of a number without an account has no account and no offers")
    func stranger() async throws {
        try await DeskRoom.open { room in
            let contact = ContactKey(channel: "whatsapp", gatewayAccount: "1", address: "+5491199999999")
            let message = InboundMessage(
                contact: contact, messageID: "x", writtenAt: room.now, content: .text("quiero hablar con una persona"))
            let processor = room.processor
            let now = room.now
            _ = try await room.store.submit { try processor.receive(message, now: now, tx: $0) }
            let entry = try #require(try await room.desk.list(now: room.now).first)
            let view = try await room.desk.read(entry.id, now: room.now)
            #expect(view.account == nil && view.offers.isEmpty && view.promises.isEmpty)
            #expect(view.transcript.count == 2)
        }
    }
}
