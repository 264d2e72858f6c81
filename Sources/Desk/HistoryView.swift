import Conversations
import Ledger
import Negotiation
import Quantities
import Storage

/// What was said to one person and why, in order, with the figures of each day worked out again from the ledger.
public struct HistoryView: Sendable {
    public struct Line: Sendable {
        public var at: Moment
        /// `cliente`, `bot`, an agent's name; nil for something that was done.
        public var speaker: String?
        public var text: String
        public var options: [String]
    }
    /// How what an account owed on a day came about.
    public struct Figures: Sendable {
        public var account: String
        public var total: String
        public var items: [(name: String, total: String, explanation: [String])]
    }
    public struct Day: Sendable {
        public var day: Quantities.Day
        public var lines: [Line]
        public var figures: [Figures]
    }
    /// How a promise came about: the messages that gave it, and its offer's figures, of a plan with its first payment.
    public struct Promise: Sendable {
        public var account: String
        public var summary: String
        public var state: String
        public var policy: String
        public var evidence: [String]
        public var explanation: [String]
    }

    public var name: String
    public var accounts: [String]
    /// What limits contact with this person, each in a sentence.
    public var limits: [String]
    public var days: [Day]
    public var promises: [Promise]
    public var zone: Zone

    public init(_ history: PersonHistory, world: World) {
        zone = world.zone
        name = history.accounts.first?.fullName ?? ""
        accounts = history.accounts.map(\.id)
        limits = Self.limits(history, world.zone)
        var lines = history.transcripts.values.joined().map(Line.init)
        lines += history.audit.compactMap(Line.init)
        // What was said stands before what followed from it in the same moment.
        let ordered = lines.enumerated().sorted {
            ($0.element.at, $0.element.speaker == nil ? 1 : 0, $0.offset)
                < ($1.element.at, $1.element.speaker == nil ? 1 : 0, $1.offset)
        }.map(\.element)
        days = Dictionary(grouping: ordered) { $0.at.day(in: world.zone) }.sorted { $0.key < $1.key }.map {
            day, lines in
            Day(day: day, lines: lines, figures: history.accounts.compactMap { Figures($0, on: day, world) })
        }
        var plans: Set<String> = []
        promises = history.promises.map { promise in
            let offer = promise.offer.summary(asOf: promise.createdOn)
            let isFirst = promise.planID.map { plans.insert($0).inserted } ?? true
            let own = "\(promise.amount.formatted) para el \(Phrases.argentina(promise.payBy, asOf: promise.createdOn))"
            return Promise(
                account: promise.accountID, summary: promise.planID == nil ? offer : "\(own), de \(offer)",
                state: promise.state.rawValue, policy: promise.offer.policyVersion, evidence: promise.evidence,
                explanation: isFirst ? promise.offer.explanation : [])
        }
    }

    private static func limits(_ history: PersonHistory, _ zone: Zone) -> [String] {
        var limits: [String] = []
        if history.accounts.contains(where: \.optedOut) { limits.append("Pidió que no le escribamos.") }
        if let mark = history.standing.ceased {
            limits.append("Cese de la cobranza desde el \(mark.since.day(in: zone).iso): \(mark.why).")
        }
        if let mark = history.standing.vulnerable {
            limits.append("Vulnerable desde el \(mark.since.day(in: zone).iso): \(mark.why).")
        }
        if let hours = history.standing.ownHours { limits.append("Pidió que le escribamos solo \(hours.spanish).") }
        if history.conversations.contains(where: \.wrongNumber) {
            limits.append("Uno de los números no es de esta persona.")
        }
        return limits
    }
}

extension HistoryView.Line {
    init(_ entry: TranscriptEntry) {
        at = entry.at
        text = entry.text
        options = entry.options
        speaker = entry.speaker.spanishName
    }

    /// Nil for what only tells that a turn was taken.
    init?(_ event: AuditEvent) {
        guard event.kind != "turn" else { return nil }
        at = event.at
        text =
            (Self.words[event.kind] ?? event.kind)
            + (event.detail.isEmpty ? "" : " (\(event.detail.joined(separator: ", ")))")
        options = []
    }

    /// By the kind of what was done.
    private static let words = [
        "verified": "Se comprobó su identidad", "optout": "Pidió que no le escribamos más",
        "wrong_number": "El número no es suyo", "dialog.ended": "Terminó el diálogo",
        "proactive": "Le escribimos primero",
        "owner.agent": "Pasó a una persona", "promise.open": "Se anotó la promesa",
        "promise.kept": "Promesa cumplida",
        "promise.broken": "Promesa rota", "promise.partiallyKept": "Promesa cumplida en parte",
        "promise.withdrawn": "Promesa retirada", "promise.superseded": "Promesa reemplazada",
        "promise.moved": "La cuota cambió de día", "plan.broken": "El plan se cayó",
        "plan.fallen": "El plan terminó",
        "plan.reinstated": "El plan se recuperó", "handoff.queued": "Pasó a la cola de personas",
        "handoff.claimed": "Una persona tomó el caso", "handoff.agreed": "Una persona anotó un acuerdo",
        "handoff.returned": "Volvió al bot", "handoff.closed": "Se cerró el caso",
        "handoff.reopened": "Volvió a escribir y el caso se reabrió", "handoff.released": "Volvió a la cola",
        "handoff.abandoned": "El asesor se ausentó y el caso volvió a la cola",
        "handoff.assigned": "Se le dio el caso a una persona", "handoff.transferred": "Pasó a otra persona",
        "handoff.scheduled": "Se agendó un llamado",
        "handoff.due": "Llegó la hora del llamado", "handoff.called": "Se lo llamó",
        "handoff.call_cancelled": "Se canceló el llamado", "handoff.replied": "Le respondió una persona",
        "handoff.noted": "Una persona dejó una nota", "handoff.held": "El caso quedó en espera",
        "handoff.marked": "Una persona cambió sus marcas", "note": "Quedó una nota",
        "owner.bot": "Volvió al bot desde el canal", "referral": "Llegó desde",
        "proactive.refused": "Una regla de contacto frenó un mensaje",
        "conduct.forbidden_wording": "Se escribió desde el canal algo que las reglas no permiten",
        "standing.ceased": "Se dejó de cobrarle", "standing.ceased.lifted": "Se puede volver a cobrarle",
        "standing.vulnerable": "Desde ahora le escriben solo personas",
        "standing.vulnerable.lifted": "El bot puede volver a escribirle",
        "standing.own_hours": "Pidió en qué horas se le escriba",
        "campaign.sent": "Le escribió una campaña",
        "campaign.undelivered": "No se pudo entregar lo que mandó una campaña",
        "campaign.call": "Una campaña lo llamó", "campaign.ended": "Terminó la campaña",
        "agency.assigned": "La cuenta pasó a una agencia", "agency.returned": "La cuenta volvió de la agencia",
        "contact.moved": "Pasó a otro número", "contact.moved_here": "Viene de otro número",
        "contact.other_telephone": "Escribe desde otro teléfono: hay que verificar de nuevo quién es",
        "person.asked": "Hizo un pedido sobre sus datos", "person.verified": "Se verificó quién hizo el pedido",
        "person.done": "Se cumplió su pedido", "person.refused": "Se denegó su pedido",
        "person.exported": "Se exportaron sus datos", "history.read": "Se leyó esta historia",
    ]
}

extension HistoryView.Figures {
    /// Nil where nothing was owed.
    init?(_ account: Account, on day: Quantities.Day, _ world: World) {
        let statement = account.statement(on: day, indices: world.indices).demandable
        guard statement.total.isPositive else { return nil }
        self.account = account.id
        total = statement.total.formatted
        items = statement.lines.map { ($0.description, $0.total.formatted, $0.explanation) }
    }
}

extension Desk {
    /// Everything on record about the person of an account; nil where there is no such account.
    public func history(accountID: String) async throws -> HistoryView? {
        try await store.history(accountID: accountID).map { HistoryView($0, world: processor.world) }
    }
}
