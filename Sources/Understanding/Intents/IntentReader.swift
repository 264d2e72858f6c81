import Quantities

/// Finds intents by the lexicon's patterns, then weighs them against each other and against days and amounts.
struct IntentReader {
    let stream: TokenStream
    let question: Question
    let days: [DayReader.Found]
    let amounts: [Range<Int>]

    func read(into understanding: inout Understanding) {
        var hits = IntentHits()
        matchPatterns(&hits)
        hearCall(&hits, &understanding)
        understanding.anger = anger
        if understanding.anger >= 2 { put(.insult, 0.85, .angry, &hits) }
        emoji(&hits)
        let commitment = Commitment(stream: stream, question: question, days: days, amounts: understanding.amounts)
        let denied = commitment.isDenied
        commitment.weigh(&hits, denied: denied)
        IntentWeighing(stream: stream, question: question, understanding).weigh(
            &hits, hypothetical: commitment.isHypothetical)
        let doubted = hits.has(.promise) && hits.confidence(.promise) < UtteranceScorer.threshold
        if doubted || denied && !hits.has(.promise) {
            // "no puedo el viernes": the day and the sum are heard, but nobody may act on them.
            for index in understanding.days.indices {
                understanding.days[index].confidence = min(understanding.days[index].confidence, 0.4)
            }
            for index in understanding.amounts.indices {
                understanding.amounts[index].confidence = min(understanding.amounts[index].confidence, 0.4)
            }
        }
        for index in understanding.days.indices where commitment.isForTalk(days[index]) {
            understanding.days[index].confidence = min(understanding.days[index].confidence, 0.3)
        }
        if hits.has(.promise) { askWhatIsLoose(&understanding, commitment) }
        divide(&hits, &understanding)
        addUnsaidPart(hits, &understanding)
        // "y un poco más?" asks for more discount, and offers no part.
        if hits.has(.askDiscount) {
            // "redondealo en 50".
            if !stream.contains(.instalments) { understanding.instalments = nil }
            understanding.amounts.removeAll { reading in
                // Nor does "50 % de descuento".
                if case .share = reading.value { return hits.confidence(.promise) < UtteranceScorer.threshold }
                return reading.value == .vague
            }
        }
        // "ahora estoy manejando" is no day to pay on.
        if hits.hasAny(.postpone, .comesBack), !hits.has(.promise) {
            for index in understanding.days.indices where days[index].cause == .now {
                understanding.days[index].confidence = min(understanding.days[index].confidence, 0.3)
            }
        }
        understanding.intents = hits.sorted(stream.lexicon)
    }

    /// Who asks to be called at five does not complain of calls at five.
    private func hearCall(_ hits: inout IntentHits, _ understanding: inout Understanding) {
        guard let asks = hits.span(.askCall) else { return }
        understanding.call = CallRequest(span: asks)
        hits.drop(.askCall)
        if let complaint = hits.span(.complain), complaint.start < asks.end, asks.start < complaint.end {
            hits.drop(.complain)
        }
    }

    /// Days and sums that nothing binds to the promise are asked back, not taken.
    private func askWhatIsLoose(_ understanding: inout Understanding, _ commitment: Commitment) {
        // "tal vez el viernes".
        let doubted = stream.contains(.doubt)
        let unsaid = question == .open && !stream.contains(.commits) && stream.contains(.payVerb)
        let bound = days.filter { commitment.isBound($0.range) }.compactMap(\.reading.day)
        for index in understanding.days.indices
        where unsaid || doubted || !(days[index].reading.day.map { bound.contains($0) } ?? true) {
            understanding.days[index].confidence = min(understanding.days[index].confidence, 0.45)
        }
        for index in understanding.days.indices where commitment.isRefused(days[index].range) {
            understanding.days[index].confidence = min(understanding.days[index].confidence, 0.3)
        }
        guard question == .open else { return }
        for index in understanding.amounts.indices {
            let span = understanding.amounts[index].span
            guard let first = stream.tokens.firstIndex(where: { Int($0.start) >= span.start }),
                let last = stream.tokens.lastIndex(where: { Int($0.end) <= span.end }), first <= last
            else { continue }
            if unsaid || !commitment.isBound(first..<last + 1) {
                understanding.amounts[index].confidence = min(understanding.amounts[index].confidence, 0.45)
            }
        }
    }

    /// "El 5 y el 20" are two payments: the first of them is a part, and how much it is was not said.
    private func divide(_ hits: inout IntentHits, _ understanding: inout Understanding) {
        guard hits.confidence(.promise) >= UtteranceScorer.threshold, understanding.amounts.isEmpty,
            days.dropFirst().contains(where: { $0.cause == .anotherPayment })
        else { return }
        // "en dos veces, el 5 y el 20" asks for no plan.
        if understanding.instalments?.count == days.count { understanding.instalments = nil }
        hits.put(.partialPayment, 0.8, stream, .part)
        understanding.amounts.append(
            AmountReading(
                .vague, span: stream.span(0..<stream.count), confidence: 0.6, reason: stream.lexicon.reason(.part)))
    }

    /// "pago solo la factura de octubre" offers a part without its amount: it is to be asked for. "El resto el 9" offers what
    /// is left.
    private func addUnsaidPart(_ hits: IntentHits, _ understanding: inout Understanding) {
        guard understanding.amounts.isEmpty, hits.confidence(.partialPayment) >= 0.8,
            !hits.hasAny(.alreadyPaid, .askPlan, .askDiscount, .askBalance, .askDueDate, .askConsequences),
            let span = hits.span(.partialPayment)
        else { return }
        let saysRest = stream.tokens.indices.contains { index in
            stream.has(.rest, index) && (span.start..<span.end).contains(Int(stream.tokens[index].start))
        }
        if saysRest { return }
        understanding.amounts.append(
            AmountReading(.vague, span: span, confidence: 0.6, reason: stream.lexicon.reason(.part)))
    }

    private func matchPatterns(_ hits: inout IntentHits) {
        PatternMatcher(stream: stream, days: days.map(\.range), amounts: amounts).match(into: &hits)
    }

    private func put(_ intent: Intent, _ confidence: Double, _ reason: Reason, _ hits: inout IntentHits) {
        hits.put(intent, confidence, stream, reason)
    }

    /// 0 calm, 1 annoyed, 2 angry, 3 furious.
    private var anger: Int {
        var level = 0
        if stream.present.contains(WordClass.insult.bit) {
            for index in stream.tokens.indices {
                if let insult = stream.lexeme(.insult, index) { level = max(level, Int(insult.value)) }
            }
        }
        if stream.text.letters > 12, stream.text.capitals == stream.text.letters { level = max(level, 1) }
        if stream.text.exclamations >= 3 { level = max(level, 1) }
        return level
    }

    private func emoji(_ hits: inout IntentHits) {
        let asked = [.confirmation, .identity, .reminder].contains(question)
        if stream.contains(.thumbUp), !stream.contains(.not) {
            if asked {
                put(.affirm, 0.9, .thumbUp, &hits)
            } else if stream.count <= 3 {
                put(.unclear, 0.6, .thumbUpUnasked, &hits)
                put(.affirm, 0.5, .thumbUpUnasked, &hits)
            }
        }
        if stream.contains(.thumbDown) { put(.deny, 0.9, .thumbDown, &hits) }
        if stream.contains(.hands), stream.count <= 3 {
            put(.thanks, 0.6, .hands, &hits)
            put(.unclear, 0.5, .hands, &hits)
        }
        if stream.count == 1, stream.isDigits(0), stream.tokens[0].value == 0 {
            // In telephone menus 0 is the operator.
            put(question == .amount ? .cannotPay : .askHuman, 0.7, .zero, &hits)
            put(.unclear, 0.6, .zero, &hits)
        }
        if stream.contains(.media), stream.count <= 4 { put(.unclear, 0.7, .media, &hits) }
    }
}
