import Conduct
import Quantities
import Testing

/// Each rule that decides by itself, by its id.
struct RuleTests {
    private static let mark = PersonStanding.Mark(since: Moment(iso: "2026-11-20T10:00")!, why: "desconoció la deuda")
    private static func past(_ moments: [String], channel: String = "whatsapp") -> ContactHistory {
        ContactHistory(
            proactive: moments.map { Contact(at: Moment(iso: $0)!, channel: channel) }, channels: ["whatsapp"])
    }

    struct Refused: Sendable {
        var country = "AR"
        let rule: String
        var at = "2026-11-24T10:00"
        var history = ContactHistory(channels: ["whatsapp"])
        let until: String?
    }

    @Test(
        "A refusal names its rule and the first permitted moment",
        arguments: [
            Refused(rule: "ar.horario.habil", at: "2026-11-24T20:00", until: "2026-11-25T08:00"),
            Refused(rule: "ar.horario.sabado", at: "2026-11-28T13:00", until: "2026-11-30T08:00"),
            Refused(rule: "ar.domingo", at: "2026-11-29T11:00", until: "2026-11-30T08:00"),
            Refused(rule: "ar.feriado", at: "2026-12-08T11:00", until: "2026-12-09T08:00"),
            Refused(rule: "ar.por-dia", history: past(["2026-11-24T09:00"]), until: "2026-11-25T08:00"),
            Refused(
                rule: "ar.por-semana", history: past(["2026-11-19T09:00", "2026-11-20T09:00", "2026-11-21T09:00"]),
                until: "2026-11-26T08:00"),
            Refused(
                rule: "ar.horario-propio",
                history: ContactHistory(standing: PersonStanding(ownHours: OwnHours(from: 840))),
                until: "2026-11-24T14:00"),
            Refused(
                rule: "ar.horario-propio",
                history: ContactHistory(standing: PersonStanding(ownHours: OwnHours(daysOff: [.tuesday, .wednesday]))),
                until: "2026-11-26T08:00"),
            Refused(
                rule: "ar.horario-propio",
                history: ContactHistory(standing: PersonStanding(ownHours: OwnHours(from: 1260))), until: nil),
            Refused(rule: "ar.baja", history: ContactHistory(optedOut: true), until: nil),
            Refused(rule: "ar.baja", at: "2026-11-29T03:00", history: ContactHistory(optedOut: true), until: nil),
            Refused(rule: "ar.cese", history: ContactHistory(standing: PersonStanding(ceased: mark)), until: nil),
            Refused(rule: "ar.numero-ajeno", history: ContactHistory(wrongNumber: true), until: nil),
            Refused(
                rule: "ar.vulnerable", history: ContactHistory(standing: PersonStanding(vulnerable: mark)), until: nil),
            Refused(country: "CO", rule: "co.horario.habil", at: "2026-11-24T19:00", until: "2026-11-25T07:00"),
            Refused(country: "CO", rule: "co.por-dia", history: past(["2026-11-24T08:00"]), until: "2026-11-25T07:00"),
            Refused(
                country: "CO", rule: "co.un-canal", history: past(["2026-11-20T09:00"], channel: "generic"),
                until: "2026-11-27T07:00"),
            Refused(country: "CO", rule: "co.canal-autorizado", history: ContactHistory(channels: ["sms"]), until: nil),
            Refused(
                country: "CL", rule: "cl.separacion", history: past(["2026-11-23T09:00"]), until: "2026-11-25T08:00"),
            Refused(
                country: "CL", rule: "cl.por-semana", history: past(["2026-11-19T09:00", "2026-11-21T09:00"]),
                until: "2026-11-26T08:00"),
            Refused(country: "MX", rule: "mx.horario", at: "2026-11-28T22:00", until: "2026-11-29T07:00"),
            Refused(country: "PE", rule: "pe.horario", at: "2026-11-27T20:00", until: "2026-11-30T07:00"),
            Refused(country: "PE", rule: "pe.fin-de-semana", at: "2026-11-28T10:00", until: "2026-11-30T07:00"),
            Refused(country: "US", rule: "us.horario", at: "2026-11-28T21:00", until: "2026-11-29T08:00"),
        ])
    func refused(_ given: Refused) throws {
        let rules = try #require(ConductRules.countries[given.country])
        let permission = ContactHoursTests.permission(at: given.at, history: given.history, rules: rules)
        guard case .refused(let refusal) = permission else {
            Issue.record("it was allowed")
            return
        }
        #expect(refusal.rule.id == given.rule)
        #expect(ContactHoursTests.until(permission) == given.until)
    }

    @Test("Who asked to cease is told that a payment came in, within the hours, and nothing else")
    func ceased() {
        let history = ContactHistory(standing: PersonStanding(ceased: Self.mark))
        #expect(ContactHoursTests.permission(at: "2026-11-24T10:00", .receipt, history: history) == .allowed)
        let night = ContactHoursTests.permission(at: "2026-11-24T22:00", .receipt, history: history)
        #expect(ContactHoursTests.until(night) == "2026-11-25T08:00")
    }

    @Test("Opting out is final, also for receipts")
    func optedOut() {
        let refused = ContactHoursTests.permission(
            at: "2026-11-24T10:00", .receipt, history: ContactHistory(optedOut: true))
        #expect(refused != .allowed)
    }

    @Test("A later wish narrows an earlier one, and replaces it where nothing would be left")
    func wishes() {
        let morning = OwnHours(from: 0, to: 720, daysOff: [.monday])
        #expect(morning.joined(with: OwnHours(from: 540)) == OwnHours(from: 540, to: 720, daysOff: [.monday]))
        #expect(morning.joined(with: OwnHours(from: 840)) == OwnHours(from: 840, to: 1440, daysOff: [.monday]))
    }

    @Test("An explanation has every rule, its answer and its datum, and agrees with the permission")
    func explained() {
        let history = Self.past(["2026-11-28T09:10"])
        let explanation = ConductRules.argentina.explain(
            .proactive, on: "whatsapp", history: history, at: Moment(iso: "2026-11-28T14:30")!, zone: .argentina,
            calendar: .argentina, charge: .zero(.ars), informed: nil)
        #expect(explanation.findings.map(\.rule.id) == ConductRules.argentina.rules.map(\.id))
        let refusing = explanation.findings.filter { $0.answer == .refuses }
        #expect(refusing.map(\.rule.id) == ["ar.horario.sabado", "ar.por-dia"])
        #expect(refusing[0].datum == "sábado 28/11, 14:30; se puede de 09:00 a 13:00")
        #expect(refusing[1].datum == "1 mensaje en el día: 2026-11-28 09:10 por whatsapp; se puede hasta 1")
        #expect(explanation.next == Moment(iso: "2026-11-30T08:00"))
        #expect(explanation.findings.allSatisfy { !$0.datum.isEmpty })
    }
}
