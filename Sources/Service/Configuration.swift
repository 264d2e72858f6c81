import Channels
import Crypto
import Desk
import Foundation
import Ledger
import Quantities
import Storage
import Yams

/// What is wrong with the configuration: every problem found, each with its place and what to do.
public struct ConfigurationError: Error, CustomStringConvertible, Sendable {
    public let problems: [String]
    public init(_ problems: [String]) { self.problems = problems }
    public var description: String { problems.joined(separator: "\n") }
}

/// How one server runs: a YAML file, then environment variables (`PROMESA_…`), which win.
public struct Configuration: Sendable {
    public struct WhatsApp: Sendable {
        public var phoneNumberID: String
        public var verifyToken: String
        public var appSecret: GatewaySecret
        public var accessToken: String
        /// Where the Graph API is, such as `https://graph.facebook.com/v23.0`; the sandbox by default.
        public var apiURL: String
    }

    public struct Generic: Sendable {
        public var secret: GatewaySecret
        /// Where messages go that answer nobody (reminders, agents' replies); without it they cannot be sent.
        public var callbackURL: String?
    }

    /// SMS through Twilio.
    public struct SMS: Sendable {
        public var accountSID: String
        public var authToken: GatewaySecret
        /// The number that sends, in E.164.
        public var from: String
        /// `https://api.twilio.com`; the sandbox where that is on.
        public var apiURL: String
        /// The URL of `v1/webhooks/sms` as Twilio calls it: its signature covers it.
        public var webhookURL: String
    }

    /// Mail through an SMTP server.
    public struct Mail: Sendable {
        public enum Security: String, Sendable, CaseIterable {
            /// Plain text: for a server on this machine.
            case none
            case starttls
            /// TLS from the first byte, port 465.
            case tls
        }
        public var host: String
        public var port: Int
        public var security: Security
        /// Empty where the server asks for none.
        public var user: String
        public var password: String
        /// The address that sends.
        public var from: String
    }

    /// Somebody of the company who uses the server.
    public struct Agent: Sendable {
        public var name: String
        /// For programs, as a bearer token; nil where they have none here.
        public var token: String?
        public var role: Role
        /// The hash of the console's password, as `promesa password` prints it; nil where only the token is good.
        public var password: PasswordHash?
        /// What they know of: cases that ask for it come to them first.
        public var skills: Set<String> = []
        /// The languages that they speak (BCP 47); empty: the company's.
        public var languages: Set<String> = []
        /// Cases at once; nil: as many as they like.
        public var capacity: Int?
    }

    /// How waiting cases come to people.
    public enum Assigning: String, Sendable, CaseIterable {
        /// They take them.
        case pull
        /// They are given to them.
        case auto
    }

    /// The page that a customer opens by a sealed link.
    public struct CustomerPage: Sendable {
        /// Seals the links; another one ends all that were given out.
        public var secret: String
        /// The public address of this server, before `/c/`.
        public var url: String
        /// For how many days a link opens.
        public var days: Int
    }

    /// The agents' console.
    public struct Console: Sendable {
        /// Minutes of attended time within which a case is to be claimed.
        public var claimWithin: Int
        /// Hours within which who writes again after a case was closed has it opened again; 0 never.
        public var reopenHours: Int
        /// Cookies only over HTTPS: for a server behind TLS.
        public var secureCookies: Bool
        /// The header in which a reverse proxy that logs people in names the agent; nil where there is none.
        public var trustedHeader: String?
        /// Minutes without a sign of an agent's page after which they are absent; 0 never.
        public var absenceMinutes: Int
        public var assignment: Assigning
        /// The skill that a case of a reason asks for.
        public var skills: [String: String]
        /// The language of customers whose account says none (BCP 47).
        public var language: String
    }

    /// Where the server's certificate is, for TLS without a proxy.
    public struct TLS: Sendable {
        /// The chain in PEM, the server's own certificate first.
        public var certificate: String
        /// Its key in PEM, without a password.
        public var key: String
    }

    /// Bounds on what strangers can ask of the server.
    public struct Limits: Sendable {
        /// Open at once; those beyond wait unaccepted.
        public var connections: Int
        /// From one address, on webhooks; four times as many may come at once.
        public var webhooksPerSecond: Int
        /// From one address, on customers' pages; all of them may come at once.
        public var customerPagePerMinute: Int
        /// How long a connection may keep the server waiting.
        var deadlines = ConnectionDeadlines.Times()
    }

    /// A setting as it was read, for `promesa serve --print-config`.
    public struct Setting: Sendable, CustomStringConvertible {
        public let path: String
        /// Nil where it is a secret.
        public let value: String?
        /// Where it comes from.
        public let source: String
        public var description: String {
            let shown = value.map { $0.replacing(/\/\/[^\/@]*@/, with: "//…@") }
            return "\(path): \(shown ?? "(secret)")   # \(source)"
        }
    }

    /// A system of the company that is told of events: a CRM, an ERP.
    public struct EventTarget: Sendable {
        /// Unique; what was delivered is remembered under it.
        public var name: String
        public var url: String
        /// Signs each request.
        public var secret: String
        /// Attempts after which an event is given up.
        public var attempts: Int
    }

    /// A part of the accounts begins with another dialog.
    public struct Experiment: Sendable {
        /// Divides the accounts: another name divides them otherwise.
        public var name: String
        /// The other dialog's file.
        public var dialog: String
        /// Of a hundred accounts, how many; 1 to 99.
        public var share: Int
    }

    public var host: String
    public var port: Int
    public var database: String
    public var dialogs: String
    public var entryDialog: String
    /// In whose words dialogs speak, such as `es_MX`; as they are written where it is nil.
    public var locale: String?
    public var experiment: Experiment?
    /// How many situations of each class of account a changed dialog is explored through before it is loaded.
    public var exploration: Int
    /// The folder with `accounts.csv` and `payments.csv`, with which a changed dialog is tried: the configuration's own.
    public var fixtures: String
    public var policy: String
    public var alias: String
    public var cbu: String
    public var link: String
    /// The customer's own page; nil where there is none.
    public var customerPage: CustomerPage?
    public var attendedHours: String
    /// Milliseconds for which a text waits for what may come after it; 0 never.
    public var quietWindow: Int
    /// Whose rules of conduct hold, and what completes them.
    public var country: CountrySettings
    /// The folder with the campaigns that take accounts in every day.
    public var campaigns: String?
    /// Files with the values of index units, by the unit's name.
    public var indices: [String: String]
    /// The file of the risk card that promises are weighed by, as `promesa risk train` writes it; nil where there is none.
    public var riskCard: String?
    public var agents: [Agent]
    public var console: Console
    /// Bearer token for the ERP (`POST /v1/payments`) and for operators; nil where all tokens are in the database.
    public var operatorToken: String?
    /// The addresses of reverse proxies whose `X-Forwarded-For` is believed.
    public var trustedProxies: Set<String>
    /// For how many days what is held of people is kept.
    public var retention: RetentionTerms
    public var tls: TLS?
    public var limits: Limits
    /// Each setting that was read, with where it comes from.
    public var settings: [Setting]
    /// What is not wrong but not good: a secret that everybody can read.
    public var warnings: [String]
    /// The SHA-256 of the file, in hexadecimal: tells in the audit log which configuration was in use.
    public var fingerprint: String
    public var generic: Generic?
    public var whatsApp: WhatsApp?
    public var sms: SMS?
    public var mail: Mail?
    public var gateways: GatewayConfiguration
    public var events: [EventTarget]
    /// How the company's files are to be read, by kind.
    public var imports: [ImportKind: ImportMapping]
    /// Serve the designer's page, on loopback.
    public var playground = false
    /// Serve the sandbox gateway, which accepts what the dispatcher sends and shows it.
    public var sandbox: Bool

    /// Reads `file`; relative paths in it count from the file's folder, `database` from the working directory.
    /// - Throws: ``ConfigurationError`` with every problem.
    public static func load(file: String, environment: [String: String], sandbox: Bool? = nil) throws -> Configuration {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ConfigurationError(["\(file): the configuration file cannot be read; give one with --config FILE"])
        }
        var reader = ConfigurationReader(
            file: file, source: String(decoding: data, as: UTF8.self), environment: environment)
        let base = URL(fileURLWithPath: file).deletingLastPathComponent()
        func path(_ text: String) -> String { reader.absolute(text) }
        let host = reader.text("host", variable: "PROMESA_HOST", default: "127.0.0.1")
        let port = reader.number("port", variable: "PROMESA_PORT", in: 1...65535, default: 8080)
        let configuredSandbox = reader.flag("sandbox", variable: "PROMESA_SANDBOX")
        let useSandbox = sandbox ?? configuredSandbox
        let database = reader.text("database", variable: "PROMESA_DATABASE", default: "promesa.sqlite")
        let dialogs = path(reader.text("dialogs", variable: "PROMESA_DIALOGS"))
        let entryDialog = reader.text("entry_dialog", variable: "PROMESA_ENTRY_DIALOG")
        let locale = reader.text("locale", variable: "PROMESA_LOCALE", default: "none")
        var experiment: Experiment?
        if reader.has("experiment") {
            experiment = Experiment(
                name: reader.text("experiment.name"), dialog: path(reader.text("experiment.dialog")),
                share: reader.number(
                    "experiment.share", variable: "PROMESA_EXPERIMENT_SHARE", in: 1...99, default: 50))
        }
        let exploration = reader.number(
            "exploration", variable: "PROMESA_EXPLORATION", in: 1...1_000_000, default: 5_000)
        let policy = path(reader.text("policy", variable: "PROMESA_POLICY"))
        let alias = reader.text("payment.alias")
        let cbu = reader.text("payment.cbu")
        let link = reader.text("payment.link")
        let tls = reader.tls(useSandbox)
        let limits = reader.limits()
        let customerPage = reader.customerPage(ownURL: useSandbox ? "http://\(host):\(port)" : nil)
        let attendedHours = reader.attendedHours()
        let quietWindow = reader.milliseconds(
            "quiet_window", variable: "PROMESA_QUIET_WINDOW", in: 0...10_000, default: 1200)
        func optionalPath(_ key: String) -> String? { reader.has(key) ? path(reader.text(key)) : nil }
        let country = CountrySettings(
            code: reader.text("country", variable: "PROMESA_COUNTRY", default: "AR").uppercased(),
            conduct: optionalPath("conduct"), zone: reader.has("zone") ? reader.text("zone") : nil,
            holidays: optionalPath("holidays"))
        let campaigns = optionalPath("campaigns")
        let indices = Dictionary(
            uniqueKeysWithValues: reader.keys("indices").map { ($0, path(reader.text("indices.\($0)"))) })
        let riskCard = optionalPath("risk_card")
        let operatorToken = reader.optionalSecret("operator_token", variable: "PROMESA_OPERATOR_TOKEN")
        let trustedProxies = Set(reader.list("trusted_proxies").map { reader.text("trusted_proxies.\($0)") })
        let agents = reader.list("agents").map { reader.agent("agents.\($0)") }
        let trustedHeader = reader.text("console.trusted_header", default: "none")
        let console = Console(
            claimWithin: reader.number(
                "console.claim_within_minutes", variable: "PROMESA_CLAIM_WITHIN_MINUTES", in: 1...10_080, default: 30),
            reopenHours: reader.number(
                "console.reopen_hours", variable: "PROMESA_REOPEN_HOURS", in: 0...8760, default: 24),
            secureCookies: reader.flag("console.secure_cookies", variable: "PROMESA_SECURE_COOKIES"),
            trustedHeader: trustedHeader == "none" ? nil : trustedHeader,
            absenceMinutes: reader.number(
                "console.absence_minutes", variable: "PROMESA_ABSENCE_MINUTES", in: 0...1440, default: 10),
            assignment: reader.choice("console.assignment", default: .pull),
            skills: Dictionary(
                uniqueKeysWithValues: reader.keys("console.skills").map { ($0, reader.text("console.skills.\($0)")) }),
            language: reader.language("console.language", default: "es"))
        let retention = reader.retention()
        if console.trustedHeader != nil, trustedProxies.isEmpty {
            reader.problems.append(
                "\(file): `console.trusted_header` needs `trusted_proxies`: from any other address the header could be anybody's"
            )
        }
        var generic: Generic?
        if reader.has("channels.generic") {
            let callback = reader.text(
                "channels.generic.callback_url", variable: "PROMESA_GENERIC_CALLBACK_URL",
                default: useSandbox ? "http://\(host):\(port)/sandbox/generic" : "none")
            generic = Generic(
                secret: reader.gatewaySecret("channels.generic.secret", variable: "PROMESA_GENERIC_SECRET"),
                callbackURL: callback == "none" ? nil : callback)
        }
        var whatsApp: WhatsApp?
        if reader.has("channels.whatsapp") {
            whatsApp = WhatsApp(
                phoneNumberID: reader.text("channels.whatsapp.phone_number_id"),
                verifyToken: reader.secret("channels.whatsapp.verify_token", variable: "PROMESA_WHATSAPP_VERIFY_TOKEN"),
                appSecret: reader.gatewaySecret(
                    "channels.whatsapp.app_secret", variable: "PROMESA_WHATSAPP_APP_SECRET"),
                accessToken: reader.secret("channels.whatsapp.access_token", variable: "PROMESA_WHATSAPP_ACCESS_TOKEN"),
                apiURL: reader.text(
                    "channels.whatsapp.api_url", variable: "PROMESA_WHATSAPP_API_URL",
                    default: useSandbox ? "http://\(host):\(port)/sandbox/v23.0" : nil))
        }
        var sms: SMS?
        if reader.has("channels.sms") {
            sms = SMS(
                accountSID: reader.text("channels.sms.account_sid"),
                authToken: reader.gatewaySecret("channels.sms.auth_token", variable: "PROMESA_SMS_AUTH_TOKEN"),
                from: reader.text("channels.sms.from"),
                apiURL: reader.text(
                    "channels.sms.api_url", variable: "PROMESA_SMS_API_URL",
                    default: useSandbox ? "http://\(host):\(port)/sandbox" : "https://api.twilio.com"),
                webhookURL: reader.text(
                    "channels.sms.webhook_url", variable: "PROMESA_SMS_WEBHOOK_URL",
                    default: useSandbox ? "http://\(host):\(port)/v1/webhooks/sms" : nil))
        }
        var mail: Mail?
        if reader.has("channels.mail") {
            mail = Mail(
                host: reader.text("channels.mail.host", variable: "PROMESA_MAIL_HOST"),
                port: reader.number("channels.mail.port", variable: "PROMESA_MAIL_PORT", in: 1...65535, default: 587),
                security: reader.choice("channels.mail.security", default: .starttls),
                user: reader.text("channels.mail.user", default: "none"),
                password: reader.secret("channels.mail.password", variable: "PROMESA_MAIL_PASSWORD", default: "none"),
                from: reader.text("channels.mail.from"))
        }
        let gateways = reader.gateways(ownURL: useSandbox ? "http://\(host):\(port)" : nil)
        let events = reader.eventTargets()
        let imports = reader.mappings()
        let tokens = agents.compactMap(\.token) + [operatorToken].compactMap { $0 }
        if Set(tokens).count != tokens.count {
            reader.problems.append(
                "\(file): two agents (or an agent and the operator) share a token; give each its own")
        }
        reader.reportUnknownKeys()
        if !reader.problems.isEmpty { throw ConfigurationError(reader.problems) }
        return Configuration(
            host: host, port: port, database: database, dialogs: dialogs, entryDialog: entryDialog,
            locale: locale == "none" ? nil : locale, experiment: experiment, exploration: exploration,
            fixtures: base.standardizedFileURL.path, policy: policy,
            alias: alias, cbu: cbu, link: link, customerPage: customerPage, attendedHours: attendedHours,
            quietWindow: quietWindow,
            country: country, campaigns: campaigns, indices: indices, riskCard: riskCard,
            agents: agents, console: console,
            operatorToken: operatorToken, trustedProxies: trustedProxies, retention: retention, tls: tls,
            limits: limits,
            settings: reader.settings, warnings: reader.warnings,
            fingerprint: Signatures.hexadecimal(Data(SHA256.hash(data: data))), generic: generic, whatsApp: whatsApp,
            sms: sms, mail: mail, gateways: gateways, events: events, imports: imports,
            sandbox: useSandbox)
    }
}

/// Collects values and problems from a YAML tree; every problem names its file and line.
struct ConfigurationReader {
    let file: String
    let environment: [String: String]
    var problems: [String] = []
    var warnings: [String] = []
    private(set) var settings: [Configuration.Setting] = []
    private var known: Set<String> = []
    private var values: [String: (text: String, line: Int)] = [:]
    private var containers: [String: Int] = [:]

    init(file: String, source: String, environment: [String: String]) {
        self.file = file
        self.environment = environment
        do {
            if let node = try Parser(yaml: source, resolver: .basic).singleRoot() { flatten(node, path: "") }
        } catch let error as YamlError {
            problems.append("\(file)\(error.placeAndReason)")
        } catch {
            problems.append("\(file): this is not YAML in UTF-8")
        }
    }

    private mutating func flatten(_ node: Node, path: String) {
        func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
        switch node {
        case .scalar(let scalar): values[path] = (scalar.string, node.mark?.line ?? 0)
        case .mapping(let mapping):
            containers[path] = mapping.count
            for (key, value) in mapping { flatten(value, path: join(key.string ?? "?")) }
        case .sequence(let sequence):
            containers[path] = sequence.count
            for (index, value) in sequence.enumerated() { flatten(value, path: join(String(index))) }
        case .alias: problems.append("\(file):\(node.mark?.line ?? 0): aliases are not allowed here; repeat the value")
        }
    }

    func has(_ path: String) -> Bool { containers[path] != nil || values[path] != nil }

    mutating func list(_ path: String) -> Range<Int> { 0..<(containers[path] ?? 0) }

    /// The names under a mapping, sorted.
    func keys(_ path: String) -> [String] {
        values.keys.filter { $0.hasPrefix(path + ".") }.map { String($0.dropFirst(path.count + 1)) }.sorted()
    }

    mutating func text(_ path: String, variable: String? = nil, default fallback: String? = nil) -> String {
        known.insert(path)
        if let found = given(path, variable) {
            show(path, found.value, found.source)
            return found.value
        }
        if let fallback {
            if fallback != "none" { show(path, fallback, "default") }
            return fallback
        }
        return missing(path, variable)
    }

    /// Once, however often it is read.
    private mutating func show(_ path: String, _ value: String, _ source: String) {
        guard !settings.contains(where: { $0.path == path }) else { return }
        settings.append(.init(path: path, value: value, source: source))
    }

    /// What the environment says, else the file.
    private func given(_ path: String, _ variable: String?) -> (value: String, source: String)? {
        if let variable, let value = environment[variable], !value.isEmpty { return (value, variable) }
        if let value = values[path], !value.text.isEmpty { return (value.text, "\(file):\(value.line)") }
        return nil
    }

    private mutating func missing(_ path: String, _ variable: String?) -> String {
        let line = values[path].map { ":\($0.line)" } ?? ""
        problems.append(
            "\(file)\(line): `\(path)` is missing; write it in the file"
                + (variable.map { " or set the environment variable \($0)" } ?? ""))
        return ""
    }

    /// A secret: in `NAME` or in the file that `NAME_FILE` of the environment names, else in `path` or in the file that
    /// `path_file` of the configuration names. It is never shown, nor is what stands in a file that is wrong.
    mutating func secret(_ path: String, variable: String, default fallback: String? = nil) -> String {
        known.formUnion([path, path + "_file"])
        let environment = (self.environment[variable] ?? "", self.environment[variable + "_FILE"] ?? "")
        let here = (values[path]?.text ?? "", values[path + "_file"]?.text ?? "")
        func found(_ source: String) { settings.append(.init(path: path, value: nil, source: source)) }
        if !environment.0.isEmpty, !environment.1.isEmpty {
            problems.append("\(variable) and \(variable)_FILE are both set; keep one")
        } else if !environment.0.isEmpty {
            found(variable)
            return environment.0
        } else if !environment.1.isEmpty {
            found("\(variable)_FILE, \(environment.1)")
            return content(of: environment.1, for: "\(variable)_FILE")
        } else if !here.0.isEmpty, !here.1.isEmpty {
            let line = values[path]?.line ?? 0
            problems.append("\(file):\(line): `\(path)` and `\(path)_file` are both given; keep one")
        } else if !here.1.isEmpty {
            let place = "\(file):\(values[path + "_file"]?.line ?? 0)"
            found("\(place), \(here.1)")
            return content(of: here.1, for: "\(place): `\(path)_file`")
        } else if !here.0.isEmpty {
            found("\(file):\(values[path]?.line ?? 0)")
            return here.0
        } else if let fallback {
            return fallback
        } else {
            return missing(path, variable)
        }
        return ""
    }

    /// The one line of a file with a secret; its path counts from the configuration's folder.
    /// - Parameter setting: that names the file.
    private mutating func content(of name: String, for setting: String) -> String {
        let path = absolute(name)
        guard FileManager.default.fileExists(atPath: path) else {
            problems.append("\(setting): there is no file \(path)")
            return ""
        }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 65_536 else {
            problems.append("\(setting): \(path) cannot be read, or is over 64 KiB")
            return ""
        }
        guard let text = String(data: data, encoding: .utf8)?.trimmingCharacters(in: .whitespacesAndNewlines),
            !text.isEmpty, !text.contains(where: { $0.isNewline || $0 == "\0" })
        else {
            problems.append(
                "\(setting): \(path) \(data.isEmpty ? "is empty" : "is not one line of text"); it must hold the secret and nothing else"
            )
            return ""
        }
        warnWhereEverybodyReads(path, setting)
        return text
    }

    mutating func warnWhereEverybodyReads(_ path: String, _ setting: String) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let permissions = (try? FileManager.default.attributesOfItem(atPath: target))?[.posixPermissions] as? NSNumber
        if let permissions, permissions.intValue & 0o004 != 0 {
            warnings.append("\(setting): every user of this machine can read \(path); chmod 600 it")
        }
    }

    /// Relative paths count from the configuration's folder.
    func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        return URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(path).standardizedFileURL
            .path
    }

    /// Whether a secret is given, in any of its ways.
    func hasSecret(_ path: String, variable: String) -> Bool {
        has(path) || has(path + "_file")
            || [variable, variable + "_FILE"].contains { environment[$0].map { !$0.isEmpty } ?? false }
    }

    mutating func number(_ path: String, variable: String? = nil, in range: ClosedRange<Int>, default fallback: Int)
        -> Int
    {
        let value = text(path, variable: variable, default: String(fallback))
        if let number = Int(value), range.contains(number) { return number }
        problems.append(
            "\(file)\(values[path].map { ":\($0.line)" } ?? ""): `\(path)` must be a number from \(range.lowerBound) to"
                + " \(range.upperBound), not `\(value)`")
        return fallback
    }

    /// Seconds in the file, such as `1.2`.
    mutating func milliseconds(
        _ path: String, variable: String, in range: ClosedRange<Int>, default fallback: Int
    ) -> Int {
        let value = text(path, variable: variable, default: String(Double(fallback) / 1000))
        if let exact = Double(value).map({ ($0 * 1000).rounded() }), exact >= Double(range.lowerBound),
            exact <= Double(range.upperBound)
        {
            return Int(exact)
        }
        problems.append(
            "\(file)\(values[path].map { ":\($0.line)" } ?? ""): `\(path)` must be seconds from \(range.lowerBound / 1000) to"
                + " \(range.upperBound / 1000), such as 1.2, not `\(value)`")
        return fallback
    }

    mutating func choice<Choice>(_ path: String, default fallback: Choice) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        let value = text(path, default: fallback.rawValue)
        if let choice = Choice(rawValue: value) { return choice }
        problems.append(
            "\(file)\(values[path].map { ":\($0.line)" } ?? ""): `\(path)` must be one of "
                + Choice.allCases.map(\.rawValue).joined(separator: ", ") + ", not `\(value)`")
        return fallback
    }

    mutating func customerPage(ownURL: String?) -> Configuration.CustomerPage? {
        guard has("customer_page") else { return nil }
        let secret = secret("customer_page.secret", variable: "PROMESA_CUSTOMER_PAGE_SECRET")
        if !secret.isEmpty, secret.utf8.count < 16 {
            problems.append("\(file): `customer_page.secret` must be 16 characters or more")
        }
        return Configuration.CustomerPage(
            secret: secret,
            url: text("customer_page.url", variable: "PROMESA_CUSTOMER_PAGE_URL", default: ownURL),
            days: number("customer_page.days", variable: "PROMESA_CUSTOMER_PAGE_DAYS", in: 1...90, default: 7))
    }

    mutating func retention() -> RetentionTerms {
        var terms = RetentionTerms()
        func days(_ key: String, _ least: Int, _ usual: Int) -> Int {
            number(
                "retention.\(key)_days", variable: "PROMESA_RETENTION_\(key.uppercased())_DAYS", in: least...36_500,
                default: usual)
        }
        terms.raw = days("raw", 8, terms.raw)
        terms.talk = days("talk", 30, terms.talk)
        terms.closed = days("closed", 30, terms.closed)
        terms.audit = days("audit", 365, terms.audit)
        return terms
    }

    mutating func attendedHours() -> String {
        let text = text("attended_hours")
        if !text.isEmpty, AttendedHours(text) == nil {
            problems.append(
                "\(file):\(values["attended_hours"]?.line ?? 0): `attended_hours` must read as in `lunes a viernes de 9 a 18`,"
                    + " not `\(text)`")
        }
        return text
    }

    mutating func agent(_ path: String) -> Configuration.Agent {
        let name = text("\(path).name")
        let variable = "PROMESA_AGENT_" + Self.variable(name)
        let hash = secret("\(path).password", variable: variable + "_PASSWORD", default: "none")
        let password = PasswordHash(hash)
        if hash != "none", password == nil {
            problems.append(
                "\(file):\(values["\(path).password"]?.line ?? 0): `\(path).password` is not a hash; make one with"
                    + " `promesa password`")
        }
        return Configuration.Agent(
            name: name, token: optionalSecret("\(path).token", variable: variable + "_TOKEN"),
            role: role("\(path).role"), password: password,
            skills: Set(list("\(path).skills").map { text("\(path).skills.\($0)") }),
            languages: Set(list("\(path).languages").map { language("\(path).languages.\($0)") }),
            capacity: has("\(path).capacity") ? number("\(path).capacity", in: 1...1000, default: 1) : nil)
    }

    mutating func language(_ path: String, default value: String? = nil) -> String {
        let tag = value.map { text(path, default: $0) } ?? text(path)
        if !tag.isEmpty, !LanguageTag.isTag(tag) {
            problems.append(
                "\(file):\(values[path]?.line ?? 0): `\(path)` must be a language such as es, pt-BR or en (BCP 47), not `\(tag)`"
            )
        }
        return tag
    }

    /// `supervisor` is an earlier name of the manager.
    private mutating func role(_ path: String) -> Role {
        text(path, default: Role.agent.rawValue) == "supervisor" ? .manager : choice(path, default: .agent)
    }

    /// Nil where it is not given.
    mutating func optionalSecret(_ path: String, variable: String) -> String? {
        let value = secret(path, variable: variable, default: "none")
        return value == "none" ? nil : value
    }

    mutating func flag(_ path: String, variable: String) -> Bool {
        let value = text(path, variable: variable, default: "false")
        if value == "true" { return true }
        if value != "false" {
            problems.append(
                "\(file)\(values[path].map { ":\($0.line)" } ?? ""): `\(path)` must be true or false, not `\(value)`")
        }
        return false
    }

    /// Where events go; addresses and secrets can come from `PROMESA_EVENTS_NAME_URL` and `…_SECRET`.
    mutating func eventTargets() -> [Configuration.EventTarget] {
        var names: Set<String> = []
        return list("events").map { index in
            let path = "events.\(index)"
            let name = text("\(path).name")
            if !names.insert(name).inserted { problems.append("\(file): two targets of `events` are named `\(name)`") }
            let variable = "PROMESA_EVENTS_" + Self.variable(name)
            let url = text("\(path).url", variable: variable + "_URL")
            if !url.isEmpty, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
                problems.append("\(file): `\(path).url` must begin with https:// or http://, not `\(url)`")
            }
            return Configuration.EventTarget(
                name: name, url: url, secret: secret("\(path).secret", variable: variable + "_SECRET"),
                attempts: number("\(path).attempts", variable: variable + "_ATTEMPTS", in: 1...10_000, default: 120))
        }
    }

    /// `imports.accounts` and so on: one line of mapping each.
    mutating func mappings() -> [ImportKind: ImportMapping] {
        var mappings: [ImportKind: ImportMapping] = [:]
        for kind in ImportKind.allCases where has("imports.\(kind.rawValue)") {
            let path = "imports.\(kind.rawValue)"
            do {
                mappings[kind] = try ImportMapping(text(path), for: kind)
            } catch {
                problems.append("\(file):\(values[path]?.line ?? 0): `\(path)`: \(error)")
            }
        }
        return mappings
    }

    /// A name as a part of a variable's: `José Luis` is `JOSE_LUIS`.
    static func variable(_ name: String) -> String {
        let plain = name.folding(options: .diacriticInsensitive, locale: nil).uppercased()
        return String(plain.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    mutating func tls(_ sandbox: Bool) -> Configuration.TLS? {
        guard has("tls") || !(environment["PROMESA_TLS_CERTIFICATE"] ?? "").isEmpty else { return nil }
        if sandbox {
            problems.append(
                "\(file): `sandbox` speaks to this server without TLS; leave out `tls` or set `sandbox: false`")
        }
        let certificate = text("tls.certificate", variable: "PROMESA_TLS_CERTIFICATE")
        let key = text("tls.key", variable: "PROMESA_TLS_KEY")
        if !key.isEmpty { warnWhereEverybodyReads(absolute(key), "`tls.key`") }
        return Configuration.TLS(certificate: absolute(certificate), key: absolute(key))
    }

    mutating func limits() -> Configuration.Limits {
        Configuration.Limits(
            connections: number(
                "limits.connections", variable: "PROMESA_LIMITS_CONNECTIONS", in: 1...1_000_000, default: 16_000),
            webhooksPerSecond: number(
                "limits.webhooks_per_second", variable: "PROMESA_LIMITS_WEBHOOKS_PER_SECOND", in: 1...1_000_000,
                default: 500),
            customerPagePerMinute: number(
                "limits.customer_page_per_minute", variable: "PROMESA_LIMITS_CUSTOMER_PAGE_PER_MINUTE",
                in: 1...1_000_000, default: 60))
    }

    mutating func reportUnknownKeys() {
        for (path, value) in values.sorted(by: { $0.value.line < $1.value.line }) where !known.contains(path) {
            problems.append("\(file):\(value.line): unknown setting `\(path)`; remove it or see README, Configuration")
        }
    }
}

extension Configuration {
    /// The names of those to whom a case can be given.
    var attendants: [String] { roster.members.map(\.name) }

    /// Who attends, and how cases come to them.
    package var roster: Roster {
        let own = LanguageTag.language(of: console.language)
        return Roster(
            members: agents.filter { [.agent, .manager].contains($0.role) }.map {
                Roster.Member(
                    name: $0.name, skills: $0.skills,
                    languages: $0.languages.isEmpty ? [own] : Set($0.languages.map(LanguageTag.language)),
                    capacity: $0.capacity, isGivenCases: $0.role == .agent)
            }, skills: console.skills, language: own, assigns: console.assignment == .auto)
    }
}

extension Configuration {
    /// Where the server is, as seen from this machine.
    public var ownURL: String { "\(tls == nil ? "http" : "https")://\(host):\(port)" }
}

/// What is printed, also as a part of something else, without its secrets.
public protocol Undisclosed: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Undisclosed {
    public var description: String { "\(Self.self)(…)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Configuration: Undisclosed {
    public var description: String { "configuration of \(host):\(port)" }
}
extension Configuration.WhatsApp: Undisclosed {}
extension Configuration.Generic: Undisclosed {}
extension Configuration.SMS: Undisclosed {}
extension Configuration.Mail: Undisclosed {}
extension Configuration.Agent: Undisclosed {}
extension Configuration.CustomerPage: Undisclosed {}
extension Configuration.EventTarget: Undisclosed {}

extension YamlError {
    /// `:line:column: reason`, without the text around it, where a secret may stand.
    fileprivate var placeAndReason: String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ":\(mark.line):\(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let keys, _): ": given twice: \(keys.joined(separator: ", "))"
        default: ": this is not YAML in UTF-8"
        }
    }
}
