import Foundation
import SharedData
import Testing
import Understanding

/// How well the reader does on the third-party cases; the table is printed, and a file fails only below its floor.
struct AccuracyTests {
    /// Share of the relevant cases of each file that must be right (exact, or the same reading under a convention of ours).
    static let floors: [(file: String, floor: Double)] = [
        ("recognizers_number.tsv", 0.98), ("recognizers_ordinal.tsv", 0.98), ("recognizers_percent.tsv", 0.98),
        ("recognizers_currency.tsv", 0.98), ("recognizers_boolean.tsv", 0.98), ("recognizers_datetime.tsv", 0.985),
        ("recognizers_datetime_parser.tsv", 0.99), ("duckling_time.tsv", 0.99), ("duckling_duration.tsv", 0.98),
        ("duckling_numeral.tsv", 0.98), ("duckling_ordinal.tsv", 0.98), ("duckling_money.tsv", 0.98),
    ]

    @Test("Third-party dates, numbers and money are read", arguments: floors.indices)
    func accuracy(_ index: Int) throws {
        let (name, floor) = Self.floors[index]
        guard SharedData.has("understanding/" + name) else { return }
        let file = CaseFile(
            name: name, text: String(decoding: try SharedData.data("understanding/" + name), as: UTF8.self))
        let results = try #require(file.score(with: .argentina))
        let table = AccuracyTable(file: name, results: results)
        print(AccuracyTable.header + "\n" + table.text)
        #expect(table.relevant.right >= floor)
    }

    @Test("Intents, days and amounts of typed messages are read, and no promise is invented")
    func utterances() throws {
        guard SharedData.has("understanding/debtor_utterances.tsv") else { return }
        let score = UtteranceScorer(reader: .argentina).score(SharedData.rows("understanding/debtor_utterances.tsv"))
        print("debtor_utterances.tsv\n" + score.text)
        #expect(score.macroF1 >= 0.93)
        #expect(score.falsePromises == 0)
        #expect(score.days.share >= 0.97)
        #expect(score.amounts.share >= 0.97)
    }

    @Test("Messages of our own, written to find what is misread, invent no promise")
    func variedUtterances() throws {
        let name = "Fixtures/understanding/debtor_utterances_varied_own.tsv"
        let path = SharedData.repository.appendingPathComponent(name)
        let file = CaseFile(
            name: path.lastPathComponent, text: String(decoding: try Data(contentsOf: path), as: UTF8.self))
        let score = UtteranceScorer(reader: .argentina).score(file.rows)
        print("\(name)\n\(score.text)")
        #expect(score.utterances > 900)
        #expect(score.macroF1 >= 0.92)
        #expect(score.falsePromises == 0)
        #expect(score.days.share >= 0.98)
        #expect(score.amounts.share >= 0.99)
    }

    @Test("Messages of our own are read as their labels say")
    func ownUtterances() throws {
        let path = SharedData.repository.appendingPathComponent("Fixtures/understanding/debtor_utterances_own.tsv")
        let file = CaseFile(
            name: path.lastPathComponent, text: String(decoding: try Data(contentsOf: path), as: UTF8.self))
        let score = UtteranceScorer(reader: .argentina).score(file.rows)
        for miss in score.misses { print("\(miss.row["utterance"] ?? ""): \(miss.what)") }
        #expect(score.utterances > 150)
        #expect(score.exactSets.share >= 0.97)
        #expect(score.falsePromises == 0)
        #expect(score.days.share == 1)
        #expect(score.amounts.share == 1)
    }
}
