import Quantities

/// Weighs the days of a message against each other: what is taken back, said twice, supposed or past.
struct DayResolver {
    let stream: TokenStream
    let question: Question
    let today: Day

    func resolve(_ found: [DayReader.Found]) -> [DayReader.Found] {
        var days: [DayReader.Found] = []
        for day in found {
            guard var last = days.last else {
                days.append(day)
                continue
            }
            let gap = day.range.lowerBound - last.range.upperBound
            // "el jueves que es nochebuena": one day said twice.
            if gap <= 3, last.reading.day != nil, last.reading.day == day.reading.day, !between(last, day, .and) {
                last.range = last.range.lowerBound..<day.range.upperBound
                days[days.count - 1] = last
                continue
            }
            // "el lunes o martes", "el viernes o a más tardar el lunes": by the later.
            if gap <= 3, between(last, day, .either) || stream.has(.either, day.range.lowerBound),
                let first = last.reading.day, let second = day.reading.day, second > first
            {
                last.reading.first = first
                last.reading.day = second
                last.reading.kind = .range
                last.reading.confidence = 0.7
                last.reading.note = nil
                last.reading.reason = stream.lexicon.reason(.eitherDay)
                last.range = last.range.lowerBound..<day.range.upperBound
                last.reading.span = stream.span(last.range)
                days[days.count - 1] = last
                continue
            }
            // "si cobro el viernes": the day of a condition.
            if gap <= 1, last.reading.day == nil, last.reading.kind == .vague,
                day.reading.kind == .payBy || day.reading.kind == .range
            {
                var supposed = day
                supposed.reading.kind = .vague
                supposed.range = last.range.lowerBound..<day.range.upperBound
                days[days.count - 1] = supposed
                continue
            }
            days.append(day)
        }
        return separate(
            weighed(days.compactMap { isTakenBack($0) ? aWeekLater($0) : $0 }))
    }

    /// "La mitad el 5 y el resto el 20" speaks of two payments: the first is negotiated, the next are set apart.
    /// Where the first is today ("hoy la mitad, y el resto el viernes") the other is the promise.
    private func separate(_ days: [DayReader.Found]) -> [DayReader.Found] {
        var days = days
        for index in days.indices.dropFirst() {
            let (before, day) = (days[index - 1], days[index])
            guard before.cause == .anotherPayment || before.reading.kind == .payBy, day.reading.kind == .payBy,
                before.reading.day != today,
                before.reading.day != day.reading.day, between(before, day, .and), !between(before, day, .corrected)
            else { continue }
            days[index].cause = .anotherPayment
            days[index].reading.reason = stream.lexicon.reason(.anotherPayment)
            days[index].reading.confidence = min(day.reading.confidence, 0.3)
        }
        return days
    }

    private func between(_ a: DayReader.Found, _ b: DayReader.Found, _ cls: WordClass) -> Bool {
        (a.range.upperBound..<max(a.range.upperBound, b.range.lowerBound)).contains { stream.has(cls, $0) }
    }

    /// "el viernes no, el sábado": what a "no" follows is taken back.
    private func isTakenBack(_ day: DayReader.Found) -> Bool {
        if stream.has(.neither, day.range.lowerBound - 1)
            || stream.has(.neither, day.range.lowerBound - 2) && stream.has(.article, day.range.lowerBound - 1)
        {
            return true
        }
        // "hoy en vez del viernes".
        if (max(0, day.range.lowerBound - 4)..<day.range.lowerBound).contains(where: {
            let length = stream.length(.instead, $0)
            return length > 0 && $0 + length >= day.range.lowerBound - 1
        }) {
            return true
        }
        let after = day.range.upperBound
        if day.cause == .notBefore { return false }
        // "no este lunes, el otro".
        if day.range.lowerBound == 1, stream.has(.not, 0), stream.has(.other, stream.count - 1) { return true }
        // "te dije el 15, no el 12".
        if stream.has(.daylike, after + 1), stream.contains(.reported) { return false }
        if stream.contains(.reported), stream.has(.not, day.range.lowerBound - 1), day.range.lowerBound > 2 {
            return true
        }
        guard stream.has(.no, after), stream.has(.not, after) else { return false }
        // "el viernes no se" doubts, "el viernes no me llames" forbids something else.
        return !(stream.has(.pronoun, after + 1))
    }

    /// "el viernes que viene no, el otro".
    private func aWeekLater(_ day: DayReader.Found) -> DayReader.Found? {
        let after = day.range.upperBound
        guard day.cause == .weekday || day.cause == .weekdayNext || day.cause == .week, let own = day.reading.day,
            (after..<min(after + 5, stream.count)).contains(where: {
                let length = max(stream.length(.other, $0), stream.length(.coming, $0))
                return length > 0 && $0 + length == stream.count
            })
        else { return nil }
        var later = day
        later.reading.day = own.adding(days: 7)
        later.reading.note = nil
        later.reading.confidence = 0.6
        return later
    }

    private func weighed(_ days: [DayReader.Found]) -> [DayReader.Found] {
        days.indices.map { weigh(days[$0], isFirst: $0 == 0, isLast: $0 == days.count - 1) }
    }

    private func weigh(_ day: DayReader.Found, isFirst: Bool, isLast: Bool) -> DayReader.Found {
        var day = day
        let start = day.range.lowerBound
        // "el viernes cobro y el lunes te pago".
        let after = day.range.upperBound
        if day.reading.kind == .payBy,
            let collects = [after, stream.skip(.pronoun, after)].first(where: { stream.has(.collects, $0) }),
            !isLast || collects + stream.length(.collects, collects) == stream.count
        {
            day.reading.kind = .from
            day.reading.note = nil
        }
        if !isFirst,
            (max(0, start - 5)..<start).contains(where: { stream.has(.condition, $0) || stream.has(.dayCondition, $0) })
        {
            day.reading.confidence = min(day.reading.confidence, 0.3)
        }
        if day.reading.kind == .payBy, question != .day,
            (max(0, start - 3)..<start).contains(where: { stream.has(.collects, $0) }),
            !(day.range.upperBound..<stream.count).contains(where: { stream.has(.payVerb, $0) })
        {
            day.reading.kind = .from
        }
        // "pensaba pagarte el lunes", "hoy iba a depositar".
        if stream.contains(.frustrated),
            (max(0, start - 6)..<start).contains(where: { stream.has(.frustrated, $0) && !ends($0, start) })
                || stream.has(.frustrated, stream.skip(.pronoun, day.range.upperBound))
        {
            day.reading.kind = .past
            day.reading.note = nil
            day.reading.confidence = min(day.reading.confidence, 0.4)
        }
        // "si el lunes me depositan te transfiero".
        if day.reading.kind == .payBy, stream.hasNear(.whether, before: start, within: 3),
            (day.range.upperBound..<min(day.range.upperBound + 3, stream.count)).contains(where: {
                stream.has(.collects, $0)
            })
        {
            day.reading.kind = .vague
            day.reading.note = nil
        }
        if day.reading.kind == .payBy || day.reading.kind == .range, let own = day.reading.day,
            (max(0, start - 4)..<start).contains(where: { stream.has(.paid, $0) && !isUnpaid($0, before: start) })
                || stream.has(.paid, stream.skip(.pronoun, day.range.upperBound)),
            (max(0, start - 5)..<start).contains(where: { stream.length(.paid, $0) > 1 })
                || !(max(0, start - 4)..<start).contains(where: {
                    stream.has(.whether, $0) || stream.has(.futureMark, $0)
                })
        {
            day.reading.kind = .past
            day.reading.reason = stream.lexicon.reason(.past)
            day.reading.note = nil
            day.reading.day = own > today ? previous(own) : own
        }
        // "te pago el viernes si cobro": asked again before it is taken.
        if day.reading.kind == .payBy || day.reading.kind == .range, stream.contains(.condition) {
            day.reading.kind = .vague
            day.reading.note = nil
        }
        return day
    }

    /// "todavía no pagué, el viernes pago".
    private func isUnpaid(_ paid: Int, before day: Int) -> Bool {
        (stream.has(.not, paid - 1) || stream.has(.pronoun, paid - 1) && stream.has(.not, paid - 2)) && ends(paid, day)
    }

    /// Whether a clause ends between two tokens.
    private func ends(_ from: Int, _ to: Int) -> Bool {
        (from..<to).contains { stream.isSign($0, ",") || stream.isSign($0, ".") || stream.has(.but, $0) }
    }

    /// The same weekday a week ago where it is near, else the same day of the month before.
    private func previous(_ day: Day) -> Day { day - today <= 7 ? day.adding(days: -7) : day.adding(months: -1) }
}
