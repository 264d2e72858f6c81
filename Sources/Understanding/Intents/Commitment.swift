/// Whether the message commits the speaker to pay: not denied, asked, supposed, told of others or past.
struct Commitment {
    let stream: TokenStream
    let question: Question
    let days: [DayReader.Found]
    let amounts: [AmountReading]

    private static let reports = WordClassSet(.saidByOthers, .reported)

    /// 10.000 pesos: an amount below is a part of any debt that is collected.
    private static let small: Int64 = 1_000_000

    /// The message says that it promises nothing, or only supposes it.
    var isDenied: Bool { isHypothetical || isReported || deniesPaying }

    func weigh(_ hits: inout IntentHits, denied: Bool) {
        let coming = days.filter {
            $0.reading.kind != .past && !isForTalk($0) && !(question == .amount && $0.reading.confidence < 0.5)
        }
        let amounts = amounts.filter { $0.role != .alreadyPaid }
        let verb = hasPayVerb
        let askedAmount = question == .amount || question == .confirmation
        let answers =
            (question == .day && (!coming.isEmpty || !amounts.isEmpty))
            || (askedAmount && (!amounts.isEmpty || !coming.isEmpty))
        let dated = !amounts.isEmpty && !coming.isEmpty
        if stream.has(.asks, 0) || (stream.text.hasQuestion && stream.contains(.asks)) { return }
        if stream.contains(.place) || (stream.text.hasQuestion && stream.contains(.when)) { return }
        if !verb, stream.contains(.talk), amounts.isEmpty { return }
        if hits.hasAny(.wrongPerson, .distress, .threatenLegal, .fraudSuspicion) { return }
        if denied { return }
        // "ojalá pueda el viernes": puts off, and promises nothing.
        let doubts = stream.contains(.doubt) && !answers
        if doubts, verb || !coming.isEmpty { hits.put(.postpone, 0.7, stream, .doubt) }
        // "y si pago el 20 qué pasa".
        if hits.has(.askDueDate), stream.contains(.whether) { return }
        // "eran 12 mil y ahora son 20".
        if !verb, question == .open, stream.contains(.otherThing) { return }
        let bare =
            stream.count <= 10 && amounts.isEmpty && coming.contains { $0.reading.kind == .payBy }
            && !stream.text.hasQuestion
        if bare, saysNothingElse, !stream.contains(.otherDebt),
            hits.count == 0 || (hits.count == 1 && hits.hasAny(.deny, .greet, .affirm))
        {
            hits.put(.promise, 0.7, stream, .onlyDay)
        }
        if hits.has(.askDueDate), coming.isEmpty { return }
        let reminded = question == .reminder && !coming.isEmpty
        // "en 2 veces puede ser? hoy y el 30".
        let proposed = coming.count > 1 && hits.has(.askPlan) && stream.contains(.offers)
        // "la cuota atrasada nada más", asked how much.
        if question == .amount, amounts.isEmpty, hits.has(.partialPayment), stream.contains(.instalments) {
            hits.put(.promise, 0.6, stream, .part)
        }
        guard (verb && (!coming.isEmpty || !amounts.isEmpty)) || answers || dated || reminded || proposed else {
            return
        }
        // "algo voy a poder dar" is no amount and no day.
        if coming.isEmpty, !amounts.isEmpty, amounts.allSatisfy({ $0.value == .vague }) { return }
        if hits.has(.alreadyPaid),
            coming.isEmpty || !verb || !(stream.contains(.futureMark) || stream.contains(.rest))
        {
            return
        }
        if hits.has(.thirdParty) { return }
        if hits.has(.askHuman), !verb || question == .open { return }
        if hits.hasAny(.dispute), !verb { return }
        var confidence = verb ? 0.9 : answers ? 0.88 : 0.75
        if stream.text.hasQuestion, !answers, question != .reminder {
            confidence = stream.contains(.offers) && !coming.isEmpty ? 0.5 : 0.35
        }
        if stream.contains(.otherDebt) || doubts { confidence = 0.35 }
        if hits.has(.optOut) { confidence = min(confidence, 0.8) }
        if hits.has(.unclear), !verb { confidence = min(confidence, 0.6) }
        hits.put(.promise, confidence, stream, verb ? .says : .answers)
        // A month, or "cuando cobre", promises no day: it puts off.
        if !coming.isEmpty, coming.allSatisfy({ $0.cause == .monthOnly || $0.cause == .noDay }) {
            hits.put(.postpone, 0.6, stream, .noDay)
        }
        if hits.has(.partialPayment) { return }
        let partial = amounts.contains { reading in
            switch reading.value {
            case .share, .minimum, .vague, .range: true
            case .exact(let money): reading.confidence < 0.5 || (money.currency == .ars && money.cents < Self.small)
            default: false
            }
        }
        if partial { hits.put(.partialPayment, 0.8, stream, .part) }
    }

    /// "el jueves te confirmo", "el 20 viajo": that day something else happens.
    func isForTalk(_ day: DayReader.Found) -> Bool {
        let next = stream.skip(.pronoun, day.range.upperBound)
        return stream.has(.talk, next) && !stream.has(.payVerb, next)
    }

    /// Besides its days the message only agrees, corrects or joins: "ok, el viernes", but not "el lunes viajo".
    private var saysNothingElse: Bool {
        stream.tokens.indices.allSatisfy { index in
            stream.tokens[index].kind == .sign || stream.mayBe(Self.joining, index)
                || days.contains { $0.range.contains(index) }
        }
    }

    private static let joining = WordClassSet(
        .yes, .no, .corrected, .article, .at, .to, .of, .either, .and, .payVerb, .until, .thumbUp, .filler,
        .relativeDay,
        .weekday)

    /// A verb of paying that no negation, question word or other person goes before.
    private var hasPayVerb: Bool {
        stream.contains(.payVerb)
    }

    /// "si no pago el 5 qué pasa".
    var isHypothetical: Bool {
        if stream.contains(.whatIf) { return true }
        guard stream.text.hasQuestion, stream.present.contains(WordClass.whether.bit) else { return false }
        for index in stream.tokens.indices where stream.has(.whether, index) && stream.has(.supposed, index + 1) {
            if index == 0 || stream.has(.opener, index - 1) || stream.tokens[index - 1].kind == .sign { return true }
        }
        return false
    }

    /// "no te dije que pago el viernes", "me dijeron que tenía hasta el 30".
    private var isReported: Bool {
        guard stream.present.intersects(Self.reports) else { return false }
        for index in stream.tokens.indices {
            if stream.has(.saidByOthers, index) { return true }
            // "no te dije", but not "no, te dije el 10".
            if stream.has(.reported, index),
                let not = (max(0, index - 3)..<index).last(where: { stream.has(.not, $0) }),
                !(not..<index).contains(where: { stream.tokens[$0].kind == .sign })
            {
                return true
            }
        }
        return false
    }

    /// "no voy a pagar", but not "el viernes no puedo, el sábado sí".
    private var deniesPaying: Bool {
        guard stream.present.contains(WordClass.refusal.bit) else { return false }
        for index in stream.tokens.indices where stream.has(.refusal, index) {
            let end = index + stream.length(.refusal, index)
            // Another day, or a "but", after the refusal makes an offer of it; "no llego a fin de mes" does not.
            if (end..<stream.count).contains(where: { stream.has(.but, $0) }) { continue }
            if let next = days.first(where: { $0.range.lowerBound >= end }) {
                let separated =
                    (end..<next.range.lowerBound).contains { stream.tokens[$0].kind == .sign }
                    || next.range.lowerBound - end > 3
                if separated
                    || days.contains(where: { $0.range.upperBound <= index && $0.range.upperBound >= index - 2 })
                {
                    continue
                }
            }
            return true
        }
        return false
    }
}
