import Ledger
import Negotiation
import Quantities

extension Scenario {
    /// One scenario for each class of account that the policy tells apart: stage, debt, discount, plans, limit of broken
    /// promises; one of an account with an open promise, and one with a running plan.
    /// - Parameter make: the facts of an account with some promises, at the moment of the exploration.
    public static func representatives(of accounts: [Account], facts make: (Account, [PromiseToPay]) -> Facts)
        -> [Scenario]
    {
        var seen: Set<[String]> = []
        var scenarios: [Scenario] = []
        for account in accounts {
            let facts = make(account, [])
            let bargain = facts.bargain
            let kind = [
                bargain.stage.rawValue, String(bargain.statement.total.isPositive),
                String(bargain.payNow().discount.isPositive),
                String(bargain.plans().count), String((bargain.statement.daysPastDue ?? 0) > 0),
            ]
            if seen.insert(kind).inserted { scenarios.append(Scenario(accountID: account.id, facts: facts)) }
        }
        if let account = accounts.first(where: { make($0, []).bargain.statement.total.isPositive }) {
            let facts = make(account, [])
            if case .admissible(let offer) = facts.bargain.judge(Proposal(day: facts.bargain.today.adding(days: 2))) {
                let promises = offer.promises(
                    accountID: account.id, today: facts.bargain.today, evidence: [], policy: facts.bargain.policy,
                    calendar: facts.bargain.calendar
                ) { "p" }
                scenarios.append(Scenario(accountID: "\(account.id) con una promesa", facts: make(account, promises)))
            }
        }
        if let account = accounts.first(where: { !make($0, []).bargain.plans().isEmpty }) {
            let bargain = make(account, []).bargain
            var number = 0
            let promises = bargain.plans()[0].promises(
                accountID: account.id, today: bargain.today, evidence: [], policy: bargain.policy,
                calendar: bargain.calendar
            ) {
                number += 1
                return "p\(number)"
            }
            scenarios.append(Scenario(accountID: "\(account.id) con un plan", facts: make(account, promises)))
        }
        return scenarios
    }
}

extension Violation {
    /// A `.chat` file that does it again, with the bot's words as they were.
    public func chat(at moment: Moment, zone: Zone) -> String {
        var lines = ["# \(property): \(what)", "account: \(accountID)", "at: \(moment.iso(in: zone))"]
        for step in steps {
            lines.append(
                step.did.chatLine
                    ?? "# \(step.did.kind == .silence ? "se queda callado" : "toca un botón de un mensaje anterior")")
            for text in step.said {
                let parts = text.split(separator: "\n", omittingEmptySubsequences: true)
                lines.append("bot: " + (parts.first ?? ""))
                lines += parts.dropFirst().map { "  " + $0 }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
