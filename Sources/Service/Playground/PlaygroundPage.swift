import Conversations
import Dialog
import Pages
import Quantities
import Workbench

/// The one page of the playground, made here: without a script, so that what is seen is what was answered.
struct PlaygroundPage {
    let id: String
    let workbench: Workbench
    let note: String
    let accounts: [String]

    private var session: ChatSession { workbench.session }
    private var world: World { session.processor.world }

    var html: HTML {
        """
        <!doctype html>
        <html lang="es-AR">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Promesa: banco de pruebas</title>
        <link rel="stylesheet" href="/playground/style.css">
        </head>
        <body>
        <header>
        <h1>Banco de pruebas</h1>
        <p>\(session.account.fullName), <time>\(session.now.iso(in: world.zone))</time>. Nada de esto toca la base de datos.</p>
        \(Self.opening(accounts, chosen: session.accountID))
        </header>
        <main>
        <section aria-label="Charla">
        <ol class="chat">\(transcript)</ol>
        \(shownNote)
        <div class="buttons">\(buttons)</div>
        <form method="post" action="#abajo" class="say">
        <label for="text">Mensaje del cliente</label>
        <input id="text" name="text" autocomplete="off" autofocus>
        <button name="do" value="say">Enviar</button>
        <button name="do" value="what-if">¿Qué diría?</button>
        </form>
        <form method="post" action="#abajo" class="tools">
        <button name="do" value="undo">Deshacer</button>
        <button name="do" value="hour">+1 hora</button>
        <button name="do" value="day">+1 día</button>
        <button name="do" value="reset">De nuevo</button>
        <a href="/playground/\(id)/charla.chat" download="charla.chat">Guardar como .chat</a>
        </form>
        <span id="abajo"></span>
        </section>
        <aside>
        <h2>Estado</h2>
        <pre id="state">\(workbench.execute(":state"))</pre>
        <form method="post" action="#abajo" class="goto">
        <label for="goto">Ir a</label>
        <select id="goto" name="text">\(states)</select>
        <button name="do" value="goto">Ir</button>
        </form>
        <h2>Por qué</h2>
        <pre id="why">\(workbench.execute(":why"))</pre>
        <h2>Datos</h2>
        <table id="facts">\(facts)</table>
        </aside>
        </main>
        </body>
        </html>

        """
    }

    private var shownNote: HTML? { note.isEmpty ? nil : "<pre class=\"note\" role=\"status\">\(note)</pre>" }

    /// The page before any conversation.
    static func begin(_ accounts: [String]) -> HTML {
        """
        <!doctype html>
        <html lang="es-AR">
        <head><meta charset="utf-8"><title>Promesa: banco de pruebas</title>
        <link rel="stylesheet" href="/playground/style.css"></head>
        <body><header><h1>Banco de pruebas</h1>
        <p>Hablá con el bot como una cuenta de prueba. Nada de esto toca la base de datos.</p>
        \(opening(accounts, chosen: "marta"))
        </header></body>
        </html>

        """
    }

    private static func opening(_ accounts: [String], chosen: String) -> HTML {
        let options: [HTML] = accounts.map { account in
            account == chosen ? "<option selected>\(account)</option>" : "<option>\(account)</option>"
        }
        return """
            <form method="post" action="/playground" class="open">
            <label for="account">Cuenta</label><select id="account" name="account">\(options)</select>
            <button>Empezar otra charla</button>
            </form>
            """
    }

    private var transcript: [HTML] {
        var entries: [(kind: String, lines: [String])] = []
        for line in session.lines {
            if line.hasPrefix("  "), !entries.isEmpty {
                entries[entries.count - 1].lines.append(String(line.dropFirst(2)))
            } else if let colon = line.firstIndex(of: ":"), !line.hasPrefix("#") {
                entries.append((String(line[..<colon]), [String(line[line.index(after: colon)...].drop { $0 == " " })]))
            } else {
                entries.append(("event", [line]))
            }
        }
        return entries.map { entry in
            let (kind, label) =
                switch entry.kind {
                case "bot": ("bot", "")
                case "user", "voice", "tap", "media": ("customer", "")
                case "clock": ("event", "pasa el tiempo: ")
                case "pay": ("event", "entra un pago: ")
                case "agent": ("event", "agente: ")
                default: ("event", "")
                }
            return "<li class=\"\(kind)\">\(label)\(entry.lines.joined(separator: "\n"))</li>\n"
        }
    }

    private var buttons: [HTML] {
        session.options.map { option in
            """
            <form method="post" action="#abajo"><input type="hidden" name="text" value="\(option.title)">\
            <button name="do" value="say">\(option.title)</button></form>
            """
        }
    }

    private var states: [HTML] {
        world.entry(for: session.accountID).states.keys.sorted().map { "<option>\($0)</option>" }
    }

    private var facts: [HTML] {
        let dialog = world.entry(for: session.accountID)
        let state =
            session.conversation?.dialog
            ?? DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start)
        let known = world.facts(session.account, promises: session.promises, at: session.now)
        return dialog.factTexts(in: state, facts: known).map { fact in
            "<tr><th scope=\"row\">\(fact.name)</th><td>\(fact.text)</td></tr>\n"
        }
    }

    static let style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
        body { margin: 0 auto; max-width: 75rem; padding: 1rem; }
        header h1 { margin: 0; font-size: 1.3rem; }
        main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2rem; }
        @media (max-width: 50rem) { main { grid-template-columns: minmax(0, 1fr); } }
        h2 { font-size: 1rem; margin: 1rem 0 .25rem; }
        .chat { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: .5rem; }
        .chat li { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 85%; padding: .5rem .75rem; border-radius: .75rem; }
        .bot { align-self: flex-start; background: #8883; }
        .customer { align-self: flex-end; background: #2a73; }
        .event { align-self: center; font-size: .85rem; opacity: .8; }
        .buttons, .tools { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; align-items: center; }
        .say { display: flex; flex-wrap: wrap; gap: .5rem; }
        .say label { flex-basis: 100%; }
        .say input { flex: 1; font: inherit; padding: .5rem; }
        button, select { font: inherit; padding: .4rem .75rem; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8882; padding: .5rem; margin: 0; font-size: .85rem; }
        .note { margin-top: .75rem; border-left: .25rem solid #27c; }
        table { border-collapse: collapse; font-size: .85rem; width: 100%; }
        th { text-align: left; font-weight: 600; padding-right: 1rem; vertical-align: top; }
        td { white-space: pre-wrap; overflow-wrap: anywhere; }

        """
}
