import Dialog

/// Settings of the gateways besides WhatsApp Cloud, SMS, generic JSON and outbound mail.
public struct GatewayConfiguration: Sendable {
    /// WhatsApp through 360dialog.
    public struct Dialog360: Sendable {
        public var phoneNumberID: String
        public var apiKey: String
        /// What 360dialog sends as `Authorization: Bearer …`: its webhook is set up with that header.
        public var webhookSecret: GatewaySecret
        public var apiURL: String
    }

    public struct Telegram: Sendable {
        public enum Receiving: String, Sendable, CaseIterable { case webhook, poll }
        public var token: String
        /// Empty where updates are polled for.
        public var secretToken: GatewaySecret
        public var receiving: Receiving
        public var apiURL: String
        /// The bot's id: the token's number.
        public var bot: String { String(token.prefix { $0 != ":" }) }
    }

    public struct Chatwoot: Sendable {
        public var url: String
        public var accountID: String
        public var botToken: String
        public var webhookSecret: GatewaySecret
    }

    /// Calls through Twilio.
    public struct Voice: Sendable {
        public var authToken: GatewaySecret
        /// The number that is called, in E.164.
        public var from: String
        /// The URL of `v1/webhooks/voice` as Twilio calls it.
        public var webhookURL: String
        /// In which callers are understood, and the voice that answers.
        public var language: String
        public var voice: String
        /// Of a hundred, how sure Twilio has to be of what was said.
        public var leastConfidence = 50
    }

    /// Mail that customers send.
    public struct MailIn: Sendable {
        public var mailbox: String
        public var webhookSecret: GatewaySecret
    }

    /// What is sent by WhatsApp to who last wrote more than a day ago.
    public struct WindowTemplate: Sendable {
        public enum Parameter: String, Codable, Sendable, CaseIterable {
            case name = "nombre"
            case text = "texto"
            /// The account's id, such as a URL may end with.
            case account = "cuenta"
        }
        /// At Twilio the content's SID.
        public var name: String
        public var language: String
        /// The values of the template's `{{1}}`, `{{2}}`…
        public var parameters: [Parameter]
        public var header: TemplateHeader<Parameter>?
        public var buttons: [TemplateButton<Parameter>] = []
    }

    public var dialog360: Dialog360?
    /// WhatsApp through Twilio; `from` is the number without `whatsapp:`.
    public var twilioWhatsApp: Configuration.SMS?
    public var telegram: Telegram?
    public var chatwoot: Chatwoot?
    public var voice: Voice?
    public var mailIn: MailIn?
    public var windowTemplate: WindowTemplate?

    /// Hours after which a message that could not leave is a dead letter.
    public var expireHours = 72
    /// Seconds that a gateway has to answer.
    public var timeoutSeconds = 20
    /// Messages a second by channel, where they are not ``RateLimits/usual``.
    public var perSecond: [String: Int] = [:]
}

extension GatewayConfiguration: Undisclosed {}
extension GatewayConfiguration.Dialog360: Undisclosed {}
extension GatewayConfiguration.Telegram: Undisclosed {}
extension GatewayConfiguration.Chatwoot: Undisclosed {}
extension GatewayConfiguration.Voice: Undisclosed {}
extension GatewayConfiguration.MailIn: Undisclosed {}

extension ConfigurationReader {
    /// - Parameter ownURL: where this server is, with the sandbox; nil: every public URL must be given.
    mutating func gateways(ownURL: String?) -> GatewayConfiguration {
        var gateways = GatewayConfiguration()
        if has("channels.d360") {
            gateways.dialog360 = .init(
                phoneNumberID: text("channels.d360.phone_number_id"),
                apiKey: secret("channels.d360.api_key", variable: "PROMESA_D360_API_KEY"),
                webhookSecret: gatewaySecret("channels.d360.webhook_secret", variable: "PROMESA_D360_WEBHOOK_SECRET"),
                apiURL: text(
                    "channels.d360.api_url", variable: "PROMESA_D360_API_URL",
                    default: "https://waba-v2.360dialog.io"))
        }
        if has("channels.twilio_whatsapp") {
            gateways.twilioWhatsApp = .init(
                accountSID: text("channels.twilio_whatsapp.account_sid"),
                authToken: gatewaySecret(
                    "channels.twilio_whatsapp.auth_token", variable: "PROMESA_TWILIO_WHATSAPP_AUTH_TOKEN"),
                from: text("channels.twilio_whatsapp.from"),
                apiURL: text(
                    "channels.twilio_whatsapp.api_url", variable: "PROMESA_TWILIO_WHATSAPP_API_URL",
                    default: "https://api.twilio.com"),
                webhookURL: text(
                    "channels.twilio_whatsapp.webhook_url", variable: "PROMESA_TWILIO_WHATSAPP_WEBHOOK_URL",
                    default: ownURL.map { $0 + "/v1/webhooks/twilio-whatsapp" }))
        }
        if has("channels.telegram") {
            let receiving: GatewayConfiguration.Telegram.Receiving = choice(
                "channels.telegram.receive", default: .webhook)
            gateways.telegram = .init(
                token: secret("channels.telegram.token", variable: "PROMESA_TELEGRAM_TOKEN"),
                secretToken: gatewaySecret(
                    "channels.telegram.secret_token", variable: "PROMESA_TELEGRAM_SECRET_TOKEN",
                    default: receiving == .poll ? "none" : nil),
                receiving: receiving,
                apiURL: text(
                    "channels.telegram.api_url", variable: "PROMESA_TELEGRAM_API_URL",
                    default: "https://api.telegram.org"))
        }
        if has("channels.chatwoot") {
            gateways.chatwoot = .init(
                url: text("channels.chatwoot.url", variable: "PROMESA_CHATWOOT_URL"),
                accountID: text("channels.chatwoot.account_id"),
                botToken: secret("channels.chatwoot.bot_token", variable: "PROMESA_CHATWOOT_BOT_TOKEN"),
                webhookSecret: gatewaySecret(
                    "channels.chatwoot.webhook_secret", variable: "PROMESA_CHATWOOT_WEBHOOK_SECRET"))
        }
        if has("channels.voice") {
            gateways.voice = .init(
                authToken: gatewaySecret("channels.voice.auth_token", variable: "PROMESA_VOICE_AUTH_TOKEN"),
                from: text("channels.voice.from"),
                webhookURL: text(
                    "channels.voice.webhook_url", variable: "PROMESA_VOICE_WEBHOOK_URL",
                    default: ownURL.map { $0 + "/v1/webhooks/voice" }),
                language: text("channels.voice.language", default: "es-AR"),
                voice: text("channels.voice.voice", default: "es-MX"),
                leastConfidence: number("channels.voice.least_confidence", in: 0...100, default: 50))
        }
        if hasSecret("channels.mail.webhook_secret", variable: "PROMESA_MAIL_WEBHOOK_SECRET") {
            gateways.mailIn = .init(
                mailbox: text("channels.mail.from"),
                webhookSecret: gatewaySecret("channels.mail.webhook_secret", variable: "PROMESA_MAIL_WEBHOOK_SECRET")
            )
        }
        if has("channels.window_template") { gateways.windowTemplate = windowTemplate() }
        gateways.expireHours = number(
            "outbox.expire_hours", variable: "PROMESA_OUTBOX_EXPIRE_HOURS", in: 1...8760, default: gateways.expireHours)
        gateways.timeoutSeconds = number(
            "outbox.timeout_seconds", variable: "PROMESA_OUTBOX_TIMEOUT_SECONDS", in: 1...300,
            default: gateways.timeoutSeconds)
        for channel in RateLimits.usual.keys.sorted() where has("outbox.per_second.\(channel)") {
            gateways.perSecond[channel] = number(
                "outbox.per_second.\(channel)", variable: "PROMESA_OUTBOX_PER_SECOND_\(channel.uppercased())",
                in: 1...100_000, default: 1)
        }
        return gateways
    }

    private mutating func windowTemplate() -> GatewayConfiguration.WindowTemplate {
        let parameters = list("channels.window_template.parameters").map { index in
            choice(
                "channels.window_template.parameters.\(index)",
                default: GatewayConfiguration.WindowTemplate.Parameter.text)
        }
        let path = "channels.window_template"
        return .init(
            name: text("\(path).name"), language: text("\(path).language", default: "es_AR"), parameters: parameters,
            header: header("\(path).header"), buttons: list("\(path).buttons").map { button("\(path).buttons.\($0)") })
    }

    /// `nombre`, or `{ image: https://… }`, `{ video: … }`, `{ document: … }`.
    private mutating func header(_ path: String) -> TemplateHeader<GatewayConfiguration.WindowTemplate.Parameter>? {
        if has("\(path).image") { return .image(text("\(path).image")) }
        if has("\(path).video") { return .video(text("\(path).video")) }
        if has("\(path).document") { return .document(text("\(path).document")) }
        return has(path) ? .text(choice(path, default: .name)) : nil
    }

    /// `fixed`, `{ url: cuenta }`, `{ reply: asesor }` or `{ code: cuenta }`.
    private mutating func button(_ path: String) -> TemplateButton<GatewayConfiguration.WindowTemplate.Parameter> {
        if has("\(path).url") { return .url(choice("\(path).url", default: .account)) }
        if has("\(path).code") { return .code(choice("\(path).code", default: .account)) }
        if has("\(path).reply") { return .reply(text("\(path).reply")) }
        let word = text(path)
        if !word.isEmpty, word != "fixed" {
            problems.append("\(file): `\(path)` must be fixed, { url: … }, { reply: … } or { code: … }, not `\(word)`")
        }
        return .fixed
    }
}
