import Conversations
import DemoCompany
import Quantities
import Testing

@testable import Storage

struct InboxTests {
    @Test(
        "A message is known by channel, gateway account and id",
        arguments: [
            (message("m1"), true), (message("m2"), false), (message("m1", channel: "generic"), false),
            (message("m1", "otro texto"), true), (message("m1", from: "juan"), true),
        ])
    func unique(second: InboundMessage, duplicate: Bool) async throws {
        try await withStore { store in
            let first = try await store.receive(message("m1"))
            let reply = try await store.receive(second)
            #expect(!first.duplicate)
            #expect(reply.duplicate == duplicate)
        }
    }

    @Test(
        "Texts are kept to the last bit",
        arguments: ["hola\0mundo", "ñandú 👨‍👩‍👧‍👦", "'; DROP TABLE inbox; --", "\u{202E}odatlov", "\r\n\t\u{7}"])
    func texts(text: String) async throws {
        try await withStore { store in
            try await store.receive(message("m1", text))
            let transcript = try await store.submit { tx in
                try tx.transcript(of: tx.conversation(for: DemoCompany.contact("marta"))!.id, limit: 10)
            }
            #expect(transcript.first?.text == text)
        }
    }

    @Test("Two accounts with one phone are nobody's")
    func sharedPhone() async throws {
        try await withStore { store in
            var twin = DemoCompany.account("juan")
            twin.phone = DemoCompany.account("marta").phone
            try await store.importAccounts([twin])
            let phone = twin.phone
            let found = try await store.submit { try $0.account(phone: phone) }
            #expect(found == nil)
        }
    }
}
