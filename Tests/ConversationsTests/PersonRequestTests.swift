import Conduct
import Conversations
import DemoCompany
import Quantities
import Testing

/// Rights over personal data begin with the customer's own words, in any dialog and whoever attends.
struct PersonRequestTests {
    private func requests(_ talk: Talk) -> [PersonRequest] {
        talk.store.personRequests(conversationID: talk.conversation.id)
    }

    @Test("Who wants to be erased is told until when, is written to no more, and finds a person")
    func erasure() throws {
        let talk = Talk()
        try talk.verify()
        let reply = try talk.say("borren mis datos")
        #expect(
            reply.messages.map(\.text) == [
                "Anoté tu pedido de que borremos tus datos, y desde ahora no te escribimos más por iniciativa nuestra. "
                    + "Una persona del equipo te escribe por acá para confirmar quién sos, y te respondemos a más tardar el martes 1/12."
            ])
        let request = try #require(requests(talk).first)
        #expect(request.right == .erasure && request.state == .received && request.accountID == "marta")
        #expect(request.due == Day("2026-12-01") && request.channel == "whatsapp")
        #expect(request.steps[0].note == "en la charla había dado los números de su documento")
        #expect(talk.openHandoff?.reason == "datos_personales")
        #expect(talk.store.account(id: "marta")?.optedOut == true)
        #expect(
            talk.store.contents.audit.contains { $0.kind == "person.asked" && $0.detail == [request.id, "erasure"] })
    }

    @Test(
        "The other rights are noted too, and do not opt out",
        arguments: [
            ("qué datos tienen de mí?", DataRight.access, "viernes 4/12"),
            ("corrijan mis datos", .rectification, "martes 1/12"),
        ])
    func others(text: String, right: DataRight, due: String) throws {
        let talk = Talk()
        let reply = try talk.say(text)
        #expect(reply.messages.count == 1 && reply.messages[0].text.hasSuffix("a más tardar el \(due)."))
        #expect(requests(talk).map(\.right) == [right])
        #expect(talk.store.account(id: "marta")?.optedOut == false)
    }

    @Test("Before who writes is verified nothing about a debt is said, and the request says that nobody was verified")
    func unverified() throws {
        let talk = Talk()
        let text = try talk.say("quiero que eliminen mi información").messages.map(\.text).joined()
        #expect(!["deb", "deuda", "$", "cuenta", "Marta"].contains { text.contains($0) })
        #expect(requests(talk)[0].steps[0].note == "en la charla no se había verificado")
    }

    @Test("Asked twice it is one request; another right is another")
    func twice() throws {
        let talk = Talk()
        for text in ["borren mis datos", "borren mis datos!!", "y qué datos tienen de mí"] { try talk.say(text) }
        #expect(requests(talk).map(\.right) == [.erasure, .access])
        #expect(talk.store.contents.handoffs.count == 1)
    }

    @Test("While a person attends the request is noted, and the bot is silent (I7)")
    func attended() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        let reply = try talk.say("quiero que borren mis datos")
        #expect(reply.messages == [])
        #expect(requests(talk).count == 1 && talk.store.account(id: "marta")?.optedOut == true)
    }

    @Test("Distress in the same message is answered first; a threat to sue makes it more urgent")
    func priorities() throws {
        let distressed = Talk()
        try distressed.say("borren mis datos, no doy más, me quiero matar")
        #expect(requests(distressed).count == 1 && distressed.openHandoff?.priority == .distress)
        let angry = Talk()
        try angry.say("borren mis datos o los denuncio, les hago juicio")
        #expect(angry.openHandoff?.priority == .legalThreat && angry.openHandoff?.reason == "datos_personales")
    }

    @Test("Who says that the number is not the holder's asks for their own number, not for the holder's data")
    func stranger() throws {
        let talk = Talk()
        try talk.say("hola")
        try talk.say("no soy Marta, equivocado")
        try talk.say("borren mis datos")
        let request = try #require(requests(talk).first)
        #expect(request.accountID == nil && request.conversationID == talk.conversation.id)
    }

    @Test("Somebody of the company writes one down, of the day on which it came, and the person is written to no more")
    func registered() throws {
        let talk = Talk()
        let request = try talk.store.transaction {
            try talk.processor.register(
                .erasure, accountID: "marta", channel: "carta", askedBy: "la titular", askedOn: Day("2026-11-20")!,
                by: "Carla", now: talk.now, tx: $0)
        }
        #expect(request.due == Day("2026-11-30"))  // 23/11 is a holiday
        #expect(talk.store.account(id: "marta")?.optedOut == true)
        #expect(throws: PersonRequestRefusal.unknownAccount("nadie")) {
            try talk.processor.register(
                .access, accountID: "nadie", channel: "carta", askedBy: "", askedOn: Day("2026-11-20")!, by: "Carla",
                now: talk.now, tx: talk.store)
        }
    }

    @Test("A request goes from received to verified to done, or is denied with a reason; nothing else")
    func states() throws {
        let talk = Talk()
        try talk.say("qué datos tienen de mí")
        let id = requests(talk)[0].id
        func move(_ state: PersonRequest.State, _ note: String = "") throws {
            _ = try talk.processor.move(id, to: state, note: note, by: "Carla", now: talk.now, tx: talk.store)
        }
        #expect(throws: PersonRequestRefusal.wrongState(.received)) { try move(.done) }
        #expect(throws: PersonRequestRefusal.noReason) { try move(.refused, "  ") }
        try move(.verified, "con su DNI")
        try move(.done, "se le mandó por mail")
        #expect(throws: PersonRequestRefusal.wrongState(.done)) { try move(.refused, "tarde") }
        let request = try #require(talk.store.personRequest(id: id))
        #expect(request.steps.map(\.state) == [.received, .verified, .done])
        #expect(request.isOverdue(on: Day("2027-01-01")!) == false)
        #expect(talk.store.contents.audit.suffix(2).map(\.kind) == ["person.verified", "person.done"])
    }

    @Test("An opt-out of an account without a document is that account's only")
    func withoutDocument() throws {
        let talk = Talk()
        var (first, second) = (DemoCompany.account("marta"), DemoCompany.account("juan"))
        (first.document, second.document) = ("", "")
        talk.store.save(first)
        talk.store.save(second)
        try talk.say("no me escriban más")
        #expect(talk.store.account(id: "marta")?.optedOut == true)
        #expect(talk.store.account(id: "juan")?.optedOut == false)
    }
}
