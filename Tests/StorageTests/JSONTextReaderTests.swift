import Foundation
import Testing

@testable import Storage

/// What bodies hold, one of each.
private struct Everything: Codable, Equatable {
    enum Event: Codable, Equatable {
        case silence
        case said(String, at: Int)
        case counted([String: Int])
    }
    enum State: String, Codable { case open, kept }
    /// A value that is another one, as money and days are.
    struct Wrapped: Codable, Equatable {
        let text: String
        init(text: String) { self.text = text }
        init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        }
    }
    struct Item: Codable, Equatable {
        var id: String?
        var amount = Wrapped(text: "1 ARS")
        var flags: [Bool?] = [true, nil, false]
        var inner: [[Int]] = [[], [1, -2], []]
    }

    var text =
        "\"Nuñez\" / \\ 👍 " + String(String.UnicodeScalarView((0...0x20).map { Unicode.Scalar($0)! })) + "\u{2028}"
    var events: [Event] = [.silence, .said("hola", at: 3), .counted(["b": 1, "B": 2, "ñ": 3, "": 5, "\"": 6])]
    var items = ["f2": Item(), "f1": Item(id: "x")]
    var states: [State: Int] = [.open: 1, .kept: 2]
    var numbers: [Double] = [0, 1, -1.5, 0.1, 1e300, 1e-7, 123_456_789]
    var smallest = Int64.min
    var largest = UInt64.max
    var small: Int8 = -128
    var none: Int?
    var some: Int64? = 7
    var flag: Bool? = true
    var emptyList: [Item] = []
}

struct JSONTextReaderTests {
    private func ours<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try JSON.value(text)
    }

    private func foundations<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    @Test("What was written is read again")
    func roundTrip() throws {
        let everything = Everything()
        #expect(try ours(JSON.text(everything)) == everything)
    }

    @Test("What others write is read too: in any order, with space, escapes, nulls and keys that nobody asks for")
    func others() throws {
        let text =
            " {\"more\" : {\"x\":[1,{}]}, \"flags\":[ ] ,\n\"in\\u006eer\":[[1.0, 2e1]],\t\"amount\":\"\\u00f1\\ud83d\\udc4d\\/\", \"id\":null}\r\n"
        let item = try ours(text, as: Everything.Item.self)
        #expect(item == Everything.Item(id: nil, amount: .init(text: "ñ👍/"), flags: [], inner: [[1, 20]]))
        #expect(try foundations(text) == item)
        for text in ["7", " \"solo\" ", "[1,2]", "null"] {
            #expect((try? ours(text, as: Int?.self)) == (try? foundations(text)))
            #expect((try? ours(text, as: [Int].self)) == (try? foundations(text)))
            #expect((try? ours(text, as: String.self)) == (try? foundations(text)))
        }
    }

    @Test(
        "What is no JSON, or not what is wanted, is an error, as it is for Foundation",
        arguments: [
            "", " ", "{", "}", "[1,,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[1]]", "[01]", "[-]",
            "[1.]",
            "[1e]", "[.5]", "[+1]", "tru", "nul", "[\"", "[\"\\\"]", "[\"\\x\"]", "[\"\\u12\"]", "[\"\\ud83d\"]",
            "[\"\\ud83dx\"]", "[\"\n\"]", "[9223372036854775808]", "[1.5]", "[\"1\"]", "[true]", "{}", "[null]",
            String(repeating: "[", count: 100_000),
        ])
    func noSuchValue(_ text: String) {
        #expect(throws: DecodingError.self) { try ours(text, as: [Int].self) }
        #expect(throws: (any Error).self) { try foundations(text, as: [Int].self) }
    }

    @Test(
        "A byte that is changed, missing or too many is read, or refused, as Foundation does; but no list ends in a comma"
    )
    func damaged() throws {
        let bytes = Array(try JSON.text(Everything.Item(id: "a\\u00e9\"b")).utf8)
        for index in bytes.indices {
            for change in Array("\"\\{}[],:0-.etn x".utf8).map({ [$0] }) + [[]] {
                for isMore in [false, true] {
                    var damaged = bytes
                    damaged.replaceSubrange(index..<(isMore ? index : index + 1), with: change)
                    let text = String(decoding: damaged, as: UTF8.self)
                    let our = try? ours(text, as: Everything.Item.self)
                    let isLax = text.contains(",]") || text.contains(",}")
                    #expect(our == (isLax ? nil : try? foundations(text, as: Everything.Item.self)), "\(text)")
                }
            }
        }
    }
}
