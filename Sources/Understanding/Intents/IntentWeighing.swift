/// What the question asked and the other intents make of each reading.
struct IntentWeighing {
    let stream: TokenStream
    let question: Question
    let hasChoice: Bool
    let hasDocument: Bool
    let hasDayOrAmount: Bool
    /// An amount could be read two ways.
    let isDoubtful: Bool
    let saysAll: Bool

    init(stream: TokenStream, question: Question, _ understanding: Understanding) {
        self.stream = stream
        self.question = question
        hasChoice = understanding.choice != nil
        hasDocument = understanding.documentDigits != nil
        hasDayOrAmount = !understanding.days.isEmpty || !understanding.amounts.isEmpty
        saysAll = understanding.amounts.contains { $0.value == .all }
        isDoubtful = !understanding.amounts.isEmpty && understanding.amounts.allSatisfy { $0.confidence <= 0.4 }
    }

    func weigh(_ hits: inout IntentHits, hypothetical: Bool) {
        answers(&hits)
        if hasChoice {
            hits.put(.chooseOption, 0.9, stream, .chooses)
            hits.put(.accept, 0.85, stream, .chooses)
            hits.drop(
                .askPlan, .askDiscount, .promise, .reject, .deny, .affirm, .partialPayment, .cannotPay, .unclear,
                .postpone,
                .askBalance, .hardship)
        }
        if case .choice = question, !hasChoice, hits.has(.cannotPay) { hits.put(.reject, 0.6, stream, .noToOptions) }
        if hasDocument, question == .identity { hits.put(.affirm, 0.8, stream, .document) }
        weighDeath(&hits)
        if hits.hasAny(.alreadyPaid, .wrongPerson, .dispute, .distress) { hits.drop(.affirm, .accept) }
        // "por qué el mínimo es ese": asks, and offers or refuses nothing.
        if hits.hasAny(.askWhy, .askWhyDocument) {
            hits.drop(
                .promise, .partialPayment, .cannotPay, .deny, .reject, .postpone, .comesBack, .affirm, .accept,
                .fraudSuspicion)
        }
        // "yo debo 20 mil nada más": what is disputed is no part.
        if let dispute = hits.span(.dispute), let part = hits.span(.partialPayment), dispute.start < part.end,
            part.start < dispute.end, !hits.has(.promise)
        {
            hits.drop(.partialPayment)
        }
        let content = hits.hasAny(
            .askHuman, .distress, .optOut, .alreadyPaid, .complain, .dispute, .askBalance, .askHowToPay, .askDueDate,
            .askConsequences, .askWhy, .askWhyDocument, .askHours, .askPlan, .askDiscount, .wrongPerson, .reject)
        let zero = stream.count == 1
        if hits.has(.unclear), !zero, content || hits.hasAny(.promise, .cannotPay) { hits.drop(.unclear) }
        // "quizás el viernes".
        if question == .open, stream.count > 2, hits.has(.postpone) { hits.drop(.unclear) }
        if question == .amount, isDoubtful { hits.put(.unclear, 0.5, stream, .nothing) }
        if hits.has(.alreadyPaid), !stream.text.hasQuestion { hits.drop(.askHowToPay, .askPlan, .askDiscount) }
        // "me van a iniciar juicio?" asks, and threatens nobody.
        if hits.hasAny(.askDueDate, .askConsequences), stream.text.hasQuestion { hits.drop(.threatenLegal) }
        // "lo que debo", asked how much.
        if question == .amount, saysAll, !stream.text.hasQuestion { hits.drop(.askBalance) }
        if hits.has(.distress) { hits.drop(.promise, .partialPayment) }
        if hypothetical {
            hits.drop(.affirm, .accept, .cannotPay, .reject, .deny, .promise, .partialPayment, .postpone, .dispute)
            if !hits.hasAny(.askPlan, .askDiscount, .askBalance) { hits.put(.askConsequences, 0.8, stream, .whatIf) }
        }
        if hits.best < UtteranceScorer.threshold { hits.put(.unclear, 0.46, stream, .nothing) }
    }

    /// "Mi mamá falleció" says that the holder died where it is the answer to who writes, or where somebody else writes;
    /// otherwise a customer mourns.
    private func weighDeath(_ hits: inout IntentHits) {
        guard hits.has(.deceased) else { return }
        if question == .identity || hits.has(.thirdParty) { hits.raise(.deceased, to: 0.9) }
        if hits.confidence(.deceased) < 0.6 { hits.drop(.wrongPerson) }
    }

    private func answers(_ hits: inout IntentHits) {
        let confirming = question == .confirmation
        if hits.has(.deny), confirming || question == .open, stream.has(.no, 0), stream.count > 1,
            hits.confidence(.affirm) < 0.95
        {
            hits.drop(.affirm)
        }
        // "sí, pero el 15" accepts something else than what was read back; "supongo" accepts nothing.
        let but = stream.tokens.indices.dropFirst().first { stream.has(.but, $0) }
        let changes = hasDayOrAmount && but != nil
        // "sí, pero no lo anotes".
        if confirming, let but, stream.has(.no, but + 1), stream.has(.not, but + 1) {
            hits.drop(.affirm, .accept)
            hits.put(.unclear, 0.7, stream, .nothing)
        }
        if hits.confidence(.affirm) >= 0.6, confirming, !changes {
            hits.put(.accept, hits.confidence(.affirm), stream, .yesToConfirmation)
        }
        var saysNo = stream.has(.no, 0) && stream.has(.not, 0)
        // "esa fecha no".
        if confirming, stream.count <= 4, stream.has(.not, stream.count - 1) { saysNo = true }
        if saysNo, confirming, !hits.hasAny(.deny, .askHuman, .optOut), !(stream.count <= 4 && hits.has(.unclear)) {
            hits.put(.deny, 0.85, stream, .noToConfirmation)
        }
        // "no sé" is no day: asked for one, it is a no.
        if saysNo, question == .day, stream.count == 2, hits.has(.unclear) {
            hits.put(.deny, 0.46, stream, .noToConfirmation)
        }
        if saysNo, question == .identity, stream.isSign(1, ",") { hits.put(.deny, 0.7, stream, .noToConfirmation) }
        if saysNo, hits.isEmpty, stream.count <= 5 { hits.put(.deny, 0.8, stream, .noToConfirmation) }
        if stream.count == 1, question == .open, hits.has(.affirm), !stream.contains(.thumbUp) {
            hits.put(.unclear, 0.5, stream, .nothing)
        }
        if saysNo, question == .identity, stream.count == 1 { hits.put(.wrongPerson, 0.6, stream, .noToConfirmation) }
        // "mejor el 10" takes something back only where something was said.
        if question == .day || question == .amount, !saysNo, hits.has(.promise) {
            hits.drop(.deny)
            // "calculo que el viernes".
            if hits.confidence(.affirm) <= 0.5 { hits.drop(.affirm) }
        }
        guard hits.has(.deny) else { return }
        let confidence = min(0.8, hits.confidence(.deny))
        if case .choice = question {
            hits.put(.reject, confidence, stream, .noToOptions)
            hits.drop(.deny)
        }
        if stream.count == 1, question == .open, saysNo { hits.put(.unclear, 0.5, stream, .nothing) }
        if confirming, !hasDayOrAmount, stream.count <= 4, !hits.has(.postpone) {
            hits.put(.reject, confidence, stream, .noToConfirmation)
        }
    }
}
