import Foundation
import Quantities
import SharedData
import Testing
import Understanding

/// How well the reader does on the utterances of `debtor_utterances.tsv`; the table is printed.
struct DebtorUtteranceTests {
    static func question(_ context: String) -> Question {
        switch context {
        case "asked_amount": return .amount
        case "asked_date": return .day
        case "asked_confirm": return .confirmation
        case "asked_identity": return .identity
        case "reminder": return .reminder
        default:
            guard context.hasPrefix("offered_plans") else { return .open }
            return .choice([
                OfferedChoice(id: "1", title: "3 cuotas de 12.000", instalments: 3, amount: .units(12_000)),
                OfferedChoice(id: "2", title: "6 cuotas de 7.000", instalments: 6, amount: .units(7_000)),
            ])
        }
    }

    @Test("Intents, days and amounts of typed messages are read", .enabled(if: SharedData.has("understanding/debtor_utterances.tsv")))
    func scores() {
        let show = ProcessInfo.processInfo.environment["PROMESA_SHOW_MISSES"] != nil
        var right: [String: (Int, Int)] = [:]
        func score(_ name: String, _ correct: Bool) {
            right[name, default: (0, 0)].0 += correct ? 1 : 0
            right[name, default: (0, 0)].1 += 1
        }
        for row in SharedData.rows("understanding/debtor_utterances.tsv") {
            let moment = Moment(iso: row["reference_datetime"]!)!
            let heard = Reader.argentina.read(row["utterance"]!, at: moment, zone: .argentina, asked: Self.question(row["context"]!))
            let expected = row["intent"]!.split(separator: ",").compactMap { Intent(rawValue: String($0)) }
            let got = Set(heard.intents.filter { $0.confidence >= 0.45 }.map(\.intent))
            let found = expected.contains { got.contains($0) }
            score("any intent", found)
            score("first intent", expected.first.map { got.contains($0) } ?? true)
            let falsePromise = heard.has(.promise) && heard.intents.first { $0.intent == .promise }!.confidence >= 0.45
                && !expected.contains(.promise) && !expected.contains(.partialPayment)
            score("no false promise", !falsePromise)
            if show, !found || falsePromise { print("MISS \(row["utterance"]!) | \(row["context"]!) | \(row["intent"]!) | got \(got.map(\.rawValue).sorted())") }
            if let date = row["date"], !date.isEmpty, let day = Day(date) {
                let hit = heard.days.contains { $0.day == day }
                score("day", hit)
                if show, !hit { print("DAY  \(row["utterance"]!) | \(row["reference_datetime"]!) | \(date) | got \(heard.days.map { "\($0.kind) \($0.day?.iso ?? "-")" })") }
            } else {
                let quiet = !heard.days.contains { ($0.kind == .payBy || $0.kind == .range) && $0.confidence >= 0.5 } || !heard.has(.promise)
                score("no day invented", quiet)
                if show, !quiet { print("DAY+ \(row["utterance"]!) | got \(heard.days.map { "\($0.kind) \($0.day?.iso ?? "-")" })") }
            }
            if let cents = row["amount_cents"].flatMap({ Int64($0) }) {
                let amounts = heard.amounts.map(\.value)
                let chosen = heard.choice.map { [0, 1_200_000, 700_000][Int($0)!] == cents } ?? false
                let hit = chosen || amounts.contains { value in
                    switch value {
                    case .exact(let money): money.cents == cents
                    case .range(let low, let high): low?.cents == cents || high.cents == cents
                    default: false
                    }
                }
                score("amount", hit)
                if show, !hit { print("AMT  \(row["utterance"]!) | \(row["context"]!) | \(cents) | got \(amounts)") }
            }
            if let count = row["instalments"].flatMap({ Int($0) }) {
                let hit = heard.instalments?.count == count || heard.choice.map { [0, 3, 6][Int($0)!] == count } ?? false
                score("instalments", hit)
            }
        }
        print("debtor_utterances.tsv")
        for (name, result) in right.sorted(by: { $0.key < $1.key }) {
            print("  \(name): \(result.0) of \(result.1) (\(result.0 * 100 / max(1, result.1)) %)")
        }
        func share(_ name: String) -> Int { right[name].map { $0.0 * 100 / $0.1 } ?? 0 }
        #expect(share("first intent") >= 85)
        #expect(share("any intent") >= 90)
        #expect(share("no false promise") >= 97)
        #expect(share("day") >= 85)
        #expect(share("amount") >= 85)
    }
}
