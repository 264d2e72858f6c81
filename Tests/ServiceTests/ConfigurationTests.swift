import Conduct
import Conversations
import DemoCompany
import Foundation
import Quantities
import SharedData
import Testing

@testable import Service

/// What is wrong with a configuration is said in a sentence with its place, all of it at once.
struct ConfigurationTests {
    static let demo = try! String(contentsOf: DemoCompany.folder.appendingPathComponent("demo.yaml"), encoding: .utf8)

    /// Loads the demo's configuration with `old` replaced, as far as its dialogs and its policy.
    private func problems(
        replacing old: String = "", with new: String = "", environment: [String: String] = [:],
        in prepare: (String) throws -> Void = { _ in }
    ) async throws -> [String] {
        try await withTemporaryFolder { folder in
            var source = old.isEmpty ? Self.demo : Self.demo.replacing(old, with: new)
            #expect(old.isEmpty || source != Self.demo, "`\(old)` is in demo.yaml")
            try FileManager.default.copyItem(
                at: SharedData.repository.appendingPathComponent("Dialogs"),
                to: URL(fileURLWithPath: folder + "/Dialogs"))
            for name in ["policy.yaml", "uva.tsv"] {
                try FileManager.default.copyItem(
                    at: DemoCompany.folder.appendingPathComponent(name),
                    to: URL(fileURLWithPath: folder + "/" + name))
            }
            source = source.replacing("dialogs: ../Dialogs", with: "dialogs: Dialogs")
            try prepare(folder)
            let file = folder + "/promesa.yaml"
            try Data(source.utf8).write(to: URL(fileURLWithPath: file))
            do {
                _ = try Configuration.load(file: file, environment: environment).loadWorld()
                return []
            } catch let error as ConfigurationError {
                return error.problems.map { $0.replacing(folder + "/", with: "") }
            }
        }
    }

    @Test("A configuration that is printed inside something else shows no secret")
    func printed() throws {
        let file = DemoCompany.folder.appendingPathComponent("demo.yaml").path
        let configuration = try Configuration.load(file: file, environment: [:])
        let printed = "\([configuration]) \(configuration)"
        #expect(printed.contains("configuration of 127.0.0.1:8080"))
        #expect(!printed.contains("demo-app-secret") && !printed.contains("demo-operador"))
    }

    @Test("The demo company's configuration is right")
    func right() async throws { #expect(try await problems() == []) }

    @Test(
        "A wrong setting is named with its line and what to do",
        arguments: [
            (
                "    app_secret: demo-app-secret\n", "",
                "promesa.yaml: `channels.whatsapp.app_secret` is missing; write it in the file or set the environment variable PROMESA_WHATSAPP_APP_SECRET"
            ),
            (
                "secret: demo-generic-secret", "secret: ''",
                "`channels.generic.secret` is missing; write it in the file or set the environment variable PROMESA_GENERIC_SECRET"
            ),
            ("port: 8080", "port: 80800", "`port` must be a number from 1 to 65535, not `80800`"),
            (
                "sandbox: true", "sandbox: true\nretention: { raw_days: 3 }",
                "`retention.raw_days` must be a number from 8 to 36500, not `3`"
            ),
            (
                "quiet_window: 1.2", "quiet_window: 1,2",
                "promesa.yaml:47: `quiet_window` must be seconds from 0 to 10, such as 1.2, not `1,2`"
            ),
            ("quiet_window: 1.2", "quiet_window: 1e300", "`quiet_window` must be seconds from 0 to 10"),
            ("sandbox: true", "sandbox: quizás", "`sandbox` must be true or false, not `quizás`"),
            (
                "host: 127.0.0.1", "host: 127.0.0.1\nhots: x",
                "promesa.yaml:4: unknown setting `hots`; remove it or see README, Configuration"
            ),
            (
                "sandbox: true", "events:\n  - { name: crm, url: 'ftp://x', secret: s }",
                "`events.0.url` must begin with https:// or http://, not `ftp://x`"
            ),
            (
                "sandbox: true", "events:\n  - { name: crm, url: 'https://x' }",
                "`events.0.secret` is missing; write it in the file or set the environment variable PROMESA_EVENTS_CRM_SECRET"
            ),
            (
                "sandbox: true", "imports:\n  payments: monto=IMPORTE;nada=X",
                "promesa.yaml:46: `imports.payments`: mapping:1:15: unknown column `nada`"
            ),
            (
                "host: 127.0.0.1", "host: 127.0.0.1\ncountry: XX",
                "there are no rules of conduct for `XX`; there are for AR, CL, CO, MX, PE, US"
            ),
            ("host: 127.0.0.1", "host: 127.0.0.1\ncountry: US", "`zone` is missing: US has no one time all year"),
            (
                "host: 127.0.0.1", "host: 127.0.0.1\ncountry: PE",
                "`holidays` is missing: the rule pe.feriado needs the country's holidays"
            ),
            (
                "host: 127.0.0.1", "host: 127.0.0.1\nzone: '-3'",
                "`zone`: expected a distance from UTC such as -03:00, not `-3`"
            ),
            ("host: 127.0.0.1", "host: 127.0.0.1\nconduct: nada.tsv", "nada.tsv: cannot be read"),
            ("host: 127.0.0.1", "host: 127.0.0.1\nconduct: policy.yaml", "se esperaban 5 columnas"),
            (
                "sandbox: true", "sandbox: false",
                "`channels.sms.webhook_url` is missing; write it in the file or set the environment variable PROMESA_SMS_WEBHOOK_URL"
            ),
            (
                "  generic:", "  telegram: { token: '1:a', receive: siempre }\n  generic:",
                "`channels.telegram.receive` must be one of webhook, poll, not `siempre`"
            ),
            ("token: demo-bruno", "token: demo-ana", "share a token; give each its own"),
            ("token: demo-bruno", "token: demo-operador", "share a token; give each its own"),
            ("entry_dialog: cobranza\n", "", "`entry_dialog` is missing"),
            ("entry_dialog: cobranza", "entry_dialog: otra", "there is no dialog `otra`, which `entry_dialog` names"),
            ("policy: policy.yaml", "policy: nada.yaml", "nada.yaml: the policy file cannot be read"),
            ("dialogs: ../Dialogs", "dialogs: nada", "nada: no existe ese archivo ni esa carpeta"),
            ("host: 127.0.0.1", "host: [", "promesa.yaml"),
            (
                "  claim_within_minutes: 30", "  claim_within_minutes: 30\n  reopen_hours: un día",
                "`console.reopen_hours` must be a number from 0 to 8760, not `un día`"
            ),
            (
                "  claim_within_minutes: 30", "  claim_within_minutes: 30\n  assignment: azar",
                "`console.assignment` must be one of pull, auto, not `azar`"
            ),
            (
                "    token: demo-bruno\n", "    token: demo-bruno\n    capacity: 0\n",
                "`agents.1.capacity` must be a number from 1 to 1000, not `0`"
            ),
            (
                "    token: demo-bruno\n", "    token: demo-bruno\n    skills: queja\n",
                "unknown setting `agents.1.skills`"
            ),
        ])
    func wrong(old: String, new: String, sentence: String) async throws {
        let problems = try await problems(replacing: old, with: new)
        #expect(problems.contains { $0.contains(sentence) }, "\(problems)")
    }

    @Test(
        "A text waits 1.2 seconds for what comes after it, unless the configuration or the environment says otherwise")
    func quietWindow() throws {
        let file = DemoCompany.folder.appendingPathComponent("demo.yaml").path
        #expect(try Configuration.load(file: file, environment: [:]).loadWorld().quietWindow == 1200)
        let never = try Configuration.load(file: file, environment: ["PROMESA_QUIET_WINDOW": "0"])
        #expect(try never.loadWorld().quietWindow == 0)
        let long = try Configuration.load(file: file, environment: ["PROMESA_QUIET_WINDOW": "2.5"])
        #expect(try long.loadWorld().quietWindow == 2500)
    }

    @Test("Hours in which a closed case is opened again: a day unless the environment says otherwise")
    func reopening() throws {
        let file = DemoCompany.folder.appendingPathComponent("demo.yaml").path
        #expect(try Configuration.load(file: file, environment: [:]).loadWorld().reopenHours == 24)
        let never = try Configuration.load(file: file, environment: ["PROMESA_REOPEN_HOURS": "0"])
        #expect(try never.loadWorld().reopenHours == 0)
    }

    @Test("The country decides the rules of conduct, the hour and the holidays; the company's table completes them")
    func country() async throws {
        try await withTemporaryFolder { folder in
            let source = try String(contentsOf: DemoCompany.folder.appendingPathComponent("demo.yaml"), encoding: .utf8)
            let base = DemoCompany.folder.path
            func world(_ lines: String) throws -> World {
                let file = folder + "/promesa.yaml"
                let text = source.replacing("../Dialogs", with: base + "/../Dialogs")
                    .replacing("policy.yaml", with: base + "/policy.yaml").replacing("uva.tsv", with: base + "/uva.tsv")
                try Data((text + lines).utf8).write(to: URL(fileURLWithPath: file))
                return try Configuration.load(file: file, environment: [:]).loadWorld()
            }
            #expect(try world("").conduct.rules.first?.id == "ar.horario.habil")
            try Data("propia.tarde\thorario\tlun-dom 09:00-18:00\tla empresa\tde 9 a 18\n".utf8)
                .write(to: URL(fileURLWithPath: folder + "/propia.tsv"))
            let mexico = try world("country: MX\nconduct: propia.tsv\n")
            #expect(mexico.conduct.rules.first?.id == "mx.horario" && mexico.conduct.rules.last?.id == "propia.tarde")
            #expect(mexico.zone == Zone(secondsFromUTC: -6 * 3600))
            #expect(mexico.calendar.holiday(on: Day("2026-12-08")!) == nil)
            try Data("2026-12-09\tnational_holiday\tBatalla de Ayacucho\n".utf8)
                .write(to: URL(fileURLWithPath: folder + "/feriados.tsv"))
            let peru = try world("country: PE\nholidays: feriados.tsv\nzone: '-05:00'\n")
            #expect(peru.calendar.holiday(on: Day("2026-12-09")!)?.name == "Batalla de Ayacucho")
        }
    }

    @Test("A campaign of the configuration with a mistake keeps the server from starting, with its place")
    func campaigns() async throws {
        try await withTemporaryFolder { folder in
            var configuration = try demoConfiguration(in: folder)
            configuration.campaigns = DemoCompany.folder.appendingPathComponent("campaigns").path
            #expect(try configuration.loadCampaigns(DemoCompany.world).count == 3)
            configuration.campaigns = folder
            try Data("campaña: x\n".utf8).write(to: URL(fileURLWithPath: folder + "/mala.yaml"))
            let error = #expect(throws: ConfigurationError.self) {
                try configuration.loadCampaigns(DemoCompany.world)
            }
            #expect(error?.problems.first?.contains("mala.yaml:1:") == true)
        }
    }

    @Test(
        "A gateway without its secret does not start",
        arguments: [
            (
                "d360: { phone_number_id: '1', api_key: k }", "channels.d360.webhook_secret",
                "PROMESA_D360_WEBHOOK_SECRET"
            ),
            ("d360: { phone_number_id: '1', webhook_secret: s }", "channels.d360.api_key", "PROMESA_D360_API_KEY"),
            (
                "twilio_whatsapp: { account_sid: AC1, from: '+1' }", "channels.twilio_whatsapp.auth_token",
                "PROMESA_TWILIO_WHATSAPP_AUTH_TOKEN"
            ),
            ("telegram: { token: '1:a' }", "channels.telegram.secret_token", "PROMESA_TELEGRAM_SECRET_TOKEN"),
            ("telegram: { secret_token: s }", "channels.telegram.token", "PROMESA_TELEGRAM_TOKEN"),
            (
                "chatwoot: { url: 'https://x', account_id: '1', bot_token: t }", "channels.chatwoot.webhook_secret",
                "PROMESA_CHATWOOT_WEBHOOK_SECRET"
            ),
            ("voice: { from: '+1' }", "channels.voice.auth_token", "PROMESA_VOICE_AUTH_TOKEN"),
        ])
    func secrets(channel: String, setting: String, variable: String) async throws {
        let new = "channels:\n  \(channel)\n"
        let sentence = "`\(setting)` is missing; write it in the file or set the environment variable \(variable)"
        #expect(try await problems(replacing: "channels:\n", with: new).contains { $0.hasSuffix(sentence) })
        #expect(try await problems(replacing: "channels:\n", with: new, environment: [variable: "x"]).isEmpty)
    }

    @Test("Every problem is said, not the first alone")
    func all() async throws {
        let problems = try await problems(replacing: "port: 8080", with: "port: x\nuno: 1\ndos: 2")
        #expect(problems.count == 3)
    }

    @Test("A secret may come from the environment instead")
    func environment() async throws {
        let problems = try await problems(
            replacing: "    app_secret: demo-app-secret\n", with: "", environment: ["PROMESA_WHATSAPP_APP_SECRET": "x"])
        #expect(problems == [])
    }

    @Test("A policy that is wrong is not loaded, with its place")
    func policy() async throws {
        let problems = try await problems {
            let path = $0 + "/policy.yaml"
            let source = try String(contentsOfFile: path, encoding: .utf8).replacing(
                "plazo_dias: 10 ", with: "plazo_dias: diez ")
            try Data(source.utf8).write(to: URL(fileURLWithPath: path))
        }
        #expect(
            problems.count == 1 && problems[0].contains("policy.yaml") && problems[0].contains("plazo_dias"),
            "\(problems)")
    }

    @Test("A dialog that does not lint is not loaded, with file, line and column")
    func dialog() async throws {
        let problems = try await problems {
            let path = $0 + "/Dialogs/cobranza.yaml"
            let source = try String(contentsOfFile: path, encoding: .utf8).replacing(
                "next: recibir", with: "next: recivir")
            try Data(source.utf8).write(to: URL(fileURLWithPath: path))
        }
        #expect(
            problems.contains { $0.contains("cobranza.yaml:") && $0.contains("recivir") && $0.contains("error E") },
            "\(problems)")
    }

    @Test("Dialogs speak in the words that `locale` names, and one that has none keeps the server from starting")
    func locale() async throws {
        let problems = try await problems(environment: ["PROMESA_LOCALE": "es_MX"])
        #expect(
            problems == ["Dialogs: `cobranza` has no texts in es_MX, which `locale` names; there are es_AR, es_419"])
        let spoken = try await self.problems(environment: ["PROMESA_LOCALE": "es_MX"]) { folder in
            try "dialog: cobranza\nlocale: es_MX\ntexts: []\n".write(
                toFile: folder + "/Dialogs/cobranza.es_MX.yaml", atomically: true, encoding: .utf8)
        }
        #expect(spoken == [])
    }

    @Test("A configuration file that is not there says how to give one")
    func absent() {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.load(file: "/nada.yaml", environment: [:])
        }
        #expect(error?.description == "/nada.yaml: the configuration file cannot be read; give one with --config FILE")
    }
}
