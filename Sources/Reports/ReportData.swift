import Conduct
import Negotiation
import Quantities

/// What a report reads: the store's tables, or rows made by hand.
public protocol ReportData {
    /// The sums of a kind within some days, both inclusive, as far as the filter's dimensions touch the kind, as finely
    /// as the grain says; rows of one grain may be split further.
    func rows(
        _ kind: RollupKind, _ days: ClosedRange<Day>, _ filter: ReportFilter, by grain: RollupGrain
    ) throws -> [RollupRow]
    /// By currency and segment.
    func portfolio(_ filter: ReportFilter) throws -> [PortfolioRow]
    /// Months that begin within the days; by currency and segment.
    func closings(_ days: ClosedRange<Day>, _ filter: ReportFilter) throws -> [ClosingRow]
    /// Messages on our own initiative within the days, the newest first.
    func contacts(_ days: ClosedRange<Day>, limit: Int) throws -> [PastContact]
    /// What persons asked or told that limits how they may be contacted, the newest first.
    func limits(_ limit: Int) throws -> [ContactLimit]
}

/// What the figures need besides the data.
public struct ReportTerms: Sendable {
    public var today: Day
    public var zone: Zone
    public var calendar: BusinessCalendar
    public var conduct: ConductRules
    /// From so many days past due, or so many broken promises, an account is extrajudicial.
    public var extrajudicialFrom: Int
    public var extrajudicialBroken: Int
    /// Rows that are looked at one by one, at most, for a page; a file gets them all.
    public var mostRows: Int

    public init(
        today: Day, zone: Zone, calendar: BusinessCalendar, conduct: ConductRules, policy: Policy, mostRows: Int = .max
    ) {
        (self.today, self.zone, self.calendar, self.conduct) = (today, zone, calendar, conduct)
        (extrajudicialFrom, extrajudicialBroken) = (policy.extrajudicialFrom, policy.extrajudicialBrokenPromises)
        self.mostRows = mostRows
    }

    func stage(daysPastDue: Int, broken: Int) -> Stage {
        if daysPastDue <= 0 { return .preventive }
        return daysPastDue >= extrajudicialFrom || broken >= extrajudicialBroken ? .extrajudicial : .administrative
    }
}

/// One message on our own initiative, with what was known of the person when it was decided.
public struct PastContact: Sendable {
    public var accountID: String
    public var contact: Contact
    /// Earlier messages to the person, on any channel and account; the marks and the opt-out that stood by then.
    public var history: ContactHistory

    public init(accountID: String, contact: Contact, history: ContactHistory) {
        (self.accountID, self.contact, self.history) = (accountID, contact, history)
    }
}

/// One thing that limits how a person may be contacted.
public struct ContactLimit: Hashable, Sendable {
    /// One of the person's accounts.
    public var accountID: String
    /// In Spanish: "baja", "cese de la gestión", "vulnerable", "horario propio", "número ajeno".
    public var kind: String
    public var detail: String
    /// Nil where it was imported, or is not on record.
    public var since: Moment?
    /// The message by which they said it, by its gateway's id.
    public var evidence: String?

    public init(accountID: String, kind: String, detail: String, since: Moment?, evidence: String?) {
        (self.accountID, self.kind, self.detail) = (accountID, kind, detail)
        (self.since, self.evidence) = (since, evidence)
    }
}

extension Figure {
    /// The figure's numbers.
    /// - Throws: what `data` throws.
    public func report(_ filter: ReportFilter, _ terms: ReportTerms, _ data: some ReportData) throws -> Report {
        let maker = ReportMaker(figure: self, filter: filter, terms: terms, data: data)
        switch self {
        case .tramos: return try maker.buckets()
        case .segmentos: return try maker.segments()
        case .promesasPorSemana: return try maker.promisesByWeek()
        case .cohortes: return try maker.cohorts()
        case .promesasPorSegmento: return try maker.promises(by: "Segmento", .segment) { $0.segment }
        case .promesasPorDialogo:
            return try maker.promises(by: "Versión", .version) { $0.version.isEmpty ? "sin diálogo" : $0.version }
        case .promesasPorAgente:
            return try maker.promises(by: "Quién", .agent) { $0.agent.isEmpty ? ReportFilter.bot : $0.agent }
        case .cobrado: return try maker.collected()
        case .proyeccion: return try maker.forecast()
        case .costo: return try maker.cost()
        case .rodamiento: return try maker.rolls()
        case .traspasos: return try maker.transitions()
        case .cura: return try maker.cures()
        case .dso: return try maker.dso()
        case .contencion: return try maker.containment()
        case .motivos: return try maker.reasons()
        case .embudo: return try maker.funnel()
        case .desenlaces: return try maker.outcomes()
        case .mejorHora: return try maker.bestHour()
        case .contactos: return try maker.contactsByDay()
        case .contactosPorHora: return try maker.contactsByHour()
        case .frenados: return try maker.refused()
        case .infracciones: return try maker.violations()
        case .limites: return try maker.limits()
        }
    }

    /// What the figure can be filtered by, besides the period.
    public var dimensions: Set<Dimension> {
        switch self {
        case .tramos, .segmentos, .rodamiento, .traspasos, .cura, .dso: [.currency, .segment]
        case .promesasPorSemana, .cohortes, .promesasPorSegmento, .promesasPorDialogo, .promesasPorAgente:
            RollupKind.promise.dimensions
        case .cobrado, .proyeccion: RollupKind.payment.dimensions
        case .costo: []
        case .contencion: [.segment, .version]
        case .motivos: RollupKind.handoff.dimensions
        case .embudo: [.version]
        case .mejorHora, .contactos, .contactosPorHora: [.segment]
        case .desenlaces, .frenados, .infracciones, .limites: []
        }
    }
}
