import Channels
import Conversations
import Dialog
import Foundation
import Hummingbird
import Quantities
import Storage

/// Calls through Twilio: the same dialogs, said and heard.
struct VoiceRoutes {
    let backend: Backend
    let channel: GatewayConfiguration.Voice

    /// Times in a row that nobody may speak before the call ends.
    private static let mostSilences = 2

    func add(to router: Router<RouteContext>) {
        router.post("v1/webhooks/voice") { request, _ in
            let fields = try await request.twilioForm(
                url: channel.webhookURL, authToken: channel.authToken, metrics: backend.metrics)
            func number(_ name: String) -> Int {
                request.uri.queryParameters[name[...]].flatMap { Int($0) }.map { min(max($0, 0), 1000) } ?? 0
            }
            let said: TwilioVoice.Answer? = try await Intake(backend: backend).durably {
                try await answer(fields, step: number("step"), silences: number("silences"))
            }
            let body = said.map {
                TwilioVoice.twiML($0, language: channel.language, voice: channel.voice)
            }
            return Response.raw(body ?? Data("<Response/>".utf8), type: "text/xml; charset=utf-8")
        }
    }

    private func answer(_ fields: [String: String], step: Int, silences: Int) async throws -> TwilioVoice.Answer? {
        let intake = Intake(backend: backend)
        let event = TwilioVoice.parse(
            fields, step: step, leastConfidence: Double(channel.leastConfidence) / 100, receivedAt: backend.now())
        switch event {
        case .turn(let message): return try await turn(message, step: step, intake)
        case .silence(let contact):
            guard silences + 1 < Self.mostSilences, let last = try await lastSaid(to: contact) else {
                return TwilioVoice.Answer(messages: [TwilioVoice.goodbye], next: nil)
            }
            return TwilioVoice.Answer(messages: [last], next: next(step: step, silences: silences + 1))
        case .ignored: return nil
        case .unreadable(let reason):
            try await intake.setAside("voice", reason, "")
            return nil
        }
    }

    private func turn(_ message: InboundMessage, step: Int, _ intake: Intake) async throws -> TwilioVoice.Answer {
        let (reply, isOver) = try await intake.turn(of: message) { tx, reply, now in
            let conversation = try tx.conversation(for: message.contact)
            // Where somebody is to call back from this turn on, there is nothing more to say now.
            let handoff = try conversation.flatMap { try tx.openHandoff(conversationID: $0.id) }
            let isOver =
                handoff?.createdAt == now || conversation?.owner != .bot || conversation?.dialog?.ended != nil
            return (reply, isOver)
        }
        return TwilioVoice.Answer(
            messages: reply.messages.isEmpty ? [TwilioVoice.callBack] : reply.messages,
            next: isOver ? nil : next(step: step + 1, silences: 0))
    }

    private func next(step: Int, silences: Int) -> String {
        "\(channel.webhookURL.prefix { $0 != "?" })?step=\(step)&silences=\(silences)"
    }

    private func lastSaid(to contact: ContactKey) async throws -> BotMessage? {
        try await backend.store.read { tx in
            let conversation = try tx.conversation(for: contact)
            let transcript = try conversation.map { try tx.transcript(of: $0.id, limit: 10) } ?? []
            return transcript.last { $0.speaker == .bot }.map { entry in
                BotMessage(text: entry.text, options: entry.options.map { .init(id: $0, title: $0) })
            }
        }
    }
}
