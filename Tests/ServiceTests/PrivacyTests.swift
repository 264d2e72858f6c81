import Browser
import Conversations
import DemoCompany
import Desk
import Foundation
import Quantities
import SharedData
import Storage
import Testing

@testable import Service

/// What people ask about their personal data, over HTTP and in a manager's browser.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PrivacyTests {
    private struct Listed: Decodable { let requests: [PersonRequestView] }

    /// A server on which Marta talked, asked to be erased, and was answered by Ana, who closed the case.
    private func withRequest(_ body: @escaping @Sendable (Remote, Store, String) async throws -> Void) async throws {
        try await withServer { server, store in
            for (index, text) in ["hola, vivo en Villa Ortúzar", "137", "borren mis datos"].enumerated() {
                _ = try await server.generic(id: "g-\(index)", from: "+5491100000003", text: text)
            }
            let handoff = try #require(try await store.openHandoffs().first?.handoff.id)
            for action in ["claim", "close"] {
                #expect(try await server.post("/v1/handoffs/\(handoff)/\(action)", token: "demo-ana").status == 200)
            }
            let listed: Listed = try await server.get("/v1/privacy/requests", token: "demo-carla").decoded()
            try await body(server, store, try #require(listed.requests.first?.id))
        }
    }

    @Test("A request made in a chat is listed, verified and carried out over the API; every refusal says what to do")
    func api() async throws {
        try await withRequest { server, store, id in
            func post(_ action: String, _ body: String = "") async throws -> Answer {
                try await server.post("/v1/privacy/requests/\(id)/\(action)", body, token: "demo-carla")
            }
            let early = try await post("done")
            #expect(early.status == 409 && early.text.contains("verificar la identidad"))
            #expect(try await post("refuse", #"{"note":""}"#).status == 400)
            #expect(try await post("verify", #"{"note":"con su DNI"}"#).status == 200)
            let done: PersonRequestView = try await post("done").decoded()
            #expect(done.state == .done && done.kept == ["marta"] && done.log_emptied == true)
            #expect(done.erased?["transcript"] ?? 0 > 4 && done.account == nil)
            #expect(try await post("done").status == 409)
            #expect(try await store.account(id: "marta")?.phone == "")
            let metrics = try await server.get("/metrics").text
            #expect(metrics.contains("promesa_erasures_total 1\n"))
            #expect(metrics.contains("promesa_person_requests{state=\"open\"} 0\n"))
            let unknown = try await server.post(
                "/v1/privacy/requests", #"{"account":"nadie","right":"access","channel":"carta"}"#, token: "demo-carla")
            #expect(unknown.status == 404)
            for body in [
                #"{"account":"marta","right":"todo","channel":"carta"}"#,
                #"{"account":"marta","right":"access","channel":"carta","asked_on":"ayer"}"#, "{}",
            ] {
                #expect(try await server.post("/v1/privacy/requests", body, token: "demo-carla").status == 400)
            }
        }
    }

    @Test("Who wrote to the server after the erasure is a stranger: nothing of a debt is said to them")
    func stranger() async throws {
        try await withRequest { server, _, id in
            _ = try await server.post("/v1/privacy/requests/\(id)/verify", token: "demo-carla")
            _ = try await server.post("/v1/privacy/requests/\(id)/done", token: "demo-carla")
            let answer = try await server.generic(id: "later", from: "+5491100000003", text: "hola").text
            #expect(answer.contains("No encuentro ninguna cuenta"))
        }
    }

    @Test(
        "In a browser: a manager writes a request down, sees what is overdue, verifies it and erases",
        .enabled(if: Browser.missing == nil, "\(Browser.missing ?? "")"), arguments: [390, 1200])
    func browser(width: Int) async throws {
        try await withRequest { server, store, id in
            try await Browser.open(width: width, height: 844) { browsers in
                let carla = browsers[0]
                try await carla.go(to: server.url + "/consola")
                try await carla.type("Carla", into: "[name=nombre]")
                try await carla.type("demo-carla", into: "[name=clave]")
                try await carla.click("form button")
                try await carla.wait(for: "En la cola")
                try await carla.click("nav a[href='/consola/privacidad']")
                try await carla.wait(for: "Supresión: Marta Sosa (cuenta marta)")
                try await carla.type("juan", into: "[name=cuenta]")
                try await carla.run("document.querySelector('[name=dia]').value = '2026-01-05'")
                try await carla.type("el titular", into: "[name=quien]")
                try await carla.click(".filters button")
                try await carla.wait(for: "El pedido quedó anotado.")
                try await carla.wait(for: "Un pedido está fuera de término.")
                #expect(try await carla.findings() == [])
                try await carla.keepPicture(as: "privacidad\(width < 600 ? "-telefono" : "")")
                let data =
                    try await carla.run(
                        "return fetch('/consola/cuentas/marta/datos.json').then(r => r.text())") as? String
                #expect(data?.contains("Villa Ortúzar") == true && data?.contains("Juan Pereyra") == false)
                let form = "form[action='/consola/privacidad/\(id)"
                try await carla.type("con su DNI", into: "\(form)/verificar'] [name=nota]")
                try await carla.click("\(form)/verificar'] button")
                try await carla.wait(for: "La identidad quedó verificada.")
                try await carla.click("\(form)/cumplir'] [name=seguro]")
                try await carla.click("\(form)/cumplir'] button")
                try await carla.wait(for: "Sus datos se borraron.")
                try await carla.wait(for: "suprimido-")
                #expect(try await carla.findings() == [])
                let text = try await carla.text(of: "main")
                #expect(!text.contains("Marta"))
                #expect(try await store.account(id: "marta")?.fullName.hasPrefix("Persona suprimido-") == true)
                #expect(try await carla.complaints() == [])
            }
        }
    }

    @Test("The page refuses what cannot be carried out, and keeps what was typed")
    func refused() async throws {
        try await withServer { server, store in
            try await store.begin(
                ConsoleSession(agent: "Carla", csrf: "c", expiresAt: Moment.now.adding(seconds: 3600)),
                key: "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", now: Moment.now)
            let cookie = ["Cookie": "promesa_console=secret"]
            let fields = [
                "csrf": "c", "cuenta": "n<b>adie", "derecho": "erasure", "canal": "carta", "dia": "2026-01-05",
            ]
            let answer = try await server.send("POST", "/consola/privacidad", form(fields), cookie)
            #expect(answer.status == 422 && answer.text.contains("No hay una cuenta «n&lt;b&gt;adie»."))
            #expect(answer.text.contains("value=\"n&lt;b&gt;adie\""))
            for (key, value, why) in [("dia", "2099-01-01", "todavía no llegó"), ("derecho", "x", "Elegí qué derecho")]
            {
                let answer = try await server.send(
                    "POST", "/consola/privacidad", form(fields.merging([key: value]) { $1 }), cookie)
                #expect(answer.status == 422 && answer.text.contains(why))
            }
            let gone = try await server.send(
                "POST", "/consola/privacidad/d9/verificar", form(["csrf": "c", "nota": "x"]), cookie)
            #expect(gone.status == 404 && gone.text.contains("No hay un pedido con ese número."))
        }
    }

    @Test("Docs/privacy.md has the table of what is held as the code has it")
    func documented() throws {
        let file = SharedData.repository.appendingPathComponent("Docs/privacy.md")
        let rows = PersonalData.tables.map {
            "| `\($0.name)` | \($0.spanish) | \($0.fate.rawValue) | \($0.fateWhereOwing.rawValue) |"
        }
        let written = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("| `")
        }
        #expect(written.map(String.init) == rows, "\(rows.joined(separator: "\n"))")
    }
}
