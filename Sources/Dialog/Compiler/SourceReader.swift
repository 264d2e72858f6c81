import Yams

/// Walks the YAML tree of one dialog file and collects diagnostics.
struct SourceReader {
    let file: String
    let lines: [Substring]
    var diagnostics: [Diagnostic] = []

    init(file: String, source: String) {
        self.file = file
        lines = source.lines
    }

    /// The tree of a file; nil where it cannot be read, and it was said why.
    mutating func parse(_ source: String) -> Node? {
        for (index, line) in lines.enumerated() {
            if let tab = line.utf8.firstIndex(of: UInt8(ascii: "\t")) {
                let leads = line[..<tab].allSatisfy { $0 == " " }
                report(
                    .notReadable,
                    at: SourcePosition(
                        file: file, line: index + 1, column: line.distance(from: line.startIndex, to: tab) + 1),
                    leads ? "hay un tabulador al principio de la línea" : "hay un tabulador en la línea",
                    advice: leads ? "Usá espacios: dos por nivel." : "Cambialo por un espacio.")
                return nil
            }
            if let problem = YAMLProblem(pasted: line) {
                report(
                    .notReadable, at: SourcePosition(file: file, line: index + 1, column: problem.column),
                    problem.what, advice: problem.remedy)
                return nil
            }
            if line.utf8.prefix(while: { " [{-".utf8.contains($0) }).count > 200 {
                report(
                    .notReadable, at: SourcePosition(file: file, line: index + 1, column: 1), "hay demasiados niveles",
                    advice: "Un diálogo no necesita más de seis.")
                return nil
            }
        }
        do {
            let parser = try Parser(yaml: source, resolver: .basic)
            guard let node = try parser.singleRoot() else {
                report(
                    .notReadable, at: SourcePosition(file: file, line: 1, column: 1), "el archivo está vacío",
                    advice: "Empezá por `dialog: nombre`.")
                return nil
            }
            // The tree knows its anchors only as long as the parser lives.
            return withExtendedLifetime(parser) { reportsReference(in: node) } ? nil : node
        } catch let error as YamlError {
            let problem = YAMLProblem(error, lines: lines)
            report(
                .notReadable, at: SourcePosition(file: file, line: problem.line, column: problem.column), problem.what,
                advice: problem.remedy)
        } catch {
            report(
                .notReadable, at: SourcePosition(file: file, line: 1, column: 1),
                "el archivo no se puede leer: \(error)",
                advice: "Guardalo como texto UTF-8.")
        }
        return nil
    }

    /// Anchors (and so their aliases) and tags: with an anchor, a change in one place changes others that nobody looks at.
    private mutating func reportsReference(in node: Node) -> Bool {
        let place = position(node)
        let written = place.line <= lines.count ? lines[place.line - 1].dropFirst(place.column - 1) : ""
        let mark = String(written.prefix { !$0.isWhitespace && !",]}".contains($0) })
        if node.anchor != nil {
            report(
                .notReadable, at: place, length: mark.count,
                "`\(mark)` es un ancla de YAML, y en un diálogo no se usan",
                advice:
                    "Escribí el valor entero en cada lugar donde va. Un texto que empieza con `&` va entre comillas.")
            return true
        }
        if mark.hasPrefix("!") {
            report(
                .notReadable, at: place, length: mark.count,
                "`\(mark)` es una etiqueta de YAML, y en un diálogo no se usan",
                advice: "Borrala. Un texto que empieza con `!` va entre comillas.")
            return true
        }
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping where reportsReference(in: key) || reportsReference(in: value) { return true }
        case .sequence(let sequence): for entry in sequence where reportsReference(in: entry) { return true }
        case .scalar, .alias: break
        }
        return false
    }

    func position(_ node: Node?) -> SourcePosition {
        SourcePosition(file: file, line: max(1, node?.mark?.line ?? 1), column: max(1, node?.mark?.column ?? 1))
    }

    mutating func report(
        _ lint: Lint, at position: SourcePosition, length: Int = 1, _ message: String, advice: String
    ) {
        diagnostics.append(
            Diagnostic(lint: lint, position: position, length: length, message: message, advice: advice))
    }

    /// The fields of a mapping; unknown and repeated keys are reported.
    mutating func fields(_ node: Node?, in place: String, _ table: DialogFormat.Table) -> [String: Node] {
        guard let node else { return [:] }
        guard let mapping = node.mapping else {
            reportNotMapping(node, place)
            return [:]
        }
        var result: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            if !table.names.contains(name), value.scalar?.string == "", isInBraces(key) {
                report(
                    .unknownKey, at: position(key), length: name.count, "`\(name)` quedó suelto en \(place)",
                    advice:
                        "Un texto con comas va entre comillas (`say: \"Bien, gracias\"`), y varias cosas, entre corchetes (`[fecha, monto]`)."
                )
            } else if !table.names.contains(name) {
                report(
                    .unknownKey, at: position(key), length: name.count, "no conozco `\(name)` en \(place)",
                    advice: Self.spanishKeys[name].flatMap {
                        table.names.contains($0) ? "¿Quisiste decir `\($0)`?" : nil
                    }
                        ?? suggestion(for: name, among: table.names))
            } else if result[name] != nil {
                report(
                    .wrongValue, at: position(key), length: name.count, "`\(name)` está dos veces en \(place)",
                    advice: "Dejá una sola.")
            }
            result[name] = value
        }
        return result
    }

    /// What the keys are called by who thinks of them in Spanish.
    private static let spanishKeys = [
        "diálogo": "dialog", "dialogo": "dialog", "inicio": "start", "empieza": "start", "datos": "facts",
        "casilleros": "slots", "límites": "limits", "limites": "limits", "estados": "states",
        "digresiones": "digressions",
        "propiedades": "properties", "dice": "say", "decir": "say", "pregunta": "ask", "preguntar": "ask",
        "oye": "hears", "escucha": "hears", "si": "when", "sí": "when", "cuando": "when", "siguiente": "next",
        "va": "next", "necesita": "needs", "hace": "do", "hacer": "do", "botones": "buttons", "texto": "text",
        "fin": "end", "termina": "end", "deriva": "handoff", "identidad": "identity", "opciones": "choose",
        "caminos": "route", "camino": "route", "sino": "otherwise", "muestra": "show", "tipo": "type",
    ]

    /// Whether a key stands in a list in braces, where a comma ends its neighbour's value.
    private func isInBraces(_ key: Node) -> Bool {
        let place = position(key)
        guard place.line <= lines.count else { return false }
        return lines[place.line - 1].prefix(place.column - 1).contains("{")
    }

    mutating func reportNotMapping(_ node: Node?, _ place: String) {
        report(
            .wrongValue, at: position(node), "\(place) tiene que ser una lista de `clave: valor`",
            advice: "Mirá cómo está escrito en los diálogos que vienen con Promesa.")
    }

    mutating func text(_ node: Node?, _ name: String) -> String? {
        guard let node else { return nil }
        if let text = node.string { return text }
        report(
            .wrongValue, at: position(node), "`\(name)` tiene que ser un texto",
            advice: node.mapping == nil
                ? "Escribilo en una línea, entre comillas si tiene dos puntos."
                : "Un texto que empieza con un dato entre llaves va entre comillas: `\(name): \"{nombre}…\"`.")
        return nil
    }

    /// One text or a list of them, each with its node.
    mutating func texts(_ node: Node?, _ name: String) -> [(text: String, node: Node)] {
        guard let node else { return [] }
        if let sequence = node.sequence {
            return sequence.compactMap { entry in text(entry, name).map { ($0, entry) } }
        }
        return text(node, name).map { [($0, node)] } ?? []
    }

    mutating func flag(_ node: Node?, _ name: String) -> Bool {
        guard let node, let value = text(node, name) else { return false }
        if value == "si" || value == "sí" { return true }
        if value != "no" {
            report(
                .wrongValue, at: position(node), length: value.count, "`\(name)` es `si` o `no`, no `\(value)`",
                advice: "Escribí `\(name): si`, o borrá la línea.")
        }
        return false
    }

    mutating func number(_ node: Node?, _ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard let node, let value = text(node, name) else { return fallback }
        if let number = Int(value), range.contains(number) { return number }
        report(
            .wrongValue, at: position(node), length: value.count,
            "`\(name)` tiene que ser un número de \(range.lowerBound) a \(range.upperBound), no `\(value)`",
            advice: "Por ejemplo `\(name): \(fallback)`.")
        return fallback
    }

    /// A text with placeholders.
    mutating func template(_ text: String, _ node: Node) -> Template {
        var parts: [Template.Part] = []
        var literal = ""
        var rest = Substring(text)
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
            literal += rest[..<open]
            guard let close = rest[open...].utf8.firstIndex(of: UInt8(ascii: "}")) else {
                report(
                    .wrongValue, at: find("{", near: node), "falta cerrar la llave `{`",
                    advice: "Un dato se escribe entre llaves: `{nombre}`.")
                break
            }
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = ""
            let name = String(rest[rest.utf8.index(after: open)..<close])
            if name.utf8.contains(UInt8(ascii: "{")) {
                report(
                    .wrongValue, at: find("{", near: node),
                    "a `{\(name.prefix { $0 != " " && $0 != "{" })` le falta la llave que cierra",
                    advice: "Un dato se escribe entre llaves: `{nombre}`.")
                break
            }
            parts.append(.placeholder(name, DialogVocabulary.facts[name]))
            rest = rest[rest.utf8.index(after: close)...]
        }
        literal += rest
        if !literal.isEmpty { parts.append(.text(literal)) }
        return Template(parts: parts, position: position(node))
    }

    mutating func template(_ node: Node?, _ name: String) -> Template? {
        guard let node, let text = text(node, name) else { return nil }
        checkText(text, node, name)
        return template(text, node)
    }

    /// A text that says nothing, or that YAML ends before its writer does.
    private mutating func checkText(_ text: String, _ node: Node, _ name: String) {
        if text.allSatisfy(\.isWhitespace) {
            report(
                .wrongValue, at: position(node), "`\(name)` está vacío: el bot no diría nada",
                advice: "Escribí el texto entre comillas, o borrá la línea.")
        }
        let place = position(node)
        guard node.scalar?.style == .plain, place.line <= lines.count,
            let cut = lines[place.line - 1].dropFirst(place.column - 1).firstRange(of: " #")
        else { return }
        let line = lines[place.line - 1]
        report(
            .wrongValue,
            at: SourcePosition(
                file: file, line: place.line, column: line.distance(from: line.startIndex, to: cut.lowerBound) + 2),
            "el texto se corta acá: lo que sigue a un `#` no se dice",
            advice: "Poné el texto entre comillas. Si es un comentario, pasalo a una línea aparte.")
    }

    func find(_ text: String, near node: Node) -> SourcePosition { find(text, from: position(node)) }

    /// Where `text` stands as a whole word, looked for from `start` over `range` lines; `start` where it is not.
    func find(_ text: String, from start: SourcePosition, within range: Int = 8) -> SourcePosition {
        func isWord(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        for offset in 0..<range where start.line - 1 + offset < lines.count {
            let line = lines[start.line - 1 + offset]
            guard line.holds(text) else { continue }
            for found in line.dropFirst(offset == 0 ? start.column - 1 : 0).ranges(of: text) {
                let before = found.lowerBound > line.startIndex ? line[line.index(before: found.lowerBound)] : nil
                let after = found.upperBound < line.endIndex ? line[found.upperBound] : nil
                if isWord(text.first) && isWord(before) || isWord(text.last) && isWord(after) { continue }
                return SourcePosition(
                    file: file, line: start.line + offset,
                    column: line.distance(from: line.startIndex, to: found.lowerBound) + 1)
            }
        }
        return start
    }

    func suggestion(for name: String, among words: some Sequence<String>) -> String {
        let words = words.sorted()
        if let begun = words.first(where: { name.hasPrefix($0 + " ") }) { return "¿Quisiste decir `\(begun)`?" }
        if let nearest = words.min(by: { editDistance($0, name) < editDistance($1, name) }),
            editDistance(nearest, name) <= max(2, name.count / 3)
        {
            return "¿Quisiste decir `\(nearest)`?"
        }
        if words.count <= 40 { return "Se puede usar: \(words.joined(separator: ", "))." }
        let near = words.sorted { (editDistance($0, name), $0) < (editDistance($1, name), $1) }.prefix(5)
        return "Los más parecidos son \(near.map { "`\($0)`" }.joined(separator: ", "))."
    }
}

extension String {
    /// Its lines, which end as ``withPlainLines`` has them. By bytes: splitting characters is slow.
    var lines: [Substring] {
        var lines: [Substring] = []
        var start = utf8.startIndex
        while let end = utf8[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(self[start..<end])
            start = utf8.index(after: end)
        }
        lines.append(self[start...])
        return lines
    }
}

extension Substring {
    /// Whether the bytes of `text` stand in it: looked at first, since searching characters is some fifty times slower.
    func holds(_ text: String) -> Bool {
        var (line, text) = (self, text)
        return line.withUTF8 { line in
            text.withUTF8 { text in
                guard let first = text.first else { return true }
                var start = 0
                while start + text.count <= line.count {
                    if line[start] == first, line[start..<start + text.count].elementsEqual(text) { return true }
                    start += 1
                }
                return false
            }
        }
    }
}

/// Levenshtein distance over characters.
package func editDistance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let next = min(row[j + 1] + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
            diagonal = row[j + 1]
            row[j + 1] = next
        }
    }
    return row[b.count]
}
