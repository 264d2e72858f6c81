import Dialog
import Quantities

/// What a designer does with a conversation besides talking: go back, try, jump, compare.
extension ChatSession {
    /// Takes the last step back: what was said, paid, ordered or waited.
    /// - Returns: false where there is none.
    public func undo() -> Bool {
        guard let last = past.popLast() else { return false }
        restore(last)
        return true
    }

    /// What the bot would answer, and the state that it would be in; nothing is done.
    public func whatIf(_ text: String) throws -> (heard: Heard, state: String?) {
        let (before, steps) = (moment, past.count)
        defer {
            restore(before)
            past.removeSubrange(steps...)
        }
        let heard = try tap(text) ?? say(text)
        return (heard, conversation?.dialog?.state)
    }

    /// Goes to a state as if the conversation had come to it, with the person verified; nil where there is no such state.
    public func go(to name: String) throws -> Heard? {
        let world = processor.world
        let entry = world.entry(for: accountID)
        guard entry.states[name] != nil else { return nil }
        let dialog = entry.with(start: name)
        remember()
        lines.append("# :goto \(name)")
        hasJumped = true
        return try store.transaction { tx in
            var conversation =
                self.conversation ?? Conversation(id: tx.newID("c"), contact: contact, accountID: accountID)
            var state =
                conversation.dialog ?? DialogState(dialog: dialog.name, version: dialog.version, state: name)
            state.verified = true
            state.ended = nil
            state.turnsHeard = max(1, state.turnsHeard)
            let result = dialog.step(state, .started, facts: try processor.facts(account, now, tx))
            let messages = try processor.apply(result, to: &conversation, account, answered: false, now, tx)
            tx.save(conversation)
            return note(Heard(messages: messages, trace: result.trace, passages: result.passages))
        }
    }

    /// This session with another dialog in the place of the one that it talks to; nil after ``go(to:)``, which no
    /// customer does.
    public func compare(with dialog: CompiledDialog) throws -> ReplayReport? {
        if hasJumped { return nil }
        let other = dialog.with(name: processor.world.entry(for: accountID).name)
        var report = ReplayReport()
        report.add(try Replayer(world: processor.world, dialog: other).replay(store.recording(until: now)))
        return report
    }
}
