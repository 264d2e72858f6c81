/// The words of one locale for what Promesa says by itself, and how it writes amounts and days.
public final class Phrases: Sendable {
    private enum Part: Hashable {
        case text(String)
        /// By its place in the order of the Argentine words.
        case value(Int)
    }

    public let locale: String
    /// `27 de noviembre`, and not `27/11`.
    private let namesMonths: Bool
    /// `1,234.56`, and not `1.234,56`.
    private let groupsByComma: Bool
    private let texts: [Phrase: [Part]]
    /// The names in braces of each text, in order.
    private let names: [Phrase: [String]]

    public static let argentina = shipped("es_AR", PackageResources.phrases_es_AR_tsv)
    /// Spanish as it is spoken in America outside the River Plate.
    public static let latinAmerica = shipped("es_419", PackageResources.phrases_es_419_tsv, likened: argentina)

    /// The nearest to a locale; the Argentine ones where it is nil, and those of all America for its other countries.
    public static func spoken(in locale: String?) -> Phrases {
        guard let locale, locale != argentina.locale, locale.hasPrefix("es_") else { return argentina }
        return latinAmerica
    }

    /// The nearest to a language by its tag (BCP 47), such as `es-MX`; nil where it is not Spanish, or of no country.
    public static func spoken(inLanguage tag: String) -> Phrases? {
        let parts = tag.split(separator: "-")
        guard parts.count > 1, parts[0].lowercased() == "es" else { return nil }
        return spoken(in: "es_" + parts[parts.count - 1].uppercased())
    }

    /// The language of these words by its tag: `es-AR`.
    public var languageTag: String { locale.replacing("_", with: "-") }

    private static func shipped(_ locale: String, _ file: [UInt8], likened base: Phrases? = nil) -> Phrases {
        do {
            return try Phrases(locale: locale, text: String(decoding: file, as: UTF8.self), base: base)
        } catch {
            fatalError("the words that ship with Promesa are checked by its tests: \(error)")
        }
    }

    /// A file of phrases that cannot be used, with the line.
    public struct Problem: Error, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Reads lines `name<TAB>text`; `@importes` and `@dias` show by an example how figures are written.
    /// - Parameter base: whose figures each text has too, no more and no fewer.
    /// - Throws: ``Problem``.
    public init(locale: String, text: String, base: Phrases?) throws {
        self.locale = locale
        var texts: [Phrase: [Part]] = [:]
        var names: [Phrase: [String]] = [:]
        var styles: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            func problem(_ what: String) -> Problem {
                Problem(description: "phrases_\(locale).tsv:\(index + 1): \(what)")
            }
            let fields = line.split(separator: "\t", maxSplits: 1).map(String.init)
            guard fields.count == 2 else { throw problem("expected a name, a tab and a text") }
            if fields[0].hasPrefix("@") {
                styles[fields[0]] = fields[1]
                continue
            }
            guard let phrase = Phrase(rawValue: fields[0]), texts[phrase] == nil else {
                throw problem("`\(fields[0])` is unknown, or there twice")
            }
            let (parts, own) = Self.parts(of: fields[1], order: base?.names[phrase])
            if let wanted = base?.names[phrase], Set(wanted) != Set(own) {
                throw problem("the figures of `\(fields[0])` are \(wanted.joined(separator: ", "))")
            }
            (texts[phrase], names[phrase]) = (parts, own)
        }
        if let missing = Phrase.allCases.first(where: { texts[$0] == nil }) {
            throw Problem(description: "phrases_\(locale).tsv: `\(missing.rawValue)` is missing")
        }
        guard let amounts = styles["@importes"], ["1.234,56", "1,234.56"].contains(amounts),
            let days = styles["@dias"], ["27/11", "27 de noviembre"].contains(days)
        else {
            throw Problem(
                description:
                    "phrases_\(locale).tsv: `@importes` is 1.234,56 or 1,234.56, and `@dias` 27/11 or 27 de noviembre")
        }
        groupsByComma = amounts == "1,234.56"
        namesMonths = days == "27 de noviembre"
        (self.texts, self.names) = (texts, base?.names ?? names)
    }

    /// - Parameter order: of the values; that of the text itself where it is nil.
    private static func parts(of text: String, order: [String]?) -> (parts: [Part], names: [String]) {
        var parts: [Part] = []
        var names: [String] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            let name = String(rest[rest.index(after: open)..<close])
            if !names.contains(name) { names.append(name) }
            parts.append(.value((order ?? names).firstIndex(of: name) ?? 0))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return (parts, names)
    }

    /// The phrase with its figures, in the order in which the Argentine words name them.
    public func callAsFunction(_ phrase: Phrase, _ values: String...) -> String {
        guard let parts = texts[phrase] else { preconditionFailure("every phrase is there when the words are made") }
        if parts.count == 1, case .text(let text) = parts[0] { return text }
        return parts.reduce(into: "") { text, part in
            switch part {
            case .text(let words): text += words
            case .value(let index): text += values[index]
            }
        }
    }

    /// An amount as customers read it.
    public func callAsFunction(_ money: Money) -> String { groupsByComma ? swapped(money.formatted) : money.formatted }

    public func callAsFunction(_ percent: Percent) -> String {
        groupsByComma ? swapped(percent.formatted) : percent.formatted
    }

    /// A day as customers read it: `sábado 5/12`, `sábado 5 de diciembre`; with the year where it is not that of `today`.
    public func callAsFunction(_ day: Day, asOf today: Day) -> String {
        guard namesMonths else { return day.formatted(asOf: today) }
        return day.year == today.year ? nameOfMonth(day) : withYear(day)
    }

    /// A day as customers read it, with its year: `sábado 5/12/2026`, `sábado 5 de diciembre de 2026`.
    public func withYear(_ day: Day) -> String {
        namesMonths ? "\(nameOfMonth(day)) de \(day.year)" : "\(day.formatted(asOf: day))/\(day.year)"
    }

    private func nameOfMonth(_ day: Day) -> String {
        let (_, month, dayOfMonth) = day.components
        return "\(day.weekday.spanishName) \(dayOfMonth) de \(Day.monthNames[month - 1])"
    }

    /// On which day, in words: `hoy`, `el sábado 5/12`.
    public func on(_ day: Day, asOf today: Day) -> String {
        day == today ? self(.todayAlone) : "el \(self(day, asOf: today))"
    }

    private func swapped(_ figure: String) -> String {
        String(decoding: figure.utf8.map { $0 == 0x2C ? 0x2E : $0 == 0x2E ? 0x2C : $0 }, as: UTF8.self)
    }
}
