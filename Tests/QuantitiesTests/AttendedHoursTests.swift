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
}
