import Ledger
import Negotiation
import Quantities

extension Scenario {
    /// One scenario for each class of account that the policy tells apart: stage, debt, discount, plans, limit of broken
    /// promises; and of accounts with an open promise of everything, one of a part, a running plan, and a plan that fell
    /// and may still be brought back; and of one that owes nothing, where none of the accounts does.
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
        func add(_ account: Account, _ standing: String, _ promises: [PromiseToPay]) {
            scenarios.append(Scenario(accountID: account.id, standing: standing, facts: make(account, promises)))
        }
        if var account = accounts.first, !scenarios.contains(where: { !$0.facts.bargain.statement.total.isPositive }) {
            account.items = []
            add(account, "sin deuda", [])
        }
        if let account = accounts.first(where: { make($0, []).bargain.statement.total.isPositive }) {
            let bargain = make(account, []).bargain
            let soon = bargain.today.adding(days: 2)
            if case .admissible(let offer) = bargain.judge(Proposal(day: soon)) {
                add(account, "con una promesa", bargain.promises(of: offer))
            }
            if case .admissible(let offer) = bargain.judge(Proposal(amount: Stimulus.part(of: bargain), day: soon)) {
                add(account, "con una promesa de una parte", bargain.promises(of: offer))
            }
        }
        if let account = accounts.first(where: { !make($0, []).bargain.plans().isEmpty }) {
            let bargain = make(account, []).bargain
            let plan = bargain.promises(of: bargain.plans()[0])
            add(account, "con un plan", plan)
            if let fallen = bargain.fallen(plan, facts: { make(account, $0) }) {
                add(account, "con un plan caído", fallen)
            }
        }
        return scenarios
    }
}

extension Bargain {
    /// What accepting an offer records.
    fileprivate func promises(of offer: Offer) -> [PromiseToPay] {
        var number = 0
        return offer.promises(
            accountID: account.id, today: today, evidence: [], policy: policy, calendar: calendar
        ) {
            number += 1
            return "p\(number)"
        }
    }

    /// A plan as if it had been agreed on the latest day before today that lets it have fallen and be brought back; nil
    /// where the policy brings none back.
    fileprivate func fallen(_ plan: [PromiseToPay], facts make: ([PromiseToPay]) -> Facts) -> [PromiseToPay]? {
        for days in 1...120 {
            let earlier = plan.map { promise in
                var promise = promise
                promise.createdOn = promise.createdOn.adding(days: -days)
                promise.payBy = promise.payBy.adding(days: -days)
                promise.deadline = policy.judging.deadline(payBy: promise.payBy, calendar: calendar)
                if promise.deadline < today { promise.state = .broken }
                return promise
            }
            if case .broken(_, .some) = make(earlier).bargain.currentPlan?.state { return earlier }
        }
        return nil
    }
}

extension Violation {
    /// A `.chat` file that does it again, with the bot's words as they were. What the account had besides is said in a
    /// comment: a conversation begins with the account as it was imported.
    public func chat(at moment: Moment, zone: Zone) -> String {
        var lines = ["# \(property): \(what)", "account: \(accountID)", "at: \(moment.iso(in: zone))"]
        if let standing { lines.append("# la cuenta, además, \(standing): eso no lo pone un .chat") }
        for step in steps {
            lines.append(step.did.chatLine(idleMinutes: idleMinutes) ?? "# toca un botón de un mensaje anterior")
            for message in step.said { lines += message.chatLines }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension BotMessage {
    /// As a `.chat` file has it: the text, whose further lines are indented, and the options in a line of their own.
    public var chatLines: [String] {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n")).enumerated().map {
            ($0.offset == 0 ? "bot: " : "  ") + Substring($0.element)
        }
        if !options.isEmpty { lines.append("  " + options.map { "[\($0.title)]" }.joined(separator: " ")) }
        return lines
    }
}
