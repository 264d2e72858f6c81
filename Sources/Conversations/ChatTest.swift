import Dialog

/// A `.chat` file that cannot be read.
public struct ChatError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let problem: String
    public init(file: String, line: Int, problem: String) {
        self.file = file
        self.line = line
        self.problem = problem
    }
    public var description: String { "\(file):\(line): \(problem)" }
}

/// A transcript that must stay true.
///
/// ```
/// account: marta
/// at: 2026-11-24T10:00
/// include: identidad.chat         # the lines of another file, as if they stood here
/// set: día = viernes 27/11        # {día} stands for it from here on
/// user: el viernes
/// user+: 20 lucas                 # written right after it, and answered together
/// bot: Anoto {importe} para el {día}. ¿Confirmás?    # a name without a value takes what the bot said there
///   [Sí, confirmo] [No]
/// tap: [Sí, confirmo]
/// bot: ¡Listo…                    # … stands for any words
/// wait: 3d
/// ```
public struct ChatTest: Sendable {
    struct Line: Sendable {
        let file: String
        let number: Int
        let key: String
        let value: String
        /// It came from an `include:`, and is not written back.
        let included: Bool
    }

    let file: String
    let account: String
    public let at: String
    /// The dialog it begins with; the world's entry dialog where it names none.
    public let dialog: String?
    /// In whose words the bot speaks; the world's where it names none.
    public let locale: String?
    /// The header and the comments before the first line, kept as they are.
    let header: [String]
    let lines: [Line]

    /// What `expect:` may say.
    static let expectable =
        "promise IMPORTE DÍA ESTADO, no promise, handoff MOTIVO, call MOMENTO, end RESULTADO, note ORDEN, wrong_number, opted_out, silence"

    /// Every key of a line, with what it takes, for people who write tests.
    public static let keys: KeyValuePairs<String, String> = [
        "bot": "lo que el bot tiene que decir; los renglones que siguen van con dos espacios",
        "user": "lo que escribe el cliente",
        "user+": "lo que escribe enseguida, en otro mensaje: se le contesta todo junto",
        "voice": "lo que dice el cliente por teléfono, como lo transcribe la línea: sin mayúsculas ni puntuación",
        "tap": "el botón que toca, como `[Sí, confirmo]`",
        "try":
            "lo mismo que user, o que tap si va entre corchetes; después de lo que se espera de eso, la charla vuelve atrás",
        "media": "algo que no es texto: audio, imagen…",
        "wait": "pasa un tiempo: 30m, 2h, 3d", "clock": "lo mismo, o un momento: 2026-12-05T10:00",
        "pay": "entra un pago: 24600.00",
        "agent": "una orden del agente: claim, reply TEXTO, note TEXTO, hold, release, return, close",
        "expect":
            "lo que tiene que valer: \(expectable)",
        "set": "un nombre para un texto: `set: dia = viernes 27/11`, y después `{dia}`",
        "include": "los renglones de otro archivo",
    ]

    /// - Parameter read: the text of an included file by its path beside this one; nil where it cannot be read.
    /// - Throws: ``ChatError`` at the first line that cannot be read.
    public static func parse(source: String, file: String, read: (String) -> String? = { _ in nil }) throws -> ChatTest
    {
        var parser = ChatParser(file: file)
        try parser.read(source, read)
        guard let account = parser.fields["account"], let at = parser.fields["at"] else {
            throw ChatError(
                file: file, line: 1,
                problem: "faltan `account:` y `at:` al principio, por ejemplo `account: marta` y `at: 2026-11-24T10:00`"
            )
        }
        return ChatTest(
            file: file, account: account, at: at, dialog: parser.fields["dialog"],
            locale: parser.fields["locale"], header: parser.header, lines: parser.lines)
    }
}

private struct ChatParser {
    /// What the keys are called by who thinks of them in Spanish.
    private static let spanish = [
        "usuario": "user", "cliente": "user", "cuenta": "account", "momento": "at", "hora": "at", "espera": "expect",
        "esperar": "wait", "tocar": "tap", "boton": "tap", "botón": "tap", "probar": "try", "pago": "pay",
        "agente": "agent", "incluir": "include", "incluye": "include", "dialogo": "dialog", "diálogo": "dialog",
        "idioma": "locale", "voz": "voice", "reloj": "clock",
    ]

    private static func meant(by key: String) -> String {
        let key = key.lowercased().filter { !$0.isWhitespace }
        let names = ["account", "at", "dialog", "locale"] + ChatTest.keys.map(\.key)
        let near = names.min { editDistance($0, key) < editDistance($1, key) }.flatMap {
            editDistance($0, key) <= 2 ? $0 : nil
        }
        return (spanish[key] ?? near).map { ": ¿quisiste decir `\($0)`?" } ?? ""
    }

    let file: String
    var header: [String] = []
    var fields: [String: String] = [:]
    var lines: [ChatTest.Line] = []
    /// The files being read, outermost first.
    var open: [String]

    init(file: String) {
        self.file = file
        open = [file]
    }

    mutating func read(_ source: String, _ include: (String) -> String?) throws {
        let (file, included) = (open[open.count - 1], open.count > 1)
        let names = ChatTest.keys.map(\.key).joined(separator: ", ")
        let lines = source.withPlainLines.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, raw) in lines.enumerated() {
            let number = index + 1
            func refuse(_ problem: String) -> ChatError { ChatError(file: file, line: number, problem: problem) }
            func line(_ key: String, _ value: some StringProtocol) -> ChatTest.Line {
                ChatTest.Line(file: file, number: number, key: key, value: String(value), included: included)
            }
            if raw.allSatisfy(\.isWhitespace) || raw.hasPrefix("#") {
                if self.lines.isEmpty, !raw.isEmpty, !included {
                    header.append(String(raw))
                } else if raw.hasPrefix("#") {
                    self.lines.append(line("#", raw))
                }
                continue
            }
            if raw.hasPrefix("  ") {
                guard let last = self.lines.last, last.key == "bot", last.file == file else {
                    throw refuse("una línea con sangría continúa un `bot:`, y acá no hay ninguno")
                }
                self.lines[self.lines.count - 1] = ChatTest.Line(
                    file: file, number: last.number, key: "bot", value: last.value + "\n" + raw.dropFirst(2),
                    included: included)
                continue
            }
            guard let colon = raw.firstIndex(of: ":") else {
                throw refuse("se esperaba `clave: valor`; las claves son account, at, dialog, locale, \(names)")
            }
            let key = String(raw[..<colon])
            if let first = key.first, first.isWhitespace {
                throw refuse("esta línea empieza con un espacio o un tabulador: borralo")
            }
            let value = String(raw[raw.index(after: colon)...].drop { $0 == " " })
            if ["account", "at", "dialog", "locale"].contains(key) {
                if !included, header.contains(where: { $0.hasPrefix(key + ":") }) {
                    throw refuse("`\(key)` ya está más arriba: va una sola vez, y vale para toda la charla")
                }
                if !included || fields[key] == nil { fields[key] = value }
                if !included { header.append(String(raw)) }
            } else if key == "include" {
                guard open.count < 8, !open.contains(value) else { throw refuse("`\(value)` se incluye a sí mismo") }
                guard let text = include(value) else {
                    throw refuse("no se puede leer `\(value)` al lado de este archivo")
                }
                self.lines.append(line(key, value))
                open.append(value)
                try read(text, include)
                open.removeLast()
            } else if key == "user+" {
                guard let last = self.lines.last, last.key == "user", last.file == file else {
                    throw refuse("`user+:` sigue a un `user:`, y acá no hay ninguno")
                }
                self.lines[self.lines.count - 1] = ChatTest.Line(
                    file: file, number: last.number, key: "user", value: last.value + "\n" + value, included: included)
            } else if ChatTest.keys.contains(where: { $0.key == key }) {
                self.lines.append(line(key, value))
            } else {
                throw refuse(
                    "no conozco `\(key)`\(Self.meant(by: key)); las claves son account, at, dialog, locale, \(names)")
            }
        }
    }
}
