import Quantities

/// A dialog broken in one place, to see whether anything notices.
public struct DialogMutation: Sendable {
    /// What kind of damage it is, in Spanish.
    public let kind: String
    /// The line that was broken, from 1, as it was.
    public let line: Int
    public let before: String
    /// What stands there now; empty where the line went.
    public let after: String
    /// The whole dialog.
    public let source: String
    /// The state or digression that the line stands in; nil for what is said of the whole dialog.
    public let place: String?

    /// The damages that can be done to a dialog, in the order of the kinds and of the file. A dialog is read line by line
    /// as `promesa dialog fmt` writes it; what is written otherwise is passed over. Its translations stay as they are.
    public static func all(of source: String, _ dialog: CompiledDialog) -> [DialogMutation] {
        var written = DialogSource(joined: source)
        let lines = written.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let places = SourcePlace.all(of: lines, dialog)
        return MutationKind.all.flatMap { kind in
            places.flatMap { place in
                kind.damages(place).filter { $0 != place.text }.map { after in
                    // What is indented under a line that goes, goes with it.
                    let gone = after.isEmpty ? place.block : place.number..<(place.number + 1)
                    let changed = Array(lines[..<gone.lowerBound]) + (after.isEmpty ? [] : [after])
                    written.text = (changed + lines[gone.upperBound...]).joined(separator: "\n")
                    return DialogMutation(
                        kind: kind.name, line: place.number + 1, before: place.text.trimmed, after: after.trimmed,
                        source: written.joined,
                        place: place.name.isEmpty ? nil : place.name)
                }
            }
        }
    }

    /// Up to `count` of them, every kind in its turn; which ones of a kind depends on the seed alone.
    public static func sample(_ count: Int, of all: [DialogMutation], seed: UInt64) -> [DialogMutation] {
        var kinds: [String] = []
        var waiting: [String: [DialogMutation]] = [:]
        for mutation in all {
            if waiting[mutation.kind] == nil { kinds.append(mutation.kind) }
            waiting[mutation.kind, default: []].append(mutation)
        }
        for kind in kinds {
            waiting[kind]?.sort {
                (stableHash("\(seed) \($0.line) \($0.after)"), $0.line) < (
                    stableHash("\(seed) \($1.line) \($1.after)"), $1.line
                )
            }
        }
        var chosen: [DialogMutation] = []
        while chosen.count < count, !kinds.isEmpty {
            for kind in kinds where chosen.count < count { chosen += waiting[kind]?.popLast().map { [$0] } ?? [] }
            kinds.removeAll { waiting[$0]?.isEmpty != false }
        }
        let order = Dictionary(uniqueKeysWithValues: MutationKind.all.enumerated().map { ($1.name, $0) })
        return chosen.sorted { (order[$0.kind]!, $0.line, $0.after) < (order[$1.kind]!, $1.line, $1.after) }
    }
}

/// One line of a dialog, with where it stands.
struct SourcePlace {
    let text: String
    /// From 0.
    let number: Int
    /// The top key that it stands under, such as `states`.
    let section: String
    let state: DialogStateDefinition?
    /// The key of the second level that it stands under, such as a state; empty where there is none.
    let name: String
    /// The line and what is indented under it.
    let block: Range<Int>
    let dialog: CompiledDialog

    static func all(of lines: [String], _ dialog: CompiledDialog) -> [SourcePlace] {
        var (section, name) = ("", "")
        return lines.indices.compactMap { index in
            let text = lines[index]
            let indent = text.prefix { $0 == " " }.count
            guard !text.trimmed.isEmpty, !text.trimmed.hasPrefix("#") else { return nil }
            let key = String(text.trimmed.prefix { $0 != ":" })
            if indent == 0 { (section, name) = (key, "") } else if indent == 2 { name = key }
            let after = lines[(index + 1)...].firstIndex { line in
                !line.trimmed.isEmpty && line.prefix { $0 == " " }.count <= indent
            }
            return SourcePlace(
                text: text, number: index, section: section, state: section == "states" ? dialog.states[name] : nil,
                name: name,
                block: index..<(after ?? lines.count), dialog: dialog)
        }
    }

    /// The values of a key on this line, one or a list of them.
    func values(of key: String) -> [String] {
        guard let written = written(key) else { return [] }
        return written.filter { !"[]".contains($0) }.split(separator: ",").map { String($0).trimmed }
    }

    /// What is written after a key: a list, a text in quotes or a word.
    func written(_ key: String) -> String? {
        guard let start = text.range(of: key + ": "), text[..<start.lowerBound].last.map({ " {".contains($0) }) ?? true
        else { return nil }
        let rest = text[start.upperBound...]
        switch rest.first {
        case "[": return rest.firstIndex(of: "]").map { String(rest[...$0]) }
        case "\"": return rest.dropFirst().firstIndex(of: "\"").map { String(rest[...$0]) }
        default: return String(rest.prefix { !",}#".contains($0) }).trimmed
        }
    }

    /// The line with another value for a key.
    func writing(_ value: String, for key: String) -> String {
        guard let old = written(key) else { return text }
        return text.replacing("\(key): \(old)", with: "\(key): \(value)", maxReplacements: 1)
    }

    /// The line without a key and its value.
    func without(_ key: String) -> String {
        guard let old = written(key) else { return text }
        if text.trimmed.hasPrefix(key + ":") { return "" }
        return text.replacing(", \(key): \(old)", with: "").replacing("{ \(key): \(old), ", with: "{ ")
    }
}

extension String {
    fileprivate var trimmed: String {
        let start = drop { $0 == " " }
        return String(start[..<(start.lastIndex { $0 != " " }.map { start.index(after: $0) } ?? start.startIndex)])
    }

    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
