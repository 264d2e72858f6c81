import Conduct
import Quantities
import SharedData
import Testing

struct ContactHoursTests {
    static func permission(
        at text: String, _ purpose: ContactPurpose = .proactive, history: ContactHistory = ContactHistory(),
        rules: ConductRules = .argentina
    ) -> ContactPermission {
        rules.mayContact(
            purpose, on: "whatsapp", history: history, at: Moment(iso: text)!, zone: .argentina, calendar: .argentina)
    }

    static func contacts(_ moments: [String]) -> [Contact] {
        moments.map { Contact(at: Moment(iso: $0)!, channel: "whatsapp") }
    }

    static func until(_ permission: ContactPermission) -> String? {
        guard case .refused(let refusal) = permission else { return nil }
        return refusal.until.map { String($0.iso(in: .argentina).prefix(16)) }
    }

    @Test(
        "The bot speaks first within the hours of the day only",
        arguments: [
            ("2026-11-24T08:00", nil), ("2026-11-24T19:59:59", nil),
            ("2026-11-24T07:59:59", "2026-11-24T08:00"), ("2026-11-24T20:00", "2026-11-25T08:00"),
            ("2026-11-28T09:00", nil), ("2026-11-28T12:59", nil),  // Saturday
            ("2026-11-28T08:30", "2026-11-28T09:00"), ("2026-11-28T13:00", "2026-11-30T08:00"),
            ("2026-11-29T11:00", "2026-11-30T08:00"),  // Sunday
            ("2026-12-08T11:00", "2026-12-09T08:00"),  // Immaculate Conception
            ("2026-12-25T11:00", "2026-12-26T09:00"),  // Christmas, then a Saturday
        ] as [(String, String?)])
    func hours(moment: String, next: String?) {
        let permission = Self.permission(at: moment)
        if next == nil { #expect(permission == .allowed) }
        #expect(Self.until(permission) == next)
    }

    @Test(
        "Somebody who wrote is always answered",
        arguments: ["2026-11-29T03:00", "2026-12-25T23:59", "2026-11-24T10:00"])
    func reply(moment: String) {
        let history = ContactHistory(
            optedOut: true, wrongNumber: true, proactive: Self.contacts([moment, moment]))
        #expect(Self.permission(at: moment, .reply, history: history) == .allowed)
    }

    @Test(
        "Who opted out, or whose number is another's, is never written to first",
        arguments: [
            ContactHistory(optedOut: true), ContactHistory(wrongNumber: true),
            ContactHistory(optedOut: true, wrongNumber: true),
        ])
    func never(history: ContactHistory) {
        guard case .refused(let refusal) = Self.permission(at: "2026-11-24T10:00", history: history) else {
            Issue.record("a contact was allowed")
            return
        }
        #expect(refusal.until == nil)
    }

    @Test(
        "One a day and three in seven days",
        arguments: [
            (["2026-11-24T09:00"], "2026-11-25T08:00"),
            (["2026-11-23T09:00"], nil),
            (["2026-11-19T09:00", "2026-11-20T09:00", "2026-11-23T09:00"], "2026-11-26T08:00"),
            (["2026-11-17T09:00", "2026-11-20T09:00", "2026-11-23T09:00"], nil),
        ] as [([String], String?)])
    func caps(contacts: [String], next: String?) {
        let history = ContactHistory(proactive: Self.contacts(contacts))
        #expect(Self.until(Self.permission(at: "2026-11-24T10:00", history: history)) == next)
    }

    @Test("The cap counts days where the debtor lives, not in UTC")
    func midnight() {
        // 22:30 on the 23rd in Argentina is 01:30 on the 24th in UTC.
        let history = ContactHistory(proactive: Self.contacts(["2026-11-23T22:30"]))
        #expect(Self.permission(at: "2026-11-24T10:00", history: history) == .allowed)
    }

    /// The row reads: "Suggested default: Mon-Fri 8-20, Sat 9-13, never Sunday/holiday".
    @Test("The default for Argentina is the one of conduct.tsv", .enabled(if: SharedData.has("conduct.tsv")))
    func sharedRule() throws {
        let row = try #require(
            SharedData.rows("conduct.tsv").first { $0["country"] == "AR" && $0["topic"] == "hours" }?["rule"])
        func hours(after label: Substring) throws -> ClosedRange<Int> {
            let rest = try #require(row.range(of: label).map { row[$0.upperBound...] })
            let numbers = rest.prefix { $0.isNumber || $0 == "-" || $0 == " " }.split { !$0.isNumber }.compactMap {
                Int($0)
            }
            return numbers[0] * 60...numbers[1] * 60
        }
        let kinds = ConductRules.argentina.rules.map(\.kind)
        let (week, saturday) = (try hours(after: "Mon-Fri "), try hours(after: "Sat "))
        #expect(kinds.contains(.hours(Array(Weekday.allCases[..<5]), from: week.lowerBound, to: week.upperBound)))
        #expect(kinds.contains(.hours([.saturday], from: saturday.lowerBound, to: saturday.upperBound)))
        #expect(row.contains("never Sunday/holiday") && kinds.contains(.noWeekdays([.sunday])))
        #expect(kinds.contains(.noHolidays(.nationalHoliday)))
    }
}
