import Quantities

/// A number of units whose value in money is set day by day, such as UVA: `hundredths` of a unit.
public struct IndexedPrincipal: Hashable, Sendable, Codable {
    /// The name of the index, as in ``IndexTables``: `UVA`.
    public var unit: String
    /// Hundredths of a unit: 100 050 is 1 000,50 UVA.
    public var hundredths: Int64

    public init(unit: String, hundredths: Int64) {
        self.unit = unit
        self.hundredths = hundredths
    }
}

/// One dated obligation of an account.
public struct Item: Hashable, Sendable, Codable {
    public var id: String
    /// What the customer reads: "Factura octubre 2026".
    public var description: String
    /// What was owed when it was imported; where ``indexed`` is set, its value in money on that day.
    public var principal: Money
    public var dueDate: Day
    /// A moratory rate of its own (TNA); the contract's where nil. Orders items by onerosity (CCCN 901).
    public var moratoryRate: Percent?
    /// The principal in units that follow an index: its value on a day replaces ``principal`` (law 27.271, UVA).
    public var indexed: IndexedPrincipal?

    public init(
        id: String, description: String, principal: Money, dueDate: Day, moratoryRate: Percent? = nil,
        indexed: IndexedPrincipal? = nil
    ) {
        self.id = id
        self.description = description
        self.principal = principal
        self.dueDate = dueDate
        self.moratoryRate = moratoryRate
        self.indexed = indexed
    }
}
