import Quantities

extension Account {
    /// What is owed on `day`, after imputing every payment up to that day.
    public func statement(on day: Day) -> Statement { fatalError("helper B writes this") }
}
