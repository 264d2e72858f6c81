import Browser
import Conversations
import DemoCompany
import Foundation
import Ledger
import Quantities
import Reports
import Storage
import Testing

@testable import Service

/// The manager's dashboard over HTTP and in a browser.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct DashboardTests {
    /// A server where Marta promised $ 20.000,00 and asked for a person, Juan asked for no more messages, and a payment
    /// of $ 5.000,00 came in.
    private func withCompany(_ body: @escaping @Sendable (Remote, Store) async throws -> Void) async throws {
        try await withServer { server, store in
            for (index, text) in [
                "hola", "137", "el viernes te pago 20 lucas", "dale", "quiero hablar con una persona",
            ]
            .enumerated() {
                _ = try await server.generic(id: "g-\(index)", from: "+5491100000003", text: text)
            }
            _ = try await server.generic(
                id: "g-9", from: DemoCompany.account("juan").phone, text: "no me escriban más")
            let day = Moment.now.day(in: .argentina)
            _ = try await server.post(
                "/v1/payments",
                #"{"payments":[{"id":"x1","account":"raul","amount":"5000.00","day":"\#(day.iso)"}]}"#,
                token: "demo-operador")
            try await body(server, store)
        }
    }

    /// The header of a session as this agent.
    private func session(_ agent: String, _ store: Store) async throws -> [String: String] {
        try await store.begin(
            ConsoleSession(agent: agent, csrf: "c", expiresAt: Moment.now.adding(seconds: 3600)),
            key: "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", now: Moment.now)
        return ["Cookie": "promesa_console=secret"]
    }

    @Test("Only supervisors see the dashboard, as pages and as files")
    func supervisors() async throws {
        try await withCompany { server, store in
            #expect(try await server.get("/consola/tablero/cartera").text.contains("Contraseña"))
            #expect(try await server.get("/consola/tablero/csv/tramos").text.contains("Contraseña"))
            let ana = try await session("Ana", store)
            for path in ["/consola/tablero/cartera", "/consola/tablero/csv/limites"] {
                #expect(try await server.send("GET", path, nil, ana).status == 403)
            }
            #expect(!(try await server.send("GET", "/consola", nil, ana).text.contains("Tablero")))
        }
    }

    @Test("Every page of the dashboard is served, and every figure as CSV", arguments: Subject.allCases)
    func pages(subject: Subject) async throws {
        try await withCompany { server, store in
            let carla = try await session("Carla", store)
            let page = try await server.send("GET", "/consola/tablero/\(subject.rawValue)", nil, carla)
            #expect(page.status == 200)
            for figure in subject.figures {
                #expect(page.text.contains("<h2 id=\"\(figure.rawValue)\">"))
                let file = try await server.send("GET", "/consola/tablero/csv/\(figure.rawValue)", nil, carla)
                #expect(file.status == 200 && file.text.hasSuffix("\n"))
            }
        }
    }

    @Test("What was just said and paid is in the figures, and the filters of the address hold")
    func figures() async throws {
        try await withCompany { server, store in
            let carla = try await session("Carla", store)
            func csv(_ figure: Figure, _ query: String = "") async throws -> [String] {
                try await server.send("GET", "/consola/tablero/csv/\(figure.rawValue)?\(query)", nil, carla).text
                    .split(separator: "\n").map(String.init)
            }
            let segment = DemoCompany.account("marta").segment
            #expect(try await csv(.promesasPorSegmento).last == "\(segment),1,1,0,0,0,0,20000.00,,")
            #expect(try await csv(.promesasPorSegmento, "segmento=nadie").count == 1)
            #expect(try await csv(.cobrado).last?.hasSuffix(",1,5000.00") == true)
            #expect(try await csv(.motivos).last == "pide humano,1,100.00")
            #expect(try await csv(.contencion).last?.hasSuffix(",2,1,50.00") == true)
            let limits = try await csv(.limites)
            let juan = limits.filter { $0.hasPrefix("juan,") }
            #expect(juan.count == 1 && juan[0].hasPrefix("juan,baja,") && juan[0].hasSuffix(",g-9"), "\(juan)")
            let wrong = try await server.send(
                "GET", "/consola/tablero/promesas?desde=ayer&segmento=%3Cb%3E", nil, carla)
            #expect(wrong.status == 422 && wrong.text.contains("El día «ayer» no se entiende"))
            #expect(try await server.send("GET", "/consola/tablero/nada", nil, carla).status == 404)
        }
    }

    @Test("What stands in a filter is never markup")
    func escaped() async throws {
        try await withCompany { server, store in
            let carla = try await session("Carla", store)
            let page = try await server.send(
                "GET", "/consola/tablero/promesas?segmento=%3Cscript%3Ealert(1)%3C/script%3E", nil, carla)
            #expect(page.status == 200 && !page.text.contains("<script>alert"))
            #expect(page.text.contains("&lt;script&gt;alert(1)"))
        }
    }

    @Test(
        "In a browser: a manager goes to the dashboard, filters, and takes a figure as CSV",
        .enabled(if: Browser.missing == nil, "\(Browser.missing ?? "")"))
    func browser() async throws {
        try await withCompany { server, store in
            try await Browser.open { browsers in
                let carla = browsers[0]
                try await logIn(carla, server)
                try await carla.click("nav a[href='/consola/tablero']")
                try await carla.wait(for: "Capital impago por tramo de mora y etapa")
                try await carla.click("a[href*='tablero/promesas?']")
                try await carla.wait(for: "Promesas por semana en que se hicieron")
                try await carla.run(
                    "document.querySelector('[name=segmento]').value = '\(DemoCompany.account("marta").segment)'")
                try await carla.click(".filters button")
                try await carla.wait(for: "$ 20.000,00")
                let address = try await carla.run("return location.search") as? String
                #expect(address?.contains("segmento=\(DemoCompany.account("marta").segment)") == true)
                let file =
                    try await carla.run(
                        "return fetch(document.querySelector('#promesas-por-segmento ~ .export a').href).then(r => r.text())"
                    )
                    as? String
                #expect(file?.contains("20000.00") == true)
                #expect(try await carla.complaints() == [])
            }
        }
    }

    @Test(
        "On a phone and on a desk nothing is wider than the screen, everything has a label, and text stands out",
        .enabled(if: Browser.missing == nil, "\(Browser.missing ?? "")"), arguments: [390, 1200])
    func accessible(width: Int) async throws {
        try await withCompany { server, _ in
            try await Browser.open(width: width, height: 844) { browsers in
                let carla = browsers[0]
                try await logIn(carla, server)
                for subject in Subject.allCases {
                    try await carla.go(to: server.url + "/consola/tablero/\(subject.rawValue)")
                    try await carla.wait(for: subject.figures[0].title)
                    let found = try await carla.findings()
                    #expect(found == [], "\(subject.title)")
                    guard subject == .cartera || subject == .promesas else { continue }
                    try await carla.keepPicture(as: "tablero-\(subject.rawValue)\(width < 600 ? "-telefono" : "")")
                }
                #expect(try await carla.complaints() == [])
            }
        }
    }

    private func logIn(_ browser: Browser, _ server: Remote) async throws {
        try await browser.go(to: server.url + "/consola")
        try await browser.type("Carla", into: "[name=nombre]")
        try await browser.type("demo-carla", into: "[name=clave]")
        try await browser.click("form button")
        try await browser.wait(for: "En la cola")
    }
}
