/// JSON to write: members keep their order, so that what is generated reads well and never changes by itself.
public indirect enum JSONText: Sendable, Hashable {
    case string(String)
    case number(Int)
    case flag(Bool)
    case array([JSONText])
    case object([Member])

    public struct Member: Sendable, Hashable {
        public var name: String
        public var value: JSONText
    }

    public static func object(_ members: KeyValuePairs<String, JSONText>) -> JSONText {
        .object(members.map { Member(name: $0.key, value: $0.value) })
    }

    public static func strings(_ texts: some Sequence<String>) -> JSONText { .array(texts.map { .string($0) }) }

    /// Indented by two spaces a level; arrays of plain values stay on one line where they are short.
    public func rendered(indent: Int = 0) -> String {
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .string(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .flag(let flag): return flag ? "true" : "false"
        case .array(let values):
            let line = "[" + values.map { $0.rendered() }.joined(separator: ", ") + "]"
            if line.count + indent < 100, !line.contains("\n") { return line }
            return "[\n" + values.map { inner + $0.rendered(indent: indent + 2) }.joined(separator: ",\n")
                + "\n\(outer)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            return "{\n"
                + members.map { inner + Self.quoted($0.name) + ": " + $0.value.rendered(indent: indent + 2) }
                .joined(separator: ",\n") + "\n\(outer)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
