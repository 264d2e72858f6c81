import Conduct
import Foundation
import Quantities

/// Where the company works, as the configuration says it.
public struct CountrySettings: Sendable {
    /// ISO 3166, such as `AR`.
    public var code: String
    /// The company's own table of rules, which only tightens the country's.
    public var conduct: String?
    /// Distance from UTC such as `-03:00`; the country's by default, where it has one.
    public var zone: String?
    /// The country's holidays; Argentina's are shipped.
    public var holidays: String?

    /// Of countries that keep one time all year, or almost all of them: Mexico's is that of its centre.
    private static let zones = ["AR": "-03:00", "CO": "-05:00", "MX": "-06:00", "PE": "-05:00"]

    struct Rules {
        var conduct: ConductRules
        var zone: Zone
        var calendar: BusinessCalendar
    }

    /// - Returns: nil where something is wrong; then `problems` has it.
    func load(_ problems: inout [String]) -> Rules? {
        let known = problems.count
        let country = ConductRules.countries[code]
        if country == nil {
            let codes = ConductRules.countries.keys.sorted().joined(separator: ", ")
            problems.append("`country`: there are no rules of conduct for `\(code)`; there are for \(codes)")
        }
        var rules = country ?? .argentina
        if let conduct, let text = Self.text(conduct, &problems) {
            do {
                rules = try ConductRules.parse(text, file: conduct, phrases: rules.phrases, completing: rules)
            } catch {
                problems.append("\(error)")
            }
        }
        let written = zone ?? Self.zones[code]
        let seconds = written.flatMap(Self.seconds)
        if seconds == nil {
            problems.append(
                written.map { "`zone`: expected a distance from UTC such as -03:00, not `\($0)`" }
                    ?? "`zone` is missing: \(code) has no one time all year; give the distance from UTC, such as -05:00"
            )
        }
        var calendar = code == "AR" ? BusinessCalendar.argentina : BusinessCalendar([])
        if let holidays, let text = Self.text(holidays, &problems) {
            do {
                calendar = BusinessCalendar(try Holiday.parse(text))
            } catch {
                problems.append("\(holidays): \(error)")
            }
        } else if holidays == nil, code != "AR",
            let rule = rules.rules.first(where: { if case .noHolidays = $0.kind { true } else { false } })
        {
            problems.append("`holidays` is missing: the rule \(rule.id) needs the country's holidays")
        }
        guard problems.count == known else { return nil }
        return Rules(conduct: rules, zone: Zone(secondsFromUTC: seconds ?? 0), calendar: calendar)
    }

    /// What may be said and done, without the time and the holidays.
    /// - Throws: ``ConfigurationError`` where the country or the company's table cannot be used.
    public func conductRules() throws -> ConductRules {
        var problems: [String] = []
        guard let rules = load(&problems) else { throw ConfigurationError(problems) }
        return rules.conduct
    }

    private static func text(_ file: String, _ problems: inout [String]) -> String? {
        if let data = FileManager.default.contents(atPath: file) { return String(decoding: data, as: UTF8.self) }
        problems.append("\(file): cannot be read")
        return nil
    }

    /// `-03:00` in seconds.
    private static func seconds(_ text: String) -> Int? {
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard text.first == "-" || text.first == "+", parts.count == 2, parts.allSatisfy({ $0.count == 2 }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), (0...14).contains(hours), (0..<60).contains(minutes)
        else { return nil }
        return (hours * 3600 + minutes * 60) * (text.first == "-" ? -1 : 1)
    }
}
