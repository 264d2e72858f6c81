import Campaigns
import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities

/// A store in memory, with the same behaviour as SQLite: for the REPL, `.chat` tests and replays.
public final class MemoryStore: TurnTransaction {
    /// Everything that is stored; two equal histories give equal contents (I10).
    public struct Contents: Hashable, Sendable {
        package struct InboxKey: Hashable, Sendable {
            var channel, gatewayAccount, messageID: String
            package init(_ message: InboundMessage) {
                channel = message.contact.channel
                gatewayAccount = message.contact.gatewayAccount
                messageID = message.messageID
            }
        }
        package var inbox: [InboxKey: [BotMessage]] = [:]
        public var conversations: [String: Conversation] = [:]
        public var transcripts: [String: [TranscriptEntry]] = [:]
        public var accounts: [String: Account] = [:]
        public var promises: [String: PromiseToPay] = [:]
        public var handoffs: [String: Handoff] = [:]
        /// By agent.
        public var presences: [String: AgentPresence] = [:]
        public var outbox: [OutboxMessage] = []
        public var timers: [DueTimer] = []
        public var audit: [AuditEvent] = []
        /// By account.
        package var contacts: [String: [Contact]] = [:]
        /// By person.
        public var standings: [String: PersonStanding] = [:]
        public var personRequests: [String: PersonRequest] = [:]
        public var campaigns: [String: Campaign] = [:]
        /// By campaign and account.
        public var enrolments: [[String]: Enrolment] = [:]
        public var assignments: [String: Assignment] = [:]
        public var events: [AccountEvent] = []
        public var recorded: [Recording.Turn] = []
        /// The version of the dialog that each promise and hand-off came of.
        public var credits: [DialogResult: String] = [:]
        var sequence = 0
    }

    public private(set) var contents = Contents()

    /// - Parameter firstID: ids that the store gives come after it.
    public init(accounts: [Account] = [], firstID: Int = 0) {
        contents.sequence = firstID
        for account in accounts { save(account) }
    }

    /// Runs one turn; what it wrote is undone where it throws.
    public func transaction<T>(_ body: (MemoryStore) throws -> T) rethrows -> T {
        let before = contents
        do {
            return try body(self)
        } catch {
            contents = before
            throw error
        }
    }

    /// Goes back to what was stored before.
    package func restore(_ contents: Contents) { self.contents = contents }

    /// Takes the first timer due at `moment`, by time, kind and key.
    public func takeTimer(dueAt moment: Moment, where isMeant: (DueTimer) -> Bool = { _ in true }) -> DueTimer? {
        let due = contents.timers.filter { $0.at <= moment && isMeant($0) }.min {
            ($0.at, $0.kind.rawValue, $0.key) < ($1.at, $1.kind.rawValue, $1.key)
        }
        if let due { contents.timers.removeAll { $0 == due } }
        return due
    }

    private func key(_ message: InboundMessage) -> Contents.InboxKey { Contents.InboxKey(message) }

    public func claimInbox(_ message: InboundMessage, receivedAt: Moment) -> InboxClaim {
        if let reply = contents.inbox[key(message)] { return .duplicate(reply) }
        contents.inbox[key(message)] = []
        return .new
    }

    public func storeReply(_ reply: [BotMessage], to message: InboundMessage) { contents.inbox[key(message)] = reply }

    public func conversation(for contact: ContactKey) -> Conversation? {
        contents.conversations.values.first { $0.contact == contact }
    }

    public func conversation(id: String) -> Conversation? { contents.conversations[id] }

    public func conversations(accountID: String) -> [Conversation] {
        contents.conversations.values.filter { $0.accountID == accountID }.sorted {
            ($0.turns, $0.id) > ($1.turns, $1.id)
        }
    }

    public func save(_ conversation: Conversation) { contents.conversations[conversation.id] = conversation }

    public func append(_ entry: TranscriptEntry, to conversationID: String) {
        contents.transcripts[conversationID, default: []].append(entry)
    }

    public func transcript(of conversationID: String, limit: Int) -> [TranscriptEntry] {
        Array((contents.transcripts[conversationID] ?? []).suffix(limit))
    }

    public func account(id: String) -> Account? { contents.accounts[id] }

    public func account(phone: String) -> Account? {
        let found = contents.accounts.values.filter { $0.phone == phone }
        return found.count == 1 ? found.first : nil
    }

    public func account(email: String) -> Account? {
        let found = contents.accounts.values.filter { $0.email?.lowercased() == email.lowercased() }
        return found.count == 1 ? found.first : nil
    }

    public func accounts(document: String) -> [Account] {
        contents.accounts.values.filter { $0.document == document }.sorted { $0.id < $1.id }
    }

    public func save(_ account: Account) { contents.accounts[account.id] = account.ordered }

    public func promises(accountID: String) -> [PromiseToPay] {
        contents.promises.values.filter { $0.accountID == accountID }.sorted { $0.id < $1.id }
    }

    public func promise(id: String) -> PromiseToPay? { contents.promises[id] }
    public func save(_ promise: PromiseToPay) { contents.promises[promise.id] = promise }
    public func handoff(id: String) -> Handoff? { contents.handoffs[id] }

    public func openHandoff(conversationID: String) -> Handoff? {
        contents.handoffs.values.first {
            $0.conversationID == conversationID && Handoff.State.withPeople.contains($0.state)
        }
    }

    public func save(_ handoff: Handoff) { contents.handoffs[handoff.id] = handoff }

    public func openHandoffs(agent: String) -> [Handoff] {
        contents.handoffs.values.filter { $0.agent == agent && [.claimed, .onHold].contains($0.state) }.sorted {
            $0.id < $1.id
        }
    }

    public func presence(of agent: String) -> AgentPresence? { contents.presences[agent] }
    public func save(_ presence: AgentPresence) { contents.presences[presence.agent] = presence }
    public func enqueue(_ message: OutboxMessage) { contents.outbox.append(message) }

    public func set(_ timer: DueTimer) {
        cancelTimer(timer.kind, key: timer.key)
        contents.timers.append(timer)
    }

    public func cancelTimer(_ kind: DueTimer.Kind, key: String) {
        contents.timers.removeAll { $0.kind == kind && $0.key == key }
    }

    public func append(_ event: AuditEvent) { contents.audit.append(event) }
    public func publish(_ event: AccountEvent) { contents.events.append(event) }

    public func events(accountID: String, planID: String) -> [AccountEvent] {
        contents.events.filter { $0.account == accountID && $0.plan?.id == planID }
    }

    public func contactHistory(accountID: String) -> ContactHistory {
        let accounts = accountsOfPerson(accountID)
        let ids = Set(accounts.map(\.id))
        let channels = contents.conversations.values.filter { $0.accountID.map(ids.contains) ?? false }
        return ContactHistory(
            optedOut: accounts.contains(where: \.optedOut), standing: standing(accountID: accountID),
            proactive: ids.flatMap { contents.contacts[$0] ?? [] }.sorted { ($0.at, $0.channel) < ($1.at, $1.channel) },
            channels: Set(channels.map(\.contact.channel)).sorted())
    }

    public func recordProactive(accountID: String, channel: String, at moment: Moment) {
        contents.contacts[accountID, default: []].append(Contact(at: moment, channel: channel))
    }

    /// A message left later than it was counted for.
    package func moveProactive(accountID: String, channel: String, from earlier: Moment, to moment: Moment) {
        let own = Contact(at: earlier, channel: channel)
        guard let index = contents.contacts[accountID]?.firstIndex(of: own) else { return }
        contents.contacts[accountID]?[index].at = moment
    }

    public func standing(accountID: String) -> PersonStanding {
        contents.standings[person(accountID)] ?? PersonStanding()
    }

    public func save(_ standing: PersonStanding, accountID: String) {
        contents.standings[person(accountID)] = standing
    }

    private func person(_ accountID: String) -> String { contents.accounts[accountID]?.personKey ?? accountID }

    private func accountsOfPerson(_ accountID: String) -> [Account] {
        guard let account = contents.accounts[accountID] else { return [] }
        return account.document.isEmpty ? [account] : accounts(document: account.document)
    }

    public func personRequest(id: String) -> PersonRequest? { contents.personRequests[id] }

    public func personRequests(conversationID: String) -> [PersonRequest] {
        contents.personRequests.values.filter { $0.conversationID == conversationID }.sorted { $0.id < $1.id }
    }

    public func save(_ request: PersonRequest) { contents.personRequests[request.id] = request }

    public func campaign(name: String) -> Campaign? { contents.campaigns[name] }
    public func save(_ campaign: Campaign) { contents.campaigns[campaign.name] = campaign }

    public func enrolment(campaign: String, accountID: String) -> Enrolment? {
        contents.enrolments[[campaign, accountID]]
    }

    public func enrolments(accountID: String) -> [Enrolment] {
        contents.enrolments.values.filter { $0.accountID == accountID }.sorted { $0.campaign < $1.campaign }
    }

    public func save(_ enrolment: Enrolment) {
        contents.enrolments[[enrolment.campaign, enrolment.accountID]] = enrolment
    }

    public func assignment(accountID: String) -> Assignment? { contents.assignments[accountID] }
    public func save(_ assignment: Assignment) { contents.assignments[assignment.accountID] = assignment }

    public func record(_ turn: RecordedTurn) {
        let account = turn.keepsAccount ? turn.accountID.flatMap { contents.accounts[$0] } : nil
        contents.recorded.append(Recording.Turn(turn, account: account))
    }

    public func credit(_ result: DialogResult, to version: String) { contents.credits[result] = version }

    public func newID(_ prefix: String) -> String {
        contents.sequence += 1
        let digits = String(contents.sequence)
        return prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
