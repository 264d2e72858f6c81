import Conduct

/// Lints against the rules of conduct: what is never said, and what the first message must say.
extension Lints {
    /// E23: what a rule forbids to say. W03: harsh words.
    mutating func checkWording() {
        // Many texts are said in several places.
        var known: [String: [WordingFinding]] = [:]
        for template in texts {
            for case .text(let text) in template.parts {
                let findings = known[text] ?? conduct.findings(in: text)
                known[text] = findings
                for finding in findings {
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
        for state in firstSpeaking {
            guard let first = state.say.first ?? state.ask else { continue }
            let text = (state.say + [state.ask].compactMap(\.self)).map(Self.sample(of:)).joined(separator: " ")
            let missing = conduct.missingDisclosures(inFirst: text, creditor: Self.sampleCreditor)
            guard !missing.isEmpty else { continue }
            let rules = missing.map { "\($0.why) (\($0.id))" }.joined(separator: "; ")
            report(
                .noIntroduction, first.position, "`\(state.name)` abre la conversación y no se presenta: \(rules)",
                advice: "Agregalo al texto con el que se presenta el bot.")
        }
    }

    /// The states whose text somebody may read first who was not verified.
    private var firstSpeaking: [DialogStateDefinition] {
        var seen: Set<String> = []
        var found: [DialogStateDefinition] = []
        var waiting = [dialog.start]
        while let name = waiting.popLast() {
            guard seen.insert(name).inserted, let state = dialog.states[name] else { continue }
            for route in state.routes {
                let terms = route.when?.terms ?? []
                if !terms.contains(where: { $0.fact == .verified && $0.comparison == .isTrue }) {
                    waiting.append(route.next)
                }
                // Who comes past this route was verified.
                if terms.count == 1, terms[0].fact == .verified, terms[0].comparison == .isFalse { break }
            }
            if !state.say.isEmpty || state.ask != nil { found.append(state) }
        }
        return found.sorted { $0.position.line < $1.position.line }
    }

    private static let sampleCreditor = "acreedor"

    private static func sample(of template: Template) -> String {
        template.parts.map {
            switch $0 {
            case .text(let text): text
            case .placeholder(_, .creditor): sampleCreditor
            case .placeholder: "x"
            }
        }.joined()
    }
}
