import Ledger
import Quantities
import Understanding

/// A wording of a text that a rule forbids, or thinks harsh.
public struct WordingFinding: Hashable, Sendable {
    public var rule: ConductRule
    /// The words as they stand in the text, and their UTF-8 offsets.
    public var words: String
    public var span: Span
    /// Never to be sent; else only bad manners.
    public var isForbidden: Bool {
        if case .forbidden = rule.kind { return true }
        return false
    }
}

extension ConductRules {
    /// What a text says that must not, or should not, be said: at most one finding for each rule, in the rules' order.
    public func findings(in text: String) -> [WordingFinding] {
        let words = phrases.folded(text)
        return rules.compactMap { rule in
            switch rule.kind {
            case .forbidden(let list), .avoided(let list):
                return phrases.first(list, in: words).map {
                    WordingFinding(
                        rule: rule,
                        words: String(decoding: Array(text.utf8)[$0.span.start..<$0.span.end], as: UTF8.self),
                        span: $0.span)
                }
            default: return nil
            }
        }
    }

    /// The first forbidden wording of a text; nil where it may be sent.
    public func forbiddenWording(in text: String) -> WordingFinding? { findings(in: text).first(where: \.isForbidden) }

    /// What the first message of a conversation must say and does not: who collects for whom, what for, that it is a
    /// bot, how to reach a person.
    public func missingDisclosures(inFirst text: String, creditor: String) -> [ConductRule] {
        let words = phrases.folded(text)
        return rules.filter { rule in
            guard case .disclosure(let list) = rule.kind else { return false }
            return phrases.first(list, in: words, creditor: creditor) == nil
        }
    }

    /// Why a collection charge may not be demanded on a day; nil where it may: it was informed by then, or there is none.
    /// - Parameter notice: the proof that it was informed: channel, day and text.
    public func refusal(of charge: Money, informed notice: ChargeNotice?, on day: Day) -> ConductRule? {
        guard charge.isPositive, let rule = rules.first(where: { $0.kind == .chargeInformed }) else { return nil }
        if let notice, notice.isProof, notice.day <= day { return nil }
        return rule
    }

    /// When a person asks to be written to: "no me escriban antes de las 14".
    /// - Returns: the wish, and the words that say it; nil where the text says no such thing.
    public func ownHours(in text: String) -> (hours: OwnHours, span: Span)? {
        let words = phrases.folded(text)
        guard words.words.count > 2 else { return nil }
        var wish = OwnHours()
        var spans: [Span] = []
        func find(_ list: String, _ apply: (PhraseTable.Match) -> Void) {
            guard let match = phrases.first(list, in: words) else { return }
            apply(match)
            spans.append(match.span)
        }
        find("entre_horas") { if $0.hours.count == 2 { (wish.from, wish.to) = ($0.hours[0], $0.hours[1]) } }
        if spans.isEmpty {
            find("desde_hora") { wish.from = $0.hours.first ?? 0 }
            find("hasta_hora") { wish.to = $0.hours.first ?? 1440 }
        }
        for (day, list) in zip(Weekday.allCases, Self.dayOffLists) { find(list) { _ in wish.daysOff.append(day) } }
        guard wish != OwnHours(), wish.from < wish.to, let start = spans.map(\.start).min(),
            let end = spans.map(\.end).max()
        else { return nil }
        return (wish, Span(start, end))
    }

    private static let dayOffLists = [
        "sin_lunes", "sin_martes", "sin_miercoles", "sin_jueves", "sin_viernes", "sin_sabado", "sin_domingo",
    ]
}
