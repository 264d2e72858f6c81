import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities
import Testing

@testable import Campaigns

struct PlannerTests {
    private func moment(_ iso: String) -> Moment { Moment(iso: iso)! }

    @Test("A step leaves on its day, at the first minute of its hours that conduct allows")
    func firstStep() throws {
        let message = try #require(
            Bench.campaign("mora-temprana").decide(
                Bench.situation(daysPastDue: 2), now: Bench.morning, rules: Bench.rules
            )
            .message)
        #expect(message.at == moment("2026-11-26T10:00") && message.stepDay == 4 && message.channel == .whatsapp)
        #expect(
            message.text
                == "Hola Ana, soy el asistente virtual de Red Fibra. Hay un mensaje sobre tu cuenta: contestá por acá y te lo cuento. Si preferís una persona, escribí *asesor*."
        )
        #expect(message.template?.name == "mensaje_pendiente" && message.parameters == ["Ana", "Red Fibra"])
    }

    @Test("Who was verified on the channel reads the text with the figures")
    func verified() throws {
        let message = try #require(
            Bench.campaign("mora-temprana")
                .decide(Bench.situation(daysPastDue: 4, verified: true), now: Bench.morning, rules: Bench.rules).message
        )
        #expect(message.verified && message.template?.name == "saldo_pendiente")
        #expect(message.text.contains("$ 20.") && message.text.contains("https://pagos.example/ana"))
        #expect(message.parameters.count == 5)
    }

    @Test("A template's header and buttons have the account's values")
    func templateParts() throws {
        let plain = try Bench.source("mora-temprana")
        let source = plain.replacing(
            "plantilla: mensaje_pendiente",
            with: """
                plantilla: mensaje_pendiente
                        encabezado: "Hola {nombre}"
                        botones: [fijo, { url: "{cuenta}" }, { respuesta: asesor }]
                """, maxReplacements: 1)
        let file = CampaignFile(source: source, file: "c.yaml")
        #expect(file.findings.map(\.message) == [])
        let message = try #require(
            file.campaign?.decide(Bench.situation(daysPastDue: 4), now: Bench.morning, rules: Bench.rules).message)
        #expect(message.header == .text("Hola Ana"))
        #expect(message.buttons == [.fixed, .url("ana"), .reply("asesor")])
        let pictured = plain.replacing(
            "plantilla: mensaje_pendiente",
            with: "plantilla: mensaje_pendiente\n        encabezado: https://fibra.example/factura.pdf",
            maxReplacements: 1)
        #expect(
            CampaignFile(source: pictured, file: "c.yaml").campaign?.steps[0].messages[0].wording.header
                == .document("https://fibra.example/factura.pdf"))
    }

    @Test("Of the steps whose day has come only the last is sent")
    func late() throws {
        let campaign = try Bench.campaign("mora-temprana")
        #expect(
            campaign.decide(Bench.situation(daysPastDue: 15), now: Bench.morning, rules: Bench.rules).message?.stepDay
                == 10)
        #expect(
            campaign.decide(Bench.situation(daysPastDue: 40), now: Bench.morning, rules: Bench.rules).message?.stepDay
                == 35)
    }

    @Test("A channel that failed, or has no address, gives way to the step's next one")
    func escalates() throws {
        let campaign = try Bench.campaign("mora-temprana")
        var situation = Bench.situation(daysPastDue: 4)
        situation.reach[.whatsapp] = Situation.Reach.none("no hay un teléfono")
        #expect(campaign.decide(situation, now: Bench.morning, rules: Bench.rules).message?.channel == .sms)
        situation = Bench.situation(daysPastDue: 4)
        var enrolment = campaign.enrolment(for: situation, now: Bench.morning, zone: .argentina)
        enrolment.attempts = [
            .init(stepDay: 4, channel: .whatsapp, at: Bench.morning, messageID: "m1", failure: "HTTP 400")
        ]
        situation.enrolment = enrolment
        situation.history.proactive = [Contact(at: Bench.morning, channel: "whatsapp")]
        let message = try #require(campaign.decide(situation, now: Bench.morning, rules: Bench.rules).message)
        #expect(message.channel == .sms && message.stepDay == 4)
        #expect(message.at == moment("2026-11-25T10:00"), "not twice a day")
        #expect(message.remarks.first == "whatsapp: no se pudo entregar" && message.remarks.count == 2)
    }

    @Test("A step that can only leave on the day of the next one gives way to it")
    func superseded() throws {
        let campaign = try Bench.campaign("mora-temprana")
        var situation = Bench.situation(daysPastDue: 9)
        situation.history.proactive = [Contact(at: Bench.morning, channel: "whatsapp")]
        #expect(campaign.decide(situation, now: Bench.morning, rules: Bench.rules).message?.stepDay == 10)
    }

    @Test("What stops a campaign is named", arguments: NoContact.Rule.allCases)
    func stops(_ rule: NoContact.Rule) throws {
        var campaign = try Bench.campaign("mora-temprana")
        var situation = Bench.situation(daysPastDue: 4)
        let day = Bench.morning.day(in: .argentina)
        var enrolment = Enrolment(
            campaign: campaign.name, accountID: "ana", at: Bench.morning.adding(seconds: -86_400 * 2),
            dayZero: try #require(situation.statement.nextDueDate))
        switch rule {
        case .optedOut: situation.account.optedOut = true
        case .assigned: situation.agency = "Estudio Sur"
        case .nothingOwed: situation.statement.lines = []
        case .paid:
            situation.account.payments = [Payment(id: "p1", amount: Money(cents: 100), day: day)]
        case .attended: situation.attendedByPerson = true
        case .openPromise: situation.hasOpenPromise = true
        case .replied:
            campaign.resumesAfterReply = nil
            situation.lastReply = Bench.morning.adding(seconds: -3600)
        case .outside: situation.stage = .extrajudicial
        case .noAddress: situation.reach = [:]
        case .conduct: situation.history.wrongNumber = true
        case .finished:
            enrolment.attempts = [.init(stepDay: 35, channel: .whatsapp, at: Bench.morning, messageID: "m1")]
        }
        situation.enrolment = enrolment
        let refusal = campaign.decide(situation, now: Bench.morning, rules: Bench.rules).refusal
        #expect(refusal?.rule == rule && refusal?.detail.isEmpty == false)
    }

    @Test("Who answered is left alone for the days that the file says, then the cadence goes on")
    func resumes() throws {
        let campaign = try Bench.campaign("mora-temprana")
        var situation = Bench.situation(daysPastDue: 4)
        situation.enrolment = campaign.enrolment(for: situation, now: Bench.morning, zone: .argentina)
        situation.lastReply = Bench.morning.adding(seconds: 3600)
        // Five days later is a Sunday.
        #expect(
            campaign.decide(situation, now: Bench.morning, rules: Bench.rules).message?.at == moment("2026-11-30T09:00")
        )
    }

    @Test("After the last step a person goes on")
    func closing() throws {
        let campaign = try Bench.campaign("extrajudicial")
        var situation = Bench.situation(daysPastDue: 90, stage: .extrajudicial)
        var enrolment = campaign.enrolment(for: situation, now: Bench.morning, zone: .argentina)
        enrolment.attempts = [.init(stepDay: 7, channel: .voice, at: Bench.morning, messageID: "m1")]
        situation.enrolment = enrolment
        #expect(
            campaign.decide(situation, now: Bench.morning, rules: Bench.rules)
                == .close(Closing(day: 20, action: .mediation), at: moment("2026-12-14T09:00")))
    }

    @Test("A later due date begins the campaign again; an enrolment of its own day does not end with it")
    func again() throws {
        let campaign = try Bench.campaign("mora-temprana")
        var situation = Bench.situation(daysPastDue: 4)
        var ended = Enrolment(
            campaign: campaign.name, accountID: "ana", at: moment("2026-10-01T10:00"), dayZero: Day("2026-09-20")!)
        ended.ended = .init(at: moment("2026-10-02T10:00"), reason: "pagó")
        situation.enrolment = ended
        #expect(campaign.decide(situation, now: Bench.morning, rules: Bench.rules).message?.stepDay == 4)
        let other = try Bench.campaign("extrajudicial")
        situation.stage = .extrajudicial
        #expect(other.decide(situation, now: Bench.morning, rules: Bench.rules).refusal?.rule == .finished)
    }
}
