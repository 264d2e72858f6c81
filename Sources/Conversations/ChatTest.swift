import Dialog
import Ledger
import Negotiation
import Quantities

/// A `.chat` file that cannot be read.
public struct ChatError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let problem: String
    public var description: String { "\(file):\(line): \(problem)" }
}

/// A transcript that must stay true.
public struct ChatTest: Sendable {
    struct Line: Sendable {
        let number: Int
        let key: String
        let value: String
    }

    let file: String
    let account: String
    let at: String
    /// The header and the comments before the first line, kept as they are.
    let header: [String]
    let lines: [Line]

    static let keys = ["bot", "user", "tap", "media", "clock", "pay", "agent", "expect"]

    /// - Throws: ``ChatError`` at the first line that cannot be read.
    public static func parse(source: String, file: String) throws -> ChatTest {
        var header: [String] = []
        var fields: [String: String] = [:]
        var lines: [Line] = []
        for (index, raw) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let number = index + 1
            func refuse(_ problem: String) -> ChatError { ChatError(file: file, line: number, problem: problem) }
            if raw.allSatisfy(\.isWhitespace) || raw.hasPrefix("#") {
                if lines.isEmpty, !raw.isEmpty {
                    header.append(String(raw))
                } else if raw.hasPrefix("#") {
                    lines.append(Line(number: number, key: "#", value: String(raw)))
                }
                continue
            }
            if raw.hasPrefix("  ") {
                guard let last = lines.last, last.key == "bot" else {
                    throw refuse("una línea con sangría continúa un `bot:`, y acá no hay ninguno")
                }
                lines[lines.count - 1] = Line(
                    number: last.number, key: "bot", value: last.value + "\n" + raw.dropFirst(2))
                continue
            }
            guard let colon = raw.firstIndex(of: ":") else {
                throw refuse("se esperaba `clave: valor`; las claves son account, at, \(keys.joined(separator: ", "))")
            }
            let key = String(raw[..<colon])
            let value = String(raw[raw.index(after: colon)...].drop { $0 == " " })
            if key == "account" || key == "at" {
                fields[key] = value
                header.append(String(raw))
            } else if keys.contains(key) {
                lines.append(Line(number: number, key: key, value: value))
            } else {
                throw refuse("no conozco `\(key)`; las claves son account, at, \(keys.joined(separator: ", "))")
            }
        }
        guard let account = fields["account"], let at = fields["at"] else {
            throw ChatError(
                file: file, line: 1,
                problem: "faltan `account:` y `at:` al principio, por ejemplo `account: marta` y `at: 2026-11-24T10:00`"
            )
        }
        return ChatTest(file: file, account: account, at: at, header: header, lines: lines)
    }
}

/// How a `.chat` test went.
public struct ChatOutcome: Sendable {
    public let passed: Bool
    /// Where it differs: expected with `-`, what happened with `+`.
    public let report: String
    /// The file with the bot's lines as the bot says them now.
    public let updatedSource: String
}

extension ChatTest {
    /// - Throws: ``ChatError`` where a line cannot be carried out.
    public func run(world: World, accounts: [Account]) throws -> ChatOutcome {
        func refuse(_ line: Int, _ problem: String) -> ChatError { ChatError(file: file, line: line, problem: problem) }
        guard accounts.contains(where: { $0.id == account }) else {
            throw refuse(1, "no hay una cuenta `\(account)` en accounts.csv")
        }
        guard let moment = Moment(iso: at, in: world.zone) else {
            throw refuse(2, "`at: \(at)` no es un momento como 2026-11-24T10:00")
        }
        let session = ChatSession(world: world, accounts: accounts, accountID: account, at: moment)
        var said: [String] = []
        var report = ""
        var updated = header
        func differs(_ line: Int, _ expected: String, _ actual: String) {
            report += "\(file):\(line)\n"
            for text in expected.split(separator: "\n") { report += "  - \(text)\n" }
            for text in actual.split(separator: "\n") { report += "  + \(text)\n" }
        }
        func collect(_ heard: ChatSession.Heard) {
            for text in said { differs(0, "", "bot: " + text) }
            said = heard.messages.map { Self.plain($0) }
            for message in heard.messages { updated += ChatSession.lines(of: message) }
        }
        for line in lines {
            if line.key != "bot", line.key != "expect", line.key != "#" {
                for text in said { differs(line.number, "", "bot: " + text) }
                said = []
            }
            if line.key != "bot" { updated.append(line.key == "#" ? line.value : "\(line.key): \(line.value)") }
            switch line.key {
            case "bot":
                let actual = said.isEmpty ? "" : said.removeFirst()
                let prefix = line.value.hasSuffix("…") ? String(line.value.dropLast()) : nil
                if actual != line.value, !(prefix.map { actual.hasPrefix($0) } ?? false) {
                    differs(line.number, "bot: " + line.value, actual.isEmpty ? "(silencio)" : "bot: " + actual)
                }
            case "user": collect(try session.say(line.value))
            case "tap":
                let title = line.value.filter { $0 != "[" && $0 != "]" }
                guard let heard = try session.tap(title) else {
                    throw refuse(
                        line.number,
                        "no hay un botón [\(title)]; en pantalla están: \(session.options.map { "[\($0.title)]" }.joined(separator: " "))"
                    )
                }
                collect(heard)
            case "media": collect(try session.media(line.value))
            case "clock":
                guard let seconds = Self.seconds(line.value) else {
                    throw refuse(line.number, "`\(line.value)` no es un tiempo como +3d, +2h o +30m")
                }
                collect(try session.advance(by: seconds, saying: line.value))
            case "pay":
                guard let amount = Money(plain: line.value, session.account.currency) else {
                    throw refuse(line.number, "`\(line.value)` no es un importe como 24600.00")
                }
                collect(try session.pay(amount))
            case "agent":
                guard let command = Self.command(line.value) else {
                    throw refuse(
                        line.number, "el agente puede: claim, reply TEXTO, note TEXTO, hold, release, return, close")
                }
                do {
                    collect(try session.agent(command, saying: line.value))
                } catch let refusal as AgentRefusal {
                    throw refuse(line.number, "el agente no puede hacer eso ahora (\(refusal))")
                }
            case "expect":
                let holds = line.value == "silence" ? said.isEmpty : session.expectations.contains(line.value)
                if !holds {
                    differs(
                        line.number, "expect: " + line.value,
                        session.expectations.map { "expect: " + $0 }.joined(separator: "\n"))
                }
            default: break
            }
        }
        for text in said { differs(lines.last?.number ?? 1, "", "bot: " + text) }
        return ChatOutcome(
            passed: report.isEmpty, report: report, updatedSource: updated.joined(separator: "\n") + "\n")
    }

    private static func plain(_ message: BotMessage) -> String {
        let lines = ChatSession.lines(of: message)
        return
            ([String(lines.first?.dropFirst("bot: ".count) ?? "")] + lines.dropFirst().map { String($0.dropFirst(2)) })
            .joined(separator: "\n")
    }

    /// `+3d`, `+2h`, `+30m`, `+10s` in seconds.
    public static func seconds(_ text: String) -> Int64? {
        let digits = text.drop { $0 == "+" }
        guard let unit = digits.last, let number = Int64(digits.dropLast()), number > 0, number < 100_000 else {
            return nil
        }
        switch unit {
        case "d": return number * 86_400
        case "h": return number * 3600
        case "m": return number * 60
        case "s": return number
        default: return nil
        }
    }

    /// An agent's order as written: `claim`, `reply Hola`, `note …`, `hold`, `release`, `return`, `close`.
    public static func command(_ text: String) -> AgentCommand? {
        let parts = text.split(separator: " ", maxSplits: 1).map { String($0) }
        let rest = parts.count > 1 ? parts[1] : nil
        switch parts.first {
        case "claim": return .claim
        case "reply": return rest.map { .reply($0) }
        case "note": return rest.map { .note($0) }
        case "hold": return .hold
        case "release": return .release
        case "return": return .returnToBot(note: rest)
        case "close": return .close(note: rest)
        default: return nil
        }
    }
}
