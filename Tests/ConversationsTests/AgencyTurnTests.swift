import Campaigns
import Conversations
import DemoCompany
import Ledger
import Quantities
import Testing

/// Accounts that go to a collection agency and come back.
struct AgencyTurnTests {
    private let store = MemoryStore(accounts: DemoCompany.accounts)
    private let processor = TurnProcessor(world: DemoCompany.world)
    private let now = DemoCompany.morning

    private func assign(_ agency: String = "Estudio Sur") throws -> [String] {
        try processor.assign(to: agency, among: DemoCompany.accounts.map(\.id), now: now, tx: store)
    }

    @Test("Only extrajudicial accounts are assigned, each once and to one agency")
    func assigned() throws {
        let first = try assign()
        #expect(first.contains("raul") && !first.contains("marta") && !first.contains("diego"))
        #expect(try assign().isEmpty && assign("Otro").isEmpty)
        #expect(store.assignment(accountID: "raul")?.agency == "Estudio Sur")
    }

    @Test("An account that a person attends stays with the person")
    func attended() throws {
        _ = try processor.receive(
            InboundMessage(
                contact: DemoCompany.contact("raul"), messageID: "u1", writtenAt: now,
                content: .text("quiero hablar con una persona")),
            now: now, tx: store)
        #expect(try !assign().contains("raul"))
    }

    @Test("A payment of all that is owed, or a return, brings an account back; again changes nothing")
    func back() throws {
        _ = try assign()
        let owed = DemoCompany.account("raul").statement(on: now.day(in: .argentina)).total
        let part = AgencyResult(
            accountID: "raul",
            outcome: .paid(Payment(id: "a1", amount: Money(cents: 100_000), day: now.day(in: .argentina))))
        let all = AgencyResult(
            accountID: "raul", outcome: .paid(Payment(id: "a2", amount: owed, day: now.day(in: .argentina))))
        #expect(try processor.take([part], now: now, tx: store).isEmpty)
        #expect(store.assignment(accountID: "raul")?.ended == nil)
        #expect(try processor.take([all], now: now, tx: store) == ["raul"])
        let before = store.contents
        #expect(try processor.take([part, all], now: now, tx: store).isEmpty)
        #expect(store.contents.accounts == before.accounts && store.contents.assignments == before.assignments)
        let other = try #require(store.contents.assignments.values.first { $0.ended == nil })
        let returned = AgencyResult(accountID: other.accountID, outcome: .returned(reason: "sin contacto"))
        #expect(try processor.take([returned, returned], now: now, tx: store) == [other.accountID])
        #expect(store.assignment(accountID: other.accountID)?.ended?.reason == "sin contacto")
    }
}
