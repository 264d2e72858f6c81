/// What the question asked and the other intents make of each reading.
struct IntentWeighing {
    let stream: TokenStream
    let question: Question
    let understanding: Understanding

    func weigh(_ hits: inout IntentHits) {
        answers(&hits)
        if understanding.choice != nil {
            hits.put(.chooseOption, 0.9, stream, .chooses)
            hits.put(.accept, 0.85, stream, .chooses)
            hits.drop(.askPlan, .promise, .reject, .deny, .affirm, .partialPayment)
        }
        if understanding.documentDigits != nil { hits.put(.affirm, 0.8, stream, .document) }
        if hits.hasAny(.alreadyPaid, .wrongPerson, .dispute, .distress) { hits.drop(.affirm, .accept) }
        if hits.has(.unclear), hits.hasAny(.promise, .askHuman, .distress, .optOut), !(question == .amount) {
            hits.drop(.unclear)
        }
        if hits.has(.distress) { hits.drop(.promise, .partialPayment) }
        if Commitment(stream: stream, question: question, days: [], understanding: understanding).isHypothetical {
            hits.drop(.affirm, .accept, .cannotPay, .reject, .deny, .promise, .partialPayment)
            hits.put(.askDueDate, 0.8, stream, .whatIf)
        }
        if hits.isEmpty { hits.put(.unclear, 0.5, stream, .nothing) }
    }

    private func answers(_ hits: inout IntentHits) {
        let confirming = question == .confirmation
        if hits.has(.deny), confirming || question == .open, stream.has(.no, 0), stream.count > 1,
            hits.confidence(.affirm) < 0.95
        {
            hits.drop(.affirm)
        }
        if let yes = hits[.affirm], confirming { hits.put(.accept, yes.confidence, stream, .yesToConfirmation) }
        guard let no = hits[.deny] else { return }
        if case .choice = question { hits.put(.reject, min(0.8, no.confidence), stream, .noToOptions) }
        if confirming, understanding.days.isEmpty, understanding.amounts.isEmpty {
            hits.put(.reject, min(0.8, no.confidence), stream, .noToConfirmation)
        }
    }
}
