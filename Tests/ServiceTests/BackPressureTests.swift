import AsyncHTTPClient
import Channels
import Crypto
import DemoCompany
import Foundation
import Synchronization
import Testing

@testable import Service
@testable import Storage

/// What happens where more comes than the disk takes: the disk is held still, and the order of what is written is looked at.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct BackPressureTests {
    /// Holds the writer in the middle of a commit until it is let go.
    private final class Brake: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        private let task: Task<Void, any Error>

        init(_ store: Store) async {
            let (stopped, signal) = AsyncStream<Void>.makeStream()
            let semaphore = semaphore
            task = Task {
                try await store.write { _ in
                    signal.finish()
                    semaphore.wait()
                }
            }
            for await _ in stopped {}
        }

        deinit { semaphore.signal() }

        func release() async throws {
            semaphore.signal()
            try await task.value
        }
    }

    private final class Counter: Sendable { let count = Mutex(0) }

    private struct Posted: Sendable {
        let id: String
        let status: Int
        let retryAfter: String?
    }

    /// A message of WhatsApp, over a connection of its own where others are busy.
    private func post(_ client: HTTPClient, _ url: String, _ id: String, from: String) async throws -> Posted {
        let body = try whatsAppBody([(id, from, "hola")])
        let key = SymmetricKey(data: Data(Remote.appSecret.utf8))
        var request = HTTPClientRequest(url: url + "/v1/webhooks/whatsapp")
        request.method = .POST
        let code = Signatures.hexadecimal(Data(HMAC<SHA256>.authenticationCode(for: body, using: key)))
        request.headers.add(name: "X-Hub-Signature-256", value: "sha256=" + code)
        request.body = .bytes(body)
        let response = try await client.execute(request, timeout: .minutes(5))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Posted(
            id: id, status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"))
    }

    /// A client that opens as many connections as it has requests.
    private func withWideServer(_ body: @escaping @Sendable (HTTPClient, String, Store) async throws -> Void)
        async throws
    {
        try await withServer { server, store in
            var configuration = HTTPClient.Configuration()
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            do {
                try await body(client, server.url, store)
            } catch {
                try await client.shutdown()
                throw error
            }
            try await client.shutdown()
        }
    }

    private func waits(_ store: Store, for count: Int) async throws {
        for _ in 0..<6000 where store.waitingCount < count { try await Task.sleep(for: .milliseconds(10)) }
        #expect(store.waitingCount >= count)
    }

    @Test(
        "Of who posts hundreds of messages at once at most 64 wait; the others come right after those, and nothing is lost or doubled"
    )
    func fairness() async throws {
        try await withWideServer { client, url, store in
            let brake = await Brake(store)
            let flood = (0..<500).map { "wamid.f\($0)" }
            let others = DemoCompany.accounts.filter { $0.id != "marta" && $0.phone != "+5491100000003" }.prefix(40)
            // At first so many connections that the bound is reached, then one after the other: all of those are refused.
            let refused = Counter()
            async let early = withThrowingTaskGroup(of: Posted.self) { group in
                for id in flood.prefix(200) {
                    group.addTask {
                        let posted = try await post(client, url, id, from: "+5491100000003")
                        if posted.status == 503 { refused.count.withLock { $0 += 1 } }
                        return posted
                    }
                }
                return try await group.reduce(into: [Posted]()) { $0.append($1) }
            }
            for _ in 0..<6000 where refused.count.withLock({ $0 }) < 200 - Lanes.longest {
                try await Task.sleep(for: .milliseconds(10))
            }
            try #require(refused.count.withLock { $0 } == 200 - Lanes.longest)
            let late = try await withThrowingTaskGroup(of: [Posted].self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        var posted: [Posted] = []
                        for index in stride(from: 200 + worker, to: flood.count, by: 4) {
                            posted.append(try await post(client, url, flood[index], from: "+5491100000003"))
                        }
                        return posted
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(late.allSatisfy { $0.status == 503 && $0.retryAfter == "1" })
            // The server itself may have a word to write.
            #expect(store.waitingCount < Lanes.longest + 10)
            async let answered = withThrowingTaskGroup(of: Posted.self) { group in
                for account in others {
                    group.addTask { try await post(client, url, "wamid.o\(account.id)", from: account.phone) }
                }
                return try await group.reduce(into: [Posted]()) { $0.append($1) }
            }
            try await waits(store, for: Lanes.longest + others.count)
            try await brake.release()
            #expect(try await answered.allSatisfy { $0.status == 200 })
            let taken = try await early.filter { $0.status == 200 }.map(\.id)
            #expect(taken.count == Lanes.longest)
            let ids = try await store.pool.read {
                try String.fetchAll($0, sql: "SELECT message_id FROM journal WHERE message_id IS NOT NULL ORDER BY seq")
            }
            #expect(Set(ids.prefix(Lanes.longest)) == Set(taken), "who came first is first")
            #expect(Set(ids.dropFirst(Lanes.longest)) == Set(others.map { "wamid.o\($0.id)" }))
        }
    }

    @Test("Where as much waits as may, everybody gets 503 with Retry-After, and what is posted again is taken")
    func overload() async throws {
        try await withWideServer { client, url, store in
            let brake = await Brake(store)
            // As if that many turns of others waited.
            let crowd = Task {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<GroupCommit.longestQueue + 50 { group.addTask { try? await store.write { _ in } } }
                }
            }
            try await waits(store, for: GroupCommit.longestQueue)
            let refused = try await post(client, url, "wamid.1", from: "+5491100000003")
            #expect(refused.status == 503 && refused.retryAfter == "1")
            #expect(store.waitingCount == GroupCommit.longestQueue)
            try await brake.release()
            await crowd.value
            #expect(try await post(client, url, "wamid.1", from: "+5491100000003").status == 200)
            #expect(try await store.counts().inbox == 1)
        }
    }
}
