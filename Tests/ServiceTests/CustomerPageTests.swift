import Browser
import DemoCompany
import Foundation
import Quantities
import Storage
import Testing

@testable import Service

/// The customer's own page: what its link opens, and what it does not.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct CustomerPageTests {
    private static let links = CustomerLinks(
        .init(secret: "demo-customer-page-secret", url: "https://bot.example", days: 7))
    private static let day = Day("2026-11-24")!

    @Test("A link opens its own account, through its last day and not a day longer")
    func expires() throws {
        let token = Self.links.token("marta", Self.day)
        #expect(Self.links.account(token, on: Self.day) == "marta")
        #expect(Self.links.account(token, on: Self.day.adding(days: 7)) == "marta")
        #expect(Self.links.account(token, on: Self.day.adding(days: 8)) == nil)
    }

    @Test("A link tells nothing of the account, is the same all day, and another secret does not open it")
    func sealed() throws {
        let link = Self.links.link("marta", on: Self.day)
        #expect(link == Self.links.link("marta", on: Self.day))
        #expect(link.hasPrefix("https://bot.example/c/") && !link.contains("marta"))
        let decoded = Data(base64Encoded: Self.links.token("marta", Self.day) + "==") ?? Data()
        #expect(!String(decoding: decoded, as: UTF8.self).contains("marta"))
        let others = CustomerLinks(.init(secret: "another-secret-of-16", url: "", days: 7))
        #expect(others.account(Self.links.token("marta", Self.day), on: Self.day) == nil)
    }

    @Test("Of a link with one changed letter nothing opens")
    func forged() throws {
        let token = Self.links.token("marta", Self.day)
        for index in token.indices {
            var forged = token
            forged.replaceSubrange(index...index, with: token[index] == "A" ? "B" : "A")
            let account = Self.links.account(forged, on: Self.day)
            // The last letter's spare bits are no part of what is sealed.
            #expect(account == nil || index == token.index(before: token.endIndex), "\(forged)")
        }
        for text in ["", "x", "marta", String(repeating: "A", count: 5000), "ñ", token + token] {
            #expect(Self.links.account(text, on: Self.day) == nil)
        }
    }

    @Test("Wrong and expired links get the same page, and post nothing")
    func closed() async throws {
        try await withServer { server, store in
            let expired = Self.links.token("marta", Day("2020-01-01")!)
            var pages: Set<String> = []
            for token in [expired, "nada", "..%2f..", Self.links.token("nadie", Self.today)] {
                for path in ["", "/resumen.pdf", "/retirar"] {
                    let answer = try await server.get("/c/\(token)\(path)")
                    #expect(answer.status == 404)
                    pages.insert(answer.text)
                }
                for order in ["persona", "retirar"] where token != Self.links.token("nadie", Self.today) {
                    #expect(try await server.post("/c/\(token)/\(order)").status == 404)
                }
            }
            #expect(pages.count == 1)
            #expect(try await store.openHandoffs().isEmpty)
        }
    }

    @Test("The statement is a PDF with the balance and its steps")
    func statement() async throws {
        try await withServer { server, store in
            let answer = try await server.get("/c/\(Self.links.token("marta", Self.today))/resumen.pdf")
            #expect(answer.status == 200)
            let text = String(decoding: answer.body.map { $0 < 0x80 ? $0 : 0x3F }, as: UTF8.self)
            #expect(text.hasPrefix("%PDF-1.4\n") && text.hasSuffix("%%EOF\n"))
            #expect(text.contains("(Saldo: $ ") && text.contains("Internet octubre 2026, vence el mi?rcoles 21/10"))
            // The table of objects says where each begins.
            let start = try #require(
                text.components(separatedBy: "startxref\n").last.flatMap { Int($0.prefix { $0.isNumber }) })
            #expect(text.dropFirst(start).hasPrefix("xref\n"))
            for (index, row) in text.dropFirst(start).split(separator: "\n").dropFirst(3).prefix(while: {
                $0.hasSuffix("n ")
            }).enumerated() {
                let offset = try #require(Int(row.prefix(10)))
                #expect(text.dropFirst(offset).hasPrefix("\(index + 1) 0 obj\n"))
            }
        }
    }

    @Test("Page, question and statement speak the Spanish that the account asks for, figures and days included")
    func language() async throws {
        try await withServer { server, store in
            try await store.submit { tx in
                var marta = try #require(try tx.account(id: "marta"))
                marta.language = "es-MX"
                try tx.save(marta)
            }
            for (index, text) in ["hola", "137", "el viernes te pago 20 lucas", "dale"].enumerated() {
                _ = try await server.generic(id: "g-\(index)", from: "+5491100000003", text: text)
            }
            let place = "/c/\(Self.links.token("marta", Self.today))"
            let page = try await server.get(place).text
            #expect(page.contains("<html lang=\"es-419\">") && page.contains("Lo que tienes registrado"))
            #expect(page.contains("Promesa de $ 20,000.00 para el viernes "))
            #expect(page.contains("capital original: $ 24,600.00") && !page.contains("$ 24.600,00"))
            let question = try await server.get(place + "/retirar").text
            #expect(question.contains("¿Retiras lo que tenías registrado?"))
            let statement = try await server.get(place + "/resumen.pdf").body
            let text = String(decoding: statement.map { $0 < 0x80 ? $0 : 0x3F }, as: UTF8.self)
            #expect(text.contains("/Lang (es-419)") && text.contains("(Estado de cuenta)"))
            #expect(text.contains("vence el mi?rcoles 21 de octubre") && !text.contains("21/10"))
            #expect(try await server.get(place + "?hecho=retirar").text.contains("Listo: ya no está registrado."))
        }
    }

    @Test("Who asked for no language of ours reads the company's, also where a link is wrong")
    func companyLanguage() async throws {
        var world = DemoCompany.world
        world.locale = "es_419"
        try await withServer(world: world) { server, store in
            try await store.submit { tx in
                var marta = try #require(try tx.account(id: "marta"))
                marta.language = "pt-BR"
                try tx.save(marta)
            }
            let page = try await server.get("/c/\(Self.links.token("marta", Self.today))").text
            #expect(page.contains("<html lang=\"es-419\">") && page.contains("Descargar el estado de cuenta (PDF)"))
            #expect(try await server.get("/c/nada").text.contains("Este enlace no es válido"))
        }
    }

    @Test(
        "In a browser: a customer sees the promise, takes it back, and asks for a person",
        .enabled(if: Browser.missing == nil, "\(Browser.missing ?? "")"))
    func browser() async throws {
        try await withServer { server, store in
            for (index, text) in ["hola", "137", "el viernes te pago 20 lucas", "dale"].enumerated() {
                _ = try await server.generic(id: "g-\(index)", from: "+5491100000003", text: text)
            }
            #expect(try await store.counts().promises["open"] == 1)
            try await Browser.open(width: 390, height: 844) { browsers in
                let marta = browsers[0]
                try await marta.go(to: server.url + "/c/\(Self.links.token("marta", Self.today))")
                try await marta.wait(for: "Tu cuenta con Red Fibra")
                try await marta.wait(for: "Promesa de $ 20.000,00")
                #expect(try await marta.findings() == [])
                try await marta.keepPicture(as: "cliente-telefono")
                try await marta.click("a[href$='/retirar']")
                try await marta.wait(for: "La deuda sigue igual.")
                #expect(try await marta.findings() == [])
                try await marta.click("form[action$='/retirar'] button")
                try await marta.wait(for: "Listo: ya no está anotado.")
                try await marta.click("form[action$='/persona'] button")
                try await marta.wait(for: "Listo: te va a escribir una persona del equipo.")
                let complaints = try await marta.complaints()
                #expect(complaints == [])
            }
            #expect(try await store.counts().promises == ["withdrawn": 1])
            #expect(try await store.openHandoffs().map(\.handoff.reason) == ["pide_humano"])
        }
    }

    /// By this machine's clock, as the server sees it.
    private static var today: Day { Moment.now.day(in: .argentina) }
}
