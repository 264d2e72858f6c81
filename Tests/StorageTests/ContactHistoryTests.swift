import Conduct
import Conversations
import DatabaseEngine
import DemoCompany
import Quantities
import Testing

@testable import Storage

struct ContactHistoryTests {
    @Test("A person's history spans their accounts and channels, and can be read while the store is open")
    func history() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let store = try Store(path: path)
            var second = DemoCompany.account("marta")
            (second.id, second.phone) = ("marta-2", "+5491100009999")
            try await store.importAccounts([DemoCompany.account("marta"), second])
            let now = DemoCompany.morning
            let standing = PersonStanding(ownHours: OwnHours(from: 840))
            try await store.submit { tx in
                try tx.recordProactive(accountID: "marta", channel: "whatsapp", at: now)
                try tx.recordProactive(accountID: "marta-2", channel: "generic", at: now.adding(seconds: -60))
                try tx.save(standing, accountID: "marta-2")
            }
            let record = try #require(try Store.contactRecord(accountID: "marta", in: path))
            #expect(record.history.standing == standing)
            #expect(record.history.proactive.map(\.channel) == ["generic", "whatsapp"])
            #expect(try Store.contactRecord(accountID: "nadie", in: path) == nil)
            try store.close()
        }
    }

    @Test("Contacts written before channels were are kept")
    func migrated() async throws {
        try await withTemporaryFolder { folder in
            let path = try database(in: folder)
            let queue = try DatabaseQueue(path: path)
            try Schema.migrator.migrate(queue, upTo: "1")
            try await queue.write {
                try $0.execute(sql: "INSERT INTO contacts (account_id, at) VALUES ('marta', 1000)")
            }
            try queue.close()
            let store = try Store(path: path)
            try await store.importAccounts(DemoCompany.accounts)
            let history = try await store.submit { try $0.contactHistory(accountID: "marta") }
            #expect(history.proactive == [Contact(at: Moment(milliseconds: 1000), channel: "")])
            try store.close()
        }
    }
}
