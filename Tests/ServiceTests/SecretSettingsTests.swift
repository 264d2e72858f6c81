import DemoCompany
import Foundation
import SharedData
import Testing

@testable import Service

/// Secrets from the environment and from files; and that nothing shows them.
struct SecretSettingsTests {
    /// Each secret that a configuration can have, with its variable.
    private static let secrets: [(path: String, variable: String)] = [
        ("operator_token", "PROMESA_OPERATOR_TOKEN"), ("customer_page.secret", "PROMESA_CUSTOMER_PAGE_SECRET"),
        ("channels.generic.secret", "PROMESA_GENERIC_SECRET"),
        ("channels.generic.secret_previous", "PROMESA_GENERIC_SECRET_PREVIOUS"),
        ("channels.whatsapp.verify_token", "PROMESA_WHATSAPP_VERIFY_TOKEN"),
        ("channels.whatsapp.app_secret", "PROMESA_WHATSAPP_APP_SECRET"),
        ("channels.whatsapp.app_secret_previous", "PROMESA_WHATSAPP_APP_SECRET_PREVIOUS"),
        ("channels.whatsapp.access_token", "PROMESA_WHATSAPP_ACCESS_TOKEN"),
        ("channels.sms.auth_token", "PROMESA_SMS_AUTH_TOKEN"),
        ("channels.sms.auth_token_previous", "PROMESA_SMS_AUTH_TOKEN_PREVIOUS"),
        ("channels.mail.password", "PROMESA_MAIL_PASSWORD"),
        ("channels.mail.webhook_secret", "PROMESA_MAIL_WEBHOOK_SECRET"),
        ("channels.mail.webhook_secret_previous", "PROMESA_MAIL_WEBHOOK_SECRET_PREVIOUS"),
        ("channels.d360.api_key", "PROMESA_D360_API_KEY"),
        ("channels.d360.webhook_secret", "PROMESA_D360_WEBHOOK_SECRET"),
        ("channels.d360.webhook_secret_previous", "PROMESA_D360_WEBHOOK_SECRET_PREVIOUS"),
        ("channels.twilio_whatsapp.auth_token", "PROMESA_TWILIO_WHATSAPP_AUTH_TOKEN"),
        ("channels.twilio_whatsapp.auth_token_previous", "PROMESA_TWILIO_WHATSAPP_AUTH_TOKEN_PREVIOUS"),
        ("channels.telegram.token", "PROMESA_TELEGRAM_TOKEN"),
        ("channels.telegram.secret_token", "PROMESA_TELEGRAM_SECRET_TOKEN"),
        ("channels.telegram.secret_token_previous", "PROMESA_TELEGRAM_SECRET_TOKEN_PREVIOUS"),
        ("channels.chatwoot.bot_token", "PROMESA_CHATWOOT_BOT_TOKEN"),
        ("channels.chatwoot.webhook_secret", "PROMESA_CHATWOOT_WEBHOOK_SECRET"),
        ("channels.chatwoot.webhook_secret_previous", "PROMESA_CHATWOOT_WEBHOOK_SECRET_PREVIOUS"),
        ("channels.voice.auth_token", "PROMESA_VOICE_AUTH_TOKEN"),
        ("channels.voice.auth_token_previous", "PROMESA_VOICE_AUTH_TOKEN_PREVIOUS"),
        ("events.0.secret", "PROMESA_EVENTS_CRM_SECRET"),
        ("agents.0.token", "PROMESA_AGENT_JOSE_LUIS_TOKEN"),
        ("agents.0.password", "PROMESA_AGENT_JOSE_LUIS_PASSWORD"),
    ]

    /// A password's hash where it has to be one.
    private static func value(_ path: String) -> String {
        path == "agents.0.password"
            ? "scrypt$15$8$1$\(String(repeating: "5e", count: 16))$\(String(repeating: "5e", count: 32))"
            : "5e-\(path.replacing(".", with: "-"))-of-sixteen"
    }

    /// With every channel; `secret` writes the line of each secret.
    private static func source(_ secret: (String) -> String) -> String {
        func line(_ path: String) -> String { secret(path) }
        return """
            dialogs: Dialogs
            entry_dialog: cobranza
            policy: policy.yaml
            payment: { alias: a, cbu: "1", link: https://usuario:clave@pagos.example/ }
            attended_hours: lunes a viernes de 9 a 18
            \(line("operator_token"))
            agents:
              - name: José Luis
                \(line("agents.0.token"))
                \(line("agents.0.password"))
            customer_page:
              url: https://bot.example
              \(line("customer_page.secret"))
            events:
              - name: crm
                url: https://crm.example
                \(line("events.0.secret"))
            channels:
              generic:
                callback_url: none
                \(line("channels.generic.secret"))
                \(line("channels.generic.secret_previous"))
              whatsapp:
                phone_number_id: "1"
                api_url: https://graph.example
                \(line("channels.whatsapp.verify_token"))
                \(line("channels.whatsapp.app_secret"))
                \(line("channels.whatsapp.app_secret_previous"))
                \(line("channels.whatsapp.access_token"))
              sms:
                account_sid: AC1
                from: "+1"
                webhook_url: https://bot.example/v1/webhooks/sms
                \(line("channels.sms.auth_token"))
                \(line("channels.sms.auth_token_previous"))
              mail:
                host: mail.example
                user: u
                from: a@b.example
                \(line("channels.mail.password"))
                \(line("channels.mail.webhook_secret"))
                \(line("channels.mail.webhook_secret_previous"))
              d360:
                phone_number_id: "1"
                \(line("channels.d360.api_key"))
                \(line("channels.d360.webhook_secret"))
                \(line("channels.d360.webhook_secret_previous"))
              twilio_whatsapp:
                account_sid: AC1
                from: "+1"
                webhook_url: https://bot.example/v1/webhooks/twilio-whatsapp
                \(line("channels.twilio_whatsapp.auth_token"))
                \(line("channels.twilio_whatsapp.auth_token_previous"))
              telegram:
                receive: webhook
                \(line("channels.telegram.token"))
                \(line("channels.telegram.secret_token"))
                \(line("channels.telegram.secret_token_previous"))
              chatwoot:
                url: https://chatwoot.example
                account_id: "1"
                \(line("channels.chatwoot.bot_token"))
                \(line("channels.chatwoot.webhook_secret"))
                \(line("channels.chatwoot.webhook_secret_previous"))
              voice:
                from: "+1"
                webhook_url: https://bot.example/v1/webhooks/voice
                \(line("channels.voice.auth_token"))
                \(line("channels.voice.auth_token_previous"))

            """
    }

    private static func name(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? "" }

    private func load(_ source: String, _ environment: [String: String] = [:], in folder: String) throws
        -> Configuration
    {
        let file = folder + "/promesa.yaml"
        try Data(source.utf8).write(to: URL(fileURLWithPath: file))
        return try Configuration.load(file: file, environment: environment)
    }

    @discardableResult
    private func keep(_ text: String, as name: String, in folder: String, permissions: Int = 0o600) throws -> String {
        let file = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file)
        return file
    }

    /// All of a configuration's secrets.
    private func read(_ configuration: Configuration) -> [String] {
        let (gateways, agent) = (configuration.gateways, configuration.agents.first)
        let found: [String?] = [
            configuration.operatorToken, configuration.customerPage?.secret, configuration.generic?.secret.current,
            configuration.generic?.secret.previous,
            configuration.whatsApp?.verifyToken, configuration.whatsApp?.appSecret.current,
            configuration.whatsApp?.appSecret.previous, configuration.whatsApp?.accessToken,
            configuration.sms?.authToken.current,
            configuration.sms?.authToken.previous, configuration.mail?.password, gateways.mailIn?.webhookSecret.current,
            gateways.mailIn?.webhookSecret.previous,
            gateways.dialog360?.apiKey, gateways.dialog360?.webhookSecret.current,
            gateways.dialog360?.webhookSecret.previous, gateways.twilioWhatsApp?.authToken.current,
            gateways.twilioWhatsApp?.authToken.previous,
            gateways.telegram?.token, gateways.telegram?.secretToken.current,
            gateways.telegram?.secretToken.previous, gateways.chatwoot?.botToken,
            gateways.chatwoot?.webhookSecret.current,
            gateways.chatwoot?.webhookSecret.previous, gateways.voice?.authToken.current,
            gateways.voice?.authToken.previous, configuration.events.first?.secret,
            agent?.token, agent?.password?.description,
        ]
        return found.map { $0 ?? "none" }
    }

    enum Way: CaseIterable { case inline, file, variable, variableFile }

    @Test(
        "Every secret comes from the file, a file of its own, a variable or a variable's file, and is never shown",
        arguments: Way.allCases)
    func everySecret(_ way: Way) async throws {
        try await withTemporaryFolder { folder in
            var environment: [String: String] = [:]
            for (path, variable) in Self.secrets {
                switch way {
                case .inline: break
                case .file: try keep(Self.value(path) + "\n", as: path, in: folder)
                case .variable: environment[variable] = Self.value(path)
                case .variableFile:
                    environment[variable + "_FILE"] = try keep(Self.value(path) + "\n", as: path, in: folder)
                }
            }
            let source = Self.source { path in
                switch way {
                case .inline: "\(Self.name(path)): \(Self.value(path))"
                case .file: "\(Self.name(path))_file: \(path)"
                case .variable, .variableFile: ""
                }
            }
            let configuration = try load(source, environment, in: folder)
            #expect(read(configuration) == Self.secrets.map { Self.value($0.path) })
            #expect(configuration.warnings == [])
            let shown = configuration.settings.map(\.description)
            let paths = configuration.settings.map(\.path)
            #expect(Set(paths).count == paths.count, "each setting is shown once")
            for (path, _) in Self.secrets {
                #expect(shown.contains { $0.hasPrefix("\(path): (secret)   # ") }, "\(path)")
            }
            var dumped = ""
            dump(configuration, to: &dumped)
            dump(configuration.gateways, to: &dumped)
            let printed = shown.joined() + dumped + "\(configuration) \([configuration.agents])"
            #expect(!printed.contains("5e-") && !printed.contains("5e5e") && !printed.contains("clave"), "\(printed)")
            #expect(shown.contains("payment.link: https://…@pagos.example/   # \(folder)/promesa.yaml:4"))
        }
    }

    @Test(
        "A file with a secret that cannot be used is named, and what stands in it is not",
        arguments: [
            (nil, "there is no file"), ("", "is empty; it must hold the secret"), ("\n \n", "is not one line of text"),
            ("5e-first\n5e-second", "is not one line of text"), ("5e\0", "is not one line of text"),
            (String(repeating: "5e", count: 40_000), "is over 64 KiB"),
        ] as [(String?, String)])
    func unusable(content: String?, words: String) async throws {
        try await withTemporaryFolder { folder in
            if let content { try keep(content, as: "token", in: folder) }
            let source = Self.source {
                $0 == "operator_token" ? "operator_token_file: token" : "\(Self.name($0)): \(Self.value($0))"
            }
            let error = #expect(throws: ConfigurationError.self) { try load(source, in: folder) }
            #expect(error?.problems.count == 1)
            let said = error?.description ?? ""
            #expect(said.contains("promesa.yaml:6: `operator_token_file`: ") && said.contains(folder + "/token"))
            #expect(said.contains(words) && !said.contains("5e"), "\(said)")
            let others = Self.source { $0 == "operator_token" ? "" : "\(Self.name($0)): \(Self.value($0))" }
            let byVariable = #expect(throws: ConfigurationError.self) {
                try load(others, ["PROMESA_OPERATOR_TOKEN_FILE": folder + "/token"], in: folder)
            }
            #expect(byVariable?.description.hasPrefix("PROMESA_OPERATOR_TOKEN_FILE: ") == true)
        }
    }

    @Test("A secret that every user of the machine can read is warned of, and used")
    func readable() async throws {
        try await withTemporaryFolder { folder in
            let file = try keep("5e-token", as: "token", in: folder, permissions: 0o644)
            let source = Self.source {
                $0 == "operator_token" ? "operator_token_file: token" : "\(Self.name($0)): \(Self.value($0))"
            }
            let configuration = try load(source, in: folder)
            #expect(configuration.operatorToken == "5e-token")
            #expect(
                configuration.warnings == [
                    "\(folder)/promesa.yaml:6: `operator_token_file`: every user of this machine can read \(file); chmod 600 it"
                ])
        }
    }

    @Test("A secret that is given twice is refused; the environment wins over the file")
    func twice() async throws {
        try await withTemporaryFolder { folder in
            func source(_ line: String) -> String {
                Self.source { $0 == "operator_token" ? line : "\(Self.name($0)): \(Self.value($0))" }
            }
            let both = #expect(throws: ConfigurationError.self) {
                try load(source("operator_token: a\noperator_token_file: b"), in: folder)
            }
            #expect(
                both?.description.hasSuffix("`operator_token` and `operator_token_file` are both given; keep one")
                    == true)
            let variables = ["PROMESA_OPERATOR_TOKEN": "5e-a", "PROMESA_OPERATOR_TOKEN_FILE": "/b"]
            let error = #expect(throws: ConfigurationError.self) { try load(source(""), variables, in: folder) }
            #expect(
                error?.description == "PROMESA_OPERATOR_TOKEN and PROMESA_OPERATOR_TOKEN_FILE are both set; keep one")
            let won = try load(source("operator_token: a"), ["PROMESA_OPERATOR_TOKEN": "b"], in: folder)
            #expect(won.operatorToken == "b")
        }
    }

    @Test(
        "What is wrong with the YAML is told without the text around it",
        arguments: ["operator_token: \"5e-open", "operator_token: 5e: x", "operator_token: 5e\n\tx: 5e", "a: [5e"])
    func malformed(line: String) async throws {
        try await withTemporaryFolder { folder in
            let error = #expect(throws: ConfigurationError.self) { try load(line + "\n", in: folder) }
            let first = error?.problems.first ?? ""
            #expect(first.hasPrefix("\(folder)/promesa.yaml:") && !first.contains("5e"), "\(first)")
        }
    }

    @Test("The header of a proxy that logs people in is believed from that proxy alone")
    func trustedHeader() async throws {
        try await withTemporaryFolder { folder in
            let source = Self.source { "\(Self.name($0)): \(Self.value($0))" }
            let error = #expect(throws: ConfigurationError.self) {
                try load(source + "console: { trusted_header: X-Usuario }\n", in: folder)
            }
            #expect(error?.description.contains("`console.trusted_header` needs `trusted_proxies`") == true)
        }
    }

    @Test(
        "`promesa serve --print-config` shows where each setting comes from, and no secret",
        .enabled(if: Program.isBuilt))
    func printed() async throws {
        try await withTemporaryFolder { folder in
            let file = try keep("5e-from-a-file", as: "token", in: folder, permissions: 0o644)
            let program = try Program(
                ["serve", "--print-config", "--config", DemoCompany.folder.appendingPathComponent("demo.yaml").path],
                environment: ["PROMESA_OPERATOR_TOKEN_FILE": file, "PROMESA_PORT": "8099"], output: folder + "/output")
            #expect(await program.exitStatus() == 0)
            let printed = program.printed
            #expect(printed.contains("port: 8099   # PROMESA_PORT\n"), "\(printed)")
            #expect(printed.contains("operator_token: (secret)   # PROMESA_OPERATOR_TOKEN_FILE, \(file)\n"))
            #expect(
                printed.contains("warning: PROMESA_OPERATOR_TOKEN_FILE: every user of this machine can read \(file)"))
            for secret in ["5e-from", "demo-app-secret", "demo-ana", "scrypt$"] { #expect(!printed.contains(secret)) }
        }
    }
}
