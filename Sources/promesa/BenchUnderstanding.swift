import ArgumentParser
import Foundation
import Quantities
import Understanding

/// `promesa bench understanding`: how well and how fast messages are read.
struct BenchUnderstanding: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "understanding",
        abstract:
            "Score the reader on case files: accuracy per file and kind, intents, calibration, utterances per second, memory."
    )

    @Option(help: "A folder with files of the form of shared/data/understanding.")
    var data = "../shared/data/understanding"
    @Flag(help: "Print every case that is wrong, with what was expected and found.")
    var misses = false

    func run() throws {
        let reader = Reader.argentina
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: data) else {
            throw ValidationError("\(data): no such folder; give one with --data")
        }
        let files = names.filter { $0.hasSuffix(".tsv") }.sorted().compactMap { name in
            FileManager.default.contents(atPath: data + "/" + name).map {
                CaseFile(name: name, text: String(decoding: $0, as: UTF8.self))
            }
        }
        print(AccuracyTable.header)
        for file in files {
            guard let results = file.score(with: reader) else { continue }
            print(AccuracyTable(file: file.name, results: results).text)
            for result in results where misses && result.isRelevant && result.outcome == .wrong {
                print("    ✗ \(result.utterance)\n      expected \(result.expected)\n      found    \(result.found)")
            }
        }
        for file in files where file.name.hasPrefix("debtor_utterances") {
            let score = UtteranceScorer(reader: reader).score(file.rows)
            print("\n\(file.name)\n\(score.text)")
            if misses {
                for miss in score.misses {
                    print(
                        "    ✗ \(miss.row["utterance"] ?? "") [\(miss.row["context"] ?? "")] \(miss.row["intent"] ?? ""): \(miss.what)"
                    )
                }
            }
            print(speed(reader, file))
        }
        print("tables \(reader.tableBytes / 1024) KiB")
    }

    /// Utterances per second of processor time on one core.
    private func speed(_ reader: Reader, _ file: CaseFile) -> String {
        let utterances = file.rows.compactMap { row in
            Moment(iso: row["reference_datetime"] ?? "").map {
                (row["utterance"] ?? "", $0, UtteranceScorer.question(row["context"] ?? ""))
            }
        }
        guard !utterances.isEmpty else { return "" }
        var best = 0.0
        var heard = 0
        for _ in 0..<5 {
            let start = processorSeconds()
            for _ in 0..<60 {
                for (text, moment, question) in utterances {
                    heard += reader.read(text, at: moment, zone: .argentina, asked: question).intents.count
                }
            }
            best = max(best, Double(60 * utterances.count) / max(1e-9, processorSeconds() - start))
        }
        return
            "\(Int(best)) utterances/s on one core (best of 5 rounds of \(60 * utterances.count); \(heard) intents heard)"
    }

    private func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
