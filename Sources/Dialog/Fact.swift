/// What designers may show with `{…}`, test with `when:` or limit a slot by, under its name in a dialog. `propuesta.*`
/// exist after `proponer`, `promesa.*` with an open promise, `plan.*` with an instalment plan; `politica.*` always.
public enum Fact: String, Hashable, Sendable, CaseIterable {
    case firstName = "nombre"
    case creditor = "acreedor"
    case total = "saldo"
    case overdue = "vencido"
    case principal = "capital"
    case interest = "intereses"
    case charges = "cargos"
    case detail = "detalle"
    case daysPastDue = "dias_mora"
    case nextDueDate = "vencimiento"
    case itemCount = "cantidad_items"
    case stage = "etapa"
    case segment = "segmento"
    case verified = "verificado"
    case identityAttempts = "intentos_identidad"
    case hasPromise = "tiene_promesa"
    case promiseAmount = "promesa.monto"
    case promiseDay = "promesa.fecha"
    case promiseDetail = "promesa.detalle"
    case brokenPromises = "promesas_rotas"
    case optedOut = "dado_de_baja"
    case owes = "debe"
    case today = "hoy"
    case state = "estado"
    case attended = "en_horario"
    case minimum = "politica.minimo"
    case latestDay = "politica.fecha_limite"
    case mostInstalments = "politica.cuotas_max"
    case payNowAmount = "pago_hoy.monto"
    case payNowDiscount = "pago_hoy.descuento"
    case hasDiscount = "tiene_descuento"
    case hasPlans = "tiene_planes"
    case proposalState = "propuesta.estado"
    case proposalAmount = "propuesta.monto"
    case proposalDay = "propuesta.fecha"
    case proposalDetail = "propuesta.detalle"
    case proposalReason = "propuesta.motivo"
    case proposalInstalments = "propuesta.cuotas"
    case proposalIsToday = "propuesta.es_hoy"
    case proposalIsPlan = "propuesta.es_plan"
    case proposalSchedule = "propuesta.cronograma"
    case alias = "pago.alias"
    case cbu = "pago.cbu"
    case reference = "pago.referencia"
    case link = "pago.link"
    /// The customer's own page; where to pay, where the company has none.
    case page = "pagina"
    case attendedHours = "atencion.horario"
    /// When people attend next, such as "mañana viernes 27/11 a las 9"; while they do, the attended hours.
    case attendedNext = "atencion.abre"
    case plans = "planes"
    case hasAmount = "tiene_monto"
    case hasDay = "tiene_fecha"
    case hasInstalments = "tiene_cuotas"
    case amount = "monto"
    case day = "fecha"
    case instalments = "cuotas"
    case tone = "tono"
    case uncovered = "resto"
    case hasUncovered = "tiene_resto"
    case hasPlan = "tiene_plan"
    case planState = "plan.estado"
    case planInstalment = "plan.cuota"
    case planDay = "plan.fecha"
    case planPaid = "plan.pagadas"
    case planInstalments = "plan.cuotas"
    case planArrears = "plan.atraso"
    case planUntil = "plan.hasta"

    /// Those of what was, is or may be agreed.
    private static let agreed = Set(
        allCases.filter { fact in
            ["promesa.", "propuesta.", "pago_hoy.", "politica.", "plan."].contains { fact.rawValue.hasPrefix($0) }
        })

    public enum Kind: String, Sendable { case money, day, number, text, flag }

    public var kind: Kind {
        switch self {
        case .total, .overdue, .principal, .interest, .charges, .promiseAmount, .minimum, .payNowAmount,
            .payNowDiscount,
            .proposalAmount, .amount, .uncovered, .planInstalment, .planArrears:
            .money
        case .nextDueDate, .promiseDay, .today, .latestDay, .proposalDay, .day, .planDay, .planUntil: .day
        case .daysPastDue, .itemCount, .identityAttempts, .brokenPromises, .mostInstalments, .proposalInstalments,
            .instalments, .planPaid, .planInstalments:
            .number
        case .firstName, .creditor, .detail, .stage, .segment, .promiseDetail, .state, .proposalState, .proposalDetail,
            .proposalReason, .proposalSchedule, .alias, .cbu, .reference, .link, .page, .attendedHours,
            .attendedNext, .plans, .tone, .planState:
            .text
        case .verified, .hasPromise, .optedOut, .owes, .attended, .hasDiscount, .hasPlans, .proposalIsToday,
            .proposalIsPlan, .hasAmount, .hasDay, .hasInstalments, .hasUncovered, .hasPlan:
            .flag
        }
    }

    /// Whether it names a debt: such a fact is never said before the right party is verified (I4).
    public var namesDebt: Bool {
        switch self {
        case .total, .overdue, .principal, .interest, .charges, .detail, .daysPastDue, .nextDueDate, .itemCount, .plans,
            .tone, .uncovered, .brokenPromises, .link, .page:
            true
        default: Self.agreed.contains(self)
        }
    }
}
