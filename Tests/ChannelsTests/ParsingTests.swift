import Channels
import Conversations
import Dialog
import Foundation
import Quantities
import Testing

struct ParsingTests {
    static let now = Moment(seconds: 1_795_521_600)

    private func cloud(_ messages: String) throws -> [ParsedWebhook.Item] {
        try WhatsAppCloud.parse(
            Data(
                #"{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"messages":[\#(messages)]}}]}]}"#
                    .utf8)
        ).items
    }

    private func text(_ id: String, from: String = "5491100000003", timestamp: String = #""1795521600""#) -> String {
        #"{"type":"text","id":"\#(id)","from":"\#(from)","timestamp":\#(timestamp),"text":{"body":"hola"}}"#
    }

    @Test("One item that cannot be read does not take the others with it")
    func batch() throws {
        let items = try cloud([text("a"), "7", #"{"type":"text"}"#, text("b")].joined(separator: ","))
        let kinds = items.map { if case .turn(let message) = $0 { message.messageID } else { "set aside" } }
        #expect(kinds == ["a", "set aside", "set aside", "b"])
    }

    @Test(
        "A message without a possible moment is set aside",
        arguments: ["null", #""""#, #""-1""#, #""9223372036854775807""#, "1e300", "-5", "[]"])
    func timestamps(timestamp: String) throws {
        guard case .deadLetter = try cloud(text("a", timestamp: timestamp))[0] else {
            Issue.record("a message written at \(timestamp) was taken")
            return
        }
    }

    @Test(
        "Ids that a database would cut short or that are endless are set aside",
        arguments: [#"a\u0000b"#, "", String(repeating: "x", count: 513), #"a\nb"#])
    func identifiers(id: String) throws {
        for item in [try cloud(text(id)), try cloud(text("a", from: id))].joined() {
            guard case .deadLetter = item else {
                Issue.record("\(item) was taken")
                continue
            }
        }
        #expect(throws: GenericJSON.Malformed.self) {
            try GenericJSON.parse(Data(#"{"id":"\#(id)","from":"a","text":"hola"}"#.utf8), receivedAt: Self.now)
        }
        #expect(throws: GenericJSON.Malformed.self) {
            try GenericJSON.parse(Data(#"{"id":"a","from":"\#(id)","text":"hola"}"#.utf8), receivedAt: Self.now)
        }
    }

    @Test(
        "A refusal says which field is wrong and what was expected",
        arguments: [
            (#"{"from":"a","text":"b"}"#, "`id`"), (#"{"id":1,"from":"a","text":"b"}"#, "`id`"),
            (#"{"id":"1","text":"b"}"#, "`from`"), (#"{"id":"1","from":"a"}"#, "`text`"),
            (#"{"id":"1","from":"a","text":"b","at":"ayer"}"#, "`at`"),
            (#"{"id":"1","from":"a","button":7}"#, "`button`"),
            ("[]", "object"), ("{", "JSON"), (String(repeating: "[", count: 100), "40 levels"),
        ])
    func refusals(body: String, names: String) {
        let error = #expect(throws: GenericJSON.Malformed.self) {
            try GenericJSON.parse(Data(body.utf8), receivedAt: Self.now)
        }
        #expect(error?.description.contains(names) == true)
    }

    @Test("A message cannot come from the future")
    func future() throws {
        let body = Data(#"{"id":"1","from":"a","text":"mañana","at":"2099-01-01T00:00:00Z"}"#.utf8)
        #expect(try GenericJSON.parse(body, receivedAt: Self.now).writtenAt == Self.now)
    }

    @Test("A button of the generic gateway is a tap")
    func button() throws {
        let body = Data(#"{"id":"1","from":"a","button":"si#2","text":"Sí"}"#.utf8)
        #expect(try GenericJSON.parse(body, receivedAt: Self.now).content == .tap(id: "si#2", title: "Sí"))
    }

    @Test("The response carries the replies with their options, in equal bytes for equal replies")
    func response() {
        let reply = BotMessage(text: "¿Confirmás?", options: [.init(id: "si#1", title: "Sí")])
        #expect(
            String(decoding: GenericJSON.response(id: "g-1", duplicate: false, replies: [reply]), as: UTF8.self)
                == #"{"duplicate":false,"id":"g-1","replies":[{"options":[{"id":"si#1","title":"Sí"}],"text":"¿Confirmás?"}]}"#
        )
    }
}
