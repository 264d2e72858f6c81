import Conversations
import Crypto
import DatabaseEngine
import Ledger
import Quantities

/// Takes one person out of the database, inside one transaction.
///
/// What they were worth to the dashboards stays as sums. Where an account still owes, what is owed and paid stays, and
/// the promises with it, by contract and as the books ask for (Ley 25.326, art. 16 inc. 5; CCCN 328); who owes it is a
/// pseudonym from then on.
struct Eraser {
    let db: Database
    let keys: PersonKeys
    let rows: ScatteredRows
    let key: SymmetricKey
    let now: Moment
    let memory: Memory

    /// Who is remembered by keyed hashes, so that nobody writes to them again.
    enum Memory {
        /// At their own wish; the company's other systems are told too.
        case everybody
        /// What was kept long enough: only who had opted out.
        case optOuts
    }

    private var turn: SQLiteTurn { SQLiteTurn(db: db) }

    private func run(_ sql: String, _ keys: PersonKeys? = nil) throws {
        try db.execute(sql: sql, arguments: (keys ?? self.keys).arguments)
    }

    private func list(_ table: String) -> String { SQL.list(rows.ids[table] ?? []) }

    private func any(_ column: String, _ list: String) -> String { PersonalData.any(column, list) }

    /// - Parameter order: what the row of the audit log says besides the rows that it emptied: never anything personal.
    /// - Returns: rows by table that are gone, and the accounts that stay, without a name.
    func erase(order: [String]) throws -> (erased: [String: Int], kept: [String]) {
        let accounts = try keys.accounts.compactMap { try turn.account(id: $0) }
        let owing = accounts.filter { $0.openPrincipal.cents > 0 }.map(\.id)
        var gone = keys
        gone.accounts.removeAll { owing.contains($0) }
        gone.promises = try gone.accounts.flatMap { try turn.promises(accountID: $0).map(\.id) }
        let before = try counts()
        try remember(accounts)
        try keepSums(gone: gone) {
            try deleteTalk()
            try delete(gone)
            for id in owing { try pseudonymise(id) }
        }
        try Self.emptyAudit(rows.ids["audit"] ?? [], order: order, now, db)
        if memory == .everybody {
            for account in accounts {
                try turn.publish(AccountEvent(.personErased, account: account.id, at: now))
            }
        }
        let after = try counts(isAfter: true)
        let erased = before.merging(after) { $0 - $1 }.filter { $0.value > 0 }
        return (erased, owing)
    }

    /// Rows of the person, by table, where an erasure may delete some.
    private func counts(isAfter: Bool = false) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in PersonalData.tables where table.fate == .erased && table.isExported {
            counts[table.name] =
                switch table.name {
                case "inbox": isAfter ? 0 : rows.inbox.count
                case "outbox", "events":
                    try Int.fetchOne(
                        db, sql: "SELECT count(*) FROM \(table.name) WHERE seq IN \(list(table.name))") ?? 0
                default: try PersonalData.count(table, keys, db)
                }
        }
        return counts
    }

    // MARK: Who it was

    private func remember(_ accounts: [Account]) throws {
        var hashes: [(ErasedPeople.Kind, String)] = []
        for account in accounts where memory == .everybody || account.optedOut {
            if memory == .everybody { hashes.append((.account, account.id)) }
            hashes += [(.document, account.document), (.phone, account.phone), (.mail, account.email ?? "")]
        }
        let conversations =
            memory == .everybody ? try keys.conversations.compactMap { try turn.conversation(id: $0) } : []
        for conversation in conversations {
            let address = conversation.contact.address
            if address.contains("@") { hashes.append((.mail, address)) }
            guard address.hasPrefix("+") else { continue }
            // On a number that is another's, that one did not ask.
            if accounts.isEmpty || !conversation.wrongNumber { hashes.append((.phone, address)) }
            guard accounts.isEmpty, let id = conversation.accountID else { continue }
            hashes.append((.strangersPhone, address))
            try takeOff(address, account: id)
        }
        let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO erased (hash) VALUES (?)")
        for (kind, value) in hashes where !value.isEmpty {
            try insert.execute(arguments: [ErasedPeople.hash(kind, value, key: key)])
        }
    }

    /// A number that is not the holder's leaves their account, and the calls that were to go to it.
    private func takeOff(_ phone: String, account id: String) throws {
        let own = ErasedPeople.hash(.phone, phone, key: key)
        let handoffs = try String.fetchAll(
            db, sql: "SELECT body FROM handoffs WHERE body ->> 'accountID' = ?", arguments: [id])
        for body in handoffs {
            var handoff: Handoff = try JSON.value(body)
            guard let call = handoff.call, ErasedPeople.hash(.phone, call.phone, key: key) == own else { continue }
            handoff.call?.phone = ""
            try turn.save(handoff)
        }
        guard var account = try turn.account(id: id), ErasedPeople.hash(.phone, account.phone, key: key) == own
        else { return }
        account.phone = ""
        try turn.save(head: account)
        try db.execute(
            sql: "UPDATE account_versions SET body = json_set(body, '$.phone', '') WHERE account_id = ?",
            arguments: [id])
    }

    // MARK: Sums

    /// Does `work`, and puts back into the dashboards' sums what the rows that went were worth.
    private func keepSums(gone: PersonKeys, _ work: () throws -> Void) throws {
        try KeptSums(db: db).keep { sums in
            try sums.note("promises", any("account", "accounts"), gone.arguments)
            try sums.note("payments", any("account", "accounts"), gone.arguments)
            try sums.note("handoffs", any("source", "handoffs"), keys.arguments)
            try sums.note("contacts", any("account", "accounts"), keys.arguments)
            try sums.note("messages", "source IN \(list("outbox"))")
            try sums.note("talks", "source IN \(list("journal"))")
            try sums.note("steps", any("source", "conversations"), keys.arguments)
            // A row of the audit log stays, so nothing is taken off for it.
            try sums.note("events", "source IN \(list("audit"))", staysInRollup: true)
        } while: {
            try work()
        }
    }

    // MARK: Rows

    /// All that was said, and all that only the talking needed.
    private func deleteTalk() throws {
        func delete(_ table: String) throws { try run("DELETE FROM \(table) WHERE \(PersonalData.table(table).rows)") }
        let statement = try db.cachedStatement(
            sql: "DELETE FROM inbox WHERE channel = ? AND gateway_account = ? AND message_id = ?")
        for row in rows.inbox { try statement.execute(arguments: [row[0], row[1], row[2]]) }
        try run(
            "DELETE FROM outbox_parts WHERE outbox_id IN (SELECT id FROM outbox WHERE seq IN \(list("outbox")))")
        try run("DELETE FROM outbox WHERE seq IN \(list("outbox"))")
        try run("DELETE FROM journal WHERE seq IN \(list("journal"))")
        for table in [
            "transcript", "steps", "contacts", "enrolments", "standings", "account_versions", "dead_letters",
            "handoffs",
        ] { try delete(table) }
        try run("DELETE FROM dialog_results WHERE kind = 'handoff' AND \(any("id", "handoffs"))")
        try run(
            """
            DELETE FROM timers WHERE \(PersonalData.table("timers").rows)
                AND kind NOT IN ('judge', 'planLastDay', 'planEnd')
            """)
        try run("DELETE FROM conversations WHERE \(PersonalData.table("conversations").rows)")
        let handoffs = "seq IN \(list("events")) AND (kind LIKE 'handoff.%' OR kind LIKE 'contact.%')"
        try run(
            "DELETE FROM event_deliveries WHERE seq IN (SELECT seq FROM events WHERE \(handoffs))")
        try run("DELETE FROM events WHERE \(handoffs)")
        try Store.forgetEarlyStatuses(db, now)
    }

    /// Accounts that owe nothing.
    private func delete(_ gone: PersonKeys) throws {
        let own = any("account_id", "accounts")
        let events = "seq IN \(list("events")) AND \(own)"
        try run("DELETE FROM event_deliveries WHERE seq IN (SELECT seq FROM events WHERE \(events))", gone)
        try run("DELETE FROM events WHERE \(events)", gone)
        for table in ["promises", "payments", "items", "assignments"] {
            try run("DELETE FROM \(table) WHERE \(own)", gone)
        }
        try run("DELETE FROM timers WHERE \(any("key", "promises"))", gone)
        // After the promises: their sums are taken off by the dialog that they came of.
        try run("DELETE FROM dialog_results WHERE kind = 'promise' AND \(any("id", "promises"))", gone)
        try run("DELETE FROM accounts WHERE \(any("id", "accounts"))", gone)
    }

    /// An account that owes: its holder becomes a pseudonym; messages are no longer named, agents are.
    private func pseudonymise(_ id: String) throws {
        guard var account = try turn.account(id: id) else { return }
        account.pseudonymise(ErasedPeople.pseudonym(of: account, key: key))
        try turn.save(head: account)
        for var promise in try turn.promises(accountID: id) {
            promise.evidence = promise.evidence.filter { $0.hasPrefix("agente ") }
            try turn.save(promise)
        }
        try db.execute(
            sql: """
                UPDATE events SET body = json_replace(
                    body, '$.promise.evidence', json('[]'), '$.plan.evidence', json('[]'))
                WHERE seq IN \(list("events")) AND account_id = ?
                """, arguments: [id])
    }

    /// The chain of the audit log goes on through rows whose text is gone; one row says which, and on whose order.
    static func emptyAudit(_ ids: [Int64], order: [String], _ now: Moment, _ db: Database) throws {
        try SQLiteTurn(db: db).append(
            AuditEvent(
                at: now, conversationID: nil, accountID: nil, kind: ErasedRows.kind,
                detail: order + ErasedRows(ids).texts))
        let body = try JSON.text(ErasedBody(erased: db.lastInsertedRowID))
        try db.execute(
            sql: "UPDATE audit SET salt = NULL, body = ? WHERE id IN \(SQL.list(ids))", arguments: [body])
    }
}
