import Conduct
import Conversations
import DemoCompany
import Dialog
import Quantities
import Testing

/// Calls that customers ask for.
struct CallBackTests {
    /// Thursday, the day after tomorrow, when people attend.
    private static let thursday = Moment(iso: "2026-11-26T15:30")!

    /// A conversation whose case Ana has.
    private func claimed(_ world: World = DemoCompany.world) throws -> Talk {
        let talk = Talk(world: world)
        try talk.say("quiero hablar con una persona")
        try talk.order(.claim)
        return talk
    }

    private func schedule(
        _ moment: Moment = thursday, phone: String = "", about: String = "quiere un plan"
    ) -> AgentCommand {
        .schedule(at: moment, phone: phone, about: about)
    }

    private func handoff(_ talk: Talk) throws -> Handoff { try #require(talk.store.contents.handoffs.values.first) }

    /// Lets time pass until then, and fires what falls due.
    private func pass(_ talk: Talk, until moment: Moment) throws {
        while let timer = talk.store.takeTimer(dueAt: moment) {
            talk.now = max(talk.now, timer.at)
            _ = try talk.store.transaction { try talk.processor.fire(timer, now: talk.now, tx: $0) }
        }
        talk.now = moment
    }

    @Test("Until its time the bot attends, the customer is told in writing, and a note says so")
    func scheduled() throws {
        let talk = try claimed()
        try talk.order(schedule())
        let handoff = try handoff(talk)
        #expect(handoff.state == .scheduled && handoff.agent == nil && handoff.formerAgent == "Ana")
        #expect(handoff.call?.at == Self.thursday && handoff.call?.phone == "+5491100000003")
        #expect(handoff.call?.notedBy == "Ana" && handoff.call?.state == .pending)
        #expect(talk.conversation.owner == .bot)
        let told = try #require(talk.outbox.last)
        #expect(
            told.message.text
                == "Quedó agendado: te llamamos el jueves 26/11 a las 15:30 al número que termina en 0003.")
        #expect(told.epoch == talk.conversation.epoch && told.author == .agent("Ana"))
        #expect(
            talk.transcript.map(\.text).contains("Llamado agendado para el jueves 26/11 a las 15:30: quiere un plan"))
        #expect(
            talk.store.contents.audit.last { $0.kind == "handoff.scheduled" }?.detail == [
                handoff.id, "Ana", "2026-11-26T15:30:00-03:00",
            ])
        let event = try #require(talk.store.contents.events.last)
        #expect(event.kind == .handoffScheduled && event.handoff?.call_at == "2026-11-26T15:30:00-03:00")
    }

    @Test(
        "Who asks for a call in writing has it noted, said back and due in the queue at its time, and promises nothing")
    func askedInWriting() throws {
        let talk = Talk()
        try talk.verify()
        let reply = try talk.say("ahora no puedo hablar, llamame el jueves a las 15:30")
        #expect(
            reply.messages.map(\.text) == [
                "Anotado: una persona del equipo te llama el jueves 26/11 a las 15:30. Te llama a este número. Si preferís otro momento, decímelo."
            ])
        var handoff = try handoff(talk)
        #expect(handoff.state == .scheduled && handoff.reason == "pide_llamado" && handoff.call?.notedBy == nil)
        #expect(handoff.call?.at == Self.thursday && handoff.call?.phone == "+5491100000003")
        #expect(talk.conversation.owner == .bot && talk.promises.isEmpty)
        #expect(talk.outbox.last?.epoch == talk.conversation.epoch)
        let kinds = talk.store.contents.events.map(\.kind)
        #expect(kinds.contains(.handoffOpened) && kinds.last == .handoffScheduled)
        try pass(talk, until: Self.thursday)
        handoff = try self.handoff(talk)
        #expect(handoff.state == .queued && handoff.waitsSince == Self.thursday)
    }

    @Test(
        "In another country what was noted is said in its words",
        arguments: [
            (
                "llámame el jueves a las 15:30",
                "Registrado: una persona del equipo te llama el jueves 26 de noviembre a las 15:30. Te llama a este número. Si prefieres otro momento, dímelo."
            ),
            (
                "llámenme el sábado a las 15",
                "Para ese momento no podemos llamarte; lo más cercano es esto. Registrado: una persona del equipo te llama el lunes 30 de noviembre a las 9. Te llama a este número. Si prefieres otro momento, dímelo."
            ),
        ])
    func askedElsewhere(text: String, answer: String) throws {
        var world = DemoCompany.world
        world.locale = "es_419"
        let talk = Talk(world: world)
        try talk.verify()
        #expect(try talk.say(text).messages.map(\.text) == [answer])
    }

    @Test("Asked for at once, the case is in the queue with its call to be made now")
    func askedForNow() throws {
        let talk = Talk()
        let reply = try talk.say("prefiero que me llamen")
        #expect(reply.messages.last?.text.contains("te llama en cuanto pueda") == true)
        let handoff = try handoff(talk)
        #expect(handoff.state == .queued && handoff.call?.at == talk.now && talk.conversation.owner == .queue)
    }

    @Test(
        "Asked for when nobody calls, it is noted for the nearest moment, and the customer is told that it is another")
    func askedOutOfHours() throws {
        let talk = Talk()
        let reply = try talk.say("llámenme el sábado a las 15")
        #expect(
            reply.messages.last?.text.hasPrefix(
                "Para ese momento no podemos llamarte; lo más cercano es esto. Anotado: una persona del equipo te llama el lunes 30/11 a las 9."
            ) == true, "\(reply.messages)")
    }

    @Test("Asked for again, it is moved, and stays one case")
    func askedAgain() throws {
        let talk = Talk()
        try talk.say("llamame mañana a las 10")
        try talk.say("mejor llamame el jueves a las 15:30")
        #expect(talk.store.contents.handoffs.count == 1)
        let handoff = try handoff(talk)
        #expect(handoff.state == .scheduled && handoff.call?.at == Self.thursday)
        #expect(talk.store.contents.timers.filter { $0.kind == .callBack }.map(\.at) == [Self.thursday])
    }

    @Test("Where no phone is known a person arranges it; another number is the adviser's to judge")
    func phones() throws {
        let stranger = ContactKey(channel: "telegram", gatewayAccount: "1", address: "777")
        let store = MemoryStore(accounts: DemoCompany.accounts)
        let processor = TurnProcessor(world: DemoCompany.world)
        let message = InboundMessage(
            contact: stranger, messageID: "m", writtenAt: DemoCompany.morning, content: .text("llamame mañana a las 10")
        )
        let reply = try processor.receive(message, now: DemoCompany.morning, tx: store)
        #expect(reply.messages.last?.text.contains("para combinar el llamado") == true)
        #expect(store.contents.handoffs.values.map(\.state) == [.queued])
        let talk = Talk()
        let other = try talk.say("llamame mañana a las 10 al 11 5566-7788")
        #expect(other.messages.last?.text.contains("Ve también el número que me pasaste.") == true)
        let call = try #require(try handoff(talk).call)
        #expect(call.phone == "+5491100000003" && call.about == "en la charla pidió que sea a otro número")
    }

    @Test(
        "What must be answered first is: distress, opting out; a complaint keeps its place in the queue",
        arguments: [
            ("no doy más, no quiero vivir más, llamame mañana a las 10", "angustia"),
            ("esto es un robo, llamame mañana a las 10", "queja"),
            ("les voy a hacer juicio, llamame mañana a las 10", "amenaza_legal"),
        ])
    func urgent(text: String, reason: String) throws {
        let talk = Talk()
        try talk.verify()
        try talk.say(text)
        let handoff = try handoff(talk)
        #expect(handoff.reason == reason && (handoff.state == .queued) == (reason == "angustia"))
    }

    @Test(
        "When nobody may be called, or nobody attends, it is refused with why and the nearest moment, and nothing changes",
        arguments: [
            ("2026-11-24T09:00", "ese momento ya pasó", "hoy a las 10"),
            ("2026-11-24T21:00", "(ar.horario.habil)", "mañana miércoles 25/11 a las 9"),
            ("2026-11-28T10:00", "no atiende nadie", "el lunes 30/11 a las 9"),
            ("2026-11-28T14:00", "(ar.horario.sabado)", "el lunes 30/11 a las 9"),
            ("2026-11-29T11:00", "(ar.domingo)", "el lunes 30/11 a las 9"),
            ("2026-12-08T11:00", "(ar.feriado)", "el miércoles 9/12 a las 9"),
            ("2027-03-01T11:00", "60 días", nil),
        ] as [(String, String, String?)])
    func refused(moment: String, why: String, nearest: String?) throws {
        let talk = try claimed()
        let before = talk.store.contents
        do {
            try talk.order(schedule(Moment(iso: moment)!))
            Issue.record("it was noted")
        } catch AgentRefusal.cannotCall(let said, let near) {
            #expect(said.contains(why) && near == nearest, "\(said)")
        }
        #expect(talk.store.contents == before)
    }

    @Test(
        "A phone that is none is refused; one with spaces is read", arguments: ["no", "0011", "+54x", "11 4444 5555"])
    func phone(text: String) throws {
        let talk = try claimed()
        #expect(throws: AgentRefusal.self) { try talk.order(schedule(phone: text)) }
        try talk.order(schedule(phone: "+54 9 11 5555-0000"))
        #expect(try handoff(talk).call?.phone == "+5491155550000")
    }

    @Test(
        "Whoever asked for a call gets it whatever was written before and whatever they opted out of, but not at their own odd hours"
    )
    func asked() throws {
        let talk = try claimed()
        for _ in 0..<5 { talk.store.recordProactive(accountID: "marta", channel: "whatsapp", at: talk.now) }
        var marta = DemoCompany.account("marta")
        marta.optedOut = true
        talk.store.save(marta)
        talk.store.save(
            PersonStanding(
                ceased: .init(since: talk.now, why: "x"), vulnerable: .init(since: talk.now, why: "x"),
                ownHours: OwnHours(from: 14 * 60)), accountID: "marta")
        #expect(
            throws: AgentRefusal.cannotCall(
                why:
                    "No se puede llamar el jueves 26/11 a las 11: pidió que no se le escriba a esta hora o en este día (ar.horario-propio).",
                nearest: "el jueves 26/11 a las 14")
        ) { try talk.order(schedule(Moment(iso: "2026-11-26T11:00")!)) }
        try talk.order(schedule())
        #expect(try handoff(talk).state == .scheduled)
    }

    @Test("At its time the case is in the queue for who noted it, and the bot speaks until somebody takes it")
    func due() throws {
        let talk = try claimed()
        try talk.order(schedule())
        try pass(talk, until: Self.thursday.adding(seconds: -1))
        #expect(talk.openHandoff == nil)
        try pass(talk, until: Self.thursday)
        let handoff = try #require(talk.openHandoff)
        #expect(handoff.state == .queued && handoff.waitsSince == Self.thursday && handoff.formerAgent == "Ana")
        #expect(talk.store.contents.events.last?.kind == .handoffDue)
        #expect(try !talk.say("hola").messages.isEmpty)
        try talk.order(.claim, by: "Bruno")
        #expect(talk.conversation.owner == .agent("Bruno"))
        #expect(try talk.say("hola?").messages.isEmpty)
    }

    @Test("Nobody leaves a case whose call is to be made without saying how it went")
    func leaving() throws {
        let talk = try claimed()
        try talk.order(schedule())
        try pass(talk, until: Self.thursday)
        try talk.order(.claim)
        for command in [AgentCommand.close(note: nil), .returnToBot(note: nil)] {
            #expect(throws: AgentRefusal.callPending) { try talk.order(command) }
        }
        try talk.order(.called(reached: true, next: nil))
        let handoff = try #require(talk.openHandoff)
        #expect(handoff.call?.state == .reached && handoff.state == .claimed)
        #expect(handoff.call?.attempts == [CallBack.Attempt(at: talk.now, agent: "Ana", reached: true)])
        #expect(throws: AgentRefusal.noCall) { try talk.order(.called(reached: true, next: nil)) }
        try talk.order(.close(note: nil))
        #expect(talk.openHandoff == nil)
    }

    @Test(
        "Who does not answer is tried again at a permitted moment, three times at most; each try after the first counts as contact"
    )
    func notReached() throws {
        let talk = try claimed()
        try talk.order(schedule())
        try pass(talk, until: Self.thursday)
        for (index, next) in ["2026-11-27T11:00", "2026-11-30T11:00"].enumerated() {
            try talk.order(.claim)
            #expect(throws: AgentRefusal.self) {
                try talk.order(.called(reached: false, next: Moment(iso: "2026-11-29T11:00")))
            }
            try talk.order(.called(reached: false, next: Moment(iso: next)))
            #expect(try handoff(talk).state == .scheduled)
            #expect(talk.store.contactHistory(accountID: "marta").proactive.count == index)
            try pass(talk, until: Moment(iso: next)!)
        }
        try talk.order(.claim)
        #expect(throws: AgentRefusal.self) {
            try talk.order(.called(reached: false, next: Moment(iso: "2026-12-01T11:00")))
        }
        try talk.order(.called(reached: false, next: nil))
        let call = try #require(try handoff(talk).call)
        #expect(call.state == .givenUp && call.attempts.map(\.reached) == [false, false, false])
        #expect(talk.store.contactHistory(accountID: "marta").proactive.count == 2)
        #expect(talk.store.contents.timers.allSatisfy { $0.kind != .callBack })
    }

    @Test("Who asks for a person meanwhile is in the queue at once with the same case, and the call stays")
    func asksMeanwhile() throws {
        let talk = try claimed()
        try talk.order(schedule(Moment(iso: "2026-11-30T15:30")!))
        talk.now = Moment(iso: "2026-11-26T10:00")!
        try talk.say("quiero hablar con una persona")
        #expect(talk.store.contents.handoffs.count == 1)
        #expect(talk.openHandoff?.state == .queued && talk.openHandoff?.call?.state == .pending)
        #expect(talk.conversation.owner == .queue)
        // Closed before its time, it waits for it again.
        try talk.order(.claim)
        try talk.order(.close(note: nil))
        #expect(try handoff(talk).state == .scheduled)
        try pass(talk, until: Moment(iso: "2026-11-30T15:30")!)
        #expect(talk.openHandoff?.state == .queued)
    }

    @Test("Who writes soon after is given back to the person; thanks are not")
    func writesBack() throws {
        let talk = try claimed()
        try talk.order(schedule())
        talk.now = talk.now.adding(seconds: 60)
        try talk.say("gracias")
        #expect(talk.openHandoff == nil)
        try talk.say("mejor a las 17")
        #expect(talk.openHandoff?.state == .queued && talk.openHandoff?.formerAgent == "Ana")
        try talk.order(.claim)
        try talk.order(schedule(Moment(iso: "2026-11-26T17:00")!))
        #expect(try handoff(talk).call?.at == Moment(iso: "2026-11-26T17:00"))
        #expect(
            talk.store.contents.timers.filter { $0.kind == .callBack }.map(\.at) == [Moment(iso: "2026-11-26T17:00")])
    }

    @Test("A cancelled call is not made; who did not claim the case notes none")
    func cancelled() throws {
        let talk = Talk()
        try talk.say("quiero hablar con una persona")
        #expect(throws: AgentRefusal.notYours) { try talk.order(schedule()) }
        try talk.order(.claim)
        #expect(throws: AgentRefusal.noCall) { try talk.order(.cancelCall) }
        try talk.order(schedule())
        let id = try handoff(talk).id
        _ = try talk.processor.command(.claim, by: "Ana", handoffID: id, now: talk.now, tx: talk.store)
        try talk.order(.cancelCall)
        #expect(talk.openHandoff?.call?.state == .cancelled)
        try pass(talk, until: Self.thursday)
        #expect(talk.openHandoff?.state == .claimed)
        try talk.order(.close(note: nil))
    }

    @Test(
        "Whoever asks for a person on the phone is to be called at that number, as soon as it may be",
        arguments: [("2026-11-24T10:00", "2026-11-24T10:00"), ("2026-11-24T22:00", "2026-11-25T09:00")])
    func onThePhone(asked: String, from: String) throws {
        let talk = Talk(channel: "voz")
        talk.now = Moment(iso: asked)!
        try talk.hear(.opened)
        try talk.say("quiero hablar con una persona")
        let handoff = try #require(talk.openHandoff)
        #expect(handoff.kind == .callBack && handoff.state == .queued)
        #expect(handoff.call?.at == Moment(iso: from) && handoff.call?.phone == "+5491100000003")
        #expect(handoff.call?.notedBy == nil)
        try talk.order(.claim)
        let outbox = talk.outbox.count
        try talk.order(.called(reached: false, next: Moment(iso: "2026-11-26T11:00")))
        #expect(talk.outbox.count == outbox)
        // Another call does not put it forward.
        try talk.hear(.opened)
        try talk.say("quiero hablar con una persona")
        #expect(talk.store.contents.handoffs.count == 1)
    }

    @Test("Whoever asks on the phone to be called at an hour is called then, and told so; nobody waits before")
    func onThePhoneAtAnHour() throws {
        let talk = Talk(channel: "voz")
        talk.now = Moment(iso: "2026-11-24T11:00")!
        try talk.hear(.opened)
        let said = try talk.say("ahora no puedo hablar, llamame mañana a las 10").messages.map(\.text)
        #expect(said.count == 1 && said[0].contains("te llama mañana miércoles 25/11 a las 10"), "\(said)")
        #expect(!said[0].contains("decímelo"))
        let handoff = try handoff(talk)
        #expect(handoff.state == .scheduled && handoff.kind == .callBack)
        #expect(handoff.call?.at == Moment(iso: "2026-11-25T10:00") && handoff.call?.phone == "+5491100000003")
        try pass(talk, until: Moment(iso: "2026-11-25T10:00")!)
        #expect(try self.handoff(talk).state == .queued)
    }

    @Test("Lived again, the call is noted, comes due and is made again")
    func replayed() throws {
        let talk = try claimed()
        try talk.order(schedule())
        try pass(talk, until: Self.thursday)
        try talk.order(.claim)
        try talk.order(.called(reached: true, next: nil))
        try talk.order(.close(note: nil))
        let dialog = try #require(DemoCompany.world.dialogs["cobranza"])
        let again = try Replayer(world: DemoCompany.world, dialog: dialog).replay(
            talk.store.recording(until: talk.now))
        #expect(again.differences.isEmpty && again.handoffsGained.isEmpty && again.handoffsLost.isEmpty)
    }
}
