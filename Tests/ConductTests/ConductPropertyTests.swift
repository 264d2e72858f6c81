import Quantities
import SharedData
import Testing

@testable import Conduct

/// I12: contact outside permitted hours, days or caps is impossible.
struct ConductPropertyTests {
    /// A person with a random past, and a moment.
    private struct Case {
        var history: ContactHistory
        var channel: String
        var now: Moment

        init(seed: Int) {
            var random = SeededRandom(seed: UInt64(seed))
            let start = Moment(iso: "2026-01-01T00:00")!
            let now = start.adding(seconds: .random(in: 0..<2 * 365 * 86_400, using: &random))
            let channels = ["whatsapp", "generic", "telegram"]
            func chance(_ share: Int) -> Bool { Int.random(in: 0..<share, using: &random) == 0 }
            history = ContactHistory(
                optedOut: chance(20), wrongNumber: chance(20),
                proactive: (0..<Int.random(in: 0...6, using: &random)).map { _ in
                    Contact(
                        at: now.adding(seconds: -.random(in: 0..<10 * 86_400, using: &random)),
                        channel: channels.randomElement(using: &random)!)
                }, channels: chance(4) ? [] : channels)
            let mark = PersonStanding.Mark(since: now, why: "prueba")
            if chance(15) { history.standing.ceased = mark }
            if chance(15) { history.standing.vulnerable = mark }
            if chance(3) {
                let from = Int.random(in: 0..<1300, using: &random)
                history.standing.ownHours = OwnHours(
                    from: from, to: .random(in: from + 1...1440, using: &random),
                    daysOff: Weekday.allCases.filter { _ in chance(5) })
            }
            channel = channels.randomElement(using: &random)!
            self.now = now
        }

        func ask(_ rules: ConductRules, at moment: Moment) -> ContactPermission {
            rules.mayContact(
                .proactive, on: channel, history: history, at: moment, zone: .argentina, calendar: .argentina)
        }

        /// Every rule asked by itself, without looking for a later moment.
        func permits(_ rules: ConductRules, at moment: Moment) -> Bool {
            let situation = ContactSituation(.proactive, channel, history, .argentina, .argentina)
            return rules.rules.allSatisfy { $0.outcome(at: moment, situation) == .permits }
        }
    }

    private static let countries = ["AR", "CL", "CO"]

    @Test("What is permitted keeps to the hours, the days, the caps and the person's wishes", arguments: 0..<300)
    func permitted(seed: Int) throws {
        let person = Case(seed: seed)
        var moment = person.now
        if case .refused(let refusal) = person.ask(.argentina, at: moment) {
            guard let until = refusal.until else { return }
            #expect(until > moment)
            moment = until
        }
        #expect(person.ask(.argentina, at: moment) == .allowed)
        let day = moment.day(in: .argentina)
        let minute = moment.minuteOfDay(in: .argentina)
        #expect(day.weekday != .sunday)
        #expect(BusinessCalendar.argentina.holiday(on: day)?.kind != .nationalHoliday)
        #expect(day.weekday == .saturday ? (540..<780).contains(minute) : (480..<1200).contains(minute))
        let days = person.history.proactive.map { $0.at.day(in: .argentina) }
        #expect(!days.contains(day))
        #expect(days.filter { $0 <= day && day - $0 < 7 }.count < 3)
        #expect(!person.history.optedOut && !person.history.wrongNumber)
        #expect(person.history.standing.ceased == nil && person.history.standing.vulnerable == nil)
        if let own = person.history.standing.ownHours {
            #expect((own.from..<own.to).contains(minute) && !own.daysOff.contains(day.weekday))
        }
    }

    @Test("No permitted moment lies before the one that a refusal names", arguments: countries, 0..<10)
    func firstMoment(country: String, seed: Int) throws {
        let rules = try #require(ConductRules.countries[country])
        let person = Case(seed: seed)
        guard case .refused(let refusal) = person.ask(rules, at: person.now) else { return }
        let horizon = person.now.adding(seconds: 3 * 86_400)
        let last = min(refusal.until ?? horizon, horizon)
        #expect(refusal.until.map { person.permits(rules, at: $0) } ?? true)
        let minutes = sequence(first: person.now) { $0.adding(seconds: 60) }.prefix { $0 < last }
        #expect(minutes.first { person.permits(rules, at: $0) }?.iso(in: .argentina) == nil)
        // The millisecond before, too: minutes are counted from the moment asked for.
        #expect(last == horizon || !person.permits(rules, at: Moment(milliseconds: last.milliseconds - 1)))
    }
}
