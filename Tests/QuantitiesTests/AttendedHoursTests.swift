import Quantities
import Testing

struct AttendedHoursTests {
    @Test(
        "Hours are read as customers read them",
        arguments: [
            ("lunes a viernes de 9 a 18", AttendedHours(weekdays: 1...5, minutes: 540..<1080)),
            ("lunes a sábado de 8:30 a 20", AttendedHours(weekdays: 1...6, minutes: 510..<1200)),
            ("martes a martes de 0 a 24", AttendedHours(weekdays: 2...2, minutes: 0..<1440)),
            ("siempre", nil), ("viernes a lunes de 9 a 18", nil), ("lunes a viernes de 18 a 9", nil),
            ("lunes a viernes de 9 a 25", nil), ("lunes a viernes de 9:75 a 18", nil), ("", nil),
        ] as [(String, AttendedHours?)])
    func read(text: String, hours: AttendedHours?) { #expect(AttendedHours(text) == hours) }

    @Test(
        "Only attended time counts",
        arguments: [
            ("2026-11-24T10:00", "2026-11-24T10:30", 30), ("2026-11-24T17:30", "2026-11-25T09:30", 60),
            // Friday to Monday; Friday to Wednesday, with the bridge of Monday 7 and the holiday of Tuesday 8 December.
            ("2026-11-27T17:00", "2026-11-30T10:00", 120), ("2026-12-04T17:00", "2026-12-09T10:00", 120),
            ("2026-11-24T20:00", "2026-11-24T23:00", 0), ("2026-11-24T10:30", "2026-11-24T10:00", 0),
        ])
    func attended(from: String, to: String, minutes: Int) {
        let seconds = AttendedHours.office.seconds(
            from: Moment(iso: from)!, to: Moment(iso: to)!, calendar: .argentina, zone: .argentina)
        #expect(seconds == minutes * 60)
    }

    @Test(
        "Who writes out of hours is told when people are there next",
        arguments: [
            // Thursday 26 November 2026 and the days after it.
            ("2026-11-26T10:00", nil), ("2026-11-26T08:59", "hoy a las 9"),
            ("2026-11-26T18:00", "mañana viernes 27/11 a las 9"), ("2026-11-27T18:00", "el lunes 30/11 a las 9"),
            ("2026-11-29T22:30", "mañana lunes 30/11 a las 9"),
            // The bridge of Monday 7 and the holiday of Tuesday 8 December; the first days of January.
            ("2026-12-04T18:00", "el miércoles 9/12 a las 9"), ("2026-12-31T18:00", "el lunes 4/1/2027 a las 9"),
        ] as [(String, String?)])
    func opening(at moment: String, words: String?) {
        #expect(
            AttendedHours.office.openingInWords(after: Moment(iso: moment)!, calendar: .argentina, zone: .argentina)
                == words)
    }

    @Test(
        "The hour is written as it is said",
        arguments: [("de 8:30 a 20", "hoy a las 8:30"), ("de 1 a 2", "hoy a la 1"), ("de 8:05 a 9", "hoy a las 8:05")])
    func hour(hours: String, words: String) throws {
        let attended = try #require(AttendedHours("lunes a viernes \(hours)"))
        #expect(
            attended.openingInWords(
                after: Moment(iso: "2026-11-26T00:10")!, calendar: .argentina, zone: .argentina) == words)
    }
}
