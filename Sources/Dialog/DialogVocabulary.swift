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
        "pregunta_como_pagar": [.askHowToPay], "pregunta_vencimiento": [.askDueDate], "pide_humano": [.askHuman],
        "queja": [.complain], "amenaza_legal": [.threatenLegal], "insulto": [.insult], "pide_baja": [.optOut],
        "saluda": [.greet], "agradece": [.thanks], "posterga": [.postpone], "pregunta_quien_es": [.askIdentityOfBot],
        "angustia": [.distress], "sospecha_estafa": [.fraudSuspicion],
    ]
    /// Names that are heard from readings rather than intents.
    public static let readings: Set<String> = [
        "monto", "fecha", "cuotas", "opcion", "documento", "insulto_repetido", "otro",
        "dia_de_cobro",
    ]
    public enum FactType: String, Sendable { case money, day, number, text, flag }

    /// Every fact the engine supplies. `propuesta.*` exist after `proponer`; `politica.*` always.
    public static let facts: [String: FactType] = [
        "nombre": .text, "acreedor": .text, "saldo": .money, "vencido": .money, "capital": .money, "intereses": .money,
        "cargos": .money, "detalle": .text, "dias_mora": .number, "vencimiento": .day, "cantidad_items": .number,
        "etapa": .text, "segmento": .text, "verificado": .flag, "intentos_identidad": .number,
        "tiene_promesa": .flag, "promesa.monto": .money, "promesa.fecha": .day, "promesas_rotas": .number,
        "dado_de_baja": .flag, "debe": .flag, "hoy": .day, "estado": .text, "en_horario": .flag,
        "politica.minimo": .money, "politica.fecha_limite": .day, "politica.cuotas_max": .number,
        "pago_hoy.monto": .money, "pago_hoy.descuento": .money, "tiene_descuento": .flag, "tiene_planes": .flag,
        "propuesta.estado": .text, "propuesta.monto": .money, "propuesta.fecha": .day, "propuesta.detalle": .text,
        "propuesta.motivo": .text, "propuesta.cuotas": .number, "propuesta.es_hoy": .flag,
        "pago.alias": .text, "pago.cbu": .text, "pago.referencia": .text, "pago.link": .text,
        "atencion.horario": .text, "planes": .text, "tiene_monto": .flag, "tiene_fecha": .flag, "tiene_cuotas": .flag,
        "monto": .money, "fecha": .day, "cuotas": .number,
        "tono": .text, "resto": .money, "tiene_resto": .flag, "promesa.detalle": .text, "propuesta.cronograma": .text,
        "propuesta.es_plan": .flag,
        "tiene_plan": .flag, "plan.estado": .text, "plan.cuota": .money, "plan.fecha": .day, "plan.pagadas": .number,
        "plan.cuotas": .number, "plan.atraso": .money, "plan.hasta": .day,
    ]

    /// Facts that name a debt: never said before the right party is verified (I4).
    public static func namesDebt(_ fact: String) -> Bool {
        debtFacts.contains(fact)
            || ["promesa.", "propuesta.", "pago_hoy.", "politica.", "plan."].contains { fact.hasPrefix($0) }
    }

    private static let debtFacts: Set<String> = [
        "saldo", "vencido", "capital", "intereses", "cargos", "detalle", "dias_mora", "vencimiento", "cantidad_items",
        "planes", "tono", "resto",
        "promesas_rotas", "pago.link",
    ]
}
