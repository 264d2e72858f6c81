#if PostgreSQL
    import Conversations
    import DemoCompany
    import Foundation
    import Synchronization
    import Testing

    @testable import Storage

    /// Several servers on one database.
    struct NodesTests {
        private func withNodes(_ body: (Store, Store, String) async throws -> Void) async throws {
            try await withTemporaryFolder { folder in
                let path = try database(in: folder)
                let (first, second) = (try Store(path: path), try Store(path: path))
                try await first.importAccounts(DemoCompany.accounts)
                try await body(first, second, path)
                try first.close()
                try second.close()
            }
        }

        private func until(_ holds: () -> Bool) async throws {
            while !holds() { try await Task.sleep(for: .milliseconds(20)) }
        }

        @Test("Two write one chain, one row of ids and the sums of one, whichever takes a message")
        func oneChain() async throws {
            try await withNodes { first, second, path in
                let accounts = DemoCompany.accounts.prefix(5).map(\.id)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<60 {
                        let store = index.isMultiple(of: 2) ? first : second
                        group.addTask { try await store.receive(message("m\(index)", from: accounts[index % 5])) }
                    }
                    try await group.waitForAll()
                }
                #expect(try await second.counts().inbox == 60)
                guard case .intact = try Store.verifyAudit(in: path) else {
                    Issue.record("the chain is broken")
                    return
                }
                #expect(try Store.reportDifferences(in: path) == [])
                let ids = [try await first.submit { try $0.newID("x") }, try await second.submit { try $0.newID("x") }]
                #expect(Int(ids[1].dropFirst())! == Int(ids[0].dropFirst())! + 1)
            }
        }

        @Test("A message that comes to both at once is processed once; both give its reply")
        func once() async throws {
            try await withNodes { first, second, _ in
                let replies = try await withThrowingTaskGroup(of: TurnReply.self) { group in
                    for index in 0..<20 {
                        let store = index.isMultiple(of: 2) ? first : second
                        group.addTask { try await store.receive(message("m1")) }
                    }
                    return try await group.reduce(into: [TurnReply]()) { $0.append($1) }
                }
                #expect(replies.filter { !$0.duplicate }.count == 1)
                #expect(Set(replies.map(\.messages)).count == 1)
            }
        }

        @Test("One leads; when it ends, the other does")
        func leads() async throws {
            try await withNodes { first, second, _ in
                first.tryToLead {}
                second.tryToLead {}
                try await until { first.leads || second.leads }
                let (leader, other) = first.leads ? (first, second) : (second, first)
                #expect(!other.leads)
                try leader.close()
                try await until { other.leads }
                #expect(!leader.leads)
            }
        }

        @Test("Who leads is told of what another wrote")
        func told() async throws {
            try await withNodes { first, second, _ in
                let times = Mutex(0)
                first.tryToLead { times.withLock { $0 += 1 } }
                try await until { first.leads && times.withLock { $0 } > 0 }
                let before = times.withLock { $0 }
                try await second.receive(message("m1"))
                try await until { times.withLock { $0 } > before }
            }
        }
    }
#endif
