import Campaigns
import Ledger
import Quantities
import Testing

struct FormalDocumentTests {
    private func drafted(_ kind: FormalDocument.Kind, daysPastDue: Int = 90, name: String = "Ana Díaz")
        -> FormalDocument?
    {
        var account = Bench.situation(daysPastDue: daysPastDue).account
        account.fullName = name
        account.postalAddress = "Belgrano 123, Rosario"
        return FormalDocument(
            kind, account: account, on: Bench.morning.day(in: .argentina), payment: Bench.rules.company.payment,
            attendedHours: "lunes a viernes de 9 a 18", policyVersion: "2026-11-abc")
    }

    @Test(
        "It is a draft for a person to sign, with every figure of the statement",
        arguments: FormalDocument.Kind.allCases)
    func draft(kind: FormalDocument.Kind) throws {
        let document = try #require(drafted(kind))
        let html = document.html
        for text in [
            "BORRADOR: lo firma una persona", "Ana Díaz", "Red Fibra", "Belgrano 123, Rosario", "Firma",
            "red.fibra.pagos", "política 2026-11-abc", "24 de noviembre de 2026", document.statement.total.formatted,
        ] { #expect(html.contains(text)) }
        for line in document.statement.lines {
            for step in line.explanation { #expect(html.contains(step)) }
        }
        #expect(!html.contains("{") || html.contains("@page"))
    }

    @Test("It does not look like a court's paper, and threatens nothing")
    func tone() throws {
        for kind in FormalDocument.Kind.allCases {
            let html = try #require(drafted(kind)).html.lowercased()
            for word in ["juzgado", "embargo", "cédula", "poder judicial", "veraz", "antecedentes"] {
                #expect(!html.contains(word))
            }
            #expect(html.contains("extrajudicial"))
        }
    }

    @Test("Names are text, never markup")
    func escaped() throws {
        let html = try #require(drafted(.formalNotice, name: "<script>alert(1)</script> & \"hijos\"")).html
        #expect(
            !html.contains("<script>") && html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;hijos&quot;")
        )
    }

    @Test("Who owes nothing past due gets none")
    func nothing() { #expect(drafted(.formalNotice, daysPastDue: -5) == nil) }
}
