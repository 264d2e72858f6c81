import Dialog

/// Which version of which dialog a conversation is in.
extension TurnProcessor {
    /// A conversation stays on the version that it began with until it ends, unless the newest one says where it goes
    /// on (`migrate:`); where its version is not known any more it begins again.
    func present(_ conversation: Conversation) -> (CompiledDialog, DialogState) {
        let newest = world.entry(for: conversation.accountID)
        guard let state = conversation.dialog else {
            return (newest, DialogState(dialog: newest.name, version: newest.version, state: newest.start))
        }
        if state.ended != nil { return (newest, state.moved(to: newest, at: newest.start)) }
        guard let dialog = world.dialog(of: state) else {
            var fresh = DialogState(dialog: newest.name, version: newest.version, state: newest.start)
            fresh.verified = state.verified
            fresh.serial = state.serial
            return (newest, fresh)
        }
        if dialog.version != newest.version, dialog.name == newest.name, let target = newest.migrate[state.state],
            // What comes after identity is only for who proved it (I4).
            state.verified || newest.states[target]?.asksIdentity == true
        {
            return (newest, state.moved(to: newest, at: target))
        }
        return (dialog, state)
    }
}

extension DialogState {
    /// The same in another version of the dialog, at `target` unless it is in that version already.
    fileprivate func moved(to dialog: CompiledDialog, at target: String) -> DialogState {
        if version == dialog.version, self.dialog == dialog.name, dialog.states[state] != nil { return self }
        var moved = self
        moved.dialog = dialog.name
        moved.version = dialog.version
        moved.state = target
        moved.pendingSlot = nil
        moved.pendingChoice = nil
        moved.doubt = nil
        moved.priced = priced?.filter { dialog.states[$0.target] != nil }
        return moved
    }
}
