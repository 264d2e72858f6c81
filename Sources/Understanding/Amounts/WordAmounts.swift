import Quantities

/// Amounts said without a number: "la mitad", "todo", "lo mínimo", "el capital", "unos mangos".
struct WordAmounts {
    let stream: TokenStream
    let question: Question
    let isTaken: (Range<Int>) -> Bool
    let covered: [Range<Int>]

    private static let starters = WordClassSet(.share, .minimum, .principal, .everything, .vagueAmount)

    func read(into understanding: inout Understanding) {
        guard stream.present.intersects(Self.starters) else { return }
        let asked = question == .amount || question == .confirmation
        let pays = asked || stream.contains(.payVerb)
        var index = 0
        while index < stream.count {
            guard stream.tokens[index].id != 0, let (value, length, confidence, reason) = value(at: index, pays) else {
                index += 1
                continue
            }
            let range = index..<index + length
            index += length
            if isTaken(range) || covered.contains(where: { $0.overlaps(range) }) { continue }
            if case .all = value, understanding.amounts.contains(where: { $0.value == .principalOnly }) { continue }
            understanding.amounts.append(
                AmountReading(
                    value, span: stream.span(range), confidence: confidence, reason: stream.lexicon.reason(reason)))
        }
        // "la deuda completa sin intereses": the principal, not all.
        if understanding.amounts.contains(where: { $0.value == .principalOnly }) {
            understanding.amounts.removeAll { $0.value == .all }
        }
        // "la mitad hoy y el resto el viernes": a share wins over vague words.
        if understanding.amounts.count > 1 { understanding.amounts.removeAll { $0.value == .vague } }
    }

    /// "no puedo todo junto".
    private func isBeyondReach(_ index: Int) -> Bool {
        (max(0, index - 4)..<index).contains { place in
            stream.has(.refusal, place) && place + stream.length(.refusal, place) >= index - 1
        }
    }

    /// "se me complicó todo porque tuve que pagar…": in a long message a verb of paying stands near what is paid.
    private func isPaid(_ index: Int, _ length: Int) -> Bool {
        stream.count <= 10 || stream.hasNear(.payVerb, before: index, within: 4)
            || stream.hasNear(.payVerb, before: index + length + 3, within: 3)
    }

    private func value(at index: Int, _ pays: Bool) -> (AmountReading.Value, Int, Double, Reason)? {
        if let share = stream.lexeme(.share, index) {
            // "a mitad de mes" is a day, "un cuarto de hora" a time.
            guard !stream.has(.unit, stream.skip(.of, index + share.length)),
                !stream.has(.instalments, stream.skipAll(.of, .article, from: index + share.length))
            else { return nil }
            return (.share(Percent(basisPoints: share.value)), share.length, 0.92, .shareAmount)
        }
        // "cobro la mínima": a pension.
        if let minimum = stream.lexeme(.minimum, index), !stream.hasNear(.collects, before: index, within: 2) {
            return (.minimum, minimum.length, 0.9, .minimum)
        }
        guard pays else { return nil }
        if let principal = stream.lexeme(.principal, index) {
            return (.principalOnly, principal.length, 0.85, .principal)
        }
        if let all = stream.lexeme(.everything, index) {
            guard isPaid(index, all.length), !stream.has(.of, index - 1), !stream.has(.over, index - 1),
                !stream.has(.with, index - 1),
                !stream.has(.unit, stream.skip(.article, index + all.length)), !isBeyondReach(index)
            else { return nil }
            return (.all, all.length, 0.9, .everything)
        }
        if let vague = stream.lexeme(.vagueAmount, index), !stream.has(.not, index - 1) {
            return (.vague, vague.length, 0.8, .vagueAmount)
        }
        return nil
    }
}
