import Conduct
import Quantities

/// Somebody exercises a right over their personal data, and what became of it:
/// `received → verified → done`, or `refused` from either.
public struct PersonRequest: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case received
        /// Somebody of the company made sure that who asks is the person, or speaks for them.
        case verified
        /// Done, as far as the law lets: what was kept is in the last step's note.
        case done
        case refused

        public var isOpen: Bool { self == .received || self == .verified }

        /// As a manager reads it.
        public var spanishName: String {
            switch self {
            case .received: "recibido"
            case .verified: "identidad verificada"
            case .done: "cumplido"
            case .refused: "denegado"
            }
        }
    }

    /// Who moved it, when, and what they wrote.
    public struct Step: Hashable, Sendable, Codable {
        public var state: State
        public var at: Moment
        public var by: String
        public var note: String
        public init(state: State, at moment: Moment, by name: String, note: String) {
            (self.state, at, by, self.note) = (state, moment, name, note)
        }
    }

    public var id: String
    public var right: DataRight
    public var state: State
    /// One of the person's accounts; nil where the address that asked has none, or the account is another person's.
    public var accountID: String?
    /// Where they asked; nil where somebody of the company wrote it down.
    public var conversationID: String?
    /// How it came: `whatsapp`, `mostrador`, `carta`…
    public var channel: String
    /// Who asked, as whoever wrote it down says ("la titular", "su apoderado"); empty in a chat.
    public var askedBy: String
    public var askedOn: Day
    /// The last day on which it is answered in time.
    public var due: Day
    /// Oldest first; the first is its reception.
    public var steps: [Step]
    /// What stands for the person once they were erased, the same at every erasure of theirs.
    public var pseudonym: String?

    public init(
        id: String, right: DataRight, accountID: String?, conversationID: String?, channel: String, askedBy: String,
        askedOn: Day, due: Day, received: Step
    ) {
        self.id = id
        self.right = right
        state = .received
        self.accountID = accountID
        self.conversationID = conversationID
        self.channel = channel
        self.askedBy = askedBy
        self.askedOn = askedOn
        self.due = due
        steps = [received]
    }

    public func isOverdue(on day: Day) -> Bool { state.isOpen && day > due }

    /// Moves it on. A request that was answered stays as it is, and nothing is done before it is known who asks.
    /// - Throws: ``PersonRequestRefusal/wrongState(_:)``.
    public mutating func move(
        to state: State, by name: String, note: String, at moment: Moment
    ) throws(PersonRequestRefusal) {
        switch (self.state, state) {
        case (.received, .verified), (.verified, .done), (.received, .refused), (.verified, .refused): break
        default: throw .wrongState(self.state)
        }
        self.state = state
        steps.append(Step(state: state, at: moment, by: name, note: note))
    }
}

/// Why an order about a request is not carried out.
public enum PersonRequestRefusal: Error, Hashable, Sendable {
    case unknownRequest
    case unknownAccount(String)
    /// It is in this state, from which the order does not lead on.
    case wrongState(PersonRequest.State)
    /// A denial says why: the person may appeal it.
    case noReason
    /// A person attends, or is to: they are answered, and the case is closed, before their data go.
    case openHandoffs([String])
    /// They asked for something else too, which cannot be answered afterwards.
    case openRequests([String])
    /// So many messages to them have not left yet.
    case messagesWaiting(Int)
    /// They wrote while it was under way.
    case wroteMeanwhile

    /// For who gave the order.
    public var spanish: String {
        switch self {
        case .unknownRequest: "No hay un pedido con ese número."
        case .unknownAccount(let id): "No hay una cuenta «\(id)»."
        case .wrongState(let state):
            state.isOpen
                ? "Primero hay que verificar la identidad de quien lo pide."
                : "El pedido ya está \(state.spanishName): no cambia más."
        case .noReason: "Escribí el motivo: la persona tiene derecho a conocerlo."
        case .openHandoffs(let ids):
            "Hay casos abiertos con esta persona (\(ids.joined(separator: ", "))): contestale, cancelá los llamados agendados, cerralos y volvé a intentar."
        case .openRequests(let ids):
            "La persona hizo otros pedidos que siguen abiertos (\(ids.joined(separator: ", "))): respondelos antes."
        case .messagesWaiting(let count):
            "Quedan \(count) mensajes por salir hacia esta persona: esperá a que salgan y volvé a intentar."
        case .wroteMeanwhile: "La persona escribió en este momento: mirá qué dijo y volvé a intentar."
        }
    }
}
