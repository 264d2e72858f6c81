import Conduct
import Conversations
import Dialog
import Ledger
import Negotiation
import Quantities
import Storage

/// A line of the queue.
public struct QueueEntry: Codable, Sendable {
    public var id: String
    public var reason: String
    /// `call_back` where the person waits for a call; else the conversation goes on in its own channel.
    public var kind: String?
    public var priority: Int
    public var state: String
    public var agent: String?
    /// Who had it before the customer wrote again; nil where it was never closed.
    public var former_agent: String?
    public var account: String?
    public var account_name: String?
    /// Since it was queued, or opened again.
    public var waiting_seconds: Int
    /// The part of them in which people attended.
    public var attended_seconds: Int
    /// How the time to claim it stands, or to make its call; nil once somebody has it or the call was made.
    public var sla: SLA?
    public var call: Call?
    /// The skill that it asks for.
    public var skill: String?
    /// The language that it asks for, as `pt`; nil where it is the company's own.
    public var language: String?
    /// Who was gone while the customer waited; nil once somebody has it.
    public var absent_agent: String?
    /// Why it is not given to anybody, in Spanish; nil where it is, or where people take cases themselves.
    public var unassigned: String?

    /// A call that the customer asked for.
    public struct Call: Codable, Sendable {
        public struct Attempt: Codable, Sendable {
            public var at: String
            public var agent: String
            public var reached: Bool
        }
        public var at: String
        /// The same in words: "mañana viernes 27/11 a las 15:30".
        public var when: String
        public var is_due: Bool
        public var phone: String
        public var about: String
        /// Nil where the bot noted it.
        public var noted_by: String?
        public var state: String
        public var attempts: [Attempt]
    }

    public enum SLA: String, Codable, Sendable {
        case within
        /// Three quarters of the time are gone.
        case warning
        case breached
    }
}

/// One hand-off with the whole context at a glance. Amounts are as the agent reads them.
public struct CaseView: Codable, Sendable {
    public struct AccountView: Codable, Sendable {
        public struct ItemView: Codable, Sendable {
            public var description: String
            public var due_date: String
            public var total: String
            public var explanation: [String]
        }
        public struct MarkView: Codable, Sendable {
            public var since: String
            public var why: String
        }
        public var id: String
        public var name: String
        public var days_past_due: Int
        public var stage: String
        public var total: String
        public var opted_out: Bool
        /// Whether collection stopped, as they asked; and since when and why, in Spanish.
        public var ceased: MarkView?
        /// Whether only people may contact them.
        public var vulnerable: MarkView?
        /// When they want to be written to, in Spanish: "de 14:00 a 24:00".
        public var own_hours: String?
        /// Whether the person of this conversation said who they are.
        public var verified: Bool
        public var items: [ItemView]
    }
    public struct PromiseView: Codable, Sendable {
        public var id: String
        public var amount: String
        public var pay_by: String
        public var state: String
    }
    public struct OfferView: Codable, Sendable {
        public var id: String
        public var description: String
        public var explanation: [String]
        /// Whether the bot put it to the customer in this conversation.
        public var offered: Bool
    }
    /// The worst that was heard in the last messages.
    public enum Mood: String, Codable, Sendable { case calm, annoyed, angry, furious, distressed }

    public struct EntryView: Codable, Sendable {
        public var at: String
        public var speaker: String
        public var text: String
        public var options: [String]
    }
    public var handoff: QueueEntry
    public var account: AccountView?
    public var promises: [PromiseView]
    /// What an agent may offer under the policy today.
    public var offers: [OfferView]
    public var transcript: [EntryView]
    /// Where the conversation is: `whatsapp`, `sms`, `voz`….
    public var channel: String
    /// Whether it is on the phone: then nothing can be written to the customer.
    public var isOnPhone: Bool { channel == TurnProcessor.calls }
    /// How the customer's last messages sound.
    public var mood: Mood
    /// Where a call would go to; nil where no phone is known.
    public var phone: String?
    /// Grows when the conversation changes hands; a reply can name the one that it was begun under.
    public var epoch: Int
}

extension QueueEntry {
    /// - Parameter claimWithin: seconds of attended time within which a case is to be claimed.
    init(_ handoff: Handoff, account: Account?, world: World, claimWithin: Int, now: Moment) {
        id = handoff.id
        reason = handoff.reason
        call = handoff.call.map { Call($0, world: world, now: now) }
        let callIsDue = call?.state == CallBack.State.pending.rawValue && call?.is_due == true
        kind = handoff.kind == .callBack || handoff.call?.state == .pending ? "call_back" : nil
        priority = handoff.priority.rawValue
        state = handoff.state.rawValue
        agent = handoff.agent
        former_agent = handoff.formerAgent
        absent_agent = handoff.absentAgent
        self.account = handoff.accountID
        account_name = account?.fullName
        // Nobody waits before the time of the call.
        let since = handoff.state == .scheduled ? now : handoff.waitsSince
        waiting_seconds = Int((now.milliseconds - since.milliseconds) / 1000)
        attended_seconds = world.attended.seconds(
            from: since, to: now, calendar: world.calendar, zone: world.zone)
        if handoff.state == .queued || callIsDue {
            sla =
                attended_seconds > claimWithin
                ? .breached : attended_seconds * 4 >= claimWithin * 3 ? .warning : .within
        }
    }
}

extension QueueEntry.Call {
    init(_ call: CallBack, world: World, now: Moment) {
        at = call.at.iso(in: world.zone)
        when = call.at.words(asOf: now, in: world.zone)
        is_due = call.at <= now
        phone = call.phone
        about = call.about
        noted_by = call.notedBy
        state = call.state.rawValue
        attempts = call.attempts.map {
            Attempt(at: $0.at.iso(in: world.zone), agent: $0.agent, reached: $0.reached)
        }
    }
}

extension CaseView {
    init(_ detail: HandoffDetail, world: World, claimWithin: Int, now: Moment) {
        handoff = QueueEntry(
            detail.handoff, account: detail.account, world: world, claimWithin: claimWithin, now: now)
        promises = detail.promises.map {
            PromiseView(id: $0.id, amount: $0.amount.formatted, pay_by: $0.payBy.iso, state: $0.state.rawValue)
        }
        transcript = detail.transcript.map {
            EntryView(
                at: $0.at.iso(in: world.zone), speaker: $0.speaker.spanishName, text: $0.text, options: $0.options)
        }
        mood = Mood(of: detail.transcript, world)
        epoch = detail.conversation.epoch
        channel = detail.conversation.contact.channel
        let address = detail.conversation.contact.address
        phone = detail.account?.phone ?? (CallBack.isPhone(address) ? address : nil)
        guard let account = detail.account else {
            self.account = nil
            offers = []
            return
        }
        let bargain = world.bargain(account, promises: detail.promises, on: now.day(in: world.zone))
        self.account = AccountView(
            id: account.id, name: account.fullName, days_past_due: max(0, bargain.statement.daysPastDue ?? 0),
            stage: bargain.stage.spanishName, total: bargain.statement.total.formatted, opted_out: account.optedOut,
            ceased: detail.standing.ceased.map { .init($0, world.zone) },
            vulnerable: detail.standing.vulnerable.map { .init($0, world.zone) },
            own_hours: detail.standing.ownHours?.spanish,
            verified: detail.conversation.dialog?.verified ?? false,
            items: bargain.statement.lines.map {
                .init(
                    description: $0.description, due_date: $0.dueDate.iso, total: $0.total.formatted,
                    explanation: $0.explanation)
            })
        let offered = detail.conversation.dialog?.offered(of: bargain.offers()) ?? []
        offers = bargain.adviserOffers().map {
            OfferView(
                id: $0.id, description: $0.summary(asOf: bargain.today), explanation: $0.explanation,
                offered: offered.contains($0.id))
        }
    }
}

extension CaseView.AccountView.MarkView {
    init(_ mark: PersonStanding.Mark, _ zone: Zone) { self.init(since: mark.since.iso(in: zone), why: mark.why) }
}

extension CaseView.Mood {
    /// Messages of the customer that are looked at.
    private static let messages = 5

    init(of transcript: [TranscriptEntry], _ world: World) {
        var anger = 0
        for entry in transcript.reversed().filter({ $0.speaker == .customer }).prefix(Self.messages) {
            let heard = world.reader.read(entry.text, at: entry.at, zone: world.zone, asked: .open)
            if heard.has(.distress) {
                self = .distressed
                return
            }
            anger = max(anger, heard.anger)
        }
        self = [.calm, .annoyed, .angry, .furious][min(anger, 3)]
    }
}

extension DialogState {
    /// The ids of the offers that were put to the customer: those that they saw, and the ladder down to where it stands.
    fileprivate func offered(of offers: [Offer]) -> Set<String> {
        Set(seen ?? []).union(shownOffers.map(\.id)).union(proposal.map { [$0.id] } ?? [])
            .union(ladder.map { offers.prefix($0.step + 1).map(\.id) } ?? [])
    }
}
