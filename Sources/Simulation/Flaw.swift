import Conduct
import Conversations

/// What can be broken on purpose, to show that a simulation finds it. None needs a seam in the server.
package enum Flaw: String, CaseIterable, Sendable {
    /// The disk reports syncs that it does not do.
    case diskIgnoresSync
    /// The database runs without waiting for the disk.
    case databaseDoesNotSync
    /// Gateways are answered before the commit.
    case acknowledgesBeforeCommit
    /// Messages are noted as sent before they are.
    case notesBeforeSending
    /// What was read to be sent leaves later, whoever speaks by then.
    case ignoresEpoch
    /// A message that comes again counts as a new one.
    case forgetsMessages
    /// A payment that comes in is not written.
    case losesPayments
    /// What customers order on their page is not written.
    case losesPageOrders
    /// Who is to be erased is not.
    case losesErasures
    /// Nobody looks after the desk.
    case forgetsDesk
    /// A designer wrote a figure into the dialog.
    case inventsFigure
    /// The hours and days of the rules of conduct are not in the server's table.
    case ignoresHours
    /// Nor is how often somebody may be written to.
    case ignoresCaps
    /// What a gateway reads is not what was said.
    case garblesTexts
    /// The generic gateway gets another answer than was decided.
    case mixesUpAnswers
    /// What waits leaves as soon as a gateway can be reached, whatever the person said meanwhile.
    case sendsWithoutLooking

    /// The invariant that it breaks; nil where more than one may be broken first.
    package var invariant: String? {
        switch self {
        case .ignoresEpoch: "I7"
        case .inventsFigure: "I8"
        case .ignoresHours, .ignoresCaps: "I12"
        case .garblesTexts, .mixesUpAnswers: "I9"
        case .sendsWithoutLooking: "I6"
        default: nil
        }
    }

    func change(_ world: inout World) {
        world.conduct.rules.removeAll { rule in
            switch (self, rule.kind) {
            case (.ignoresHours, .hours), (.ignoresHours, .noWeekdays), (.ignoresHours, .noHolidays): true
            case (.ignoresCaps, .atMost), (.ignoresCaps, .apart): true
            default: false
            }
        }
    }

    func changed(_ dialog: String) -> String {
        self == .inventsFigure
            ? dialog.replacing("Al día de hoy son {saldo}", with: "Al día de hoy son $ 12.345,67") : dialog
    }
}
