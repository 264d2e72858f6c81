import Channels
import Foundation
import Quantities
import SharedData
import Testing

/// Whatever arrives, the parsers answer: a message, a dead letter or an error, never a crash.
struct FuzzTests {
    private func parse(_ body: Data) {
        let now = Moment(seconds: 1_795_521_600)
        _ = try? WhatsAppCloud.parse(body, number: "1")
        _ = try? GenericJSON.parse(body, receivedAt: now)
        _ = try? Telegram.parse(body, bot: "1", receivedAt: now)
        _ = try? Telegram.parsePoll(body, bot: "1", receivedAt: now)
        _ = try? Chatwoot.parse(body, account: "1", receivedAt: now)
        _ = MailIn.parse(body, mailbox: "a@b", receivedAt: now)
        if let fields = WebForm.fields(body) {
            _ = Twilio.parse(fields, receivedAt: now)
            _ = TwilioVoice.parse(fields, step: 1, receivedAt: now)
        }
    }

    @Test("Random bytes are answered", arguments: 0..<200)
    func bytes(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        parse(
            Data((0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }))
        let alphabet = Array(#"{}[]",:\u0d8"entry"123 "#.utf8)
        parse(Data((0..<Int.random(in: 0...300, using: &random)).map { _ in alphabet.randomElement(using: &random)! }))
        let mail = Array(
            "From: <a@b>\nMessage-ID: <1>\nContent-Type: multipart/mixed; boundary=x\n\n--x=?utf-8?Q?=C3?=&#<>\r".utf8)
        parse(
            Data(mail.prefix(70))
                + Data((0..<Int.random(in: 0...300, using: &random)).map { _ in mail.randomElement(using: &random)! }))
    }

    @Test(
        "Payloads with bytes changed, cut and doubled are answered",
        .enabled(if: SharedData.has("payloads/index.tsv")),
        arguments: Payload.of("whatsapp", "d360", "twilio", "telegram", "chatwoot", "generic") + UnseenPayloadTests.all)
    func damaged(payload: Payload) throws {
        var random = SeededRandom(seed: UInt64(payload.file.utf8.reduce(0) { $0 &* 31 &+ Int($1) }.magnitude))
        let original = [UInt8](try payload.body)
        for _ in 0..<60 where original.count > 2 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = .random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...20, using: &random)))
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 20)], at: at)
                }
                if bytes.isEmpty { break }
            }
            parse(Data(bytes))
        }
    }

    @Test(
        "Payloads with a value of another kind anywhere are answered",
        .enabled(if: SharedData.has("payloads/index.tsv")),
        arguments: Payload.of("whatsapp", "d360", "twilio", "telegram", "chatwoot", "generic") + UnseenPayloadTests.all)
    func mistyped(payload: Payload) throws {
        guard let root = try? JSONSerialization.jsonObject(with: payload.body) else { return }
        var random = SeededRandom(seed: 7)
        for _ in 0..<60 {
            let changed = Self.mutated(root, &random)
            if JSONSerialization.isValidJSONObject(changed) {
                parse(try JSONSerialization.data(withJSONObject: changed))
            }
        }
    }

    @Test("Whatever stands beside it in a batch, a message that can be read is taken", arguments: 0..<100)
    func goodBesideBad(seed: Int) throws {
        let good = #"{"type":"text","id":"good","from":"549110","timestamp":"1795521600","text":{"body":"hola"}}"#
        var random = SeededRandom(seed: UInt64(seed))
        let originals = UnseenPayloadTests.all.filter { $0.gateway == "whatsapp" }
        for _ in 0..<5 {
            let root = try JSONSerialization.jsonObject(with: originals.randomElement(using: &random)!.body)
            var bad = Self.mutated(root, &random)
            // The message alone, of what has one.
            let entry = ((bad as? [String: Any])?["entry"] as? [[String: Any]])?.first
            let value = (entry?["changes"] as? [[String: Any]])?.first?["value"] as? [String: Any]
            if let message = (value?["messages"] as? [Any])?.first { bad = message }
            var text = try JSONSerialization.data(withJSONObject: [bad])
            if Bool.random(using: &random) {
                text = Data(#"[{"type":"text","id":"bad","from":"1","text":{"body":"\ud83d"#.utf8) + [0xC3, 0x28]
                    + Data(#""},"type":"text","x":[[[[1]]]]}]"#.utf8)
            }
            var list = text
            list.insert(contentsOf: Data((good + ",").utf8), at: list.startIndex + 1)
            let body =
                Data(#"{"entry":[{"changes":[{"field":"messages","value":{"messages":"#.utf8) + list
                + Data("}}]}]}".utf8)
            let items = try WhatsAppCloud.parse(body).items
            let ids = items.compactMap { if case .turn(let message) = $0 { message.messageID } else { nil } }
            #expect(ids.first == "good" && !ids.contains("bad"))
        }
    }

    private static func mutated(_ value: Any, _ random: inout SeededRandom) -> Any {
        let others: [Any] = [
            NSNull(), -1, 1e300, Int64.max, "", "9223372036854775807", "\0", [Any](), [String: Any](), true,
            ["a": ["b": [1]]],
        ]
        if Int.random(in: 0..<12, using: &random) == 0 { return others.randomElement(using: &random)! }
        if let object = value as? [String: Any] {
            var result = object
            for key in object.keys.sorted() {
                result[key] = Int.random(in: 0..<25, using: &random) == 0 ? nil : mutated(object[key]!, &random)
            }
            return result
        }
        if let list = value as? [Any] { return list.map { mutated($0, &random) } }
        return value
    }
}
