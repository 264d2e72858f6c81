import Conduct
import Quantities
import SharedData
import Testing

/// I12: contact outside permitted hours, days or caps is impossible.
struct ConductPropertyTests {
    @Test(
        "A permitted moment is inside the hours and under the caps, and a refusal names one that is", arguments: 0..<400
    )
    func permitted(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let start = Moment(iso: "2026-01-01T00:00")!
        let now = start.adding(seconds: .random(in: 0..<2 * 365 * 86_400, using: &random))
        let earlier = (0..<Int.random(in: 0...5, using: &random)).map { _ in
            now.adding(seconds: -.random(in: 0..<10 * 86_400, using: &random))
        }
        let history = ContactHistory(proactive: earlier)
        func ask(_ moment: Moment) -> ContactPermission {
            ConductRules.argentina.mayContact(
                .proactive, history: history, at: moment, zone: .argentina, calendar: .argentina)
        }
        var moment = now
        if case .refused(_, let until) = ask(now) {
            moment = try #require(until)
            #expect(moment > now)
        }
        #expect(ask(moment) == .allowed)
        let day = moment.day(in: .argentina)
        let minute = moment.minuteOfDay(in: .argentina)
        #expect(day.weekday != .sunday)
        #expect(BusinessCalendar.argentina.holiday(on: day)?.kind != .nationalHoliday)
        #expect(day.weekday == .saturday ? (540..<780).contains(minute) : (480..<1200).contains(minute))
        let days = earlier.map { $0.day(in: .argentina) }
        #expect(!days.contains(day))
        #expect(days.filter { $0 <= day && day - $0 < 7 }.count < 3)
    }
}
