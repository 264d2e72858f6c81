extension CompiledDialog {
    /// The facts that the dialog uses, as its texts show them, in a state.
    public func factTexts(in state: DialogState, facts known: Facts) -> [(name: String, text: String)] {
        let turn = Turn(dialog: self, state: state, facts: known, traces: false)
        return facts.map { name in (name, Fact(rawValue: name).map { turn.text(of: $0) } ?? "") }
    }
}
