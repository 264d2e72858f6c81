import Conduct
import Conversations
import DemoCompany
import Foundation
import Ledger
import Quantities
import Reports
import Testing

@testable import Storage

/// What reports read from a database with a small company in it, worked out by hand.
struct ReportReaderTests {
    private static let today = Day("2026-11-24")!
    private static let terms = ReportTerms(
        today: today, zone: .argentina, calendar: .argentina, conduct: .argentina, policy: DemoCompany.world.policy)

    private static func account(_ id: String, segment: String = "a", due: String, paid: [(String, Int64)] = [])
        -> Account
    {
        var account = Account(
            id: id, creditor: "Red", firstName: "Ana", fullName: "Ana Paz", document: "3\(id)", phone: "+54911\(id)",
            segment: segment,
            items: [Item(id: "i", description: "Cuota", principal: .units(100), dueDate: Day(due)!)])
        account.terms.moratoryRate = .zero
        account.payments = paid.enumerated().map { index, payment in
            Payment(id: "p\(index)", amount: .units(payment.1), day: Day(payment.0)!)
        }
        return account
    }

    /// Five accounts with one item of $ 100,00 each and no interest.
    private func withCompany(_ body: (Store) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let store = try Store(path: database(in: folder))
            let accounts = [
                Self.account("1001", due: "2026-12-10"),
                Self.account("1002", due: "2026-11-01", paid: [("2026-11-10", 40)]),
                Self.account("1003", due: "2026-10-01", paid: [("2026-10-20", 100)]),
                Self.account("1004", segment: "b", due: "2026-09-15"),
                Self.account("1005", segment: "b", due: "2026-10-20", paid: [("2026-11-02", 100)]),
            ]
            try await store.submit { tx in for account in accounts { try tx.save(account) } }
            try await body(store)
            try store.close()
        }
    }

    private func lines(_ figure: Figure, _ query: [String: String], _ store: Store) async throws -> [String] {
        let filter = try ReportFilter(query: query, today: Self.today)
        let report = try await store.reports([figure], filter, Self.terms).reports[0]
        return report.table.rows.map { $0.map(\.formatted).joined(separator: " | ") }
    }

    @Test("The portfolio is what the ledger leaves unpaid, by currency and segment")
    func portfolio() async throws {
        try await withCompany { store in
            #expect(
                try await lines(.segmentos, [:], store) == [
                    "a | 2 | $ 160,00 | $ 60,00 | 37,5 %", "b | 1 | $ 100,00 | $ 100,00 | 100 %",
                ])
            let ofB = try await lines(.segmentos, ["segmento": "b"], store)
            #expect(ofB.count == 1)
            let dollars = try await lines(.segmentos, ["moneda": "USD"], store)
            #expect(dollars == [])
            #expect(
                try await lines(.cobrado, ["desde": "2026-10-20", "hasta": "2026-11-08"], store) == [
                    "2026-10-19 | 1 | $ 100,00", "2026-10-26 | 0 | $ 0,00", "2026-11-02 | 1 | $ 100,00",
                ])
        }
    }

    @Test("Messages of one local day, or of one hour of the week, are one line, whatever day it was in UTC")
    func localDays() async throws {
        try await withCompany { store in
            try await store.submit { tx in
                for time in ["2026-11-16T23:05", "2026-11-23T09:10", "2026-11-23T23:30", "2026-11-23T23:50"] {
                    try tx.recordProactive(
                        accountID: "1004", channel: "sms", at: Moment(iso: time + ":00", in: .argentina)!)
                }
            }
            let november = ["desde": "2026-11-01", "hasta": "2026-11-30"]
            #expect(try await lines(.contactos, november, store) == ["2026-11-16 | 1", "2026-11-23 | 3"])
            #expect(
                try await lines(.contactosPorHora, november, store) == ["lunes | 9 h | 1", "lunes | 23 h | 3"])
        }
    }

    @Test("A month is closed once, the present one again each day, each account by its ledger at both ends")
    func closings() async throws {
        try await withCompany { store in
            #expect(try await store.closeMonths(on: Self.today, months: 1) == 2)
            #expect(try await store.closeMonths(on: Self.today, months: 1) == 0)
            // October: 1004 goes from 1 to 30 to 31 to 60; 1005 falls due and stays so; 1003 fell due and paid: current.
            let october = ["desde": "2026-10-01", "hasta": "2026-10-31"]
            let moved = try await lines(.traspasos, october, store).prefix(2)
            #expect(
                moved == [
                    "al día | 3 | 75 % | 1 | 25 % | 0 | 0 % | 0 | 0 % | 0 | 0 %",
                    "1 a 30 | 0 | 0 % | 0 | 0 % | 1 | 100 % | 0 | 0 % | 0 | 0 %",
                ])
            // November, until the 23rd: 1005 is cured, 1004 rolls on, 1002 falls due.
            #expect(try await lines(.cura, ["desde": "2026-11-01"], store) == ["noviembre 2026 | 2 | 1 | 50 %"])
            // Open at the end of October: 1001, 1002, 1004, 1005; fell due in October: 1003, 1005. 31 days.
            #expect(try await lines(.dso, october, store) == ["octubre 2026 | $ 400,00 | $ 200,00 | 62"])
            let tomorrow = Self.today.adding(days: 1)
            #expect(try await store.closeMonths(on: tomorrow, months: 1) == 1)
        }
    }

    @Test("A contact is judged by what was known then: an opt-out of later does not make it wrong")
    func contacts() async throws {
        try await withStore { store in
            let morning = DemoCompany.morning
            try await store.submit { try $0.recordProactive(accountID: "juan", channel: "whatsapp", at: morning) }
            try await store.receive(message("m1", "no me escriban más", from: "juan"), now: morning.adding(seconds: 60))
            let day = ["desde": "2026-11-24", "hasta": "2026-11-24"]
            #expect(try await lines(.infracciones, day, store) == [])
            try await store.submit {
                try $0.recordProactive(accountID: "juan", channel: "whatsapp", at: morning.adding(seconds: 120))
            }
            let found = try await lines(.infracciones, day, store)
            #expect(found.count == 1 && found[0].hasPrefix("juan | 2026-11-24T10:02:00-03:00 | whatsapp | "))
        }
    }

    @Test("What a person asked for is listed with its day and the message that says so")
    func limits() async throws {
        try await withStore { store in
            try await store.receive(message("m1", "no me escriban más", from: "juan"))
            try await store.receive(message("m2", "escribime después de las 14", from: "raul"))
            let found = try await lines(.limites, [:], store).filter { !$0.contains("sin fecha") }
            #expect(
                found == [
                    "juan | baja | no se le escribe por iniciativa propia | 2026-11-24T10:00:00-03:00 | m1",
                    "raul | horario propio | de 14:00 a 24:00 | 2026-11-24T10:00:00-03:00 | m2",
                ])
        }
    }
}
