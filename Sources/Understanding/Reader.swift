import Quantities

/// Reads messages of one locale. Pure and immutable: build it once, share it freely.
public struct Reader: Sendable {
    let calendar: BusinessCalendar
    let lexicon: Lexicon

    /// The es-AR reader, from the lexicons in `Resources`.
    public static let argentina = shipped(
        "es_ar", words: PackageResources.es_ar_words_tsv, intents: PackageResources.es_ar_intents_tsv,
        calendar: .argentina)

    /// The skeleton of a pt-BR reader: numbers, money and days, hardly any intents, and no holidays.
    public static let brazil = shipped(
        "pt_br", words: PackageResources.pt_br_words_tsv, intents: PackageResources.pt_br_intents_tsv,
        calendar: BusinessCalendar([]))

    private static func shipped(_ name: String, words: [UInt8], intents: [UInt8], calendar: BusinessCalendar) -> Reader
    {
        do {
            return try Reader(
                calendar: calendar, words: String(decoding: words, as: UTF8.self),
                intents: String(decoding: intents, as: UTF8.self),
                files: ("\(name)_words.tsv", "\(name)_intents.tsv"))
        } catch {
            fatalError("the lexicons that ship with Promesa are checked by its tests: \(error)")
        }
    }

    /// - Throws: ``LexiconError`` with file and line.
    public init(calendar: BusinessCalendar, words: String, intents: String, files: (words: String, intents: String))
        throws
    {
        self.calendar = calendar
        lexicon = try Lexicon(words: words, intents: intents, file: files)
    }

    // MARK: Reading a message

    /// - Parameters:
    ///   - text: the message as received; what lies beyond 4,000 bytes is not read.
    ///   - moment: when it was written; relative days count from it.
    ///   - question: what the bot asked last.
    public func read(_ text: String, at moment: Moment, zone: Zone, asked question: Question) -> Understanding {
        let stream = stream(text)
        var understanding = Understanding(normalised: String(decoding: stream.text.normalised, as: UTF8.self))
        guard stream.count > 0 else { return understanding }
        let days =
            DayReader.mayName(stream)
            ? DayReader(stream: stream, parser: parser(stream, moment, zone, onlyDays: true), question: question).days()
            : []
        let amounts = AmountReader(stream: stream, question: question, taken: days.map(\.range)).read(
            into: &understanding)
        setApart(&understanding.amounts, after: days, stream)
        understanding.days = days.map(\.reading)
        IntentReader(stream: stream, question: question, days: days, amounts: amounts).read(into: &understanding)
        if understanding.call != nil {
            understanding.call?.place(parser(stream, moment, zone).readings(), today: moment.day(in: zone))
            // "llamame más tarde" puts off.
            if understanding.call?.saysWhen == false, !understanding.has(.askHuman) { understanding.call = nil }
        }
        return understanding
    }

    /// Amounts of a second payment ("… y 20 el lunes") are not those of the first.
    private func setApart(_ amounts: inout [AmountReading], after days: [DayReader.Found], _ stream: TokenStream) {
        guard
            let second = days.indices.dropFirst().first(where: {
                days[$0].cause == .anotherPayment || days[$0 - 1].cause == .now || days[$0 - 1].cause == .today
            }),
            let joint = (days[second - 1].range.upperBound..<days[second].range.lowerBound).first(where: {
                stream.has(.and, $0)
            })
        else { return }
        for index in amounts.indices where amounts[index].span.start >= Int(stream.tokens[joint].start) {
            amounts[index].confidence = min(amounts[index].confidence, 0.3)
        }
    }

    private func parser(_ stream: TokenStream, _ moment: Moment, _ zone: Zone, onlyDays: Bool = false) -> TemporalParser
    {
        let day = moment.day(in: zone)
        let seconds = Int(moment.milliseconds / 1000) + zone.secondsFromUTC - day.number * 86_400
        return TemporalParser(stream: stream, today: day, now: seconds, calendar: calendar, onlyDays: onlyDays)
    }

    /// Bytes of memory that the tables take.
    public var tableBytes: Int { lexicon.bytes }

    func stream(_ text: String) -> TokenStream {
        TokenStream(Tokenizer(lexicon: lexicon).tokens(of: text), lexicon: lexicon)
    }

    // MARK: General readings

    /// Every date, time, range, duration and repetition of a text.
    /// - Parameter moment: when it was written; relative expressions count from it.
    public func temporal(_ text: String, at moment: Moment, zone: Zone) -> [TemporalReading] {
        parser(stream(text), moment, zone).readings()
    }

    /// Every cardinal number and fraction.
    public func numbers(_ text: String) -> [QuantityReading] { QuantityParser(stream: stream(text)).cardinals() }
    /// "primero", "11mo", "el último".
    public func ordinals(_ text: String) -> [QuantityReading] { QuantityParser(stream: stream(text)).ordinals() }
    /// "30 %", "diez por ciento".
    public func percentages(_ text: String) -> [QuantityReading] { QuantityParser(stream: stream(text)).percentages() }
    /// Amounts of money with their currency, ranges and limits included.
    public func money(_ text: String) -> [QuantityReading] { MoneyParser(stream: stream(text)).amounts() }
    /// The first yes or no.
    public func yesOrNo(_ text: String) -> [QuantityReading] { QuantityParser(stream: stream(text)).booleans() }
}
