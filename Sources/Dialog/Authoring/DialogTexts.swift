import Ledger
import Yams

/// Everything that a dialog says, as a table that can be reviewed apart from it.
public struct DialogTexts: Sendable {
    public struct Entry: Hashable, Sendable {
        /// The way to it in the file, such as `states.mora.ask` or `states.mora.buttons.1.text`.
        public var id: String
        public var line: Int
        public var text: String
    }

    /// What is wrong with a table; nothing was changed.
    public struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
        public let problems: [String]
        public var description: String { problems.joined(separator: "\n") + "\nno se cambió nada" }
    }

    public let source: String
    public private(set) var entries: [Entry] = []
    /// Where they stand in the source, in bytes and in the same order; nil where they are not written in quotes or plainly.
    private var ranges: [Range<Int>?] = []

    /// - Throws: ``FormatError`` where the source is not YAML.
    public init(source: String) throws(FormatError) {
        self.source = source
        let root = try DialogFormatter.tree(source)
        collect(root, .table(DialogFormat.dialog), path: "")
    }

    private mutating func collect(_ node: Node, _ value: DialogFormat.Value, path: String) {
        func under(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch value {
        case .text:
            guard case .scalar(let scalar) = node else { return }
            entries.append(Entry(id: path, line: scalar.mark?.line ?? 1, text: scalar.string))
            ranges.append(YAMLScalarRange(scalar, in: source).range)
        case .table(let table):
            for (key, value) in node.mapping ?? [:] {
                guard let found = table.keys.first(where: { $0.name == key.string }) else { continue }
                collect(value, found.value, path: under(found.name))
            }
        case .named(let table):
            for (key, value) in node.mapping ?? [:] { collect(value, .table(table), path: under(key.string ?? "?")) }
        case .list(let element):
            for (index, node) in (node.sequence ?? []).enumerated() {
                collect(node, element, path: under(String(index + 1)))
            }
        case .oneOrMany(let element):
            if node.sequence != nil {
                collect(node, .list(element), path: path)
            } else {
                collect(node, element, path: path)
            }
        case .name, .names, .condition, .flag, .number, .duration, .oneOf: break
        }
    }

    // MARK: CSV

    /// `id,linea,texto`, after RFC 4180.
    public var csv: String {
        csvLine(["id", "linea", "texto"]) + entries.map { csvLine([$0.id, String($0.line), $0.text]) }.joined()
    }

    /// The source with the texts of a table in place of its own; everything else stays byte for byte.
    /// - Throws: ``ImportError`` with everything that is wrong: rows that name no text, placeholders that were lost or added.
    public func importing(csv: String) throws(ImportError) -> String {
        let rows = parseCSV(csv)
        let names = rows.first?.map(\.text) ?? []
        guard let idColumn = names.firstIndex(of: "id"), let textColumn = names.firstIndex(of: "texto") else {
            throw ImportError(problems: [
                "la primera línea tiene que nombrar las columnas `id` y `texto`, como la escribe `--export`; en una planilla, guardala como CSV UTF-8"
            ])
        }
        var problems: [String] = []
        var changed: [String: String] = [:]
        for row in rows.dropFirst() {
            let line = row.first?.line ?? 1
            guard row.indices.contains(idColumn), row.indices.contains(textColumn) else {
                problems.append("línea \(line): faltan columnas")
                continue
            }
            let (id, text) = (row[idColumn].text, row[textColumn].text)
            guard let entry = entries.first(where: { $0.id == id }) else {
                problems.append("línea \(line): el diálogo no tiene un texto `\(id)`")
                continue
            }
            if text.contains("\u{FFFD}"), !entry.text.contains("\u{FFFD}") {
                problems.append("línea \(line): a `\(id)` se le perdieron letras; guardá la tabla como CSV UTF-8")
                continue
            }
            if changed[id] != nil { problems.append("línea \(line): `\(id)` está dos veces") }
            changed[id] = text
            problems += Self.lost(from: entry.text, in: text).map { "línea \(line): a `\(id)` \($0)" }
        }
        guard problems.isEmpty else { throw ImportError(problems: problems) }
        return try replacing(changed)
    }

    /// The figures of a text are the dialog's: who reviews its words can neither drop nor invent one.
    private static func lost(from old: String, in new: String) -> [String] {
        func figures(_ text: String) -> Set<String> {
            Set(
                text.split(separator: "{").dropFirst().compactMap { part in
                    part.firstIndex(of: "}").map { String(part[..<$0]) }
                })
        }
        let (before, after) = (figures(old), figures(new))
        return before.subtracting(after).sorted().map { "le falta {\($0)}" }
            + after.subtracting(before).sorted().map { "le sobra {\($0)}" }
    }

    private func replacing(_ changed: [String: String]) throws(ImportError) -> String {
        var bytes = Array(source.utf8)
        for index in entries.indices.reversed() {
            guard let text = changed[entries[index].id], text != entries[index].text else { continue }
            guard let range = ranges[index] else {
                throw ImportError(problems: [
                    "línea \(entries[index].line): este texto no se puede cambiar desde la tabla; escribilo entre comillas"
                ])
            }
            bytes.replaceSubrange(range, with: DialogFormatter.quoted(text).utf8)
        }
        let result = String(decoding: bytes, as: UTF8.self)
        guard let again = try? DialogTexts(source: result), again.entries.map(\.id) == entries.map(\.id),
            zip(entries, again.entries).allSatisfy({ $1.text == changed[$0.id] ?? $0.text })
        else { throw ImportError(problems: ["la tabla no se puede llevar al archivo sin cambiar otra cosa"]) }
        return result
    }
}
