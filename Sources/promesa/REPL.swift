import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import Service

struct REPL: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl", abstract: "Talk to the bot in a terminal; reads a pipe as well.")

    @OptionGroup var options: ConfigurationOptions
    @Option(name: .customLong("as"), help: "The account that writes.")
    var account = "marta"
    @Option(help: "The moment at which it begins, such as 2026-11-24T10:00; now unless given.")
    var at: String?
    @Option(help: "A dialog to begin with, instead of the configured ones.")
    var dialog: String?

    func run() throws {
        let (world, accounts) = try demoWorld(options, dialog: dialog)
        guard accounts.contains(where: { $0.id == account }) else {
            throw refuse(
                "there is no account `\(account)`; for example: \(accounts.prefix(12).map(\.id).joined(separator: ", "))"
            )
        }
        var moment = Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        if let at {
            guard let given = Moment(iso: at, in: world.zone) else {
                throw refuse("--at \(at): expected a moment such as 2026-11-24T10:00")
            }
            moment = given
        }
        let terminal = Terminal(
            session: ChatSession(world: world, accounts: accounts, accountID: account, at: moment), world: world)
        if isatty(STDIN_FILENO) == 1 {
            print("Escribí como \(terminal.session.account.firstName); :help muestra los comandos, Ctrl-D termina.")
        }
        while true {
            if isatty(STDIN_FILENO) == 1 {
                print("vos> ", terminator: "")
                fflush(nil)
            }
            guard let line = readLine() else { break }
            terminal.execute(line)
        }
    }
}

/// The REPL's commands over one session.
private final class Terminal {
    let session: ChatSession
    let world: World
    private var why: [String] = []

    init(session: ChatSession, world: World) {
        self.session = session
        self.world = world
    }

    private static let help = """
        Lo que escribas le llega al bot; el título de un botón lo toca.
        :state            en qué estado está la charla
        :why              cómo entendió lo último, qué regla contestó y de dónde sale cada cifra
        :account          la cuenta, lo que debe y sus promesas
        :clock +3d        pasa el tiempo (d, h, m) y salta lo que venza en el camino
        :pay 10000        entra un pago
        :agent ORDEN      una persona: claim, reply TEXTO, note TEXTO, hold, release, return, close
        :media audio      manda algo que no es texto
        :reset            empieza de nuevo
        :save F.chat      guarda la charla como prueba
        :help
        """

    func execute(_ line: String) {
        let text = line.trimmingCharacters(in: .whitespaces)
        if text.isEmpty { return }
        do {
            if text.hasPrefix(":") {
                let parts = text.dropFirst().split(separator: " ", maxSplits: 1).map { String($0) }
                try command(parts.first ?? "", parts.count > 1 ? parts[1] : "")
            } else if session.options.contains(where: { $0.title == text }), let heard = try session.tap(text) {
                show(heard)
            } else {
                show(try session.say(text))
            }
        } catch let refusal as AgentRefusal {
            switch refusal {
            case .unknownHandoff: print("No hay un caso derivado.")
            case .notYours: print("Primero tomalo: :agent claim")
            case .forbiddenWording(let rule, let words): print("No se manda «\(words)»: \(rule.why) (\(rule.id)).")
            default: print("No se puede: \(refusal)")
            }
        } catch {
            print("No se pudo: \(error)")
        }
    }

    private func show(_ heard: ChatSession.Heard) {
        if !heard.trace.isEmpty { why = heard.trace }
        if heard.messages.isEmpty { print("(el bot no dice nada)") }
        for message in heard.messages {
            print("bot> " + message.text.replacing("\n", with: "\n     "))
            if !message.options.isEmpty {
                print(
                    "     "
                        + message.options.map { "[\($0.title)]" + ($0.detail.map { " \($0)" } ?? "") }.joined(
                            separator: " "))
            }
        }
    }

    private func command(_ name: String, _ argument: String) throws {
        switch name {
        case "help": print(Self.help)
        case "reset":
            session.reset()
            print("De nuevo desde el principio.")
        case "why": print(why.isEmpty ? "Todavía no dijiste nada." : why.map { "  · " + $0 }.joined(separator: "\n"))
        case "state": state()
        case "account": account()
        case "clock":
            guard let seconds = ChatTest.seconds(argument) else { return print("Por ejemplo :clock +3d, +2h o +30m") }
            show(try session.advance(by: seconds, saying: argument))
            print("Ahora es \(session.now.iso(in: world.zone)).")
        case "pay":
            let plain =
                argument.contains(",") ? String(argument.filter { $0 != "." }.map { $0 == "," ? "." : $0 }) : argument
            guard let amount = Money(plain: plain, session.account.currency), amount.isPositive else {
                return print("Por ejemplo :pay 10000 o :pay 10000.50")
            }
            show(try session.pay(amount))
        case "agent":
            guard let order = ChatTest.command(argument) else {
                return print("Órdenes: claim, reply TEXTO, note TEXTO, hold, release, return, close")
            }
            show(try session.agent(order, saying: argument))
        case "media": show(try session.media(argument.isEmpty ? "audio" : argument))
        case "save":
            guard argument.hasSuffix(".chat") else { return print("Por ejemplo :save charla.chat") }
            try session.chatSource.write(toFile: argument, atomically: true, encoding: .utf8)
            print("Guardada en \(argument).")
        default: print("No conozco :\(name); :help muestra los comandos.")
        }
    }

    private func state() {
        guard let conversation = session.conversation, let state = conversation.dialog else {
            return print("Todavía no empezó.")
        }
        print(
            "diálogo \(state.dialog) (\(state.version)), estado \(state.state)\(state.ended.map { ", terminó: \($0)" } ?? "")"
        )
        print(
            "verificado: \(state.verified ? "sí" : "no"); monto: \(state.amount?.formatted ?? "—"); fecha: \(state.day?.iso ?? "—"); cuotas: \(state.instalments.map(String.init) ?? "—")"
        )
        let owner =
            switch conversation.owner {
            case .bot: "el bot"
            case .queue: "la cola"
            case .agent(let name): name
            }
        print("habla: \(owner); reintentos \(state.reprompts), contraofertas \(state.counterOffers)")
        if let handoff = session.openHandoff { print("derivado: \(handoff.reason) (\(handoff.state.rawValue))") }
    }

    private func account() {
        let account = session.account
        let statement = account.statement(on: session.now.day(in: world.zone), indices: world.indices)
        print(
            "\(account.fullName) (\(account.id)), documento terminado en \(account.document.suffix(3)), \(account.segment)\(account.optedOut ? ", pidió la baja" : "")"
        )
        for line in statement.lines {
            let due =
                line.daysPastDue > 0
                ? "venció el \(line.dueDate.iso), hace \(line.daysPastDue) días" : "vence el \(line.dueDate.iso)"
            print("  \(line.description): \(line.total.formatted), \(due)")
            for text in line.explanation { print("      \(text)") }
        }
        print("  total: \(statement.total.formatted)")
        for promise in session.promises {
            print("  promesa \(promise.amount.formatted) para el \(promise.payBy.iso): \(promise.state.rawValue)")
        }
    }
}
