/// How much happened in histories, and how much was looked at.
package struct Figures: Sendable {
    package enum Count: String, CaseIterable, Sendable {
        // What happened.
        case events, messages
        case byChannelWhatsApp = "by WhatsApp"
        case byChannelSMS = "by SMS"
        case byChannelTelegram = "by Telegram"
        case byChannelGeneric = "by the generic gateway"
        case taps, media
        case echoes = "people who wrote from the gateway's app"
        case moves = "numbers that changed"
        case duplicates = "messages delivered again"
        case reports = "reports on messages"
        case payments, reversals
        case orders = "orders of agents"
        case refusedOrders = "of them refused"
        case transfers = "cases given to somebody else"
        case calls = "calls that customers asked for"
        case callsDue = "of them those whose time came"
        case called = "tries to call"
        case presences = "agents who came, paused or went"
        case absences = "agents who were not seen any more"
        case releases = "cases of theirs put back"
        case assignments = "cases given to who was there"
        case privacy = "steps of requests to be erased"
        case erasures = "people erased"
        case imports = "files imported"
        case refusedImports = "of them refused as a whole"
        case visits = "visits of customers to their page"
        case campaigns = "runs of campaigns"
        case loads = "dialogs loaded"
        case timers = "timers fired"
        case days = "days that passed"
        case promises, plans
        case promisesOpen = "promises and instalments still open"
        case promisesKept = "promises and instalments kept"
        case promisesPartlyKept = "promises and instalments kept in part"
        case promisesBroken = "promises and instalments broken"
        case promisesWithdrawn = "promises withdrawn"
        case promisesSuperseded = "promises and instalments superseded"
        case handoffs = "hand-offs"
        case taken = "messages that gateways took"
        case proactive = "of them those in which we speak first"
        // What failed.
        case crashes = "power failures"
        case crashesRecovering = "of them while the database recovered"
        case lostEverything = "lost all that was not synced"
        case lostNothing = "lost nothing"
        case lostWrites = "lost some writes"
        case tornSectors = "tore sectors"
        case fullDisks = "full disks"
        case failedSyncs = "failed syncs"
        case diskFailures = "operations of the disk that failed"
        case clockSetBack = "clocks set back"
        case outages = "outages of all gateways"
        case gatewayErrors = "answers of gateways with an error"
        case throttles = "answers of gateways that it is too much"
        case permanentErrors = "messages refused for good"
        case carrierOptOuts = "of them because the person wants no more, as the gateway says (I6)"
        case brokenConnections = "connections that broke"
        case silentlyTaken = "messages taken without an answer"
        case cutAfterAnswer = "power cut between an answer and our note"
        // What was looked at.
        case comparisons = "databases compared with what was lived (I1, I2, I10)"
        case checkedPromises = "new promises (I3)"
        case checkedUnverified = "turns before anybody was verified (I4)"
        case checkedHuman = "wishes for a person (I5)"
        case checkedOptOut = "opt-outs (I6)"
        case checkedAttended = "turns while a person attends (I7)"
        case checkedAssignments = "cases that the server gave out"
        case checkedCalls = "calls that were noted (I12)"
        case checkedWaiting = "desks where nobody may wait in vain (I5)"
        case checkedErasures = "names, documents and phones looked for in all tables after an erasure"
        case rewrites = "of them looked for in every byte of the file"
        case checkedFigures = "figures worked out again (I8)"
        case checkedAnswers = "answers in a response (I9)"
        case checkedBalances = "balances of accounts (I11)"
        case checkedDashboards = "dashboards and audit logs compared with the rest of the database"
        case checkedContacts = "messages in which we speak first, by hours and caps (I12)"
    }

    private var counts: [Count: Int] = [:]

    package init() {}

    package subscript(count: Count) -> Int {
        get { counts[count, default: 0] }
        set { counts[count] = newValue }
    }

    package static func += (sum: inout Figures, other: Figures) {
        sum.counts.merge(other.counts, uniquingKeysWith: +)
    }

    /// A line each, also of what never happened, per thousand seeds.
    package func rendered(seeds: Int) -> String {
        let groups: [(String, ArraySlice<Count>)] = [
            ("what happened", Count.allCases[...Self.index(.proactive)]),
            ("what failed", Count.allCases[Self.index(.crashes)...Self.index(.cutAfterAnswer)]),
            ("what was looked at", Count.allCases[Self.index(.comparisons)...]),
        ]
        return groups.map { title, counts in
            let lines = counts.map { count in
                let number = String(self[count] * 1000 / max(1, seeds))
                return String(repeating: " ", count: max(0, 10 - number.count)) + "\(number)  \(count.rawValue)"
            }
            return "\(title), in 1000 seeds:\n" + lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func index(_ count: Count) -> Int { Count.allCases.firstIndex(of: count)! }
}
