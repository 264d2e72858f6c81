import Quantities

/// Reads messages of one locale. Pure and immutable: build it once, share it freely.
public struct Reader: Sendable {
    private let calendar: BusinessCalendar
    private let lexicon: Lexicon

    /// The es-AR reader, from the lexicons in `Resources`.
    public static let argentina: Reader = {
        do {
            return try Reader(
                calendar: .argentina, words: String(decoding: PackageResources.es_ar_words_tsv, as: UTF8.self),
                intents: String(decoding: PackageResources.es_ar_intents_tsv, as: UTF8.self),
                files: ("es_ar_words.tsv", "es_ar_intents.tsv"))
        } catch {
            preconditionFailure("the lexicons that ship with Promesa are checked by its tests: \(error)")
        }
    }()

    /// - Throws: ``LexiconError`` with file and line.
    public init(calendar: BusinessCalendar, words: String, intents: String, files: (words: String, intents: String)) throws {
        self.calendar = calendar
        lexicon = try Lexicon(words: words, intents: intents, file: files)
    }

    /// - Parameters:
    ///   - text: the message as received; what lies beyond 2,000 characters is not read.
    ///   - moment: when it was written; relative days count from it.
    ///   - question: what the bot asked last.
    public func read(_ text: String, at moment: Moment, zone: Zone, asked question: Question) -> Understanding {
        let tokens = Tokenizer(lexicon: lexicon).tokens(of: String(text.prefix(2000)))
        var understanding = Understanding(normalised: tokens.map(\.text).joined(separator: " "))
        guard !tokens.isEmpty else { return understanding }
        let days = DayReader(
            lexicon: lexicon, calendar: calendar, tokens: tokens, today: moment.day(in: zone), question: question
        ).days()
        AmountReader(lexicon: lexicon, tokens: tokens, question: question, taken: days.map(\.range)).read(into: &understanding)
        understanding.days = days.map(\.reading)
        IntentReader(lexicon: lexicon, tokens: tokens, question: question, text: text).read(into: &understanding)
        return understanding
    }
}
