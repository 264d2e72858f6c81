/// Who looks at a page of the console.
public struct Visitor: Sendable {
    public var name: String
    public var isSupervisor: Bool
    /// Whether they see cases at all; else the console has one page for them.
    public var attends: Bool
    /// Goes with every form, so that no other site can post in the visitor's name.
    public var csrf: String
    /// `available` or `paused`; nil of who attends no cases.
    public var presence: String?
    public init(name: String, isSupervisor: Bool, attends: Bool = true, csrf: String, presence: String? = nil) {
        self.attends = attends
        self.presence = presence
        self.name = name
        self.isSupervisor = isSupervisor
        self.csrf = csrf
    }
}

/// What a page says of the last thing that was done.
public enum Notice: Sendable {
    case done(String)
    case refused(String)
}

/// The files that pages name: `/consola/estilo.css` and `/consola/consola.js`.
public enum PageAssets {
    public static let style = PackageResources.console_css
    public static let script = PackageResources.console_js
}

/// A whole page of the console.
/// - Parameter visitor: nil before login.
func page(_ title: String, for visitor: Visitor?, _ notice: Notice?, _ main: HTML) -> String {
    let bar: HTML? = visitor.map { visitor in
        """
        <header><nav aria-label="Principal">\(visitor.attends ? places(visitor) : "<a href=\"/consola\">Inicio</a>")</nav>
        \(presenceForm(visitor))<form method="post" action="/consola/salir">\(hidden(visitor))<span>\(visitor.name)\
        \(visitor.isSupervisor ? " (supervisión)" : "")</span> <button class="plain">Salir</button></form></header>
        """
    }
    let html: HTML = """
        <!doctype html>
        <html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) · Promesa</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/consola/estilo.css">
        <script src="/consola/consola.js" defer></script></head>
        <body><a class="skip" href="#main">Ir al contenido</a>
        \(bar)
        <main id="main" tabindex="-1"><h1>\(title)</h1>
        \(notice.map(banner))
        \(main)
        </main></body></html>

        """
    return html.text
}

/// The pages of who attends.
private func places(_ visitor: Visitor) -> HTML {
    let supervision: HTML = """
        \u{20}<a href="/consola/equipo">Equipo</a> <a href="/consola/tablero">Tablero</a> \
        <a href="/consola/privacidad">Datos personales</a>
        """
    return """
        <a href="/consola">Casos</a> <a href="/consola/llamados">Llamados</a>\(visitor.isSupervisor ? supervision : nil)
        """
}

/// Whether cases are given to the visitor, and the way to change it.
private func presenceForm(_ visitor: Visitor) -> HTML? {
    guard let presence = visitor.presence else { return nil }
    let isPaused = presence == "paused"
    return """
        <form method="post" action="/consola/presencia" id="presence">\(hidden(visitor))<span>\(isPaused ? "En pausa" : "Disponible")</span> \
        <button class="plain" name="estado" value="\(isPaused ? "disponible" : "pausa")">\(isPaused ? "Volver" : "Pausa")</button></form>
        """
}

func banner(_ notice: Notice) -> HTML {
    switch notice {
    case .done(let text): "<p class=\"notice\" role=\"status\">\(text)</p>"
    case .refused(let text): "<p class=\"notice refused\" role=\"alert\">\(text)</p>"
    }
}

func hidden(_ visitor: Visitor) -> HTML { "<input type=\"hidden\" name=\"csrf\" value=\"\(visitor.csrf)\">" }

/// "24/11/2026" of an ISO day or moment.
func date(_ iso: String) -> String { iso.prefix(10).split(separator: "-").reversed().joined(separator: "/") }

/// "3 min", "2 h 5 min", "1 d 4 h".
func duration(_ seconds: Int) -> String {
    let minutes = seconds / 60
    if minutes < 60 { return "\(minutes) min" }
    if minutes < 1440 { return "\(minutes / 60) h \(minutes % 60) min" }
    return "\(minutes / 1440) d \(minutes % 1440 / 60) h"
}
