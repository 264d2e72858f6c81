import Conversations
import Dialog
import Ledger
import Quantities

/// A designer's conversation with the bot: what is typed is said to it, and commands begin with `:`.
///
/// Everything is in memory; files are read and written by the closures that it is given.
public final class Workbench {
    public private(set) var session: ChatSession
    private var world: World
    private let accounts: [Account]
    private let style: TerminalStyle
    private let width: Int
    private let findDialog: (String) throws -> CompiledDialog
    private let save: (String, String) throws -> Void
    private var why: [String] = []

    /// - Parameters:
    ///   - findDialog: a dialog by its file or its version; throws what is told to the designer.
    ///   - save: writes a text to a path.
    public init(
        world: World, accounts: [Account], accountID: String, at moment: Moment, style: TerminalStyle = .plain,
        width: Int = 100, findDialog: @escaping (String) throws -> CompiledDialog,
        save: @escaping (String, String) throws -> Void
    ) {
        self.world = world
        self.accounts = accounts
        self.style = style
        self.width = width
        self.findDialog = findDialog
        self.save = save
        session = ChatSession(world: world, accounts: accounts, accountID: accountID, at: moment)
    }

    /// The commands in the order of the help: name, what it takes, what it does.
    static let commands: [(name: String, takes: String, does: String)] = [
        ("state", "", "en qué estado está la charla"),
        ("why", "", "cómo entendió lo último, qué regla contestó y de dónde sale cada cifra"),
        ("account", "", "la cuenta, lo que debe y sus promesas"),
        ("as", "juan", "empieza de nuevo como otra cuenta"),
        ("locale", "IDIOMA", "empieza de nuevo en las palabras de otro lugar"),
        ("clock", "+3d", "pasa el tiempo (d, h, m) y salta lo que venza en el camino"),
        ("pay", "10000", "entra un pago"),
        ("agent", "ORDEN", "una persona: claim, reply TEXTO, note TEXTO, hold, release, return, close"),
        ("media", "audio", "manda algo que no es texto"),
        ("goto", "ESTADO", "salta a un estado, con la persona verificada"),
        ("what-if", "TEXTO", "qué contestaría el bot, sin hacerlo"),
        ("undo", "", "vuelve atrás el último paso"),
        ("diff", "ARCHIVO", "repite la charla con otro diálogo (o una versión) y muestra en qué cambia"),
        ("reset", "", "empieza de nuevo"),
        ("save", "F.chat", "guarda la charla como prueba"),
        ("help", "", "esto"),
    ]

    public static var help: String {
        let lines = commands.map { command in
            let usage = ":" + command.name + (command.takes.isEmpty ? "" : " " + command.takes)
            return usage + String(repeating: " ", count: max(1, 18 - usage.count)) + command.does + "\n"
        }
        return "Lo que escribas le llega al bot; el título de un botón lo toca.\n" + lines.joined()
    }

    /// Carries a line out.
    /// - Returns: what is to be shown, each line ended; empty where nothing is.
    public func execute(_ line: String) -> String {
        let text = String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        if text.isEmpty { return "" }
        do {
            if text.hasPrefix(":") {
                let parts = text.dropFirst().split(separator: " ", maxSplits: 1).map { String($0) }
                return try command((parts.first ?? "").lowercased(), parts.count > 1 ? parts[1] : "")
            }
            return shown(try session.tap(text) ?? session.say(text))
        } catch let refusal as AgentRefusal {
            switch refusal {
            case .unknownHandoff: return "No hay un caso derivado.\n"
            case .notYours: return "Primero tomalo: :agent claim\n"
            case .forbiddenWording(let rule, let words): return "No se manda «\(words)»: \(rule.why) (\(rule.id)).\n"
            default: return "No se puede: \(refusal)\n"
            }
        } catch {
            return "No se pudo: \(error)\n"
        }
    }

    /// The lines that `line` may become: commands and what they take, or the titles of the buttons on the screen.
    public func completions(for line: String) -> [String] {
        func matching(_ all: [String]) -> [String] {
            all.filter { $0.lowercased().hasPrefix(line.lowercased()) && $0 != line }.sorted()
        }
        guard line.hasPrefix(":") else { return line.isEmpty ? [] : matching(session.options.map(\.title)) }
        guard let space = line.firstIndex(of: " ") else {
            return matching(Self.commands.map { ":" + $0.name + ($0.takes.isEmpty ? "" : " ") })
        }
        let name = line[line.index(after: line.startIndex)..<space]
        let values: [String] =
            switch name {
            case "as": accounts.map(\.id)
            case "locale": locales
            case "goto": world.entry(for: session.accountID).states.keys.map { $0 }
            case "agent": ["claim", "reply ", "note ", "hold", "release", "return", "close"]
            case "clock": ["+30m", "+2h", "+1d", "+10d"]
            case "media": ["audio", "image", "sticker"]
            case "what-if": session.options.map(\.title)
            default: []
            }
        return matching(values.map { ":\(name) \($0)" })
    }

    // MARK: Commands

    private func command(_ name: String, _ argument: String) throws -> String {
        switch name {
        case "help": return Self.help
        case "reset":
            session.reset()
            why = []
            return "De nuevo desde el principio.\n"
        case "why":
            return why.isEmpty ? "Todavía no hay nada que explicar.\n" : why.map { "  · \($0)\n" }.joined()
        case "state": return state()
        case "account": return account()
        case "as":
            guard accounts.contains(where: { $0.id == argument }) else {
                let some = accounts.prefix(8).map(\.id).joined(separator: ", ")
                return argument.isEmpty
                    ? "Por ejemplo :as \(accounts.first?.id ?? "marta"); hay \(some)…\n"
                    : "No hay una cuenta `\(argument)`; por ejemplo \(some).\n"
            }
            session = ChatSession(world: world, accounts: accounts, accountID: argument, at: session.now)
            why = []
            return "Ahora escribís como \(session.account.fullName).\n"
        case "locale":
            guard locales.contains(argument) else {
                return (argument.isEmpty ? "Por ejemplo :locale \(locales[0])" : "No hay textos en `\(argument)`")
                    + "; hay en \(locales.joined(separator: ", ")).\n"
            }
            world.locale = argument == CompiledDialog.baseLocale ? nil : argument
            session = ChatSession(world: world, accounts: accounts, accountID: session.accountID, at: session.now)
            why = []
            return "El bot habla ahora en \(argument).\n"
        case "clock":
            guard let seconds = ChatTest.seconds(argument) else { return "Por ejemplo :clock +3d, +2h o +30m\n" }
            return shown(try session.advance(by: seconds, saying: argument))
                + "Ahora es \(session.now.iso(in: world.zone)).\n"
        case "pay":
            let plain =
                argument.contains(",") ? String(argument.filter { $0 != "." }.map { $0 == "," ? "." : $0 }) : argument
            guard let amount = Money(plain: plain, session.account.currency), amount.isPositive else {
                return "Por ejemplo :pay 10000 o :pay 10000.50\n"
            }
            return shown(try session.pay(amount))
        case "agent":
            guard let order = ChatTest.command(argument) else {
                return "Órdenes: claim, reply TEXTO, note TEXTO, hold, release, return, close\n"
            }
            return shown(try session.agent(order, saying: argument))
        case "media": return shown(try session.media(argument.isEmpty ? "audio" : argument))
        case "goto":
            guard let heard = try session.go(to: argument) else {
                let states = world.entry(for: session.accountID).states.keys.sorted()
                let near = states.min { editDistance($0, argument) < editDistance($1, argument) } ?? ""
                if !argument.isEmpty, editDistance(near, argument) <= max(1, argument.count / 4) {
                    return "No hay un estado `\(argument)` (¿`\(near)`?).\n"
                }
                return (argument.isEmpty ? "Por ejemplo :goto \(states[0])" : "No hay un estado `\(argument)`")
                    + "; hay \(states.joined(separator: ", ")).\n"
            }
            return shown(heard)
        case "what-if":
            if argument.isEmpty { return "Por ejemplo :what-if el viernes te pago todo\n" }
            let (heard, state) = try session.whatIf(argument)
            return words(of: heard) + style.faint("(quedaría en el estado \(state ?? "—"); no se hizo)") + "\n"
        case "undo":
            guard session.undo() else { return "No hay nada para volver atrás.\n" }
            why = []
            return "Volví atrás: \(whereItStands).\n"
        case "diff": return try difference(argument)
        case "save":
            guard argument.hasSuffix(".chat") else { return "Por ejemplo :save charla.chat\n" }
            try save(argument, session.chatSource)
            return "Guardada en \(argument).\n"
        default:
            let near = Self.commands.map(\.name).min { editDistance($0, name) < editDistance($1, name) } ?? ""
            return "No conozco :\(name)"
                + (editDistance(near, name) <= 2 ? " (¿:\(near)?)" : "") + "; :help muestra los comandos.\n"
        }
    }

    private func difference(_ argument: String) throws -> String {
        if argument.isEmpty { return "Por ejemplo :diff Dialogs/cobranza.yaml\n" }
        guard let report = try session.compare(with: try findDialog(argument)) else {
            return "Después de un :goto no se puede comparar: ningún cliente salta así. :reset y volvé a empezar.\n"
        }
        return report.isSame
            ? "Con ese diálogo la charla es igual.\n" : report.text(style: style, shown: 5, width: width)
    }

    private func shown(_ heard: ChatSession.Heard) -> String {
        if !heard.trace.isEmpty { why = heard.trace }
        return words(of: heard)
    }

    private func words(of heard: ChatSession.Heard) -> String {
        if heard.messages.isEmpty { return "(el bot no dice nada)\n" }
        return heard.messages.map { message in
            let options = message.options.map { option in
                style.paint("[\(option.title)]", .cyan) + (option.detail.map { " \($0)" } ?? "")
            }
            return style.paint("bot>", .green) + " " + message.text.replacing("\n", with: "\n     ") + "\n"
                + (options.isEmpty ? "" : "     " + options.joined(separator: " ") + "\n")
        }.joined()
    }

    private var locales: [String] {
        world.dialogs[world.entryDialog]?.locales ?? [CompiledDialog.baseLocale]
    }

    private var whereItStands: String {
        session.conversation?.dialog.map { "la charla está en el estado \($0.state)" } ?? "todavía no empezó"
    }

    private func state() -> String {
        guard let conversation = session.conversation, let state = conversation.dialog else {
            return "Todavía no empezó.\n"
        }
        let owner =
            switch conversation.owner {
            case .bot: "el bot"
            case .queue: "la cola"
            case .agent(let name): name
            }
        var text = "diálogo \(state.dialog) (\(state.version)), estado \(style.bold(state.state))"
        text += (state.ended.map { ", terminó: \($0)" } ?? "") + "\n"
        text += "verificado: \(state.verified ? "sí" : "no"); monto: \(state.amount?.formatted ?? "—"); "
        text += "fecha: \(state.day?.iso ?? "—"); cuotas: \(state.instalments.map(String.init) ?? "—")\n"
        text += "habla: \(owner); reintentos \(state.reprompts), contraofertas \(state.counterOffers)\n"
        if let handoff = session.openHandoff { text += "derivado: \(handoff.reason) (\(handoff.state.rawValue))\n" }
        return text
    }

    private func account() -> String {
        let account = session.account
        let statement = account.statement(on: session.now.day(in: world.zone), indices: world.indices)
        var text = "\(account.fullName) (\(account.id)), documento terminado en \(account.document.suffix(3)), "
        text += "\(account.segment)\(account.optedOut ? ", pidió la baja" : "")\n"
        for line in statement.lines {
            let due =
                line.daysPastDue > 0
                ? "venció el \(line.dueDate.iso), hace \(line.daysPastDue) días" : "vence el \(line.dueDate.iso)"
            text += "  \(line.description): \(line.total.formatted), \(due)\n"
            for step in line.explanation { text += "      \(step)\n" }
        }
        text += "  total: \(statement.total.formatted)\n"
        for promise in session.promises {
            text += "  promesa \(promise.amount.formatted) para el \(promise.payBy.iso): \(promise.state.rawValue)\n"
        }
        return text
    }
}
