import Conduct
import Ledger
import Quantities
import SharedData
import Testing

struct WordingTests {
    @Test(
        "What is never said is found by its rule",
        arguments: [
            ("Si no pagás hoy te vamos a embargar el sueldo.", "ar.amenaza"),
            ("Vamos a iniciar un juicio.", "ar.amenaza"),
            ("Se iniciarán acciones legales en su contra", "ar.amenaza"),
            ("TE VAMOS A DEMANDAR", "ar.amenaza"),
            ("podés ir preso", "ar.amenaza"),
            ("Sabemos dónde vivís.", "ar.amenaza"),
            ("Atenete a las consecuencias", "ar.amenaza"),
            ("No seas caradura", "ar.humillacion"),
            ("¿No te da vergüenza?", "ar.humillacion"),
            ("vas a figurar en la lista de deudores", "ar.humillacion"),
            ("Sos un mоroso", "ar.humillacion"),  // with a Cyrillic о
            ("Queda usted intimado al pago", "ar.tribunal"),
            ("Cédula de notificación", "ar.tribunal"),
            ("Juzgado N.º 3", "ar.tribunal"),
            ("le llegará una carta documento", "ar.tribunal"),
            ("Le vamos a avisar a tu jefe", "ar.terceros"),
            ("que no se entere tu familia", "ar.terceros"),
        ])
    func forbidden(text: String, rule: String) {
        #expect(ConductRules.argentina.forbiddenWording(in: text)?.rule.id == rule)
    }

    @Test(
        "What people say kindly is not",
        arguments: [
            "Hola Marta, soy Ana. ¿Cómo estás?", "Sin embargo, podemos verlo el viernes.",
            "No te preocupes: no hay ningún embargo.", "El interés moratorio es del 60 % anual.",
            "Te mando el detalle de la deuda y el cupón.", "¿Querés que hable con mi supervisor?",
            "Podés pagar en la vía que te quede más cómoda.", "Tenés razón, la factura vino mal. La vamos a corregir.",
            "Lo vemos a fin de mes, cuando cobres.",
        ])
    func harmless(text: String) {
        let found = ConductRules.argentina.forbiddenWording(in: text)
        #expect(found == nil, "\(found?.words ?? "")")
    }

    @Test("A finding says which words, where they stand")
    func place() throws {
        let text = "Última vez: te vamos a embargar."
        let found = try #require(ConductRules.argentina.forbiddenWording(in: text))
        #expect(found.words == "te vamos a embargar")
        #expect(Array(text.utf8)[found.span.start..<found.span.end].elementsEqual(found.words.utf8))
    }

    @Test(
        "Harsh words are noticed and do not forbid",
        arguments: ["Tenés que pagar inmediatamente.", "Es el último aviso.", "Exigimos el pago."])
    func harsh(text: String) {
        let found = ConductRules.argentina.findings(in: text)
        #expect(found.map(\.rule.id) == ["ar.aspereza"] && found.allSatisfy { !$0.isForbidden })
    }

    @Test("In Colombia nobody is asked why they did not pay")
    func colombia() throws {
        let rules = try #require(ConductRules.countries["CO"])
        let text = "¿Por qué no pagaste?"
        #expect(rules.forbiddenWording(in: text)?.rule.id == "co.motivo-de-mora")
        #expect(ConductRules.argentina.forbiddenWording(in: text) == nil)
    }

    @Test(
        "A first message says who, for whom, what for, and how to reach a person",
        arguments: [
            (
                "Hola, soy el asistente virtual de Red Fibra y atiendo temas de tu cuenta. Si preferís una persona, escribí *asesor*.",
                []
            ),
            ("Hola, soy el asistente virtual de Red Fibra.", ["motivo", "persona"]),
            ("Hola, soy Ana. Te escribo por tu cuenta.", ["acreedor", "bot", "persona"]),
            ("Red fibra: mensaje automático por tu factura. Para hablar con una persona, contestá *asesor*.", []),
        ] as [(String, [String])])
    func disclosures(text: String, missing: [String]) {
        let found = ConductRules.argentina.missingDisclosures(inFirst: text, creditor: "Red Fibra").map(\.id)
        #expect(found == missing.map { "ar.presentacion.\($0)" }.sorted { order($0) < order($1) })
    }

    private func order(_ id: String) -> Int { ConductRules.argentina.rules.firstIndex { $0.id == id } ?? 99 }

    @Test("A collection charge is demanded only where it was informed before, with channel and text")
    func charge() {
        let (day, charge) = (Day("2026-11-24")!, Money(cents: 100_00))
        func rule(_ notice: ChargeNotice?, _ charge: Money) -> String? {
            ConductRules.argentina.refusal(of: charge, informed: notice, on: day)?.id
        }
        #expect(rule(nil, charge) == "ar.cargo-informado")
        #expect(rule(nil, .zero(.ars)) == nil)
        #expect(rule(ChargeNotice(channel: "correo", day: day, text: "cargo del 10 %"), charge) == nil)
        #expect(rule(ChargeNotice(channel: "correo", day: day.adding(days: 1), text: "cargo"), charge) != nil)
        #expect(rule(ChargeNotice(channel: "", day: day, text: "cargo"), charge) != nil)
        #expect(rule(ChargeNotice(channel: "correo", day: day, text: ""), charge) != nil)
    }

    @Test(
        "People say when they may be written to",
        arguments: [
            ("no me escriban antes de las 14", 840, 1440), ("No me llamen antes de las 2 de la tarde por favor", 840, 1440),
            ("no me manden mensajes después de las 20", 0, 1200), ("escribime después de las 18:30", 1110, 1440),
            ("escríbanme a partir de las 9", 540, 1440), ("llamame antes del mediodía", 0, 720),
            ("mejor escribime entre las 9 y las 12", 540, 720), ("no me molesten antes de las diez", 600, 1440),
            ("por favor no me escriban antes de las 9 hs que trabajo de noche", 540, 1440),
        ])
    func ownHours(text: String, from: Int, to: Int) {
        #expect(ConductRules.argentina.ownHours(in: text)?.hours == OwnHours(from: from, to: to))
    }

    @Test("And on which days they may not")
    func daysOff() {
        let found = ConductRules.argentina.ownHours(in: "no me escriban los fines de semana")
        #expect(found?.hours == OwnHours(daysOff: [.saturday, .sunday]))
        #expect(ConductRules.argentina.ownHours(in: "no me escriban los lunes")?.hours == OwnHours(daysOff: [.monday]))
    }

    @Test(
        "What speaks of payments, or asks for silence, is no wish of hours",
        arguments: [
            "no me escriban más", "no puedo pagar antes de las 14", "te pago después de las 18", "pago antes del 10",
            "no me escriban hasta el lunes", "dejen de llamarme", "el lunes a las 10 te transfiero", "no",
        ])
    func noWish(text: String) { #expect(ConductRules.argentina.ownHours(in: text)?.hours == nil) }
}
