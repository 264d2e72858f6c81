import Understanding

/// The words designers write after `hears:`, in Spanish, and the facts they may show or test.
public enum DialogVocabulary {
    /// Designer name → intents any of which it hears.
    public static let intents: [String: [Intent]] = [
        "si": [.affirm, .accept], "no": [.deny, .reject], "promete": [.promise],
        "pide_cuotas": [.askPlan, .askDiscount],
        "pide_descuento": [.askDiscount],
        "acepta": [.accept], "rechaza": [.reject], "elige": [.chooseOption], "pago_parcial": [.partialPayment],
        "ya_pago": [.alreadyPaid], "no_puede": [.cannotPay], "dificultad": [.hardship], "desconoce_deuda": [.dispute],
        "persona_equivocada": [.wrongPerson], "tercero": [.thirdParty], "pregunta_saldo": [.askBalance],
        "pregunta_como_pagar": [.askHowToPay, .askHours], "pregunta_vencimiento": [.askDueDate, .askConsequences],
        "pregunta_consecuencias": [.askConsequences], "pregunta_por_que": [.askWhy],
        "pregunta_documento": [.askWhyDocument], "avisa_despues": [.comesBack], "se_disculpa": [.apologises],
        "pregunta_horario": [.askHours], "pide_humano": [.askHuman],
        "queja": [.complain], "amenaza_legal": [.threatenLegal], "insulto": [.insult], "pide_baja": [.optOut],
        "saluda": [.greet], "agradece": [.thanks], "posterga": [.postpone, .comesBack],
        "pregunta_quien_es": [.askIdentityOfBot, .askWhyDocument],
        "angustia": [.distress], "sospecha_estafa": [.fraudSuspicion], "fallecimiento": [.deceased],
    ]
    /// Names that are heard from readings rather than intents.
    public static let readings: Set<String> = [
        "monto", "fecha", "cuotas", "opcion", "documento", "insulto_repetido", "otro",
        "dia_de_cobro",
    ]
    /// What leads from any state to a state of its own name, where the dialog has one, and not to `on_escalate`.
    static let ownEscalations = ["angustia", "fallecimiento"]
    /// Every fact that the engine supplies, by its name.
    public static let facts = Dictionary(uniqueKeysWithValues: Fact.allCases.map { ($0.rawValue, $0) })

    /// Whether whatever is heard as one name is heard as the other as well: who refuses (`rechaza`) also says `no`.
    static func isHeard(_ name: String, alsoAs other: String) -> Bool {
        guard let intents = intents[name], let wider = self.intents[other] else { return false }
        return Set(intents).isSubset(of: wider) && threshold(of: other) <= threshold(of: name)
    }

    /// Confidence from which an intent counts as heard: distress and the wish for a person are better heard once too
    /// often, a yes or a complaint are not.
    static func threshold(of name: String) -> Double {
        switch name {
        case "angustia", "pide_humano": 0.3
        case "si", "queja": 0.6
        default: 0.45
        }
    }
}
