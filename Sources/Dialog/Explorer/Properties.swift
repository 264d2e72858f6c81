import Negotiation
import Quantities

/// What must hold after every turn, whatever the customer does. Names are those of the design's invariants.
enum Properties {
    /// What may record a promise (I3).
    static let yes = ["si", "acepta"]

    /// The properties that one turn breaks, each with what happened, in Spanish.
    /// - Parameter isEchoed: whether the bot's last words repeat the offer that waits for a yes.
    static func broken(
        by step: StepResult, _ did: Stimulus, from before: DialogState, isEchoed: Bool, _ messages: [BotMessage],
        _ dialog: CompiledDialog, _ facts: Facts
    ) -> [(property: String, what: String)] {
        var broken: [(String, String)] = []
        for effect in step.effects {
            switch effect {
            case .record(let offer, _):
                if !yes.contains(did.meaning) {
                    broken.append(("I3", "se registró una promesa sin un sí (oyó `\(did.meaning)`)"))
                }
                if before.echoed != offer || !isEchoed {
                    broken.append(
                        ("I3", "se registró una promesa que el último mensaje no repetía con su importe y su día"))
                }
                if !before.verified { broken.append(("I4", "se registró una promesa de alguien sin verificar")) }
            case .handoff("error_del_dialogo", _): broken.append(("fin", "el diálogo da vueltas sin preguntar nada"))
            default: break
            }
        }
        let handedOff = step.effects.contains { if case .handoff = $0 { true } else { false } }
        if ["pide_humano", "angustia"].contains(did.meaning), !handedOff {
            broken.append(("I5", "pidió una persona y no se derivó"))
        }
        if did.meaning == "pide_baja", !step.effects.contains(.optOut) {
            broken.append(("I6", "pidió la baja y no se le dio"))
        }
        if !step.state.verified, let message = messages.first(where: { namesDebt($0.text, facts) }) {
            broken.append(("I4", "se nombró la deuda antes de saber con quién se habla: «\(message.text.prefix(80))»"))
        }
        if step.state.counterOffers > before.counterOffers + 1 || step.state.conceded > before.conceded + 1 {
            broken.append(("concesiones", "hizo dos concesiones en un turno"))
        }
        if messages.isEmpty, did.kind != .silence, before.ended == nil {
            broken.append(("silencio", "no contestó nada en `\(before.state)`"))
        }
        broken += messages.compactMap(overLimits).map { ("canal", $0) }
        if step.state.ended == nil, did.kind != .silence,
            !step.effects.contains(where: { if case .startIdleTimer = $0 { true } else { false } })
        {
            broken.append(("fin", "quedó esperando sin un plazo en `\(step.state.state)`"))
        }
        return broken + designers(step, from: before, dialog, facts)
    }

    /// The designer's own `always:` and `never:`, in the turn in which they break: what goes on being so is no news.
    private static func designers(
        _ step: StepResult, from before: DialogState, _ dialog: CompiledDialog, _ facts: Facts
    ) -> [(String, String)] {
        let turn = Turn(dialog: dialog, state: step.state, facts: facts, traces: false)
        let isFirst = before.turnsHeard == 0
        // Few break: what was so before is looked at only then.
        func held(_ condition: Guard?) -> Bool {
            Turn(dialog: dialog, state: before, facts: facts, traces: false).holds(condition)
        }
        return dialog.properties.compactMap { property in
            switch property.rule {
            case .always(let condition) where !turn.holds(condition) && (isFirst || held(condition)):
                (property.source, "dejó de valer en `\(step.state.state)`")
            case .never(let condition) where turn.holds(condition) && (isFirst || !held(condition)):
                (property.source, "pasó en `\(step.state.state)`")
            default: nil
            }
        }
    }

    private static func namesDebt(_ text: String, _ facts: Facts) -> Bool {
        text.contains("$")
            || facts.bargain.statement.lines.contains {
                text.contains(facts.bargain.phrases($0.dueDate, asOf: facts.bargain.today))
            }
    }

    /// WhatsApp's limits; longer texts without options are split by the sender.
    private static func overLimits(_ message: BotMessage) -> String? {
        if message.options.count > 10 { return "mostró \(message.options.count) opciones: entran 10" }
        if !message.options.isEmpty, message.text.utf16.count > 1024 {
            return "un mensaje con opciones tiene \(message.text.utf16.count) letras: entran 1024"
        }
        return message.options.first { $0.title.utf16.count > 24 }.map {
            "la opción «\($0.title)» tiene más de 24 letras"
        }
    }
}
