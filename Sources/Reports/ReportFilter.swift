import Negotiation
import Quantities

/// A filter that cannot be used, said for the manager who typed it.
public struct ReportFilterProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

/// What a report is about: a period and, where its figures tell them apart, one currency, segment, dialog, agent, stage.
/// It lives in the address of the page: ``query`` is read back by ``init(query:today:)``.
public struct ReportFilter: Hashable, Sendable {
    /// Both inclusive.
    public var from: Day
    public var to: Day
    public var currency = Currency.ars
    public var segment: String?
    /// A version of a dialog.
    public var version: String?
    /// A person's name; ``bot`` for what no person did.
    public var agent: String?
    public var stage: Stage?
    /// What a message and a case attended by a person cost, as the manager says.
    public var messageCost = Money.zero()
    public var caseCost = Money.zero()

    public static let bot = "bot"
    /// Days of a period, at most: three years.
    static let longest = 1100

    /// The twelve weeks until today, from a Monday on.
    public init(today: Day) { (from, to) = (today.week.adding(days: -77), today) }

    /// - Parameter query: the fields of the form; one that is missing or empty filters nothing.
    public init(query: [String: String], today: Day) throws(ReportFilterProblem) {
        self.init(today: today)
        func text(_ key: String) -> String? { query[key].flatMap { $0.isEmpty ? nil : $0 } }
        func day(_ key: String) throws(ReportFilterProblem) -> Day? {
            guard let text = text(key) else { return nil }
            guard let day = Day(text) else {
                throw ReportFilterProblem(description: "El día «\(text)» no se entiende: escribilo como \(today.iso).")
            }
            return day
        }
        func cost(_ key: String) throws(ReportFilterProblem) -> Money {
            guard let text = text(key) else { return .zero(currency) }
            let plain = String(text.map { $0 == "," ? "." : $0 })
            guard let cost = Money(plain: plain, currency), cost.cents >= 0, cost.cents < 1_000_000_000 else {
                throw ReportFilterProblem(description: "El costo «\(text)» no se entiende: escribilo como 12,50.")
            }
            return cost
        }
        to = try day("hasta") ?? to
        from = try day("desde") ?? min(from, to)
        guard from <= to else {
            throw ReportFilterProblem(description: "El período termina (\(to.iso)) antes de empezar (\(from.iso)).")
        }
        guard to - from < Self.longest else {
            throw ReportFilterProblem(description: "El período puede tener hasta \(Self.longest) días.")
        }
        if let name = text("moneda") {
            guard let currency = Currency(rawValue: name) else {
                throw ReportFilterProblem(description: "La moneda «\(name)» no se conoce: es ARS o USD.")
            }
            self.currency = currency
        }
        (segment, version, agent) = (text("segmento"), text("dialogo"), text("agente"))
        if let name = text("etapa") {
            guard let stage = Stage.allCases.first(where: { $0.spanishName == name }) else {
                throw ReportFilterProblem(
                    description:
                        "La etapa «\(name)» no se conoce: es \(Stage.allCases.map(\.spanishName).joined(separator: ", "))."
                )
            }
            self.stage = stage
        }
        messageCost = try cost("costo_mensaje")
        caseCost = try cost("costo_caso")
    }

    /// `desde=2026-09-07&hasta=…`, escaped, without what filters nothing.
    public var query: String {
        var fields = [("desde", from.iso), ("hasta", to.iso)]
        if currency != .ars { fields.append(("moneda", currency.rawValue)) }
        for (key, value) in [
            ("segmento", segment), ("dialogo", version), ("agente", agent), ("etapa", stage?.spanishName),
        ] {
            if let value { fields.append((key, value)) }
        }
        if messageCost.isPositive { fields.append(("costo_mensaje", messageCost.plain)) }
        if caseCost.isPositive { fields.append(("costo_caso", caseCost.plain)) }
        return fields.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 128, scalar.properties.isAlphabetic || (48...57).contains(byte) || "-._~".utf8.contains(byte) {
                result.unicodeScalars.append(scalar)
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (hex.utf8.count == 1 ? "0" : "") + hex
            }
        }
        return result
    }
}

extension Day {
    /// The Monday of its week.
    var week: Day { adding(days: 1 - weekday.rawValue) }
    /// The first of its month.
    public var monthStart: Day { adding(days: 1 - dayOfMonth) }
    /// "24/11".
    var short: String { "\(dayOfMonth)/\(month)" }
    /// "noviembre 2026".
    var monthName: String { "\(Day.monthNames[month - 1]) \(year)" }
}
