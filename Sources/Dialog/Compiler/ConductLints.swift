import Conduct

/// Lints against the rules of conduct: what is never said, and what the first message must say.
extension Lints {
    /// E23: what a rule forbids to say. W03: harsh words.
    mutating func checkWording() {
        for template in texts {
            for case .text(let text) in template.parts {
                for finding in conduct.findings(in: text) {
                    report(
                        finding.isForbidden ? .forbiddenWording : .harshWords, underlining: finding.words,
                        from: template.position,
                        "«\(finding.words)» \(finding.rule.why) (\(finding.rule.id), \(finding.rule.source))",
                        advice: "Decilo de otra manera, o pedile a una persona que lo diga.")
                }
            }
        }
    }

    /// W05: who opens a conversation says for whom, what for, that it is a bot, and how to reach a person.
    mutating func checkIntroduction() {
        let map = KnowledgeMap(dialog, entries: entries)
        for state in firstSpeaking where !map.speaking(in: state).contains(.verified) {
            guard let first = state.say.first ?? state.ask else { continue }
            let text = (state.say + [state.ask].compactMap(\.self)).map(Self.sample(of:)).joined(separator: " ")
            for rule in conduct.missingDisclosures(inFirst: text, creditor: Self.sampleCreditor) {
                report(
                    .noIntroduction, first.position, "`\(state.name)` abre la conversación, y \(rule.why) (\(rule.id))",
                    advice: "Agregalo al texto con el que se presenta el bot.")
            }
        }
    }

    /// The states whose text a customer may read first.
    private var firstSpeaking: [DialogStateDefinition] {
        var seen: Set<String> = []
        var found: [DialogStateDefinition] = []
        var waiting = [dialog.start]
        while let name = waiting.popLast() {
            guard seen.insert(name).inserted, let state = dialog.states[name] else { continue }
            if state.say.isEmpty, state.ask == nil {
                waiting += state.routes.map(\.next)
            } else {
                found.append(state)
            }
        }
        return found.sorted { $0.position.line < $1.position.line }
    }

    private static let sampleCreditor = "acreedor"

    private static func sample(of template: Template) -> String {
        template.parts.map {
            switch $0 {
            case .text(let text): text
            case .placeholder("acreedor"): sampleCreditor
            case .placeholder: "x"
            }
        }.joined()
    }
}
