/// What who writes dialogs sees first: those in use, and what came of them.
public struct DialogsView: Sendable {
    public struct Version: Sendable {
        public var name: String
        public var version: String
        /// What it is used for, in Spanish.
        public var use: String
        public var conversations: Int
        public var handoffs: Int
        public var promises: Int
        public init(name: String, version: String, use: String, conversations: Int, handoffs: Int, promises: Int) {
            self.name = name
            self.version = version
            self.use = use
            self.conversations = conversations
            self.handoffs = handoffs
            self.promises = promises
        }
    }

    /// A change that was not taken.
    public struct Refused: Sendable {
        public var file: String
        public var why: String
        public init(file: String, why: String) {
            self.file = file
            self.why = why
        }
    }

    public var versions: [Version]
    public var refused: [Refused]
    /// Whether this server has a page to try dialogs in.
    public var hasPlayground: Bool
    public init(versions: [Version], refused: [Refused], hasPlayground: Bool) {
        self.versions = versions
        self.refused = refused
        self.hasPlayground = hasPlayground
    }
}

/// What who runs the server sees first: what waits and what was given up.
public struct ServerView: Sendable {
    /// A system that is told of what happens.
    public struct Target: Sendable {
        public var name: String
        public var waiting: Int
        public var dead: Int
        public init(name: String, waiting: Int, dead: Int) {
            self.name = name
            self.waiting = waiting
            self.dead = dead
        }
    }

    public var pendingMessages: Int
    public var deadMessages: Int
    public var unreadable: Int
    public var targets: [Target]
    public var refused: [DialogsView.Refused]
    public init(
        pendingMessages: Int, deadMessages: Int, unreadable: Int, targets: [Target], refused: [DialogsView.Refused]
    ) {
        self.pendingMessages = pendingMessages
        self.deadMessages = deadMessages
        self.unreadable = unreadable
        self.targets = targets
        self.refused = refused
    }
}

/// The first page of who writes dialogs.
public func dialogsPage(_ view: DialogsView, for visitor: Visitor) -> String {
    let rows: [HTML] = view.versions.map {
        """
        <tr><th scope="row">\($0.name)</th><td>\($0.use)</td><td><code>\($0.version)</code></td><td>\($0.conversations)</td>
        <td>\($0.promises)</td><td>\($0.handoffs)</td></tr>
        """
    }
    let playground: HTML? =
        view.hasPlayground
        ? "<p><a href=\"/playground\">Probar los diálogos</a> (solo desde la máquina del servidor)</p>" : nil
    return page(
        "Diálogos", for: visitor, nil,
        """
        <section><h2 id="versiones">En uso</h2>
        <table class="cards" aria-labelledby="versiones"><thead><tr><th scope="col">Diálogo</th><th scope="col">Uso</th>\
        <th scope="col">Versión</th><th scope="col">Charlas</th><th scope="col">Promesas</th>\
        <th scope="col">Pasaron a una persona</th></tr></thead><tbody>\(rows)</tbody></table></section>
        \(refusals(view.refused))
        \(playground)
        <p class="hint">Un archivo que cambia entra solo cuando pasa sus controles y sus charlas. Antes, en tu máquina: \
        <code>promesa dialog lint</code>, <code>test</code> y <code>check</code>.</p>
        """)
}

/// The first page of who runs the server.
public func serverPage(_ view: ServerView, for visitor: Visitor) -> String {
    let targets: [HTML] = view.targets.map {
        """
        <tr><th scope="row">\($0.name)</th><td>\($0.waiting)</td>
        <td>\(alarming($0.dead)) <span class="hint">promesa events status</span></td></tr>
        """
    }
    let events: HTML = """
        <section><h2 id="avisos">Avisos a otros sistemas</h2>
        <table class="cards" aria-labelledby="avisos"><thead><tr><th scope="col">Sistema</th><th scope="col">Por salir</th>\
        <th scope="col">Abandonados</th></tr></thead><tbody>\(targets)</tbody></table></section>
        """
    return page(
        "Servidor", for: visitor, nil,
        """
        <section><h2>Mensajes</h2>
        <dl><dt>Por salir</dt><dd>\(view.pendingMessages)</dd>
        <dt>Abandonados</dt><dd>\(alarming(view.deadMessages)) <span class="hint">promesa outbox list</span></dd>
        <dt>Llegaron y no se pudieron leer</dt><dd>\(alarming(view.unreadable)) <span class="hint">GET /v1/dead-letters</span></dd></dl></section>
        \(view.targets.isEmpty ? nil : events)
        \(refusals(view.refused))
        <p class="hint">Para las alarmas: <code>/metrics</code>, <code>/readyz</code>. Lo demás se hace en la terminal o por la API.</p>
        """)
}

private func alarming(_ count: Int) -> HTML { count == 0 ? "0" : "<strong class=\"late\">\(count)</strong>" }

private func refusals(_ refused: [DialogsView.Refused]) -> HTML? {
    if refused.isEmpty { return nil }
    let rows: [HTML] = refused.map { "<li><strong>\($0.file)</strong><pre>\($0.why)</pre></li>" }
    return "<section><h2>Cambios que no entraron</h2><ul class=\"items\">\(rows)</ul></section>"
}
