import Campaigns
import Conversations
import Quantities
import Storage

/// What became of the accounts when a campaign was run.
public struct CampaignReport: Codable, Sendable {
    public var campaign: String
    public var accounts = 0
    /// Messages put into the outbox, and calls into the call list, by channel.
    public var sent: [String: Int] = [:]
    /// Accounts whose next message waits for its day.
    public var waiting = 0
    /// Accounts that a person goes on with.
    public var closing = 0
    /// Accounts that are not written to, by the rule that says so.
    public var refused: [String: Int] = [:]

    mutating func count(_ decision: Decision, now: Moment) {
        accounts += 1
        switch decision {
        case .send(let message) where message.at <= now: sent[message.channel.rawValue, default: 0] += 1
        case .send: waiting += 1
        case .close: closing += 1
        case .noContact(let refusal): refused[refusal.rule.rawValue, default: 0] += 1
        }
    }
}

/// Puts a campaign into the database and takes every account as far as it goes at one moment.
public struct CampaignRun: Sendable {
    let store: Store
    let processor: TurnProcessor

    public init(store: Store, world: World) {
        self.store = store
        processor = TurnProcessor(world: world)
    }

    /// Accounts in one transaction: many to an fsync, few enough not to hold up the turns of who writes meanwhile.
    private static let batch = 100

    /// Running it again sends nothing twice. The server's scheduler goes on from here.
    /// - Parameter progress: called with the accounts that are done and their number.
    public func run(
        _ campaign: Campaign, now: @Sendable () -> Moment, progress: (Int, Int) -> Void = { _, _ in }
    ) async throws -> CampaignReport {
        try await store.submit { try $0.save(campaign) }
        let accounts = try await store.accountIDs()
        var report = CampaignReport(campaign: campaign.name)
        for start in stride(from: 0, to: accounts.count, by: Self.batch) {
            let batch = Array(accounts[start..<min(start + Self.batch, accounts.count)])
            let moment = now()
            let processor = processor
            let decisions = try await store.submit { tx in
                try batch.map { try processor.advance(campaign, accountID: $0, now: moment, tx: tx) }
            }
            for decision in decisions { report.count(decision, now: moment) }
            progress(start + batch.count, accounts.count)
        }
        return report
    }
}
