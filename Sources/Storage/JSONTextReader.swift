/// Reads the bodies that ``JSONTextWriter`` writes, and any other JSON, without a dictionary for each object: what Foundation's
/// `JSONDecoder` makes of them, in a fraction of the time.
///
/// The text is looked at once, and becomes a list of nodes in the order in which they are written; a container finds its entries
/// by stepping over them. A decoder is valid only as long as the value is being decoded.
struct JSONTextReader {
    fileprivate enum Kind {
        case object, array, string, escapedString, number, yes, no, null
    }

    fileprivate struct Node {
        let kind: Kind
        /// Of its bytes; of a string, without its quotes.
        let start: Int
        var end: Int
        /// The node after it and all that is in it.
        var next: Int
    }

    /// Decoders share the reader by its place, as encoders do the writer.
    fileprivate typealias Reference = UnsafePointer<JSONTextReader>

    private static let deepest = 512
    private static let escapes = Array("\"\\/bfnrtu".utf8)

    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    fileprivate private(set) var nodes: [Node] = []
    private var place = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// - Throws: `DecodingError` where the text is no JSON or does not hold such a value.
    static func value<Value: Decodable>(
        _ bytes: UnsafeBufferPointer<UInt8>, as type: Value.Type = Value.self
    ) throws -> Value {
        var reader = JSONTextReader(bytes)
        reader.nodes.reserveCapacity(bytes.count / 8 + 4)
        try reader.readValue(depth: 0)
        reader.skipSpace()
        guard reader.place == bytes.count else { throw reader.unreadable("the end") }
        return try withUnsafePointer(to: reader) { try JSONTextDecoder(reader: $0, node: 0).decode(type) }
    }

    // MARK: The text

    private func unreadable(_ expected: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: [], debugDescription: "no JSON: \(expected) was expected at byte \(place)"))
    }

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func readValue(depth: Int) throws {
        guard depth < Self.deepest else { throw unreadable("something less deep") }
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): try readContainer(.object, end: UInt8(ascii: "}"), depth)
        case UInt8(ascii: "["): try readContainer(.array, end: UInt8(ascii: "]"), depth)
        case UInt8(ascii: "\""): try readString()
        case UInt8(ascii: "t"): try readWord("true", .yes)
        case UInt8(ascii: "f"): try readWord("false", .no)
        case UInt8(ascii: "n"): try readWord("null", .null)
        default: try readNumber()
        }
    }

    private mutating func readContainer(_ kind: Kind, end: UInt8, _ depth: Int) throws {
        let index = nodes.count
        nodes.append(Node(kind: kind, start: place, end: place, next: index))
        place += 1
        skipSpace()
        if byte == end {
            place += 1
        } else {
            while true {
                if kind == .object {
                    skipSpace()
                    guard byte == UInt8(ascii: "\"") else { throw unreadable("a key") }
                    try readString()
                    skipSpace()
                    guard byte == UInt8(ascii: ":") else { throw unreadable("`:`") }
                    place += 1
                }
                try readValue(depth: depth + 1)
                skipSpace()
                let separator = byte
                guard separator == end || separator == UInt8(ascii: ",") else { throw unreadable("`,`") }
                place += 1
                if separator == end { break }
            }
        }
        nodes[index].end = place
        nodes[index].next = nodes.count
    }

    private mutating func add(_ kind: Kind, _ start: Int, _ end: Int) {
        nodes.append(Node(kind: kind, start: start, end: end, next: nodes.count + 1))
    }

    private mutating func readString() throws {
        place += 1
        let start = place
        var kind = Kind.string
        while true {
            switch byte {
            case UInt8(ascii: "\""):
                add(kind, start, place)
                place += 1
                return
            case UInt8(ascii: "\\"):
                kind = .escapedString
                place += 1
                guard let byte, Self.escapes.contains(byte) else { throw unreadable("an escape") }
                place += 1
            case let byte? where byte >= 0x20: place += 1
            default: throw unreadable("the end of a text")
            }
        }
    }

    private mutating func readWord(_ word: StaticString, _ kind: Kind) throws {
        let end = place + word.utf8CodeUnitCount
        guard end <= bytes.count, (place..<end).allSatisfy({ bytes[$0] == word.utf8Start[$0 - place] }) else {
            throw unreadable("`\(word)`")
        }
        add(kind, place, end)
        place = end
    }

    private mutating func readNumber() throws {
        let start = place
        if byte == UInt8(ascii: "-") { place += 1 }
        let first = byte
        try skipDigits()
        if first == UInt8(ascii: "0"), place - start > (bytes[start] == UInt8(ascii: "-") ? 2 : 1) {
            throw unreadable("a number without zeros before it")
        }
        if byte == UInt8(ascii: ".") {
            place += 1
            try skipDigits()
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            place += 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { place += 1 }
            try skipDigits()
        }
        add(.number, start, place)
    }

    private mutating func skipDigits() throws {
        let start = place
        while let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { place += 1 }
        if place == start { throw unreadable("a value") }
    }

    // MARK: Values

    fileprivate func mismatch(_ type: Any.Type, _ node: Int) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: [], debugDescription: "\(type) expected, found \(nodes[node].kind)")
        return nodes[node].kind == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    fileprivate func text(_ node: Int) throws -> String {
        let (kind, range) = (nodes[node].kind, nodes[node].start..<nodes[node].end)
        switch kind {
        case .string: return String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        case .escapedString: return try unescaped(range)
        case .object, .array, .number, .yes, .no, .null: throw mismatch(String.self, node)
        }
    }

    private func unescaped(_ range: Range<Int>) throws -> String {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var place = range.lowerBound
        func wrong() -> DecodingError {
            .dataCorrupted(.init(codingPath: [], debugDescription: "no JSON: an escape at byte \(place)"))
        }
        func unit() throws -> UInt32 {
            guard place + 6 <= range.upperBound, bytes[place + 1] == UInt8(ascii: "u") else { throw wrong() }
            var value: UInt32 = 0
            for byte in bytes[place + 2..<place + 6] {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw wrong() }
                value = value << 4 | UInt32(digit)
            }
            place += 6
            return value
        }
        while place < range.upperBound {
            guard bytes[place] == UInt8(ascii: "\\") else {
                text.append(bytes[place])
                place += 1
                continue
            }
            guard place + 1 < range.upperBound else { throw wrong() }
            let plain: UInt8
            switch bytes[place + 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = bytes[place + 1]
            case UInt8(ascii: "b"): plain = 0x08
            case UInt8(ascii: "t"): plain = 0x09
            case UInt8(ascii: "n"): plain = 0x0A
            case UInt8(ascii: "f"): plain = 0x0C
            case UInt8(ascii: "r"): plain = 0x0D
            default:
                var value = try unit()
                if value >> 10 == 0xD800 >> 10 {
                    guard place < range.upperBound, bytes[place] == UInt8(ascii: "\\") else { throw wrong() }
                    let low = try unit()
                    guard low >> 10 == 0xDC00 >> 10 else { throw wrong() }
                    value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
                }
                guard let scalar = Unicode.Scalar(value) else { throw wrong() }
                text.append(contentsOf: String(scalar).utf8)
                continue
            }
            text.append(plain)
            place += 2
        }
        return String(decoding: text, as: UTF8.self)
    }

    fileprivate func flag(_ node: Int) throws -> Bool {
        switch nodes[node].kind {
        case .yes: true
        case .no: false
        case .object, .array, .string, .escapedString, .number, .null: throw mismatch(Bool.self, node)
        }
    }

    fileprivate func integer<Value: FixedWidthInteger>(_ node: Int) throws -> Value {
        guard nodes[node].kind == .number else { throw mismatch(Value.self, node) }
        let digits = UnsafeBufferPointer(rebasing: bytes[nodes[node].start..<nodes[node].end])
        var value: Value = 0
        let isNegative = digits[0] == UInt8(ascii: "-")
        for byte in digits.dropFirst(isNegative ? 1 : 0) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return try exactly(node) }
            let digit = Value(truncatingIfNeeded: byte - UInt8(ascii: "0"))
            let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
            let (sum, isOverToo) =
                isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            if isOver || isOverToo { throw outOfRange(Value.self, node) }
            value = sum
        }
        return value
    }

    /// An integer that is written as `1.0` or `1e3`.
    private func exactly<Value: FixedWidthInteger>(_ node: Int) throws -> Value {
        guard let value = Value(exactly: try double(node)) else { throw outOfRange(Value.self, node) }
        return value
    }

    fileprivate func double(_ node: Int) throws -> Double {
        guard nodes[node].kind == .number else { throw mismatch(Double.self, node) }
        let digits = String(
            decoding: UnsafeBufferPointer(rebasing: bytes[nodes[node].start..<nodes[node].end]), as: UTF8.self)
        guard let value = Double(digits), value.isFinite else { throw outOfRange(Double.self, node) }
        return value
    }

    private func outOfRange(_ type: Any.Type, _ node: Int) -> DecodingError {
        .dataCorrupted(.init(codingPath: [], debugDescription: "a number that \(type) does not hold"))
    }

    // MARK: Entries

    /// The value of a key; the last one where the object has several.
    fileprivate func entry(_ key: String, of object: Int) -> Int? {
        var key = key
        return key.withUTF8 { wanted in
            let end = nodes[object].next
            var found: Int?
            var index = object + 1
            while index < end {
                if isKey(index, wanted) { found = index + 1 }
                index = nodes[index + 1].next
            }
            return found
        }
    }

    private func isKey(_ node: Int, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        let range = nodes[node].start..<nodes[node].end
        if nodes[node].kind == .escapedString { return (try? unescaped(range))?.utf8.elementsEqual(wanted) ?? false }
        guard range.count == wanted.count else { return false }
        for offset in 0..<range.count where bytes[range.lowerBound + offset] != wanted[offset] { return false }
        return true
    }

    fileprivate func keys(of object: Int) throws -> [String] {
        var keys: [String] = []
        var index = object + 1
        while index < nodes[object].next {
            keys.append(try text(index))
            index = nodes[index + 1].next
        }
        return keys
    }

    fileprivate func count(of array: Int) -> Int {
        var (count, index) = (0, array + 1)
        while index < nodes[array].next {
            count += 1
            index = nodes[index].next
        }
        return count
    }
}

/// What a value is read from: one node of a ``JSONTextReader``.
private struct JSONTextDecoder: Decoder, SingleValueDecodingContainer {
    let reader: JSONTextReader.Reference
    let node: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard reader.pointee.nodes[node].kind == .object else {
            throw reader.pointee.mismatch([String: Any].self, node)
        }
        return KeyedDecodingContainer(ObjectContainer(reader: reader, node: node))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard reader.pointee.nodes[node].kind == .array else { throw reader.pointee.mismatch([Any].self, node) }
        return ArrayContainer(reader: reader, array: node)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { reader.pointee.nodes[node].kind == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try reader.pointee.flag(node) }
    func decode(_ type: String.Type) throws -> String { try reader.pointee.text(node) }
    func decode(_ type: Double.Type) throws -> Double { try reader.pointee.double(node) }
    func decode(_ type: Float.Type) throws -> Float { Float(try reader.pointee.double(node)) }
    func decode(_ type: Int.Type) throws -> Int { try reader.pointee.integer(node) }
    func decode(_ type: Int8.Type) throws -> Int8 { try reader.pointee.integer(node) }
    func decode(_ type: Int16.Type) throws -> Int16 { try reader.pointee.integer(node) }
    func decode(_ type: Int32.Type) throws -> Int32 { try reader.pointee.integer(node) }
    func decode(_ type: Int64.Type) throws -> Int64 { try reader.pointee.integer(node) }
    func decode(_ type: UInt.Type) throws -> UInt { try reader.pointee.integer(node) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try reader.pointee.integer(node) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try reader.pointee.integer(node) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try reader.pointee.integer(node) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try reader.pointee.integer(node) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }
}

private struct ObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let reader: JSONTextReader.Reference
    let node: Int

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { ((try? reader.pointee.keys(of: node)) ?? []).compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { reader.pointee.entry(key.stringValue, of: node) != nil }

    private func value(_ key: Key) throws -> JSONTextDecoder {
        guard let value = reader.pointee.entry(key.stringValue, of: node) else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: [], debugDescription: "no value for \(key.stringValue)"))
        }
        return JSONTextDecoder(reader: reader, node: value)
    }

    /// Nil where there is none, or null.
    private func present(_ key: Key) -> JSONTextDecoder? {
        guard let value = reader.pointee.entry(key.stringValue, of: node) else { return nil }
        let decoder = JSONTextDecoder(reader: reader, node: value)
        return decoder.decodeNil() ? nil : decoder
    }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).decodeNil() }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).decode(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).decode(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).decode(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).decode(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).decode(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).decode(type) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try value(key).decode(type) }

    // What is asked for in most bodies, with one look for the key instead of three.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try present(key)?.decode(type) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try present(key)?.decode(type) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try present(key)?.decode(type) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try present(key)?.decode(type) }
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try present(key)?.decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try value(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try value(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        guard let value = reader.pointee.entry("super", of: node) else {
            throw DecodingError.valueNotFound(
                Decoder.self, .init(codingPath: [], debugDescription: "no value for super"))
        }
        return JSONTextDecoder(reader: reader, node: value)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try value(key) }
}

private struct ArrayContainer: UnkeyedDecodingContainer {
    let reader: JSONTextReader.Reference
    let array: Int
    private var node: Int
    private(set) var currentIndex = 0

    init(reader: JSONTextReader.Reference, array: Int) {
        (self.reader, self.array) = (reader, array)
        node = array + 1
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { reader.pointee.count(of: array) }
    var isAtEnd: Bool { node >= reader.pointee.nodes[array].next }

    private var value: JSONTextDecoder {
        get throws {
            if isAtEnd {
                throw DecodingError.valueNotFound(
                    Any.self, .init(codingPath: [], debugDescription: "the list ends after \(currentIndex)"))
            }
            return JSONTextDecoder(reader: reader, node: node)
        }
    }

    private mutating func next<Value>(_ read: (JSONTextDecoder) throws -> Value) throws -> Value {
        let result = try read(value)
        node = reader.pointee.nodes[node].next
        currentIndex += 1
        return result
    }

    mutating func decodeNil() throws -> Bool {
        // Only a null is taken.
        guard try value.decodeNil() else { return false }
        return try next { _ in true }
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.decode(type) } }
    mutating func decode(_ type: String.Type) throws -> String { try next { try $0.decode(type) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.decode(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try next { try $0.decode(type) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.decode(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.decode(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.decode(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.decode(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.decode(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.decode(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.decode(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.decode(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.decode(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.decode(type) } }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next { try $0.decode(type) } }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try next { $0 } }
}
