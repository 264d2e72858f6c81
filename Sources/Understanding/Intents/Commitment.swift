/// Whether the message commits the speaker to pay: not denied, asked, supposed, told of others or past.
struct Commitment {
    let stream: TokenStream
    let question: Question
    let days: [DayReader.Found]
    let amounts: [AmountReading]

    private static let reports = WordClassSet(.saidByOthers, .reported)

    /// 10.000 pesos: an amount up to it is a part of any debt that is collected.
    private static let small: Int64 = 1_000_000

    /// The message says that it promises nothing, or only supposes it.
    var isDenied: Bool { isHypothetical || isReported || deniesPaying }

    func weigh(_ hits: inout IntentHits, denied: Bool) {
        let coming = days.filter {
            $0.reading.kind != .past && !isForTalk($0) && !(question == .amount && $0.reading.confidence < 0.5)
                && !($0.reading.day == nil && $0.cause == .dayOfMonth)
        }
        let amounts = amounts.filter { $0.role != .alreadyPaid }
        // "te pago?" asks.
        if stream.text.hasQuestion, coming.isEmpty, amounts.isEmpty { hits.drop(.promise) }
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
            stream.count <= 10 && amounts.isEmpty
            && coming.contains { $0.reading.kind == .payBy || $0.cause == .eitherDay }
            && !stream.text.hasQuestion
        if bare, saysNothingElse, !paysOtherDebt,
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
        // "se me pasó por completo": an apology that names no day.
        if coming.isEmpty, question == .open, hits.hasAny(.hardship, .postpone),
            amounts.allSatisfy({ $0.value == .all })
        {
            return
        }
        // "confirmo todo": what was read back, and nothing new.
        if question == .confirmation, coming.isEmpty, !verb, amounts.allSatisfy({ $0.value == .all }) { return }
        // "algo voy a poder dar" is no amount and no day.
        if coming.isEmpty, !amounts.isEmpty, amounts.allSatisfy({ $0.value == .vague }) { return }
        if hits.has(.alreadyPaid),
            coming.isEmpty || !verb || !(stream.contains(.goingTo) || stream.contains(.rest))
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
        if paysOtherDebt || doubts { confidence = 0.35 }
        // "pagar el lunes": by whom is not said.
        if verb, question == .open, !stream.contains(.commits) { confidence = min(confidence, 0.5) }
        if hits.has(.optOut) { confidence = min(confidence, 0.8) }
        if hits.has(.unclear), !verb { confidence = min(confidence, 0.6) }
        hits.put(.promise, confidence, stream, verb ? .says : .answers)
        // A month, or "cuando cobre", promises no day: it puts off.
        if !coming.isEmpty, coming.allSatisfy({ $0.cause == .monthOnly || $0.cause == .noDay }) {
            hits.put(.postpone, 0.6, stream, .noDay)
        }
        if hits.hasAny(.partialPayment, .askPlan) { return }
        let partial = amounts.contains { reading in
            switch reading.value {
            case .share, .minimum, .vague, .range: true
            case .exact(let money): reading.confidence < 0.5 || (money.currency == .ars && money.cents <= Self.small)
            default: false
            }
        }
        if partial { hits.put(.partialPayment, 0.8, stream, .part) }
    }

    /// "el jueves te confirmo", "mañana los llamo", "te llamo el viernes": that day something else happens.
    func isForTalk(_ day: DayReader.Found) -> Bool {
        let next = stream.skip(.pronoun, day.range.upperBound)
        if talks(next) || next == day.range.upperBound && stream.has(.article, next) && talks(next + 1) { return true }
        // "te confirmo el viernes", said to who asked for a day, gives one.
        guard question != .day, question != .confirmation, question != .reminder else { return false }
        let start = day.range.lowerBound
        let before = stream.has(.article, start - 1) ? start - 2 : start - 1
        return talks(before) && stream.has(.pronoun, before - 1) && !stream.contains(.payVerb)
    }

    private func talks(_ index: Int) -> Bool { stream.has(.talk, index) && !stream.has(.payVerb, index) }

    /// Besides its days the message only agrees, corrects or joins: "ok, el viernes", but not "el lunes viajo".
    private var saysNothingElse: Bool {
        stream.tokens.indices.allSatisfy { index in
            stream.tokens[index].kind == .sign || stream.mayStart(Self.joining, index)
                || days.contains { $0.range.contains(index) }
        }
    }

    private static let joining = WordClassSet(
        .yes, .no, .corrected, .article, .at, .to, .of, .either, .and, .payVerb, .until, .thumbUp, .filler,
        .relativeDay,
        .weekday)

    /// "pago el alquiler el 5", but not "compré remedios, el 10 te abono".
    private var paysOtherDebt: Bool {
        guard stream.contains(.otherDebt) else { return false }
        return stream.tokens.indices.contains { index in
            stream.has(.otherDebt, index)
                && (stream.hasNear(.payVerb, before: index, within: 4) || !stream.contains(.commits))
        }
    }

    /// Whether a day or sum stands in the clause of a verb that commits, or in one that says nothing else: in "el lunes empiezo
    /// a trabajar y te pago" the Monday is not bound.
    func isBound(_ range: Range<Int>) -> Bool {
        if question == .day || question == .reminder || stream.contains(.that) { return true }
        let clause = clause(of: range)
        if clause.contains(where: { stream.has(.commits, $0) && !range.contains($0) }) { return true }
        return clause.allSatisfy { index in
            range.contains(index) || stream.tokens[index].kind != .word || stream.mayStart(Self.joining, index)
                || stream.mayBe(Self.sums, index) || days.contains { $0.range.contains(index) }
        }
    }

    /// "no llego al viernes": the day of a refusal.
    func isRefused(_ range: Range<Int>) -> Bool {
        guard stream.contains(.refusal) else { return false }
        return clause(of: range).contains {
            $0 < range.lowerBound && stream.has(.refusal, $0) && !stream.has(.atMost, $0)
        }
    }

    private func clause(of range: Range<Int>) -> Range<Int> {
        var (from, to) = (range.lowerBound, range.upperBound)
        while from > 0, !separates(from - 1) { from -= 1 }
        while to < stream.count, !separates(to) { to += 1 }
        return from..<to
    }

    /// A sign or a word that ends a clause, outside of days.
    private func separates(_ index: Int) -> Bool {
        if days.contains(where: { $0.range.contains(index) }) { return false }
        let token = stream.tokens[index]
        if token.kind == .sign { return !(token.glued && stream.isDigits(index - 1)) && !stream.isSign(index, "$") }
        return stream.has(.and, index) || stream.has(.but, index)
    }

    private static let sums = WordClassSet(
        .number, .scale, .money, .currency, .share, .everything, .minimum, .rest, .vagueAmount, .around, .approximately,
        .between)

    /// A verb of paying that no negation, question word or other person goes before.
    private var hasPayVerb: Bool {
        stream.contains(.payVerb)
    }

    /// "si no pago el 5 qué pasa".
    var isHypothetical: Bool {
        if stream.contains(.whatIf) { return true }
        guard stream.contains(.whether) else { return false }
        let lastAsking =
            stream.tokens.indices.last {
                (stream.has(.asks, $0) || stream.has(.when, $0)) && !stream.has(.noDay, $0)
            } ?? -1
        for index in stream.tokens.indices where stream.has(.whether, index) && stream.has(.supposed, index + 1) {
            // "si pago hoy cuándo me lo habilitan", with or without its mark.
            guard stream.text.hasQuestion || lastAsking > index + 1 else { continue }
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
            // "no puedo más de 10 lucas".
            if stream.has(.atMost, index) { continue }
            // Another day, or a "but", after the refusal makes an offer of it; "no llego a fin de mes" does not.
            if (end..<stream.count).contains(where: { stream.has(.but, $0) }) { continue }
            let follows = days.contains { $0.range.lowerBound >= end }
            let another = days.contains { day in
                day.range.lowerBound >= end
                    && ((end..<day.range.lowerBound).contains { stream.tokens[$0].kind == .sign }
                        || day.range.lowerBound - end > 3)
            }
            if another
                || follows
                    && days.contains(where: { $0.range.upperBound <= index && $0.range.upperBound >= index - 2 })
            {
                continue
            }
            return true
        }
        return false
    }
}
