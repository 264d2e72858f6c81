import Campaigns
import Conduct
import Dialog
import Ledger
import Negotiation
import Quantities
import Understanding

/// Everything a turn needs that is not in the store. Replaced as a whole when a dialog or the policy changes.
public struct World: Sendable {
    /// The newest version of each, by name.
    public var dialogs: [String: CompiledDialog]
    /// Versions that conversations may still be on, by version.
    public var earlierDialogs: [String: CompiledDialog] = [:]
    /// A part of the accounts begins with another dialog.
    public var experiment: Experiment?
    /// Dialog that a conversation begins with, by stage; `identidad` first where the policy asks for it.
    public var entryDialog: String
    /// In whose words dialogs speak, such as `es_MX`; as they are written where it is nil or a dialog has none of it.
    public var locale: String? { didSet { phrases = .spoken(in: locale) } }
    /// The words of what is said whatever the dialog, in that locale.
    public private(set) var phrases = Phrases.argentina
    public var policy: Policy
    public var reader: Reader
    public var calendar: BusinessCalendar
    public var zone: Zone
    public var conduct: ConductRules
    public var payment: PaymentInstructions
    /// As customers read them.
    public var attendedHours: String { didSet { attended = AttendedHours(attendedHours) ?? .office } }
    /// The same; office hours where the words say nothing that can be read.
    public private(set) var attended: AttendedHours
    /// Hours within which who writes again after a person closed the case is given back to people; 0 never.
    public var reopenHours = 24
    /// Milliseconds for which a text waits for what may come after it, where the gateway is answered later anyway; 0 never.
    public var quietWindow: Int64 = 0
    /// The tables of indexed items (UVA); a day after the last published value is priced at that value.
    public var indices: IndexTables = .none
    /// By which promises are weighed when they are made; nil where the company has none.
    public var riskCard: Scorecard?
    /// Channels whose gateway takes the reply from the response: it is stored with the inbox, not in the outbox.
    public var answersInResponse: Set<String> = ["generic", "voz"]
    /// Channels whose gateway has an inbox of its own where people attend: it is told who does.
    public var sharedInboxes: Set<String> = ["chatwoot"]
    /// The address of an account's own page, as given out on a day; nil where the company has none.
    public var customerPage: (@Sendable (_ accountID: String, _ day: Day) -> String)?
    /// The company's own address on each channel that it sends on, such as WhatsApp's phone_number_id.
    public var senders: [ContactChannel: String] = [:]
    public init(
        dialogs: [String: CompiledDialog], entryDialog: String, policy: Policy, reader: Reader = .argentina,
        calendar: BusinessCalendar = .argentina, zone: Zone = .argentina, conduct: ConductRules = .argentina,
        payment: PaymentInstructions, attendedHours: String
    ) {
        self.dialogs = dialogs
        self.entryDialog = entryDialog
        self.policy = policy
        self.reader = reader
        self.calendar = calendar
        self.zone = zone
        self.conduct = conduct
        self.payment = payment
        self.attendedHours = attendedHours
        attended = AttendedHours(attendedHours) ?? .office
    }

    /// The dialog with which a conversation begins.
    public func entry(for accountID: String?) -> CompiledDialog {
        if let experiment, let accountID, experiment.takes(accountID) { return experiment.dialog.spoken(in: locale) }
        guard let dialog = dialogs[entryDialog] else {
            preconditionFailure("the entry dialog is checked when the world is made")
        }
        return dialog.spoken(in: locale)
    }

    /// The version of a dialog that a conversation is on; nil where it is not known any more.
    package func dialog(of state: DialogState) -> CompiledDialog? {
        let candidates = [dialogs[state.dialog], experiment?.dialog, earlierDialogs[state.version]]
        return candidates.lazy.compactMap(\.self).first {
            $0.version == state.version && $0.name == state.dialog && $0.states[state.state] != nil
        }?.spoken(in: locale)
    }

    /// What the policy allows an account with its promises on a day.
    public func bargain(_ account: Account, promises: [PromiseToPay], on day: Day) -> Bargain {
        Bargain(
            account: account, policy: policy, today: day, calendar: calendar, promises: promises, indices: indices,
            phrases: phrases)
    }

    /// The words of an account's own page: of the country's Spanish that its holder asked for, else the company's.
    public func phrases(for account: Account) -> Phrases {
        account.language.flatMap(Phrases.spoken(inLanguage:)) ?? phrases
    }

    /// What a dialog knows of an account with its promises at a moment.
    public func facts(_ account: Account, promises: [PromiseToPay], at moment: Moment) -> Facts {
        let day = moment.day(in: zone)
        var page: (@Sendable () -> String)?
        if let customerPage { page = { customerPage(account.id, day) } }
        return Facts(
            bargain: bargain(account, promises: promises, on: day), now: moment, zone: zone, payment: payment,
            humansAvailable: attended.contains(moment, calendar: calendar, zone: zone), attendedHours: attendedHours,
            opening: opening(after: moment), page: page)
    }

    /// When people attend next, as customers read it; nil while they do.
    func opening(after moment: Moment) -> String? {
        attended.openingInWords(after: moment, calendar: calendar, zone: zone, phrases: phrases)
    }
}
