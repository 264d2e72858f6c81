import Conversations
import Quantities

/// One thing that happens. What it needs at random comes of its own seed, so that it happens alike where others are left
/// out of the history.
struct Event: Sendable {
    struct Saying: Sendable {
        /// Whose, by index.
        var contact: Int
        var text: String
    }
    /// What an agent orders.
    enum Order: Sendable {
        case claim, hold, release, returnToBot, close
        case reply(String)
        case note(String)
        /// By index.
        case transfer(to: Int)
        case mark(ceased: Bool?, vulnerable: Bool?)
        case agree(cents: Int64, inDays: Int)
        case agreeToOffer(String)
        /// A call to the customer, of whom it is the account's phone.
        case schedule(inDays: Int, hour: Int)
        /// How the call went; where nobody answered, in how many days it is tried again, nil where it is not.
        case called(reached: Bool, againInDays: Int?)
        case cancelCall
    }
    /// What a file of the ERP brings.
    enum Import: Sendable {
        /// Another item of the account.
        case item(cents: Int64, dueInDays: Int)
        case payment(cents: Int64)
        /// The account as it is, of somebody who wants no messages.
        case optOut
        /// As ``item(cents:dueInDays:)``, in a file with a row that nobody understands: all of it is refused.
        case unreadable
    }
    enum PageVisit: Sendable { case look, withdraw, askForPerson }
    enum Kind: Sendable {
        /// Messages that gateways deliver at once.
        case say([Saying])
        /// Answers what they are asked, message after message, and waits for what is said.
        case converse(contact: Int, messages: Int)
        /// Taps an option of the last message, or writes its number where there are no buttons.
        case tap(contact: Int, option: Int)
        /// Sends something that is no text.
        case sendMedia(contact: Int)
        /// Shares the own phone, which Telegram vouches for.
        case sharePhone(contact: Int)
        /// Somebody of the company writes from the gateway's own app.
        case echo(contact: Int)
        /// The gateway tells that the person has another number.
        case move(contact: Int)
        /// A gateway delivers one of the last messages again.
        case again(back: Int)
        /// Gateways deliver all that was not acknowledged.
        case retry
        /// A gateway reports on one of the last messages that it took.
        case report(back: Int, String)
        case pay(account: Int, cents: Int64)
        /// Pays what the account's earliest open promise says.
        case payPromised(account: Int)
        /// A file of the ERP is imported while the server runs.
        case importFile(Import, account: Int)
        /// The ERP takes the account's last payment back.
        case reverse(account: Int)
        /// An agent, by index, orders something about a case: the one that waits longest, or any, also one that is over
        /// (who was slow, or pressed twice).
        case order(Order, by: Int, case: Int?)
        /// An agent, by index, says that they are there, pause or go.
        case presence(agent: Int, AgentPresence.State)
        /// The server looks after the desk: who is gone, whose cases wait, who gets the next.
        case desk
        /// The manager takes the wish of an account's person to be erased some steps on: written down, verified, done.
        case erase(account: Int, steps: Int)
        /// A customer opens the own page by its link.
        case visitPage(account: Int, PageVisit)
        /// A campaign, by index, takes accounts in.
        case campaign(Int)
        /// A version of the dialog, by index, is put to work.
        case loadDialog(Int)
        /// Seconds; negative where the clock is set back.
        case pass(Int64)
        /// Until ten in the morning of another day; what is due fires, and what may leave leaves.
        case morning(inDays: Int)
        case timers
        case send
        /// The power fails in the middle of a write or sync to come, and perhaps once more while the database recovers.
        case powerFails(inOperations: Int, SimulatedDisk.Loss, whileRecovering: Int?)
        case diskFills, diskEmpties, syncFails
        /// No gateway can be reached for some hours.
        case outage(hours: Int)
    }
    var seed: UInt64
    var kind: Kind
}

extension Event {
    /// The same with less in it, the simplest last.
    var simpler: [Kind] {
        switch kind {
        case .say(let sayings) where sayings.count > 1:
            (sayings.map { [$0] }
                + sayings.indices.map { gone in
                    sayings.enumerated().filter { $0.offset != gone }.map(\.element)
                }).sorted { $0.count > $1.count }.map { .say($0) }
        case .powerFails(let operations, let loss, .some):
            [.powerFails(inOperations: operations, loss, whileRecovering: nil)]
        case .order(let order, let agent, .some): [.order(order, by: agent, case: nil)]
        case .converse(let contact, let messages) where messages > 1:
            [.converse(contact: contact, messages: messages - 1)]
        case .payPromised(let account): [.pay(account: account, cents: 100_000)]
        case .erase(let account, let steps) where steps > 1: [.erase(account: account, steps: steps - 1)]
        default: []
        }
    }
}
