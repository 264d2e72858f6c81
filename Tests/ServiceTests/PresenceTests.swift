import Browser
import Conversations
import DemoCompany
import Foundation
import Logging
import Quantities
import Storage
import Synchronization
import Testing

@testable import Service

/// Who is there to attend, on a clock that is given.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PresenceTests {
    private final class Clock: Sendable {
        private let moment = Mutex(DemoCompany.morning)
        var now: Moment { moment.withLock { $0 } }
        func pass(_ seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    private func withDesk(
        _ change: (inout Configuration) -> Void = { _ in }, _ body: (Backend, Clock) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            var configuration = try demoConfiguration(in: folder)
            change(&configuration)
            let store = try Store(path: configuration.database)
            try await store.importAccounts(DemoCompany.accounts)
            let (current, clock) = (CurrentWorld(DemoCompany.world), Clock())
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            try await body(Self.backend(configuration, store, current, logger, clock), clock)
            try store.close()
        }
    }

    private static func backend(
        _ configuration: Configuration, _ store: Store, _ current: CurrentWorld, _ logger: Logger, _ clock: Clock
    ) -> Backend {
        Backend(
            configuration: configuration, store: store, current: current,
            dialogs: LiveDialogs(configuration: configuration, store: store, current: current, logger: logger),
            metrics: Metrics(), logger: logger, outboxSignal: Signal(), connections: OpenConnections(most: 1),
            clock: { clock.now })
    }

    /// Marta's case in the queue.
    private func queue(_ backend: Backend) async throws -> String {
        let message = InboundMessage(
            contact: DemoCompany.contact("marta"), messageID: "m1", writtenAt: backend.now(),
            content: .text("quiero hablar con una persona"))
        _ = try await Intake(backend: backend).receive(message)
        return try #require(try await backend.store.openHandoffs().first).handoff.id
    }

    private func agent(_ backend: Backend) async throws -> String? {
        try await backend.store.openHandoffs().first?.handoff.agent
    }

    @Test(
        "Without a sign for ten minutes an agent is absent and who waits goes back; a sign each minute keeps the case")
    func absent() async throws {
        try await withDesk { backend, clock in
            let id = try await queue(backend)
            #expect(try await backend.seen("Ana") == .available)
            _ = try await backend.desk.command(.claim, by: "Ana", handoffID: id, now: backend.now())
            let desk = DeskClock(backend: backend)
            for _ in 0..<30 {
                clock.pass(60)
                _ = try await backend.seen("Ana")
                #expect(try await desk.look() == 0)
            }
            clock.pass(599)
            #expect(try await desk.look() == 0)
            #expect(try await agent(backend) == "Ana")
            clock.pass(1)
            #expect(try await desk.look() == 1)
            #expect(try await agent(backend) == nil)
            #expect(try await desk.look() == 0)
            #expect(try await backend.seen("Ana") == .available)
        }
    }

    @Test("A server that was just started gives who was there the same time to come back")
    func restarted() async throws {
        try await withDesk { backend, clock in
            let id = try await queue(backend)
            _ = try await backend.seen("Ana")
            _ = try await backend.desk.command(.claim, by: "Ana", handoffID: id, now: backend.now())
            clock.pass(86_400)
            // Another process: nothing is remembered but what is stored.
            let again = Self.backend(backend.configuration, backend.store, backend.current, backend.logger, clock)
            #expect(try await DeskClock(backend: again).look() == 0)
            clock.pass(600)
            #expect(try await DeskClock(backend: again).look() == 1)
            #expect(try await agent(again) == nil)
        }
    }

    @Test("With 0 minutes nobody is ever absent")
    func never() async throws {
        try await withDesk {
            $0.console.absenceMinutes = 0
        } _: { backend, clock in
            let id = try await queue(backend)
            _ = try await backend.seen("Ana")
            _ = try await backend.desk.command(.claim, by: "Ana", handoffID: id, now: backend.now())
            clock.pass(7 * 86_400)
            #expect(try await DeskClock(backend: backend).look() == 0)
            #expect(try await agent(backend) == "Ana")
        }
    }

    @Test("Given out by itself, a case goes to who is there; who pauses gets none")
    func assigned() async throws {
        try await withDesk {
            $0.console.assignment = .auto
        } _: { backend, _ in
            _ = try await queue(backend)
            let desk = DeskClock(backend: backend)
            try await backend.note(.paused, of: "Ana")
            #expect(try await desk.look() == 0)
            #expect(try await backend.seen("Ana") == .paused)
            try await backend.note(.available, of: "Bruno")
            #expect(try await desk.look() == 1)
            #expect(try await agent(backend) == "Bruno")
        }
    }

    @Test("An agent's own program says that they are there; nobody who is no agent does")
    func api() async throws {
        try await withServer { server, store in
            let answer = try await server.post("/v1/presence", #"{"state":"paused"}"#, token: "demo-ana")
            #expect(answer.status == 200 && answer.text == #"{"state":"paused"}"#)
            #expect(try await store.presentAgents().map(\.state) == [.paused])
            #expect(try await server.post("/v1/presence", #"{"state":"x"}"#, token: "demo-ana").status == 400)
            let team = try await server.get("/v1/agents", token: "demo-carla").text
            #expect(team.contains(#""name":"Ana""#) && team.contains(#""state":"paused""#))
            let token = try await store.newToken("crm", .agent, days: 1, by: "test", now: .now).secret
            #expect(try await server.post("/v1/presence", #"{"state":"available"}"#, token: token).status == 409)
        }
    }
}

/// Presence, the team and a case that changes hands, in a real browser.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(if: Browser.missing == nil, "\(Browser.missing ?? "")"))
struct TeamBrowserTests {
    private func logIn(_ browser: Browser, as name: String, _ server: Remote) async throws {
        try await browser.go(to: server.url + "/consola")
        try await browser.type(name, into: "[name=nombre]")
        try await browser.type("demo-\(name.lowercased())", into: "[name=clave]")
        try await browser.click("form button")
        try await browser.wait(for: "En la cola")
    }

    @Test(
        "An agent pauses and comes back; who supervises sees it and gives a case to somebody; a draft of who lost it is kept"
    )
    func team() async throws {
        try await withServer { server, store in
            _ = try await server.generic(id: "g-0", from: "+5491100000003", text: "quiero hablar con una persona")
            try await Browser.open(2) { browsers in
                let (ana, carla) = (browsers[0], browsers[1])
                try await logIn(ana, as: "Ana", server)
                try await ana.click("#presence button")
                try await ana.wait(for: "Estás en pausa")
                try await ana.click("#presence button")
                try await ana.wait(for: "Estás disponible.")
                try await ana.click("tbody button")
                try await ana.wait(for: "El caso es tuyo.")
                try await ana.type("un borrador", into: "#respuesta")

                try await logIn(carla, as: "Carla", server)
                try await carla.click("tbody th a")
                try await carla.wait(for: "Tomarlo de Ana")
                try await carla.run("document.querySelector('form[action$=pasar] select').value = 'Bruno'")
                try await carla.click("form[action$=pasar] button")
                try await carla.wait(for: "El caso pasó a la otra persona.")
                #expect(try await store.openHandoffs().first?.handoff.agent == "Bruno")

                try await ana.click("form[action$=responder] > button")
                try await ana.wait(for: "ahora lo tiene Bruno")
                let draft = try await ana.run("return document.getElementById('borrador').value") as? String
                #expect(draft == "un borrador")
                #expect(try await ana.findings() == [])
            }
        }
    }

    @Test(
        "The team's page fits, is labelled, stands out, and gives a waiting case with the keyboard",
        arguments: [390, 1200])
    func page(width: Int) async throws {
        try await withServer({
            $0.agents[0].skills = ["legal", "queja"]
            $0.agents[0].capacity = 3
            $0.agents[0].languages = ["es", "pt"]
            $0.console.skills = ["amenaza_legal": "legal", "pide_humano": "planes"]
        }) { server, store in
            _ = try await server.generic(id: "g-0", from: "+5491100000003", text: "quiero hablar con una persona")
            try await Browser.open(width: width, height: 844) { browsers in
                let carla = browsers[0]
                try await logIn(carla, as: "Carla", server)
                try await carla.go(to: server.url + "/consola/equipo")
                try await carla.wait(for: "nadie del equipo tiene «planes»")
                try await carla.wait(for: "0 de 3")
                try await carla.wait(for: "español, portugués")
                #expect(try await carla.findings() == [])
                #expect(try await carla.complaints() == [])
                try await carla.keepPicture(as: width < 600 ? "consola-equipo-telefono" : "consola-equipo")
                try await carla.run("document.querySelector('select[name=a]').focus()")
                try await carla.press("Ana\u{E004}\u{E007}")
                try await carla.wait(for: "El caso pasó a la otra persona.")
                #expect(try await store.openHandoffs().first?.handoff.agent == "Ana")
            }
        }
    }
}
