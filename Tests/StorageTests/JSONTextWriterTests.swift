import Foundation
import Testing

@testable import Storage

/// What bodies are made of, one of each.
private struct Everything: Encodable {
    enum Event: Encodable {
        case silence
        case said(String, at: Int)
        case counted([String: Int])
    }
    /// A value that is another one, as money and days are.
    struct Wrapped: Encodable {
        let text: String
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
    }
    struct Empty: Encodable {}
    struct Item: Encodable {
        var zone = "AR"
        var id: String? = nil
        var amount = Wrapped(text: "1 ARS")
        var nothing = Empty()
        var flags = [true, false]
    }
    /// Writes by hand, into containers in containers.
    struct Nested: Encodable {
        enum Key: String, CodingKey { case z, a, b, inner }
        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: Key.self)
            try object.encodeNil(forKey: .z)
            var array = object.nestedUnkeyedContainer(forKey: .inner)
            try array.encode(1)
            var deeper = array.nestedContainer(keyedBy: Key.self)
            try deeper.encode("x", forKey: .b)
            try deeper.encode("y", forKey: .a)
            try array.encodeNil()
            // The same container once more: what it holds goes on.
            var again = encoder.container(keyedBy: Key.self)
            try again.encode(Item(), forKey: .a)
            try Item().encode(to: again.superEncoder(forKey: .b))
        }
    }

    var text = "\"Nuñez\" / \\ 👍 " + String(String.UnicodeScalarView((0...0x20).map { Unicode.Scalar($0)! })) + "\u{2028}"
    var events: [Event] = [.silence, .said("hola", at: 3), .counted(["b": 1, "B": 2, "ñ": 3, "a": 4, "": 5, "\"": 6])]
    var items = ["f2": Item(), "f1": Item(id: "x")]
    var numbers: [Double] = [0, 1, -1.5, 0.1, 1e300, 1e-7, 123_456_789]
    var smallest = Int64.min
    var largest = UInt64.max
    var none: Int? = nil
    var emptyList: [Item] = []
    var emptyObject: [String: Item] = [:]
    var nested = Nested()
}

struct JSONTextWriterTests {
    @Test("Bodies are written byte for byte as Foundation writes them with sorted keys")
    func sameBytes() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func both(_ value: some Encodable) throws -> (ours: String, foundations: String) {
            (try JSONTextWriter.text(value), String(decoding: try encoder.encode(value), as: UTF8.self))
        }
        let everything = try both(Everything())
        #expect(everything.ours == everything.foundations)
        for text in try [both("solo"), both([1, 2]), both(7), both([String: Int]()), both(Optional<Int>.none)] {
            #expect(text.ours == text.foundations)
        }
    }

    @Test("A number that JSON does not have is an error", arguments: [Double.nan, .infinity])
    func noNumber(_ value: Double) {
        #expect(throws: EncodingError.self) { try JSONTextWriter.text(["x": value]) }
    }
}
