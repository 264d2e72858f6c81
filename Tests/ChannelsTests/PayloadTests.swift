import Channels
import Conversations
import Foundation
import Quantities
import SharedData
import Testing

/// A row of `payloads/index.tsv`: a webhook body and what the receiver must make of it.
struct Payload: Sendable, CustomTestStringConvertible {
    let file, action, sender, messageID, text: String
    var testDescription: String { "\(file) → \(action)" }

    init(_ row: [String: String]) {
        func value(_ name: String) -> String { row[name] ?? "" }
        file = value("file")
        action = value("action")
        sender = value("sender")
        messageID = value("message_id")
        text = value("text").replacing("\\0", with: "\0")
    }

    static func of(_ gateways: String...) -> [Payload] {
        SharedData.rows("payloads/index.tsv").filter { gateways.contains($0["gateway"] ?? "") }.map(Payload.init)
    }

    var body: Data { get throws { try SharedData.data("payloads/" + file) } }
}

@Suite(.enabled(if: SharedData.has("payloads/index.tsv")))
struct PayloadTests {
    /// The on-premise form of 360dialog, which ended in 2025, is not the Cloud API's.
    static let otherForm = ["d360/legacy_onpremise_text.json"]

    @Test("A body of WhatsApp Cloud does what the index says", arguments: Payload.of("whatsapp", "d360"))
    func cloud(payload: Payload) throws {
        let items = (try? WhatsAppCloud.parse(payload.body))?.items
        if payload.action == "reject" || Self.otherForm.contains(payload.file) {
            let refused = items?.allSatisfy { if case .deadLetter = $0 { true } else { false } } ?? true
            #expect(refused)
            return
        }
        let all = try #require(items)
        let matches = all.contains { item in
            switch (payload.action, item) {
            case ("turn", .turn(let message)): text(of: message) == payload.text && fits(message, payload)
            case ("media", .turn(let message)): isMedia(message) && fits(message, payload)
            case ("human", .human(let message)):
                // The index names who wrote: the company.
                message.messageID == payload.messageID && message.contact.channel == "whatsapp"
            case ("status", .status(let status)): status.gatewayMessageID == payload.messageID
            case ("ignore", .ignored): true
            default: false
            }
        }
        #expect(matches, "\(all)")
        if payload.action == "ignore" {
            #expect(
                all.allSatisfy { if case .ignored = $0 { true } else { false } }, "nothing but acknowledged: \(all)")
        }
    }

    @Test("A body of the generic gateway does what the index says", arguments: Payload.of("generic"))
    func generic(payload: Payload) throws {
        let now = try #require(Moment(iso: "2026-11-24T10:05:00-03:00"))
        if payload.action == "reject" {
            #expect(throws: GenericJSON.Malformed.self) { try GenericJSON.parse(payload.body, receivedAt: now) }
            return
        }
        let message = try GenericJSON.parse(payload.body, receivedAt: now)
        #expect(payload.action == "turn")
        #expect(text(of: message) == payload.text)
        #expect(message.messageID == payload.messageID)
        #expect(message.contact == ContactKey(channel: "generic", gatewayAccount: "default", address: payload.sender))
    }

    private func fits(_ message: InboundMessage, _ payload: Payload) -> Bool {
        message.messageID == payload.messageID && message.contact.channel == "whatsapp"
            && message.contact.address.drop { $0 == "+" } == payload.sender.drop { $0 == "+" }
    }

    private func text(of message: InboundMessage) -> String? {
        switch message.content {
        case .text(let text), .humanEcho(let text): text
        case .tap(_, let title): title
        case .media: nil
        }
    }

    private func isMedia(_ message: InboundMessage) -> Bool {
        if case .media = message.content { true } else { false }
    }
}
