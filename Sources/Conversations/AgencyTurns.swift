import Campaigns
import Ledger
import Negotiation
import Quantities

extension TurnProcessor {
    /// Assigns to an agency the extrajudicial accounts that nobody is talking to and that have no promise to wait for;
    /// those that it has already stay.
    /// - Returns: the accounts newly assigned.
    public func assign(
        to agency: String, among accountIDs: [String], now: Moment, tx: any TurnTransaction
    ) throws -> [String] {
        let today = now.day(in: world.zone)
        var assigned: [String] = []
        for id in accountIDs {
            guard let account = try tx.account(id: id) else { continue }
            if let known = try tx.assignment(accountID: id), known.ended == nil { continue }
            let promises = try tx.promises(accountID: id)
            let bargain = world.bargain(account, promises: promises, on: today)
            guard bargain.stage == .extrajudicial, bargain.statement.total.isPositive,
                !promises.contains(where: { $0.state == .open }),
                try tx.conversations(accountID: id).allSatisfy({ $0.owner == .bot })
            else { continue }
            try tx.save(Assignment(accountID: id, agency: agency, assignedOn: today))
            try audit("agency.assigned", [agency], accountID: id, now, tx)
            assigned.append(id)
        }
        return assigned
    }

    /// What an agency reports: payments enter the ledger, returned and settled accounts come back. Doing it again
    /// changes nothing.
    /// - Returns: the accounts that came back.
    public func take(_ results: [AgencyResult], now: Moment, tx: any TurnTransaction) throws -> [String] {
        let today = now.day(in: world.zone)
        var back: [String] = []
        for result in results {
            var reason: String?
            switch result.outcome {
            case .paid(let payment):
                try importPayments([payment], accountID: result.accountID, now: now, tx: tx)
                let owed = try tx.account(id: result.accountID)?.statement(on: today, indices: world.indices).demandable
                    .total
                if owed?.isPositive != true { reason = "pagada" }
            case .returned(let why): reason = why
            }
            guard let reason, var assignment = try tx.assignment(accountID: result.accountID), assignment.ended == nil
            else { continue }
            assignment.ended = Assignment.Ending(on: today, reason: reason)
            try tx.save(assignment)
            try audit("agency.returned", [assignment.agency, reason], accountID: result.accountID, now, tx)
            back.append(result.accountID)
        }
        return back
    }
}
