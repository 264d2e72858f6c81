import Browser
import Foundation
import Testing

@testable import Service

/// The designer's page, over HTTP and in a real browser.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PlaygroundTests {
    private func withPlayground(_ body: @Sendable (Remote) async throws -> Void) async throws {
        try await withServer({ $0.playground = true }) { server, _ in try await body(server) }
    }

    private func post(
        _ path: String, _ form: String, to server: Remote, _ headers: [String: String] = [:]
    ) async throws -> Answer {
        try await server.send("POST", path, Data(form.utf8), headers)
    }

    @Test(
        "A conversation in the browser: words, buttons, why, what-if, undo, the clock, another state, saving",
        .enabled(if: Browser.missing == nil, "\(Browser.missing ?? "")"))
    func browser() async throws {
        try await Browser.open { browsers in
            let browser = browsers[0]
            try await withPlayground { server in
                try await browser.go(to: server.url + "/playground")
                try await browser.click(".open button")
                try await browser.wait(for: "Marta", in: "header")
                for (text, answer) in [("hola", "¿Hablo con Marta?"), ("137", "¿Cómo querés resolverlo?")] {
                    try await browser.type(text, into: "#text")
                    try await browser.click("button[value=say]:not(.buttons button)")
                    try await browser.wait(for: answer, in: ".chat")
                }
                #expect(try await browser.text(of: "#state").contains("verificado: sí"))
                #expect(try await browser.text(of: "#facts").contains("saldo"))
                #expect(try await browser.text(of: "#why").isEmpty == false)
                try await browser.type("quiero cuotas", into: "#text")
                try await browser.click("button[value='what-if']")
                try await browser.wait(for: "no se hizo", in: ".note")
                #expect(try await !browser.text(of: ".chat").contains("quiero cuotas"))
                try await browser.click(".buttons form:first-child button")
                try await browser.wait(for: "¿Confirmás?", in: ".chat")
                try await browser.click("button[value=undo]")
                try await browser.wait(for: "Volví atrás", in: ".note")
                #expect(try await !browser.text(of: ".chat").contains("¿Confirmás?"))
                try await browser.click("button[value=day]")
                try await browser.wait(for: "pasa el tiempo: +1d", in: ".chat")
                try await browser.run("document.querySelector('#goto').value = 'ya_pago'")
                try await browser.click("button[value=goto]")
                try await browser.wait(for: "¡Gracias por avisar!", in: ".chat")
                #expect(try await browser.complaints().isEmpty)
                let chat = try await server.get(
                    (URL(string: try await browser.url)?.path ?? "") + "/charla.chat")
                #expect(chat.status == 200 && chat.text.hasPrefix("account: marta\n"))
            }
        }
    }

    @Test("What is typed is shown as it was typed, never as HTML")
    func escaped() async throws {
        try await withPlayground { server in
            let room = try await open(server)
            _ = try await post(room, "do=say&text=%3Cscript%3Ealert(1)%3C%2Fscript%3E", to: server)
            let page = try await server.get(room).text
            #expect(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"))
        }
    }

    @Test("Nothing of it reaches the database")
    func apart() async throws {
        try await withServer({ $0.playground = true }) { server, store in
            let room = try await open(server)
            for text in ["hola", "137", "el+viernes+te+pago+todo", "dale"] {
                _ = try await post(room, "do=say&text=\(text)", to: server)
            }
            #expect(try await server.get(room).text.contains("Quedó anotado"))
            #expect(try await store.counts().inbox == 0)
            #expect(try await store.promises(accountID: "marta").isEmpty)
        }
    }

    @Test("Other hosts and other pages' forms are refused, and without the flag there is no page")
    func refused() async throws {
        try await withPlayground { server in
            let elsewhere = try await server.send("GET", "/playground", nil, ["Host": "example.com"])
            #expect(elsewhere.status == 403)
            let foreign = try await post(
                "/playground", "account=marta", to: server, ["Origin": "http://example.com"])
            #expect(foreign.status == 403)
            #expect(try await post("/playground", "account=nadie", to: server).status == 400)
        }
        try await withServer { server, _ in
            let absent = try await server.get("/playground")
            #expect(absent.status == 404)
        }
    }

    @Test("It is only served on loopback, and needs accounts to talk as")
    func loopback() throws {
        var configuration = try Configuration.load(
            file: ProgramTests.configuration, environment: [:])
        try configuration.requirePlayground()
        configuration.host = "0.0.0.0"
        let error = #expect(throws: ConfigurationError.self) { try configuration.requirePlayground() }
        #expect(error?.description.contains("127.0.0.1") == true)
    }

    /// - Returns: the path of a new conversation of Marta's.
    private func open(_ server: Remote) async throws -> String {
        // The client follows the redirection to the page, which links to its conversation.
        let page = try await post("/playground", "account=marta", to: server).text
        let link = try #require(page.firstMatch(of: /\/playground\/[0-9a-f-]+/))
        return String(link.output)
    }
}
