import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData

/// What the tests negotiate with: the demo policy, changed here and there, and an account with one item.
enum Table {
    static let today = Day("2026-11-24")!
    static let yaml = try! String(
        contentsOf: SharedData.repository.appendingPathComponent("Fixtures/policy.yaml"), encoding: .utf8)

    /// The demo policy with the same terms for every segment.
    static let withoutSegments: String = {
        var inside = false
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if inside, line.hasPrefix("      ") { return false }
            inside = line.hasPrefix("    por_segmento:")
            return !inside && !line.hasPrefix("segmentos:")
        }
        return lines.joined(separator: "\n")
    }()

    /// The demo policy with some of its lines replaced; every replacement must find its line.
    static func policy(_ changes: [String: String] = [:], of yaml: String = yaml) -> Policy {
        var text = yaml
        for (line, other) in changes {
            precondition(text.contains(line), "the demo policy has no `\(line)`")
            text = text.replacing(line, with: other)
        }
        return try! Policy.load(yaml: text, file: "policy.yaml")
    }

    static func account(_ cents: Int64, daysPastDue: Int, currency: Currency = .ars) -> Account {
        Account(
            id: "a", creditor: "c", firstName: "n", fullName: "n", document: "12345678", phone: "+541",
            currency: currency, segment: "otro",
            items: [
                Item(
                    id: "i", description: "", principal: Money(cents: cents, currency),
                    dueDate: today.adding(days: -daysPastDue))
            ])
    }

    static func bargain(
        _ cents: Int64, daysPastDue: Int, policy: Policy = policy(), today: Day = today, currency: Currency = .ars,
        promises: [PromiseToPay] = []
    ) -> Bargain {
        Bargain(
            account: account(cents, daysPastDue: daysPastDue, currency: currency), policy: policy, today: today,
            calendar: .argentina, promises: promises)
    }

    /// The promises that accepting `offer` creates.
    static func promises(_ offer: Offer, _ bargain: Bargain, from number: Int = 0) -> [PromiseToPay] {
        var number = number
        return offer.promises(
            accountID: "a", today: bargain.today, evidence: ["m"], policy: bargain.policy, calendar: bargain.calendar
        ) {
            number += 1
            return "p\(number < 10 ? "0" : "")\(number)"
        }
    }
}
