import Yams

/// Why a file is not YAML, for somebody who never wrote any: what, where and what to do.
struct YAMLProblem {
    private(set) var line = 1
    private(set) var column = 1
    private(set) var what = "el archivo no se puede leer"
    private(set) var remedy = "Guardalo como texto UTF-8."

    /// What comes along with text that was pasted from a page or a word processor; nil where there is nothing of it.
    init?(pasted line: Substring) {
        // Searching characters is slow, and hardly any line has one of these.
        guard line.unicodeScalars.contains(where: Self.isPasted) else { return nil }
        if let space = line.firstIndex(where: { "\u{A0}\u{202F}\u{2007}\u{FEFF}".contains($0) }),
            line[..<space].allSatisfy({ $0 == " " })
        {
            column = line.distance(from: line.startIndex, to: space) + 1
            what = "la sangría tiene un espacio que no es el común: suele venir de copiar y pegar"
            remedy = "Borrá los espacios del principio de la línea y escribilos de nuevo con la barra espaciadora."
        } else if let colon = line.firstRange(of: ": "),
            let first = line[colon.upperBound...].firstIndex(where: { $0 != " " }),
            "“”„‟".contains(line[first]), !line[..<colon.lowerBound].contains("\""),
            !line[..<colon.lowerBound].contains("#")
        {
            column = line.distance(from: line.startIndex, to: first) + 1
            what = "las comillas `\(line[first])` no son las que se usan acá"
            remedy = "Cambialas por comillas rectas (\"), al principio y al final del texto."
        } else if let dash = line.firstIndex(where: { $0 != " " }), "–—−•·".contains(line[dash]) {
            column = line.distance(from: line.startIndex, to: dash) + 1
            what = "la línea empieza con `\(line[dash])`, que no es el guion de una lista"
            remedy = "Escribí un guion común y un espacio: `- `. El otro suele ponerlo solo el procesador de textos."
        } else if let lost = line.firstIndex(of: "\u{FFFD}") {
            column = line.distance(from: line.startIndex, to: lost) + 1
            what = "acá hay una letra que se perdió: el archivo no está guardado como UTF-8"
            remedy =
                "Guardalo de nuevo eligiendo la codificación UTF-8, y volvé a escribir los acentos y las eñes que falten."
        } else if let space = Self.hiddenSpace(in: line) {
            column = line.distance(from: line.startIndex, to: space) + 1
            what = "acá hay un espacio que no es el común: suele venir de copiar y pegar"
            remedy = "Borralo y escribilo de nuevo con la barra espaciadora."
        } else {
            return nil
        }
    }

    /// Signs that nobody types.
    private static func isPasted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{A0}", "\u{202F}", "\u{2007}", "\u{FEFF}", "\u{FFFD}", "“", "”", "„", "‟", "–", "—", "−", "•", "·": true
        default: false
        }
    }

    /// A space of another kind where one decides what is a key and what its value.
    private static func hiddenSpace(in line: Substring) -> Substring.Index? {
        line.indices.first { index in
            guard "\u{A0}\u{202F}\u{2007}".contains(line[index]), index > line.startIndex else { return false }
            return ":-,{[".contains(line[line.index(before: index)]) && line[..<index].count { $0 == "\"" } % 2 == 0
        }
    }

    init(_ error: YamlError, lines: [Substring]) {
        switch error {
        case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
            .composer(let context, let text, let mark, _):
            (line, column) = (min(max(1, mark.line), max(1, lines.count)), max(1, mark.column))
            tell(text, context, lines)
        case .duplicatedKeysInMapping(let keys, let context):
            let name = keys.first ?? ""
            line = max(1, context.mark.line)
            column = max(1, context.mark.column)
            let places = lines.indices.filter { $0 + 1 >= line && Self.key(of: lines[$0]) == name }
            if places.count > 1 {
                line = places[1] + 1
                column = lines[places[1]].prefix { $0 == " " }.count + 1
            }
            what = "`\(name)` está dos veces en el mismo lugar"
            remedy = "Dejá una sola, o cambiale el nombre a la otra."
        case .reader(_, let offset, _, let source):
            let before = source.prefix(offset ?? 0)
            line = before.count { $0 == "\n" } + 1
            column = before.reversed().prefix { $0 != "\n" }.count + 1
            what = "acá hay una letra que no se ve y no se puede leer"
            remedy =
                "Borrala: suele venir de copiar y pegar desde otro programa. El archivo se guarda como texto UTF-8."
        default: break
        }
    }

    private mutating func tell(_ text: String, _ context: YamlError.Context?, _ lines: [Substring]) {
        let written = line <= lines.count ? lines[line - 1] : ""
        let parsing = context?.text ?? ""
        if let glued = Self.withoutSpace(lines, upTo: line) {
            return set(
                glued.line, glued.column, "falta un espacio después de los dos puntos",
                "Escribí `\(glued.key): …`, con un espacio.")
        }
        if let inner = Self.innerQuote(written) {
            return set(
                line, inner.column, "el texto se cierra en esta comilla y después sigue",
                inner.quote == "\""
                    ? "Una comilla dentro de un texto se escribe `\\\"`. Lo que sigue al texto va después de una coma, o en otra línea."
                    : "Si el texto tiene un apóstrofo, ponelo entre comillas dobles: `\"d'alla\"`.")
        }
        if let braces = written.firstRange(of: ": {"), text.contains("expected key") || parsing.contains("block"),
            !Self.isFlowMapping(written[braces.upperBound...])
        {
            return set(
                line, written.distance(from: written.startIndex, to: braces.upperBound),
                "un texto que empieza con una llave va entre comillas",
                "Poné todo el texto entre comillas: `say: \"{nombre}, …\"`.")
        }
        if let open = Self.openQuote(lines, upTo: line) {
            return set(
                open.line, open.column, "la comilla que se abre acá no se cierra",
                "Agregá la comilla que falta al final del texto. Una comilla dentro de un texto se escribe `\\\"`.")
        }
        if text.contains("end of stream"), let context {
            return set(
                context.mark.line, context.mark.column, "lo que se abre acá no se cierra nunca",
                "Agregá al final la comilla, la llave `}` o el corchete `]` que falta.")
        }
        switch text {
        case _ where parsing.contains("flow mapping"):
            set(
                context?.mark.line, context?.mark.column, "a esta llave `{` le falta una coma o su cierre `}`",
                "Se escribe `{ hears: si, next: confirmar }`: coma entre una cosa y otra, y la llave al final. Un texto con comas va entre comillas."
            )
        case _ where parsing.contains("flow sequence"):
            set(
                context?.mark.line, context?.mark.column, "a este corchete `[` le falta una coma o su cierre `]`",
                "Se escribe `[fecha, monto]`: coma entre una cosa y otra, y el corchete al final.")
        case "mapping values are not allowed in this context" where written.ranges(of: ": ").count > 1:
            set(
                line, column, "el texto tiene dos puntos y no está entre comillas",
                "Poné todo el texto entre comillas: `ask: \"Así: entre comillas\"`.")
        case "mapping values are not allowed in this context":
            set(
                line, 1, "esta línea está más adentro de lo que corresponde",
                "Alineala con la de arriba, o cerrá antes la línea de arriba con dos puntos si cuelga de ella.")
        case _ where text.contains("'-' indicator"):
            set(
                line, column, "esta línea no está alineada con los guiones de su lista",
                "Todas las líneas de una lista empiezan con `- ` a la misma altura.")
        case _ where text.contains("expected key") || text.contains("block collection start"):
            set(
                line, column, "la sangría de esta línea no coincide con la de ninguna de arriba",
                "Cada nivel va dos espacios más adentro que el de arriba, y lo del mismo nivel, alineado.")
        case _ where text.contains("expected ':'"):
            set(
                context?.mark.line ?? line, context?.mark.column ?? column, "a esta línea le faltan los dos puntos",
                "Se escribe `clave: valor`. Si es la continuación de un texto, ponelo entero entre comillas en una línea."
            )
        case "block sequence entries are not allowed in this context":
            set(
                line, column, "el guion de una lista no va en la misma línea que su clave",
                "Pasalo a la línea siguiente, dos espacios más adentro.")
        case _ where text.contains("unknown escape"):
            set(
                line, column, "dentro de las comillas hay una barra `\\` con una letra que no significa nada",
                "Borrá la barra. Un renglón nuevo se escribe `\\n`.")
        case _ where text.contains("cannot start any token"):
            let sign = written.dropFirst(column - 1).first.map(String.init) ?? ""
            set(
                line, column,
                sign == "\t" ? "acá hay un tabulador" : "un texto no puede empezar con `\(sign)` sin comillas",
                sign == "\t" ? "Usá espacios." : "Poné el texto entre comillas.")
        case _
        where parsing.contains("anchor") || parsing.contains("alias") || text.contains("alias")
            || parsing.contains("tag"):
            set(
                line, column, "un texto no puede empezar con `&`, `*` ni `!` sin comillas",
                "Poné el texto entre comillas.")
        case _ where text.contains("tab character"):
            set(line, column, "acá hay un tabulador", "Usá espacios: dos por nivel.")
        case _ where parsing.contains("directive") || text.contains("document") || parsing.contains("document"):
            set(
                line, column, "acá terminaría el archivo para quien lo lee: hay algo suelto",
                "Un diálogo no lleva `%` ni `---`; lo que sigue se alinea con `dialog:`.")
        default:
            set(
                line, column, "el archivo no se entiende a partir de acá (\(text))",
                "Revisá la sangría, los dos puntos y las comillas de esta línea y de la anterior.")
        }
    }

    private mutating func set(_ line: Int?, _ column: Int?, _ what: String, _ remedy: String) {
        (self.line, self.column) = (max(1, line ?? self.line), max(1, column ?? self.column))
        (self.what, self.remedy) = (what, remedy)
    }

    /// Where a text in quotes ends and something else follows on its line.
    private static func innerQuote(_ line: Substring) -> (column: Int, quote: Character)? {
        guard let start = line.firstRange(of: ": "),
            let open = line[start.upperBound...].firstIndex(where: { $0 != " " }),
            line[open] == "\"" || line[open] == "'"
        else { return nil }
        let quote = line[open]
        var index = line.index(after: open)
        while index < line.endIndex, line[index] != quote {
            if line[index] == "\\", quote == "\"" { index = line.index(after: index) }
            if index < line.endIndex { index = line.index(after: index) }
        }
        guard index < line.endIndex else { return nil }
        let rest = line[line.index(after: index)...].drop { $0 == " " }
        guard let next = rest.first, !",}]#".contains(next) else { return nil }
        return (line.distance(from: line.startIndex, to: index) + 1, quote)
    }

    /// `hears: si, next: …}` and not `nombre}, te paso`.
    private static func isFlowMapping(_ inside: Substring) -> Bool {
        inside.prefix { $0 != "}" }.contains(":")
    }

    /// The key that a line begins with, after the dash of a list.
    private static func key(of line: Substring) -> String {
        String(line.drop { $0 == " " || $0 == "-" }.prefix { $0 != ":" && $0 != " " })
    }

    /// The last line so far that is written `ask:"…"`.
    private static func withoutSpace(_ lines: [Substring], upTo last: Int) -> (line: Int, column: Int, key: String)? {
        for index in lines.indices.prefix(last).suffix(3).reversed() {
            let key = key(of: lines[index])
            guard !key.isEmpty, key.allSatisfy({ $0.isLetter || $0 == "_" }),
                let start = lines[index].firstRange(of: key + ":"), start.upperBound < lines[index].endIndex,
                !lines[index][start.upperBound].isWhitespace
            else { continue }
            return (index + 1, lines[index].distance(from: lines[index].startIndex, to: start.upperBound), key)
        }
        return nil
    }

    /// The first line so far with a quote that it opens and does not close.
    private static func openQuote(_ lines: [Substring], upTo last: Int) -> (line: Int, column: Int)? {
        for index in lines.indices.prefix(last) where !lines[index].drop(while: { $0 == " " }).hasPrefix("#") {
            var (open, escaped): (Int?, Bool) = (nil, false)
            for (column, character) in lines[index].enumerated() {
                if escaped {
                    escaped = false
                    continue
                }
                if character == "\\" {
                    escaped = true
                } else if character == "\"" {
                    open = open == nil ? column + 1 : nil
                }
            }
            if let open { return (index + 1, open) }
        }
        return nil
    }
}
