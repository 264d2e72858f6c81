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
        if stream.length(.asks, 0) > stream.length(.atMost, 0) || (stream.text.hasQuestion && stream.contains(.asks)) {
            return
        }
        if stream.contains(.place) || (stream.text.hasQuestion && stream.contains(.when)) { return }
        if !verb, stream.contains(.talk), amounts.isEmpty { return }
        if hits.hasAny(.wrongPerson, .distress, .threatenLegal, .fraudSuspicion) { return }
        if denied { return }
        // "ojalá pueda el viernes": puts off, and promises nothing.
        let doubts = stream.contains(.doubt) && !answers
        if doubts, verb || !coming.isEmpty { hits.put(.postpone, 0.7, stream, .doubt) }
        // "y si pago el 20 qué pasa".
        if hits.hasAny(.askDueDate, .askConsequences), stream.contains(.whether) { return }
        // "por qué no se puede el 20?"
        if hits.hasAny(.askWhy, .askWhyDocument) { return }
        // "cobro el 10": when the wage comes is not when is paid.
        if question != .day, !verb, amounts.isEmpty, stream.contains(.collects),
            coming.allSatisfy({ $0.reading.kind == .from })
        {
            return
        }
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
        if hits.hasAny(.askDueDate, .askConsequences), coming.isEmpty { return }
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
        if coming.isEmpty, question == .open, hits.hasAny(.hardship, .apologises, .postpone),
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
        if hits.has(.dispute) || hits.has(.askBalance) && question != .amount, !verb { return }
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
        // "hablamos el lunes", "no me llames el viernes que trabajo".
        let article = day.range.lowerBound - 1
        let before = stream.has(.article, article) ? article - 1 : article
        if stream.has(.talk, before), !stream.has(.payVerb, before),
            !(day.range.upperBound..<min(day.range.upperBound + 4, stream.count)).contains(where: {
                stream.has(.commits, $0)
            })
        {
            return true
        }
        // "el viernes los llamo", and "me operan", which begins with its pronoun.
        var next = day.range.upperBound
        for _ in 0..<3 {
            if stream.has(.talk, next) { return !stream.has(.payVerb, next) }
            next = stream.skip(.pronoun, next)
        }
        return false
    }

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

    /// "pago el alquiler el 5", but not "compré remedios, el 10 te abono" nor "pago el alquiler y el 8 te doy algo".
    private var paysOtherDebt: Bool {
        guard let other = stream.tokens.indices.last(where: { stream.has(.otherDebt, $0) }) else { return false }
        let paysIt = stream.hasNear(.payVerb, before: other, within: 4) || !stream.contains(.commits)
        let another = stream.tokens.indices.suffix(from: other + 1).contains {
            stream.has(.commits, $0) && stream.has(.payVerb, $0)
        }
        return paysIt && !(another && days.contains { $0.range.lowerBound > other })
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
        if stream.has(.and, index) { return !isInAmount(token) }
        return stream.has(.but, index)
    }

    /// "10 y medio".
    private func isInAmount(_ token: Token) -> Bool {
        amounts.contains { $0.span.start <= Int(token.start) && Int(token.end) <= $0.span.end }
    }

    private static let sums = WordClassSet(
        .number, .scale, .fraction, .money, .currency, .share, .everything, .minimum, .rest, .vagueAmount, .around,
        .approximately,
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
