import Understanding

extension CompiledDialog {
    /// One turn: pure, total, bounded to 100 internal steps.
    /// - Parameter traces: whether the result tells why, in words.
    public func step(_ state: DialogState, _ event: DialogEvent, facts: Facts, traces: Bool = true) -> StepResult {
        var turn = Turn(dialog: self, state: state, facts: facts, traces: traces)
        switch event {
        case .started: turn.started()
        case .heard(let understanding, let messageID): turn.heard(Heard(understanding, messageID: messageID))
        case .tapped(let id, let understanding, let messageID):
            turn.heard(Heard(tapped: id, understanding, messageID: messageID, serial: state.serial))
        case .media(let messageID): turn.media(messageID)
        case .idle: turn.idle()
        case .returned: turn.returned()
        }
        return turn.result()
    }

    /// What the reader should take the last question to be.
    public func question(in state: DialogState) -> Question {
        if state.ended != nil { return .reminder }
        guard let definition = states[state.state], state.turnsHeard > 0 else { return .open }
        if state.doubt != nil, state.doubt?.slot == state.pendingSlot { return .choice(state.shown) }
        switch state.pendingSlot {
        case "monto": return .amount
        case "fecha": return .day
        case "cuotas": return .open
        default: break
        }
        if definition.asksIdentity { return .identity }
        if !state.shown.isEmpty { return .choice(state.shown) }
        if definition.confirms { return .confirmation }
        switch definition.expects {
        case .money: return .amount
        case .day: return .day
        case .choice, .count, .text: return .open
        case nil: break
        }
        return definition.heard.contains(.yes) ? .confirmation : .open
    }
}
