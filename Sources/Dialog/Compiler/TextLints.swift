import Understanding

/// Lints over what the bot says: figures without a value, debts named too early, limits of the channels.
extension Lints {
    /// One text of the dialog with what is certain when it is said.
    private struct Spoken {
        let template: Template
        let known: Knowledge
        let state: String
    }

    private func spoken(_ map: KnowledgeMap) -> [Spoken] {
        states.flatMap { state in
            let known = map.speaking(in: state)
            let own = state.questions + state.buttons.map(\.text)
            var result = own.map { Spoken(template: $0, known: known, state: state.name) }
            for choice in state.choices {
                let heard = known.union(KnowledgeMap.heard(choice))
                if let text = choice.say { result.append(Spoken(template: text, known: heard, state: state.name)) }
                for slot in choice.needs {
                    if let question = dialog.slotQuestions[slot] {
                        result.append(Spoken(template: question, known: heard, state: state.name))
                    }
                }
            }
            return result
        }
    }

    /// E15: every figure has a value on every way. E16: nothing of the debt is said before identity (I4).
    mutating func checkKnowledge() {
        let map = KnowledgeMap(dialog, entries: entries)
        var reported: Set<String> = []
        for text in spoken(map) {
            for name in text.template.placeholders {
                let needed = Knowledge.needed(for: name)
                guard !text.known.isSuperset(of: needed), reported.insert("\(text.template.position)\(name)").inserted
                else { continue }
                let from = map.source[text.state]?.first { !$0.known.isSuperset(of: needed) }?.from
                report(
                    .figureWithoutValue, underlining: "{\(name)}", from: text.template.position,
                    "`\(text.state)` dice {\(name)}, pero" + (from.map { " viniendo de `\($0)`" } ?? "")
                        + " puede no tener valor", advice: needed.remedy)
            }
            if !text.known.contains(.verified) { checkSilence(text.template, in: "`\(text.state)`", &reported) }
        }
        for digression in dialog.digressions {
            if let text = digression.unverified {
                checkSilence(text, in: "la digresión `\(digression.name)`", &reported)
            } else {
                checkSilence(
                    digression.say, in: "la digresión `\(digression.name)`", &reported,
                    advice: "Agregale `unverified` con lo que se contesta antes de saber quién es.")
            }
        }
        if let text = dialog.limits.onIdle { checkSilence(text, in: "`on_idle`", &reported) }
    }

    /// Words that give away that there is a debt.
    private static let debtWords: Set<String> = [
        "deuda", "deudor", "moroso", "debés", "adeuda", "mora", "atraso", "vencida", "vencido", "cobranza", "cuotas",
        "factura", "saldo",
    ]

    private mutating func checkSilence(
        _ template: Template, in place: String, _ reported: inout Set<String>,
        advice: String = "Decilo recién después de un camino con `when: verificado`."
    ) {
        for part in template.parts {
            switch part {
            case .placeholder(let name, let fact):
                guard fact?.namesDebt == true, reported.insert("\(template.position)!\(name)").inserted else {
                    continue
                }
                report(
                    .debtBeforeIdentity, underlining: "{\(name)}", from: template.position,
                    "\(place) nombra la deuda con {\(name)} antes de saber con quién habla", advice: advice)
            case .text(let text):
                for word in Self.words(of: text)
                where Self.debtWords.contains(word) && reported.insert("\(template.position)!\(word)").inserted {
                    report(
                        .debtBeforeIdentity, underlining: word, from: template.position,
                        "\(place) habla de la deuda («\(word)») antes de saber con quién habla", advice: advice)
                }
            }
        }
    }

    /// In lower case, without figures and signs.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 97...122: word.unicodeScalars.append(scalar)
            case 65...90: word.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) + 32))
            // Letters, and the marks on them.
            case 0x80... where scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark:
                word += scalar.properties.lowercaseMapping
            default:
                if !word.isEmpty { words.append(word) }
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    // MARK: Limits

    /// Longest body with options (WhatsApp's interactive messages) and without.
    private static let longestWithOptions = 1024
    private static let longestText = 4096
    /// More than this does not fit a phone's screen.
    private static let comfortableText = 350

    /// E20: what a channel would cut. E22: buttons that read the same. W02: too long for a phone.
    mutating func checkTexts() {
        for state in states {
            checkButtons(state)
            let options = !state.buttons.isEmpty || state.showsPlans
            for text in state.texts { checkLength(text, atMost: options ? Self.longestWithOptions : Self.longestText) }
        }
        for digression in dialog.digressions {
            checkLength(digression.say, atMost: Self.longestText)
            if let text = digression.unverified { checkLength(text, atMost: Self.longestText) }
        }
    }

    private mutating func checkButtons(_ state: DialogStateDefinition) {
        var seen: Set<[Template.Part]> = []
        for button in state.buttons where !seen.insert(button.text.parts).inserted {
            report(
                .repeatedOption, button.text.position, "`\(state.name)` tiene dos botones con este texto",
                advice: "Cambiale el texto a uno.")
        }
        if state.buttons.count > 10 {
            report(
                .overChannelLimit, state.buttons[10].text.position,
                "`\(state.name)` tiene \(state.buttons.count) opciones: en WhatsApp entran 10",
                advice: "Dejá las diez que más se usan.")
        }
        let most = state.buttons.count <= 3 && !state.showsPlans ? 20 : 24
        for button in state.buttons {
            let length = Self.length(of: button.text)
            guard length > most else { continue }
            report(
                .overChannelLimit, button.text.position,
                "este botón tiene \(length) letras: en WhatsApp entran \(most)",
                advice: "Acortalo.")
        }
    }

    private mutating func checkLength(_ template: Template, atMost limit: Int) {
        let length = Self.length(of: template)
        if length > limit {
            report(
                .overChannelLimit, template.position,
                "este texto tiene unas \(length) letras: en WhatsApp entran \(limit)",
                advice: "Partilo en dos estados, o acortalo.")
        } else if length > Self.comfortableText {
            report(
                .longText, template.position, "este texto tiene unas \(length) letras: en un teléfono no se ve entero",
                advice: "Probá con menos de \(Self.comfortableText).")
        }
    }

    /// Letters with each figure at its usual width.
    private static func length(of template: Template) -> Int {
        template.parts.reduce(0) { sum, part in
            switch part {
            case .text(let text): sum + text.count
            case .placeholder(_, let fact):
                switch fact?.kind {
                case .money: sum + 14
                case .day: sum + 15
                case .number, .flag: sum + 3
                case .text:
                    sum
                        + (fact.map { [.detail, .proposalDetail, .proposalReason, .plans].contains($0) } == true
                            ? 90 : 20)
                case nil: sum
                }
            }
        }
    }

    // MARK: Declarations

    /// E05: figures that nobody supplies or that `facts` does not list. W01 and W04: what nothing uses.
    mutating func checkDeclarations() {
        let top = SourcePosition(file: reader.file, line: 1, column: 1)
        var used: Set<String> = []
        let conditions = states.flatMap { $0.routes.compactMap(\.when) + $0.choices.compactMap(\.when) }
        for condition in conditions { for term in condition.terms { use(term.name, condition.position, &used) } }
        for text in texts { for name in text.placeholders { use(name, text.position, &used) } }
        for slot in dialog.slots.values {
            for limit in [slot.minimum, slot.maximum].compactMap(\.self) { use(limit.rawValue, slot.position, &used) }
        }
        // A misspelt name is used nowhere else: it is told once, where it is written.
        let misspelt = reader.diagnostics.contains { $0.lint == .unknownFact }
        for name in dialog.facts where !misspelt && !used.contains(name) && DialogVocabulary.facts[name] != nil {
            report(
                .unusedFact, underlining: name, from: reader.find("facts:", from: top, within: reader.lines.count),
                "`facts` nombra `\(name)`, que no se usa", advice: "Borralo de la lista.")
        }
        let wanted = Set(states.flatMap { $0.choices.flatMap { $0.needs + $0.hears } })
        for slot in dialog.slots.values.sorted(by: { $0.name < $1.name })
        where !wanted.contains(slot.name) && !used.contains(slot.name) {
            report(
                .unusedSlot, slot.position, "`\(slot.name)` no se pide ni se escucha en ningún estado",
                advice: "Borralo de `slots`, o pedilo con `needs`.")
        }
    }

    var texts: [Template] {
        var texts = states.flatMap { $0.texts + $0.buttons.map(\.text) }
        for digression in dialog.digressions { texts += [digression.say] + [digression.unverified].compactMap(\.self) }
        texts += dialog.slotQuestions.values.sorted { $0.position.line < $1.position.line }
        for slot in dialog.slots.values { texts += [slot.invalid].compactMap(\.self) }
        return texts + [dialog.limits.onIdle].compactMap(\.self)
    }

    private mutating func use(_ fact: String, _ place: SourcePosition, _ used: inout Set<String>) {
        guard used.insert(fact).inserted else { return }
        if DialogVocabulary.facts[fact] == nil {
            report(
                .unknownFact, underlining: fact, from: place, "no existe el dato `\(fact)`",
                advice: reader.suggestion(for: fact, among: DialogVocabulary.facts.keys))
        } else if !dialog.facts.contains(fact), dialog.slots[fact] == nil {
            report(
                .unknownFact, underlining: fact, from: place, "`\(fact)` no está en la lista `facts` del diálogo",
                advice: "Agregalo a `facts`.")
        }
    }
}

extension DialogStateDefinition {
    /// What the state says of itself, whatever is answered.
    var questions: [Template] { say + [ask, again, otherwise].compactMap(\.self) }
    /// Everything that may be said in it, buttons apart.
    var texts: [Template] { questions + choices.compactMap(\.say) }
}
