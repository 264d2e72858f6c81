import Negotiation
import Quantities
import Understanding

/// States that are entered, what is said in them and the options on the screen.
extension Turn {
    mutating func enter(_ name: String) {
        steps += 1
        guard steps <= 100, let definition = dialog.states[name] else {
            note("el diálogo da vueltas o le falta el estado `\(name)`")
            effects.append(.handoff(reason: "error_del_dialogo", priority: .limitReached))
            texts.append(phrases(.toPersonByError))
            state.ended = "error_del_dialogo"
            return
        }
        go(to: definition)
        state.pendingSlot = nil
        state.pendingChoice = nil
        passages.append(.entered(name))
        note("estado `\(name)` (línea \(definition.position.line))")
        for action in definition.actions {
            perform(action, nil)
            if redirected { return }
        }
        for index in definition.routes.indices where holds(definition.routes[index].when) {
            let route = definition.routes[index]
            passages.append(.route(state: name, index))
            note("camino \(route.when.map { "`\($0.source)`" } ?? "por defecto") → `\(route.next)`")
            return enter(route.next)
        }
        for text in definition.say { say(text) }
        if let reason = definition.handoff {
            let (why, priority) = escalation ?? (reason, Self.priority(of: reason))
            effects.append(.handoff(reason: why, priority: priority))
            state.ended = "derivado"
        } else if let outcome = definition.end {
            effects.append(.ended(outcome: outcome))
            state.ended = outcome
        } else {
            ask(again: false)
        }
    }

    /// Puts the present question, that of the slot that is missing or that of the state.
    /// - Parameter again: it was asked before: the shorter form is used where there is one.
    mutating func ask(again: Bool = true) {
        guard state.ended == nil, let here else { return }
        state.echoed = nil
        if asksDoubt, let doubt = state.doubt {
            texts.append(doubt.question(asOf: facts.today, in: phrases))
            return
        }
        if let slot = state.pendingSlot, let question = dialog.slotQuestions[slot] {
            say(question)
            return
        }
        let question = again && !here.confirms ? here.again ?? here.ask : here.ask
        // Only what was read can be said yes to (I3).
        if let question, say(question), here.confirms { state.echoed = state.proposal }
    }

    mutating func say(_ digression: Digression) {
        passages.append(.digression(digression.name, state: state.state))
        if !state.verified, let unverified = digression.unverified { say(unverified) } else { say(digression.say) }
    }

    /// - Returns: whether it is said: nothing is that names the debt to somebody who was not verified (I4).
    @discardableResult
    mutating func say(_ template: Template) -> Bool {
        if !state.verified, template.namesDebt {
            note(
                "un texto nombraba la deuda antes de verificar quién es: no se dijo (línea \(template.position.line))")
            return false
        }
        texts.append(text(of: template).tidied)
        return true
    }

    private func text(of template: Template) -> String {
        if template.parts.count == 1, case .text(let text) = template.parts[0] { return text }
        var result = ""
        result.reserveCapacity(256)
        for part in template.parts {
            switch part {
            case .text(let text): result += text
            case .placeholder(_, let fact?): result += text(of: fact)
            case .placeholder(_, nil): result += "—"
            }
        }
        return result
    }

    /// Makes one message of everything said, with the options of the state it ends in.
    mutating func finish(timer: Bool = true) {
        let options = options()
        if !texts.isEmpty {
            let text = texts.count == 1 ? texts[0] : texts.joined(separator: "\n\n")
            effects.insert(.say(BotMessage(text: text, options: options)), at: 0)
        }
        if timer {
            effects.append(state.ended == nil ? .startIdleTimer(minutes: dialog.limits.idleMinutes) : .cancelIdleTimer)
        }
    }

    mutating func options() -> [BotMessage.Option] {
        state.shown = []
        state.shownOffers = []
        guard state.ended == nil, let here else { return [] }
        let options: [(id: String, title: String, detail: String?)]
        if asksDoubt, let doubt = state.doubt {
            state.shown = doubt.options(asOf: facts.today, in: phrases)
            options = state.shown.map { ($0.id, $0.title, nil) }
        } else if state.pendingSlot != nil {
            return []
        } else {
            options = stateOptions(here)
        }
        guard !options.isEmpty else { return [] }
        state.serial += 1
        if state.verified, !asksDoubt { rememberPrices(in: here) }
        let serial = "#" + String(state.serial)
        return options.map { BotMessage.Option(id: $0.id + serial, title: $0.title, detail: $0.detail) }
    }

    /// The plans that the state shows, and its buttons.
    private mutating func stateOptions(_ here: DialogStateDefinition) -> [(id: String, title: String, detail: String?)]
    {
        var options: [(id: String, title: String, detail: String?)] = []
        if here.showsPlans, state.verified {
            state.shownOffers = facts.plans
            for offer in state.shownOffers {
                noteShown(offer)
                let instalments = offer.regularInstalments
                let amount = instalments.map(\.amount).max() ?? offer.total
                let cost = offer.financialCost.map { ", CFTEA \(phrases($0))" } ?? ""
                options.append((offer.id, "\(instalments.count) cuotas", "de \(phrases(amount))\(cost)"))
                state.shown.append(
                    OfferedChoice(
                        id: offer.id, title: "\(instalments.count) cuotas de \(phrases(amount))",
                        instalments: instalments.count, amount: amount))
            }
        }
        for button in here.buttons {
            options.append((button.hears, text(of: button.text), nil))
        }
        return options
    }

    /// The tap that a message stands for which says what is written on an option of the screen, and nothing else.
    func typedTitle(_ heard: Heard) -> Heard? {
        guard heard.tapped == nil, let here, state.pendingSlot == nil || asksDoubt else { return nil }
        func words(_ text: String) -> [String] {
            foldedWords(of: text).map(\.text).filter { $0.contains { $0.isLetter || $0.isNumber } }
        }
        let said = words(heard.text)
        let titles =
            state.shown.map { ($0.id, $0.title) }
            + (asksDoubt ? [] : here.buttons.map { ($0.hears, text(of: $0.text)) })
        guard !said.isEmpty, let id = titles.first(where: { words($0.1) == said })?.0 else { return nil }
        return Heard(
            tapped: "\(id)#\(state.serial)", heard.understanding, messageID: heard.messageID, serial: state.serial)
    }
}

extension String {
    /// Without the spaces that an empty figure leaves.
    fileprivate var tidied: String {
        var text = self
        let isTidy = text.withUTF8 { bytes in
            // Most bytes are no spaces, and those are looked at once.
            var (index, last) = (0, -1)
            while index < bytes.count {
                if bytes[index] == 32 {
                    if last == index - 1 { return false }
                    last = index
                }
                index += 1
            }
            return true
        }
        if isTidy { return self }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        for byte in utf8 where byte != 32 || bytes.last ?? 32 != 32 { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
