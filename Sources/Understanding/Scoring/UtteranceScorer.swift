import Quantities

/// How the reader does on a file of debtors' utterances.
public struct UtteranceScore: Sendable {
    public struct Counts: Sendable {
        public var truePositives = 0
        public var falsePositives = 0
        public var falseNegatives = 0
        public var precision: Double { Double(truePositives) / Double(max(1, truePositives + falsePositives)) }
        public var recall: Double { Double(truePositives) / Double(max(1, truePositives + falseNegatives)) }
        public var f1: Double {
            Double(2 * truePositives) / Double(max(1, 2 * truePositives + falsePositives + falseNegatives))
        }
    }
    /// Right of all.
    public struct Share: Sendable {
        public var right = 0
        public var all = 0
        public var share: Double { Double(right) / Double(max(1, all)) }
        mutating func add(_ isRight: Bool) {
            all += 1
            if isRight { right += 1 }
        }
    }
    public struct Miss: Sendable {
        public var row: [String: String]
        public var what: String
    }

    public var intents: [Intent: Counts] = [:]
    public var exactSets = Share()
    public var days = Share()
    public var amounts = Share()
    public var instalments = Share()
    /// Messages in which a promise was understood with a wrong amount or day, or where there was none.
    public var falsePromises = 0
    public var utterances = 0
    public var misses: [Miss] = []
    /// Of the readings with a confidence in each tenth, how many were right.
    public var calibration: [Share] = Array(repeating: Share(), count: 10)

    public var macroF1: Double {
        let present = intents.values.filter { $0.truePositives + $0.falseNegatives > 0 }
        return present.map(\.f1).reduce(0, +) / Double(max(1, present.count))
    }
}

/// Scores utterances: a reading acts from 0.45 on, as in the dialogs.
public struct UtteranceScorer {
    public let reader: Reader
    public static let threshold = 0.45

    public init(reader: Reader) { self.reader = reader }

    public static func question(_ context: String) -> Question {
        switch context {
        case "asked_amount": return .amount
        case "asked_date": return .day
        case "asked_confirm": return .confirmation
        case "asked_identity": return .identity
        case "reminder": return .reminder
        default:
            guard context.hasPrefix("offered_plans") else { return .open }
            return .choice(options(context))
        }
    }

    /// `offered_plans[1:3 cuotas de 12.000;2:6 cuotas de 7.000]`.
    private static func options(_ context: String) -> [OfferedChoice] {
        let inner = context.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" }
        return inner.split(separator: ";").compactMap { option in
            let parts = option.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            let words = parts[1].split(separator: " ")
            let amount = words.last.flatMap { Int64($0.filter(\.isNumber)) }
            return OfferedChoice(
                id: String(parts[0]), title: String(parts[1]), instalments: words.first.flatMap { Int($0) },
                amount: amount.map { Money.units($0) })
        }
    }

    public func score(_ rows: [[String: String]]) -> UtteranceScore {
        var score = UtteranceScore()
        for row in rows { add(row, to: &score) }
        return score
    }

    private func add(_ row: [String: String], to score: inout UtteranceScore) {
        guard let moment = Moment(iso: row["reference_datetime"] ?? "") else { return }
        let question = Self.question(row["context"] ?? "")
        let heard = reader.read(row["utterance"] ?? "", at: moment, zone: .argentina, asked: question)
        let expected = Set((row["intent"] ?? "").split(separator: ",").compactMap { Intent(rawValue: String($0)) })
        let got = Set(heard.intents.filter { $0.confidence >= Self.threshold }.compactMap { Self.label($0.intent) })
        score.utterances += 1
        for intent in Intent.allCases {
            switch (expected.contains(intent), got.contains(intent)) {
            case (true, true): score.intents[intent, default: .init()].truePositives += 1
            case (true, false): score.intents[intent, default: .init()].falseNegatives += 1
            case (false, true): score.intents[intent, default: .init()].falsePositives += 1
            default: break
            }
        }
        func miss(_ what: String) { score.misses.append(.init(row: row, what: what)) }
        score.exactSets.add(expected == got)
        if expected != got {
            miss("intents: \(got.map(\.rawValue).sorted().joined(separator: ","))")
        }
        for reading in heard.intents {
            guard let label = Self.label(reading.intent) else { continue }
            score.calibration[min(9, Int(reading.confidence * 10))].add(expected.contains(label))
        }

        let day = row["date"].flatMap { Day($0) }
        let acting = heard.days.filter { $0.confidence >= 0.5 && ($0.kind == .payBy || $0.kind == .range) }
        let dayRight =
            day.map { day in heard.days.contains { $0.day == day } }
            ?? !(acting.contains { _ in got.contains(.promise) })
        score.days.add(dayRight)
        if !dayRight {
            miss(
                "day: \(heard.days.map { "\($0.kind.rawValue) \($0.day?.iso ?? "-") \($0.confidence)" }.joined(separator: ", "))"
            )
        }
        for reading in heard.days {
            score.calibration[min(9, Int(reading.confidence * 10))].add(day == nil || reading.day == day)
        }

        let amountRight = amountFits(heard, row, question)
        score.amounts.add(amountRight)
        if !amountRight {
            miss("amount: \(heard.amounts.map { "\($0.value) \($0.role) \($0.confidence)" }.joined(separator: ", "))")
        }
        if let count = row["instalments"].flatMap({ Int($0) }) {
            let chosen = chosen(heard, question)
            let right =
                heard.instalments?.count == count || chosen?.instalments == count
                || (count == 2 && heard.days.count == 2)
            score.instalments.add(right)
            if !right { miss("instalments: \(heard.instalments.map { "\($0.count)" } ?? "-")") }
        }
        if isFalsePromise(heard, expected, day, row, question) {
            score.falsePromises += 1
            miss("FALSE PROMISE")
        }
    }

    /// The data have one label for plans and discounts, one for due days and consequences, one for all that puts off, one for
    /// hardship and excuses, one for how and when to pay, and none for a holder's death or for who asks why.
    private static func label(_ intent: Intent) -> Intent? {
        switch intent {
        case .askDiscount: .askPlan
        case .askConsequences: .askDueDate
        case .comesBack: .postpone
        case .apologises: .hardship
        case .askHours: .askHowToPay
        case .deceased, .askWhy, .askWhyDocument: nil
        default: intent
        }
    }

    private func chosen(_ heard: Understanding, _ question: Question) -> OfferedChoice? {
        guard case .choice(let options) = question, let id = heard.choice else { return nil }
        return options.first { $0.id == id }
    }

    private func amountFits(_ heard: Understanding, _ row: [String: String], _ question: Question) -> Bool {
        let values = heard.amounts.map(\.value)
        if let cents = row["amount_cents"].flatMap({ Int64($0) }) {
            if chosen(heard, question)?.amount?.cents == cents { return true }
            return values.contains { value in
                switch value {
                case .exact(let money): money.cents == cents
                case .range(let low, let high): low?.cents == cents || high.cents == cents
                default: false
                }
            }
        }
        switch row["amount_kind"] ?? "" {
        case "all", "half", "minimum":
            // "dale mañana te lo pago": all is understood, not said.
            return !values.contains { if case .exact = $0 { true } else { false } }
        case "vague": return true
        default:
            return !heard.amounts.contains {
                $0.confidence >= 0.5 && $0.role == .total && heard.has(.promise)
                    && { if case .exact = $0 { true } else { false } }($0.value)
            }
        }
    }

    /// A promise that a dialog would echo with a wrong amount or day, or where there was none.
    private func isFalsePromise(
        _ heard: Understanding, _ expected: Set<Intent>, _ day: Day?, _ row: [String: String], _ question: Question
    ) -> Bool {
        guard heard.intents.contains(where: { $0.intent == .promise && $0.confidence >= Self.threshold }) else {
            return false
        }
        let acting = heard.days.filter { $0.confidence >= 0.5 && $0.kind == .payBy && $0.day != nil }
        let sums = heard.amounts.filter { $0.confidence >= 0.5 && $0.role == .total }
        if !expected.contains(.promise), !expected.contains(.partialPayment) { return !acting.isEmpty || !sums.isEmpty }
        if let last = acting.last, last.day != day, !acting.contains(where: { $0.day == day }) { return true }
        let exact = sums.compactMap { if case .exact(let money) = $0.value { money.cents } else { nil } }
        if let said = exact.last, row["amount_kind"] != "vague" {
            return said != row["amount_cents"].flatMap { Int64($0) }
        }
        return false
    }
}
