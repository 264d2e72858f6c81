import Conduct
import Conversations
import DemoCompany
import Dialog
import Quantities
import Testing

@testable import Storage

/// I6 and I12 where a message leaves later than it was written.
struct AdmissionTests {
    private static let tuesday = DemoCompany.morning
    private static func morning(after days: Int64) -> Moment { tuesday.adding(seconds: days * 86_400) }

    /// A message in which we speak first, written and counted at a moment.
    private func speakFirst(_ id: String, at moment: Moment, in store: Store) async throws -> OutboxMessage {
        let contact = DemoCompany.contact("marta")
        let message = OutboxMessage(
            id: id, conversationID: "c-marta", contact: contact, author: .bot, epoch: 0, message: BotMessage(text: id),
            createdAt: moment, purpose: .proactive)
        try await store.submit { tx in
            let conversation = Conversation(id: "c-marta", contact: contact, accountID: "marta")
            try tx.save(tx.conversation(for: contact) ?? conversation)
            try tx.recordProactive(accountID: "marta", channel: contact.channel, at: moment)
            try tx.enqueue(message)
        }
        return message
    }

    /// Nil where it may leave.
    private func refusal(_ message: OutboxMessage, at now: Moment, _ store: Store) async throws -> ContactRefusal? {
        switch try await store.admit(message, .proactive, in: DemoCompany.world, now: now) {
        case .allowed: nil
        case .refused(let refusal): refusal
        }
    }

    @Test("Of two messages that were held up on two days one leaves on the day on which both could")
    func caps() async throws {
        try await withStore { store in
            let first = try await speakFirst("first", at: Self.tuesday, in: store)
            let second = try await speakFirst("second", at: Self.morning(after: 1), in: store)
            let thursday = Self.morning(after: 2)
            #expect(try await refusal(first, at: thursday, store) == nil)
            let put = try await refusal(second, at: thursday, store)
            #expect(put?.rule.id == "ar.por-dia")
            #expect(put?.until == Moment(thursday.day(in: .argentina).adding(days: 1), hour: 8, in: .argentina))
            // Tried again, it does not stand in its own way.
            #expect(try await refusal(first, at: thursday.adding(seconds: 60), store) == nil)
            #expect(try await refusal(second, at: Self.morning(after: 3), store) == nil)
        }
    }

    @Test("Where a message leaves on another day than it was written on, it counts for the day on which it left")
    func counts() async throws {
        try await withStore { store in
            let late = try await speakFirst("late", at: Self.tuesday, in: store)
            #expect(try await refusal(late, at: Self.morning(after: 1), store) == nil)
            let history = try await store.submit { try $0.contactHistory(accountID: "marta") }
            #expect(history.proactive == [Contact(at: Self.morning(after: 1), channel: "whatsapp")])
        }
    }

    @Test("A nudge that is late waits for the morning, and no cap holds it")
    func nudge() async throws {
        try await withStore { store in
            _ = try await speakFirst("first", at: Self.tuesday, in: store)
            let nudge = OutboxMessage(
                id: "nudge", conversationID: "c-marta", contact: DemoCompany.contact("marta"), author: .bot, epoch: 0,
                message: BotMessage(text: "¿Seguís ahí?"), createdAt: Self.tuesday, purpose: .nudge)
            try await store.submit { try $0.enqueue(nudge) }
            func permission(_ now: Moment) async throws -> ContactPermission {
                try await store.admit(nudge, .nudge, in: DemoCompany.world, now: now)
            }
            #expect(try await permission(Self.tuesday.adding(seconds: 60)) == .allowed)
            let night = Moment(Self.tuesday.day(in: .argentina), hour: 23, in: .argentina)
            guard case .refused(let refusal) = try await permission(night) else {
                Issue.record("it leaves at night")
                return
            }
            #expect(refusal.until == Moment(Self.morning(after: 1).day(in: .argentina), hour: 8, in: .argentina))
            let history = try await store.submit { try $0.contactHistory(accountID: "marta") }
            #expect(history.proactive.count == 1)
        }
    }

    @Test("What the person asked for since it was written holds for it")
    func standing() async throws {
        try await withStore { store in
            let message = try await speakFirst("early", at: Self.tuesday, in: store)
            try await store.submit {
                try $0.save(PersonStanding(ownHours: OwnHours(from: 18 * 60)), accountID: "marta")
            }
            let put = try await refusal(message, at: Self.tuesday.adding(seconds: 60), store)
            #expect(put?.until == Moment(Self.tuesday.day(in: .argentina), hour: 18, in: .argentina))
            var account = DemoCompany.account("marta")
            account.optedOut = true
            try await store.submit { [account] in try $0.save(account) }
            let never = try await refusal(message, at: Self.tuesday.adding(seconds: 120), store)
            #expect(never?.rule.id == "ar.baja" && never?.until == nil)
        }
    }
}
