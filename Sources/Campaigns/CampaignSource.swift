import Dialog
import Yams

/// Something to say about a campaign file: where it is wrong, and what to do.
public struct CampaignFinding: Hashable, Sendable {
    /// C1 the form, C2 a value, C3 the debt named to who was not verified, C4 a cadence that contradicts itself, C5 a
    /// wording that conduct forbids, C6 a first message that does not say who writes.
    public var code: String
    public var position: SourcePosition
    /// Characters to underline.
    public var length: Int
    public var message: String
    public var advice: String

    /// `file:line:column: error C3: …`, the line with the place underlined, and the advice.
    public func rendered(source: String) -> String {
        position.rendered("error \(code)", .red, length, message, advice: advice, source: source)
    }
}

/// Walks the YAML tree of one campaign file and collects findings.
struct CampaignSource {
    let file: String
    let lines: [Substring]
    var findings: [CampaignFinding] = []

    init(file: String, source: String) {
        self.file = file
        lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    }

    func position(_ node: Node?) -> SourcePosition {
        SourcePosition(file: file, line: max(1, node?.mark?.line ?? 1), column: max(1, node?.mark?.column ?? 1))
    }

    mutating func report(
        _ code: String, at position: SourcePosition, length: Int = 1, _ message: String, advice: String
    ) {
        findings.append(
            CampaignFinding(code: code, position: position, length: length, message: message, advice: advice))
    }

    /// The fields of a mapping; unknown and repeated keys are reported.
    mutating func fields(_ node: Node?, in place: String, allowed: [String]) -> [String: Node] {
        guard let node else { return [:] }
        guard let mapping = node.mapping else {
            report(
                "C1", at: position(node), "\(place) tiene que ser una lista de `clave: valor`",
                advice: "Mirá cómo está escrito en las campañas que vienen con Promesa.")
            return [:]
        }
        var result: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            if !allowed.contains(name) {
                report(
                    "C1", at: position(key), length: name.count, "no conozco `\(name)` en \(place)",
                    advice: suggestion(for: name, among: allowed))
            } else if result[name] != nil {
                report(
                    "C1", at: position(key), length: name.count, "`\(name)` está dos veces en \(place)",
                    advice: "Dejá una sola.")
            }
            result[name] = value
        }
        return result
    }

    mutating func text(_ node: Node?, _ name: String) -> String? {
        guard let node else { return nil }
        if let text = node.string { return text }
        report(
            "C1", at: position(node), "`\(name)` tiene que ser un texto",
            advice: "Escribilo en una línea, entre comillas si tiene dos puntos.")
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

    mutating func number(_ node: Node?, _ name: String, in range: ClosedRange<Int>) -> Int {
        guard let node, let value = text(node, name) else { return range.lowerBound }
        if let number = Int(value), range.contains(number) { return number }
        report(
            "C2", at: position(node), length: value.count,
            "`\(name)` tiene que ser un número de \(range.lowerBound) a \(range.upperBound), no `\(value)`",
            advice: "Por ejemplo `\(name): 4`.")
        return range.lowerBound
    }

    /// Where `text` stands as a whole word at or after a node; the node where it is not in the lines that follow.
    func find(_ text: String, near node: Node) -> SourcePosition {
        func isWord(_ character: Character?) -> Bool { character.map { $0.isLetter || $0.isNumber } ?? false }
        let start = position(node)
        for offset in 0..<8 where start.line - 1 + offset < lines.count {
            let line = lines[start.line - 1 + offset]
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

    func suggestion(for name: String, among words: [String]) -> String {
        if let nearest = words.min(by: { editDistance($0, name) < editDistance($1, name) }),
            editDistance(nearest, name) <= max(2, name.count / 3)
        {
            return "¿Quisiste decir `\(nearest)`?"
        }
        return "Se puede usar: \(words.joined(separator: ", "))."
    }
}
