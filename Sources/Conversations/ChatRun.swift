import Dialog
import Ledger
import Quantities

extension ChatTest {
    /// - Throws: ``ChatError`` where a line cannot be carried out.
    public func run(world: World, accounts: [Account]) throws -> ChatOutcome {
        guard accounts.contains(where: { $0.id == account }) else {
            throw ChatError(file: file, line: 1, problem: "no hay una cuenta `\(account)` en accounts.csv")
        }
        guard let moment = Moment(iso: at, in: world.zone) else {
            throw ChatError(file: file, line: 2, problem: "`at: \(at)` no es un momento como 2026-11-24T10:00")
        }
        var world = world
        if let dialog { world.entryDialog = dialog }
        guard let spoken = world.dialogs[world.entryDialog] else {
            throw ChatError(file: file, line: 1, problem: "no hay un diálogo `\(world.entryDialog)`")
        }
        if let locale {
            guard spoken.locales.contains(locale) else {
                throw ChatError(
                    file: file, line: 1,
                    problem:
                        "`\(spoken.name)` no tiene textos en `\(locale)`; tiene en \(spoken.locales.joined(separator: ", "))"
                )
            }
            world.locale = locale
        }
        var run = ChatRun(
            session: ChatSession(world: world, accounts: accounts, accountID: account, at: moment), written: header)
        for line in lines { try run.carryOut(line) }
        if let last = lines.last { run.flush(at: last) }
        return ChatOutcome(
            differences: run.differences, updatedSource: run.written.joined(separator: "\n") + "\n",
            coverage: run.coverage)
    }

    /// `+3d`, `2h`, `30m`, `10s` in seconds.
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

/// One run of a test, line by line.
private struct ChatRun {
    let session: ChatSession
    /// The file as it would be written now.
    var written: [String]
    var differences: [ChatOutcome.Difference] = []
    var coverage = Coverage()
    private var values = ChatValues()
    /// Where in `written` the bot's next words belong: before what is expected of them.
    private var place: Int
    /// What the bot said and no `bot:` line has taken yet.
    private var said: [BotMessage] = []
    /// The steps that the session had before the answer that is being tried; nil outside of one.
    private var stepsBeforeTry: Int?

    init(session: ChatSession, written: [String]) {
        self.session = session
        self.written = written
        place = written.count
    }

    mutating func carryOut(_ line: ChatTest.Line) throws {
        let value = line.key == "bot" || line.key == "set" ? line.value : values.filled(line.value)
        if line.key == "bot" { return hearBot(line) }
        if !["expect", "#", "set", "include"].contains(line.key) {
            flush(at: line)
            takeBack()
        }
        // Only what a customer writes in several messages has several lines.
        let parts = line.value.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            "\(line.key)\($0.offset == 0 ? "" : "+"): \($0.element)"
        }
        write(line, line.key == "#" ? [line.value] : parts)
        func refuse(_ problem: String) -> ChatError { ChatError(file: line.file, line: line.number, problem: problem) }
        switch line.key {
        case "user":
            collect(try session.say(value.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)))
        case "voice": collect(try session.speak(value))
        case "try":
            stepsBeforeTry = session.past.count
            if value.hasPrefix("["), value.hasSuffix("]") { fallthrough }
            collect(try session.say(value))
        case "tap":
            let title = value.filter { $0 != "[" && $0 != "]" }
            guard let heard = try session.tap(title) else {
                let shown = session.options.map { "[\($0.title)]" }.joined(separator: " ")
                throw refuse(
                    "no hay un botón [\(title)]; en pantalla " + (shown.isEmpty ? "no hay ninguno" : "están: \(shown)"))
            }
            collect(heard)
        case "media": collect(try session.media(value))
        case "wait", "clock": collect(try session.advance(by: seconds(line.key, value, refuse), saying: value))
        case "pay":
            guard let amount = Money(plain: value, session.account.currency) else {
                throw refuse("`\(value)` no es un importe como 24600.00")
            }
            collect(try session.pay(amount))
        case "agent":
            guard let command = ChatTest.command(value) else {
                throw refuse("el agente puede: claim, reply TEXTO, note TEXTO, hold, release, return, close")
            }
            do {
                collect(try session.agent(command, saying: value))
            } catch let refusal as AgentRefusal {
                throw refuse("el agente no puede hacer eso ahora (\(refusal))")
            }
        case "expect":
            guard Self.expectable.contains(where: { value == $0 || value.hasPrefix($0 + " ") }) else {
                throw refuse("no sé comprobar `\(value)`; se puede: \(ChatTest.expectable)")
            }
            expect(value, line)
        case "set":
            guard values.set(line.value) else { throw refuse("se escribe `set: nombre = texto`") }
        default: break
        }
    }

    private static let expectable = [
        "promise", "no promise", "handoff", "call", "end", "note", "wrong_number", "opted_out", "silence",
    ]

    /// Goes back to where an answer was tried.
    private mutating func takeBack() {
        guard let steps = stepsBeforeTry else { return }
        stepsBeforeTry = nil
        while session.past.count > steps, session.undo() {}
    }

    private func seconds(_ key: String, _ value: String, _ refuse: (String) -> ChatError) throws -> Int64 {
        if let seconds = ChatTest.seconds(value) { return seconds }
        if key == "clock", let moment = Moment(iso: value, in: session.processor.world.zone) {
            let seconds = (moment.milliseconds - session.now.milliseconds) / 1000
            if seconds > 0 { return seconds }
            throw refuse("`\(value)` ya pasó: son las \(session.now.iso(in: session.processor.world.zone))")
        }
        throw refuse(
            "`\(value)` no es un tiempo como 3d, 2h o 30m"
                + (key == "clock" ? ", ni un momento como 2026-12-05T10:00" : ""))
    }

    private mutating func collect(_ heard: ChatSession.Heard) {
        coverage.add(heard.passages)
        said += heard.messages
    }

    private mutating func hearBot(_ line: ChatTest.Line) {
        let message = said.isEmpty ? nil : said.removeFirst()
        let actual = message.map(Self.plain) ?? ""
        if message != nil, values.matches(line.value, actual) {
            write(line, Self.written(line.value))
        } else {
            differs(line, "bot: " + values.filled(line.value), message == nil ? "(silencio)" : "bot: " + actual)
            if let message { write(line, message.chatLines) }
        }
    }

    private mutating func expect(_ value: String, _ line: ChatTest.Line) {
        let holds = value == "silence" ? said.isEmpty : session.expectations.contains(value)
        guard !holds else { return }
        let actual =
            value == "silence" ? said.map { "bot: " + Self.plain($0) } : session.expectations.map { "expect: " + $0 }
        differs(line, "expect: " + value, actual.joined(separator: "\n"))
    }

    /// What was said and not expected.
    mutating func flush(at line: ChatTest.Line) {
        for message in said {
            differs(line, "", "bot: " + Self.plain(message))
            if !line.included {
                let lines = message.chatLines
                written.insert(contentsOf: lines, at: place)
                place += lines.count
            }
        }
        said = []
    }

    private mutating func differs(_ line: ChatTest.Line, _ expected: String, _ actual: String) {
        differences.append(
            ChatOutcome.Difference(file: line.file, line: line.number, expected: expected, actual: actual))
    }

    private mutating func write(_ line: ChatTest.Line, _ lines: [String]) {
        guard !line.included else { return }
        written += lines
        if line.key != "expect", line.key != "#" { place = written.count }
    }

    /// A message as one text: its lines, then its buttons.
    private static func plain(_ message: BotMessage) -> String {
        let lines = message.chatLines
        return
            ([String(lines.first?.dropFirst("bot: ".count) ?? "")] + lines.dropFirst().map { String($0.dropFirst(2)) })
            .joined(separator: "\n")
    }

    private static func written(_ value: String) -> [String] {
        value.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            ($0.offset == 0 ? "bot: " : "  ") + $0.element
        }
    }
}
