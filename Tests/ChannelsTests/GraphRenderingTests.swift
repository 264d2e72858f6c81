import Conversations
import Dialog
import Foundation
import Quantities
import SharedData
import Testing

@testable import Channels

/// What leaves for the Graph API.
struct GraphRenderingTests {
    static let contact = ContactKey(channel: "whatsapp", gatewayAccount: "100", address: "+5491100000003")
    static let sender = WhatsAppSender(apiURL: "http://graph.example/v23.0", accessToken: "secreto")

    private func options(_ titles: [String], detail: String? = nil) -> [BotMessage.Option] {
        titles.enumerated().map { .init(id: "o\($0.offset)#1", title: $0.element, detail: detail) }
    }

    private func requests(_ message: BotMessage) -> [OutboundRequest] {
        Self.sender.requests(
            for: OutboxMessage(
                id: "m1", conversationID: "c1", contact: Self.contact, author: .bot, epoch: 0, message: message,
                createdAt: Moment(seconds: 0)))
    }

    private func rendered(_ message: BotMessage) throws -> [[String: Any]] {
        try requests(message).map {
            try #require(try JSONSerialization.jsonObject(with: $0.body) as? [String: Any])
        }
    }

    private func body(_ payload: [String: Any]) -> String {
        let interactive = payload["interactive"] as? [String: Any]
        return (payload["text"] as? [String: Any])?["body"] as? String ?? (interactive?["body"] as? [String: Any])?[
            "text"] as? String ?? ""
    }

    private func kind(_ payload: [String: Any]) -> String {
        (payload["interactive"] as? [String: Any])?["type"] as? String ?? payload["type"] as? String ?? ""
    }

    @Test("A request names the number, carries the token and the phone without its plus")
    func request() throws {
        let requests = requests(BotMessage(text: "hola"))
        #expect(requests.count == 1)
        #expect(requests[0].url == "http://graph.example/v23.0/100/messages")
        #expect(requests[0].headers["Authorization"] == "Bearer secreto")
        #expect(
            String(decoding: requests[0].body, as: UTF8.self)
                == #"{"biz_opaque_callback_data":"m1/0","messaging_product":"whatsapp","recipient_type":"individual","text":{"body":"hola","preview_url":false},"to":"5491100000003","type":"text"}"#
        )
    }

    @Test(
        "Up to three short options are buttons, up to ten a list, the others numbered in the text",
        arguments: [
            (["Sí"], nil, "button"), (["Sí", "No", "Otro día"], nil, "button"),
            (["Sí", "No", "Otro", "Más"], nil, "list"),
            (["Un título de 21 letra"], nil, "list"), (["Sí"], "con detalle", "list"),
            (["Un título que tiene veinticinco"], nil, "text"), (["Sí"], String(repeating: "x", count: 73), "text"),
            ((1...10).map { "Plan \($0)" }, nil, "list"), ((1...11).map { "Plan \($0)" }, nil, "text"),
            // One character to us, eleven UTF-16 units each.
            (["👨‍👩‍👧‍👦👨‍👩‍👧‍👦"], nil, "list"), (["👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦"], nil, "text"),
        ] as [([String], String?, String)])
    func form(titles: [String], detail: String?, form: String) throws {
        let payloads = try rendered(BotMessage(text: "¿Cómo?", options: options(titles, detail: detail)))
        #expect(payloads.count == 1)
        #expect(kind(payloads[0]) == form)
        if form == "text" {
            for (index, title) in titles.enumerated() {
                #expect(body(payloads[0]).contains("\n\(index + 1)) \(title)"))
            }
        }
    }

    @Test("Buttons and rows carry the ids that come back with a tap")
    func identifiers() throws {
        let interactive = try #require(
            try rendered(BotMessage(text: "¿?", options: options(["Sí", "No"])))[0]["interactive"] as? [String: Any])
        let buttons = try #require((interactive["action"] as? [String: Any])?["buttons"] as? [[String: Any]])
        #expect(buttons.compactMap { ($0["reply"] as? [String: String])?["id"] } == ["o0#1", "o1#1"])
    }

    @Test("Long texts leave in parts that fit, nothing lost, the options on the last", arguments: 0..<60)
    func long(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let pieces = ["hola", " ", ". ", "\n\n", "ñandú", "👨‍👩‍👧‍👦", "e\u{301}", String(repeating: "x", count: 900), " "]
        let text =
            (0..<Int.random(in: 1...900, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            + "fin"
        let payloads = try rendered(BotMessage(text: text, options: options(["Sí", "No"])))
        for payload in payloads { #expect(body(payload).utf16.count <= (kind(payload) == "text" ? 4096 : 1024)) }
        #expect(payloads.dropLast().allSatisfy { kind($0) == "text" } && kind(payloads[payloads.count - 1]) == "button")
        #expect(payloads.allSatisfy { !body($0).isEmpty })
        let visible = { (text: String) in
            text.unicodeScalars.filter { !CharacterSet.whitespacesAndNewlines.contains($0) }
        }
        #expect(visible(payloads.map(body).joined()).elementsEqual(visible(text)))
    }

    @Test("A single character longer than a message is cut, not sent whole, and ends")
    func endlessCharacter() throws {
        let text = "e" + String(repeating: "\u{301}", count: 9000)
        let payloads = try rendered(BotMessage(text: text))
        #expect(payloads.allSatisfy { body($0).utf16.count <= 4096 })
        #expect(payloads.map { body($0).unicodeScalars.count }.reduce(0, +) == 9001)
    }

    @Test(
        "The gateway's answer decides: sent, later or never",
        arguments: [
            (200, #"{"messages":[{"id":"wamid.X"}]}"#, nil, .sent(gatewayMessageID: "wamid.X")),
            (200, "not JSON", nil, .sent(gatewayMessageID: nil)),
            (429, "", 30, .throttle(.gateway, after: 30, reason: "HTTP 429")),
            (500, "", nil, .retry(after: nil, reason: "HTTP 500")),
            (503, "<html>", nil, .retry(after: nil, reason: "HTTP 503")),
            (401, #"{"error":{"code":190}}"#, nil, .retry(after: nil, reason: "HTTP 401, code 190")),
            (400, #"{"error":{"code":130429}}"#, nil, .throttle(.gateway, after: nil, reason: "HTTP 400, code 130429")),
            (400, #"{"error":{"code":131056}}"#, 6, .throttle(.pair, after: 6, reason: "HTTP 400, code 131056")),
            (400, #"{"error":{"code":131047}}"#, nil, .useTemplate(reason: "HTTP 400, code 131047")),
            (400, #"{"error":{"code":100}}"#, nil, .permanent(reason: "HTTP 400, code 100")),
            (404, "", nil, .permanent(reason: "HTTP 404")),
        ] as [(Int, String, Int?, SendOutcome)])
    func classified(status: Int, body: String, retryAfter: Int?, outcome: SendOutcome) {
        #expect(Self.sender.classify(status: status, body: Data(body.utf8), retryAfter: retryAfter) == outcome)
    }
}
