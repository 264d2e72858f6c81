import Conversations
import DatabaseEngine
import DemoCompany
import Quantities
import Testing

@testable import Service
@testable import Storage

@Suite(.serialized, .timeLimit(.minutes(10)))
struct SchedulerTests {
    /// The demo company where the bot may speak first at any hour: the server's clock is the machine's.
    private static let world: World = {
        var world = DemoCompany.world
        world.conduct = DemoCompany.anyHour
        return world
    }()

    @Test("Due timers fire; one that cannot be fired is set aside and holds nobody up")
    func fires() async throws {
        try await withServer(world: Self.world) { server, store in
            let body = try whatsAppBody([("wamid.1", "+5491100000003", "hola"), ("wamid.2", "+5491100000010", "hola")])
            #expect(try await server.whatsApp(body).status == 200)
            let (marta, juan) = try await store.submit { tx in
                (
                    try tx.conversation(for: DemoCompany.contact("marta")),
                    try tx.conversation(for: DemoCompany.contact("juan"))
                )
            }
            let (broken, good) = (try #require(marta).id, try #require(juan).id)
            try await store.write {
                try $0.execute(sql: "UPDATE conversations SET body = '{}' WHERE id = ?", arguments: [broken])
            }
            try await store.submit { tx in
                for (key, at) in [(broken, 1), (good, 2)] {
                    try tx.set(DueTimer(kind: .idle, key: key, at: Moment(seconds: Int64(at))))
                }
            }
            // Two greetings, and the nudge to who did not answer.
            #expect(try await server.sandbox(atLeast: 3).filter { $0.to.hasSuffix("10") }.count == 2)
            #expect(try await store.deadLetters(limit: 10).map(\.source) == ["timer"])
            #expect(try await store.dueTimers(now: Moment(seconds: 10), limit: 10).isEmpty)
        }
    }
}
