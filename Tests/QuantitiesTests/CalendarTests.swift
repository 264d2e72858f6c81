import Quantities
import SharedData
import Testing

struct CalendarTests {
    @Test("Every day from 1970 to 2100 goes back and forth")
    func days() {
        var day = Day(year: 1970, month: 1, day: 1)!
        while day.year < 2100 {
            let (year, month, dayOfMonth) = day.components
            #expect(Day(year: year, month: month, day: dayOfMonth) == day && Day(day.iso) == day)
            day = day.adding(days: 1)
        }
    }

    @Test(
        "Days that no calendar has are refused",
        arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-1", "x"])
    func refused(text: String) { #expect(Day(text) == nil) }

    @Test(
        "Months are added to the end of shorter ones",
        arguments: [("2027-01-31", 1, "2027-02-28"), ("2026-12-31", 2, "2027-02-28"), ("2026-03-31", -1, "2026-02-28")])
    func months(from: String, count: Int, to: String) { #expect(Day(from)!.adding(months: count).iso == to) }

    @Test("Moments go through ISO 8601", arguments: ["2026-11-24T10:00:00-03:00", "1969-12-31T23:59:59-03:00"])
    func moments(text: String) { #expect(Moment(iso: text)?.iso(in: .argentina) == text) }

    @Test(
        "Business days roll as the vectors say", .enabled(if: SharedData.has("calculation_vectors.json")),
        arguments: SharedData.vectors("business_day_roll"))
    func rolls(vector: SharedData.Vector) {
        let day = Day(vector.input["date"] as! String)!
        let counting = vector.input["non_working_day_counts_as_business"] as! Bool
        let calendar = BusinessCalendar.argentina
        #expect("\(day.weekday)" == (vector.expected["weekday"] as! String).lowercased())
        #expect(
            calendar.isBusinessDay(day, countingNonWorkingDays: counting) == vector.expected["is_business_day"] as! Bool
        )
        for rule in [RollRule.following, .preceding, .modifiedFollowing] {
            #expect(
                calendar.roll(day, rule, countingNonWorkingDays: counting).iso == vector.expected[rule.rawValue]
                    as! String)
        }
    }

    @Test(
        "The n-th business day of a month is found", .enabled(if: SharedData.has("calculation_vectors.json")),
        arguments: SharedData.vectors("nth_business_day"))
    func nth(vector: SharedData.Vector) {
        let input = vector.input
        let day = BusinessCalendar.argentina.businessDay(
            input["n"] as! Int, ofMonth: input["month"] as! Int, year: input["year"] as! Int,
            countingNonWorkingDays: input["non_working_day_counts_as_business"] as! Bool)
        #expect(day?.iso == vector.expected["date"] as? String)
    }

    @Test("A wrong line of a holiday file is named")
    func holidayFile() {
        #expect(throws: HolidayFileError.self) {
            try Holiday.parse("2026-01-01\tnational_holiday\tAño Nuevo\n2026-13-01\tx\ty")
        }
    }
}
