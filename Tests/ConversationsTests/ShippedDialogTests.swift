import Conversations
import DemoCompany
import Dialog
import Negotiation
import Testing

/// The dialog that we ship, explored with the demo company's accounts. `promesa dialog check` goes on to the end; here the
/// situations that a customer comes to soonest have to do.
struct ShippedDialogTests {
    private static let scenarios = Scenario.representatives(of: DemoCompany.accounts) {
        DemoCompany.world.facts($0, promises: $1, at: DemoCompany.morning)
    }

    @Test("Nothing that a customer does first breaks what must always hold", arguments: scenarios.indices)
    func holds(scenario: Int) {
        let explorer = Explorer(dialog: DemoCompany.world.dialogs["cobranza"]!, limit: 40)
        let exploration = explorer.explore([Self.scenarios[scenario]])
        #expect(exploration.violations.map(\.what) == [])
        #expect(exploration.unconfirmed == [])
    }

    @Test("There is a class of accounts with an open promise of a part, one with a fallen plan, one without debt")
    func classes() {
        let uncovered = Self.scenarios.contains {
            let bargain = $0.facts.bargain
            return bargain.uncovered.isPositive && !bargain.openPromises.isEmpty
        }
        let fallen = Self.scenarios.contains {
            if case .broken(_, .some) = $0.facts.bargain.currentPlan?.state { true } else { false }
        }
        #expect(uncovered && fallen)
        #expect(Self.scenarios.contains { !$0.facts.bargain.statement.total.isPositive })
    }
}
