import Conversations
import DemoCompany
import Desk
import Quantities
import Testing

/// The calls that are to be made, as people see them.
struct CallListTests {
    private static let thursday = Moment(iso: "2026-11-26T15:30")!

    private func schedule(_ account: String, _ moment: Moment, _ room: DeskRoom) async throws -> String {
        let id = try await room.queue(account)
        _ = try await room.order(.claim, on: id)
        _ = try await room.order(.schedule(at: moment, phone: "", about: "plan"), on: id)
        return id
    }

    @Test("Calls stand in the order of their time, and not in the queue before it")
    func list() async throws {
        try await DeskRoom.open { room in
            let later = try await schedule("juan", Self.thursday.adding(seconds: 3600), room)
            let first = try await schedule("marta", Self.thursday, room)
            let calls = try await room.desk.calls(now: room.now)
            #expect(calls.map(\.id) == [first, later])
            let call = try #require(calls.first?.call)
            #expect(call.when == "el jueves 26/11 a las 15:30" && call.at == "2026-11-26T15:30:00-03:00")
            #expect(call.phone == "+5491100000003" && call.about == "plan" && call.noted_by == "Ana")
            #expect(!call.is_due && calls.first?.sla == nil && calls.first?.waiting_seconds == 0)
            #expect(try await room.desk.list(now: room.now).isEmpty)
        }
    }

    @Test(
        "From its time on the call waits with a clock of its own, also when somebody has taken it",
        arguments: [
            ("2026-11-26T15:40", QueueEntry.SLA.within), ("2026-11-26T15:55", .warning),
            ("2026-11-26T16:05", .breached), ("2026-11-27T09:01", .breached),
        ])
    func clock(seen: String, sla: QueueEntry.SLA) async throws {
        try await DeskRoom.open { room in
            let id = try await schedule("marta", Self.thursday, room)
            let due = try await room.store.dueTimers(now: Self.thursday, limit: 10)
            _ = try await room.store.fire(due, with: room.processor, now: Self.thursday)
            let now = Moment(iso: seen)!
            #expect(try await room.desk.list(now: now).map(\.sla) == [sla])
            _ = try await room.desk.command(.claim, by: "Bruno", handoffID: id, now: now)
            #expect(try await room.desk.list(now: now).map(\.sla) == [sla])
            _ = try await room.desk.command(.called(reached: true, next: nil), by: "Bruno", handoffID: id, now: now)
            #expect(try await room.desk.list(now: now).map(\.sla) == [nil])
            #expect(try await room.desk.calls(now: now).isEmpty)
            let history = try #require(try await room.desk.history(accountID: "marta"))
            let told = history.days.flatMap(\.lines).map(\.text)
            for words in ["Se agendó un llamado", "Llegó la hora del llamado", "Se lo llamó", "Llamó y hablaron."] {
                #expect(told.contains { $0.hasPrefix(words) }, "\(words)")
            }
        }
    }

    @Test("A case tells where a call would go")
    func phone() async throws {
        try await DeskRoom.open { room in
            let view = try await room.desk.read(room.queue("marta"), now: room.now)
            #expect(view.phone == "+5491100000003")
        }
    }
}
