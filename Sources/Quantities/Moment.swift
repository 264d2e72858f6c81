/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
public struct Moment: Hashable, Sendable, Comparable, Codable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public init(seconds: Int64) { milliseconds = seconds * 1000 }

    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }

    /// The moment at which `day` reaches `hour:minute` in `zone`.
    public init(_ day: Day, hour: Int = 0, minute: Int = 0, in zone: Zone) {
        milliseconds =
            (Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60) - Int64(zone.secondsFromUTC)) * 1000
    }

    /// Reads ISO 8601: `2026-11-24`, `2026-11-24T10:00`, with optional seconds, fraction and offset
    /// (`Z`, `-03:00`); without an offset it is read in `zone`.
    public init?(iso text: String, in zone: Zone = .argentina) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let day = Day(text.prefix(10)) else { return nil }
        var index = 10
        var offset = zone.secondsFromUTC
        var milliseconds: Int64 = 0
        func number(_ start: Int, _ length: Int) -> Int? {
            guard start + length <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[start..<start + length] {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte) - 48
            }
            return value
        }
        if index < bytes.count {
            guard bytes[index] == UInt8(ascii: "T") || bytes[index] == UInt8(ascii: " "),
                let hour = number(11, 2), hour < 24, bytes.count >= 16, bytes[13] == UInt8(ascii: ":"),
                let minute = number(14, 2), minute < 60
            else { return nil }
            index = 16
            milliseconds = Int64(hour * 3600 + minute * 60) * 1000
            if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
                guard let second = number(17, 2), second < 61 else { return nil }
                index = 19
                milliseconds += Int64(second) * 1000
                if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                    index += 1
                    var scale: Int64 = 100
                    while index < bytes.count, (48...57).contains(bytes[index]) {
                        milliseconds += Int64(bytes[index] - 48) * scale
                        scale /= 10
                        index += 1
                    }
                }
            }
            if index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "Z") where index + 1 == bytes.count: offset = 0
                case UInt8(ascii: "+"), UInt8(ascii: "-"):
                    guard let hours = number(index + 1, 2) else { return nil }
                    let colon = index + 3 < bytes.count && bytes[index + 3] == UInt8(ascii: ":")
                    let start = index + (colon ? 4 : 3)
                    guard let minutes = number(start, 2), start + 2 == bytes.count else { return nil }
                    offset = (hours * 3600 + minutes * 60) * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
                default: return nil
                }
            }
        }
        self.milliseconds = (Int64(day.number) * 86_400 - Int64(offset)) * 1000 + milliseconds
    }

    public static func < (a: Moment, b: Moment) -> Bool { a.milliseconds < b.milliseconds }
    public func adding(seconds: Int64) -> Moment { adding(milliseconds: seconds * 1000) }
    public func adding(milliseconds added: Int64) -> Moment { Moment(milliseconds: milliseconds + added) }

    /// The calendar day in `zone`.
    public func day(in zone: Zone) -> Day {
        let local = milliseconds + Int64(zone.secondsFromUTC) * 1000
        return Day(number: Int((local >= 0 ? local : local - 86_399_999) / 86_400_000))
    }

    /// Minutes since local midnight in `zone`, 0–1439.
    public func minuteOfDay(in zone: Zone) -> Int {
        let local = milliseconds + Int64(zone.secondsFromUTC) * 1000
        return Int((local - Int64(day(in: zone).number) * 86_400_000) / 60_000)
    }

    /// As people read it: "hoy a las 9", "mañana viernes 27/11 a las 15:30", "el lunes 30/11 a la 1".
    public func words(asOf now: Moment, in zone: Zone, phrases: Phrases = .argentina) -> String {
        let (today, day) = (now.day(in: zone), day(in: zone))
        let name =
            switch day - today {
            case 0: "hoy"
            case 1: "mañana \(phrases(day, asOf: today))"
            default: "el \(phrases(day, asOf: today))"
            }
        let (hour, minute) = minuteOfDay(in: zone).quotientAndRemainder(dividingBy: 60)
        let past = minute == 0 ? "" : minute < 10 ? ":0\(minute)" : ":\(minute)"
        return "\(name) a la\(hour == 1 ? "" : "s") \(hour)\(past)"
    }

    /// ISO 8601 with the zone's offset: `2026-11-24T10:00:00-03:00`.
    public func iso(in zone: Zone) -> String {
        let day = day(in: zone)
        let local = milliseconds + Int64(zone.secondsFromUTC) * 1000 - Int64(day.number) * 86_400_000
        let seconds = Int(local / 1000)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let offset = zone.secondsFromUTC.magnitude
        let suffix =
            zone.secondsFromUTC == 0
            ? "Z" : "\(zone.secondsFromUTC < 0 ? "-" : "+")\(two(Int(offset) / 3600)):\(two(Int(offset) / 60 % 60))"
        return "\(day.iso)T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))\(suffix)"
    }
}

/// A time zone without daylight saving: a fixed distance from UTC.
///
/// Argentina has kept UTC−3 without daylight saving since 2009 (decree 1345/2009 and law 26.350, suspended).
public struct Zone: Hashable, Sendable, Codable {
    public let secondsFromUTC: Int
    public init(secondsFromUTC: Int) { self.secondsFromUTC = secondsFromUTC }
    public static let argentina = Zone(secondsFromUTC: -3 * 3600)
    public static let utc = Zone(secondsFromUTC: 0)
}
