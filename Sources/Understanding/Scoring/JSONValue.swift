/// Just enough JSON to read the expected column of the case files.
indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    subscript(key: String) -> JSONValue? { if case .object(let members) = self { members[key] } else { nil } }
    var string: String? { if case .string(let value) = self { value } else { nil } }
    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    var array: [JSONValue] { if case .array(let values) = self { values } else { [] } }
    var keys: [String] { if case .object(let members) = self { members.keys.sorted() } else { [] } }

    /// - Returns: nil where the text is not JSON.
    init?(_ text: String) {
        var parser = JSONParser(bytes: Array(text.utf8))
        guard let value = parser.value() else { return nil }
        self = value
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var position = 0

    private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipSpace() { while [32, 9, 10, 13].contains(current) { position += 1 } }

    private mutating func take(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
        position += word.utf8CodeUnitCount
        return value
    }

    mutating func value() -> JSONValue? {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return take("true", .bool(true))
        case UInt8(ascii: "f"): return take("false", .bool(false))
        case UInt8(ascii: "n"): return take("null", .null)
        default: return number()
        }
    }

    private mutating func number() -> JSONValue? {
        let start = position
        while [43, 45, 46, 69, 101].contains(current) || (48...57).contains(current) { position += 1 }
        return Double(String(decoding: bytes[start..<position], as: UTF8.self)).map { .number($0) }
    }

    private mutating func object() -> JSONValue? {
        var members: [String: JSONValue] = [:]
        position += 1
        skipSpace()
        while current != UInt8(ascii: "}") {
            skipSpace()
            guard let key = string() else { return nil }
            skipSpace()
            guard current == UInt8(ascii: ":") else { return nil }
            position += 1
            guard let member = value() else { return nil }
            members[key] = member
            skipSpace()
            if current == UInt8(ascii: ",") { position += 1 } else if current != UInt8(ascii: "}") { return nil }
        }
        position += 1
        return .object(members)
    }

    private mutating func array() -> JSONValue? {
        var values: [JSONValue] = []
        position += 1
        skipSpace()
        while current != UInt8(ascii: "]") {
            guard let element = value() else { return nil }
            values.append(element)
            skipSpace()
            if current == UInt8(ascii: ",") { position += 1 } else if current != UInt8(ascii: "]") { return nil }
            skipSpace()
        }
        position += 1
        return .array(values)
    }

    private mutating func string() -> String? {
        guard current == UInt8(ascii: "\"") else { return nil }
        position += 1
        var result: [UInt8] = []
        while position < bytes.count, current != UInt8(ascii: "\"") {
            if current == UInt8(ascii: "\\") {
                position += 1
                switch current {
                case UInt8(ascii: "n"): result.append(10)
                case UInt8(ascii: "t"): result.append(9)
                case UInt8(ascii: "u"):
                    let digits = String(
                        decoding: bytes[min(position + 1, bytes.count)..<min(position + 5, bytes.count)], as: UTF8.self)
                    guard let code = UInt32(digits, radix: 16) else { return nil }
                    result += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
                    position += 4
                default: result.append(current)
                }
            } else {
                result.append(current)
            }
            position += 1
        }
        position += 1
        return String(decoding: result, as: UTF8.self)
    }
}
