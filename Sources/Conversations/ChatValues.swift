/// The names that a `.chat` test gave to texts.
struct ChatValues {
    private(set) var values: [String: String] = [:]

    /// `día = viernes 27/11`; nil where it is not written so.
    mutating func set(_ text: String) -> Bool {
        guard let equals = text.firstIndex(of: "=") else { return false }
        let name = text[..<equals].filter { $0 != " " }
        guard !name.isEmpty else { return false }
        values[name] = String(text[text.index(after: equals)...].drop { $0 == " " })
        return true
    }

    /// The text with every name that has a value replaced by it.
    func filled(_ text: String) -> String {
        guard text.contains("{") else { return text }
        return values.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// Whether what was said is what was expected: `…` stands for any words, and a `{name}` without a value takes the
    /// words in its place.
    mutating func matches(_ expected: String, _ said: String) -> Bool {
        let expected = filled(expected)
        if expected == said { return true }
        guard expected.contains("…") || expected.contains("{") else { return false }
        var taken: [String: String] = [:]
        guard Self.match(Self.parts(of: expected)[...], said[...], &taken) else { return false }
        values.merge(taken) { $1 }
        return true
    }

    private enum Part {
        case text(String)
        case any
        case name(String)
    }

    private static func parts(of pattern: String) -> [Part] {
        var parts: [Part] = []
        var literal = ""
        func flush() {
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = ""
        }
        var rest = pattern[...]
        while let character = rest.first {
            if character == "…" {
                flush()
                parts.append(.any)
            } else if character == "{", let close = rest.firstIndex(of: "}") {
                flush()
                parts.append(.name(String(rest[rest.index(after: rest.startIndex)..<close])))
                rest = rest[close...]
            } else {
                literal.append(character)
            }
            rest = rest.dropFirst()
        }
        flush()
        return parts
    }

    /// The shortest words for each gap, from the left.
    private static func match(_ parts: ArraySlice<Part>, _ text: Substring, _ taken: inout [String: String]) -> Bool {
        guard let part = parts.first else { return text.isEmpty }
        let rest = parts.dropFirst()
        switch part {
        case .text(let literal): return text.hasPrefix(literal) && match(rest, text.dropFirst(literal.count), &taken)
        case .any, .name:
            guard case .text(let next)? = rest.first else {
                if rest.isEmpty {
                    if case .name(let name) = part { taken[name] = String(text) }
                    return true
                }
                return false
            }
            var from = text.startIndex
            while let found = text[from...].firstRange(of: next) {
                var attempt = taken
                if case .name(let name) = part { attempt[name] = String(text[..<found.lowerBound]) }
                if match(rest.dropFirst(), text[found.upperBound...], &attempt) {
                    taken = attempt
                    return true
                }
                from = text.index(after: found.lowerBound)
            }
            return false
        }
    }
}
