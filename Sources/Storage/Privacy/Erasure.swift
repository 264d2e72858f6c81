import Conversations
import Crypto
import DatabaseEngine
import Ledger
import Quantities

/// What an erasure did.
public struct ErasureReport: Hashable, Sendable, Codable {
    /// The request, as it is afterwards.
    public var request: PersonRequest
    /// Rows that are gone, by table.
    public var erased: [String: Int]
    /// The accounts that still owe and stay, without a name.
    public var kept: [String]
    /// Whether SQLite's log, in which the erased rows still stood, is empty too. Where a long reading held it, it is
    /// emptied when the server next stops.
    public var log_emptied: Bool
    /// Whether the file was written anew at once, so that it holds nothing of the person either where SQLite had moved a row
    /// before. A large one is written anew at night.
    public var rewritten: Bool
}

extension Store {
    /// Erases the person of a request whose identity was verified, in one transaction.
    ///
    /// Rows are looked for beside the writer, so that other turns go on; those of this person are not many.
    /// - Parameter bytes: how large a file is written anew at once; turns wait meanwhile.
    /// - Throws: ``PersonRequestRefusal``, ``StoreError``; then nothing was erased.
    public func erase(
        requestID: String, by name: String, now: Moment, rewritingAtMost bytes: Int = 64 << 20
    ) async throws -> ErasureReport {
        let key = try await erasureKey()
        let found = try await pool.read { db in
            let keys = try Self.keys(try Self.erasure(requestID, db), db)
            return try ScatteredRows(keys, db)
        }
        var report = try await write { db in
            var request = try Self.erasure(requestID, db)
            let keys = try Self.keys(request, db)
            try Self.requireQuiet(keys, besides: requestID, db)
            var rows = found
            try rows.bringUpToDate(keys, db)
            let pseudonym = try Self.pseudonym(of: keys, request, db) { ErasedPeople.pseudonym(of: $0, key: key) }
            let asked = try PersonalData.rows(of: PersonalData.table("person_requests"), keys, db)
            let done = try Eraser(db: db, keys: keys, rows: rows, key: key, now: now, memory: .everybody)
                .erase(order: [requestID, name])
            let kept = done.kept.count
            try request.move(
                to: .done, by: name,
                note: kept == 0
                    ? "no debía nada: se borró todo"
                    : "se conserva, sin datos personales, lo que exige el contrato: \(kept == 1 ? "una cuenta" : "\(kept) cuentas") con deuda (art. 16 inc. 5)",
                at: now)
            for row in asked {
                let other: PersonRequest = try JSON.value(row["body"])
                var clean = other.id == request.id ? request : other
                clean.forgetPerson(pseudonym, keepingLastNote: other.id == request.id)
                try SQLiteTurn(db: db).save(clean)
                if clean.id == request.id { request = clean }
            }
            try Self.noteErasure(db)
            return ErasureReport(
                request: request, erased: done.erased, kept: done.kept, log_emptied: false, rewritten: false)
        }
        // What cannot be done now is done at night.
        report.rewritten = (try? await writeAnew(atMost: bytes)) ?? false
        report.log_emptied = await emptyLog()
        return report
    }

    /// - Throws: ``PersonRequestRefusal`` where it cannot be done now.
    private static func erasure(_ id: String, _ db: Database) throws -> PersonRequest {
        guard let request = try SQLiteTurn(db: db).personRequest(id: id), request.right == .erasure else {
            throw PersonRequestRefusal.unknownRequest
        }
        guard request.state == .verified else { throw PersonRequestRefusal.wrongState(request.state) }
        return request
    }

    /// By what the person of a request is found.
    static func keys(_ request: PersonRequest, _ db: Database) throws -> PersonKeys {
        if let id = request.accountID {
            guard let account = try SQLiteTurn(db: db).head(id: id) else {
                throw PersonRequestRefusal.unknownAccount(id)
            }
            return try PersonKeys(personOf: account, db)
        }
        guard let conversation = request.conversationID else { throw PersonRequestRefusal.unknownRequest }
        return try PersonKeys(conversations: [conversation], db)
    }

    /// Who is waiting for an answer gets it first: afterwards there is nobody to write to.
    private static func requireQuiet(_ keys: PersonKeys, besides request: String, _ db: Database) throws {
        let open = try String.fetchAll(
            db,
            sql: """
                SELECT id FROM handoffs WHERE \(PersonalData.table("handoffs").rows)
                    AND state IN \(Handoff.State.openSQL) ORDER BY id
                """, arguments: keys.arguments)
        guard open.isEmpty else { throw PersonRequestRefusal.openHandoffs(open) }
        let others = try String.fetchAll(
            db,
            sql: """
                SELECT id FROM person_requests WHERE \(PersonalData.table("person_requests").rows)
                    AND state IN \(PersonRequest.State.openSQL) ORDER BY id
                """, arguments: keys.arguments
        ).filter { $0 != request }
        guard others.isEmpty else { throw PersonRequestRefusal.openRequests(others) }
        // What we say first never leaves any more: who asked to be erased has opted out.
        let waiting = try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM outbox WHERE \(PersonalData.table("outbox").rows) AND state = 'pending'
                    AND coalesce(body ->> 'purpose', '') NOT IN ('proactive', 'nudge')
                """, arguments: keys.arguments)
        if let waiting, waiting > 0 { throw PersonRequestRefusal.messagesWaiting(waiting) }
    }

    private static func pseudonym(
        of keys: PersonKeys, _ request: PersonRequest, _ db: Database, _ make: (Account) -> String
    ) throws -> String {
        let turn = SQLiteTurn(db: db)
        if let account = try keys.accounts.first.flatMap({ try turn.head(id: $0) }) { return make(account) }
        let address = try turn.conversation(id: request.conversationID ?? "")?.contact.address ?? ""
        return make(Account(id: "", creditor: "", firstName: "", fullName: "", document: address, phone: ""))
    }

    /// The key by which who is erased is remembered; made where nobody was before.
    /// - Throws: ``StoreError`` where it is missing.
    func erasureKey() async throws -> SymmetricKey {
        let isNew = try await pool.read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM erased)") } != true
        return try privacyKey.key(isNew: isNew)
    }

    /// In the file's own header, as its `user_version`: something was erased since it was last written anew.
    private static func noteErasure(_ db: Database) throws {
        #if !PostgreSQL
            try db.execute(sql: "PRAGMA user_version = 1")
        #endif
    }

    /// Writes the file anew where something was erased since it last was. SQLite overwrites what it deletes, but not the place
    /// from which it had moved a row before to make room. No turn is written meanwhile.
    /// - Parameter bytes: the largest file that is written anew.
    /// - Returns: whether it was.
    /// - Throws: what SQLite says, such as that the disk is full; then the file is as it was.
    @discardableResult
    public func rewriteErased(atMost bytes: Int = .max) async throws -> Bool {
        let done = try await writeAnew(atMost: bytes)
        if done { _ = await emptyLog() }
        return done
    }

    /// As ``rewriteErased(atMost:)``; what the file was before still stands in the log.
    private func writeAnew(atMost bytes: Int) async throws -> Bool {
        #if PostgreSQL
            return false
        #else
            return try await pool.writeWithoutTransaction { db in
                let size = try Int.fetchOne(
                    db, sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
                guard try Int.fetchOne(db, sql: "PRAGMA user_version") == 1, (size ?? 0) <= bytes else {
                    return false
                }
                try db.execute(sql: "VACUUM")
                try db.execute(sql: "PRAGMA user_version = 0")
                return true
            }
        #endif
    }

    /// Copies SQLite's log into the database and empties it.
    /// - Returns: whether nobody who reads held it for seconds.
    func emptyLog() async -> Bool {
        #if PostgreSQL
            // When the server cleans up after rows that are gone is its own affair.
            return false
        #else
            for _ in 0..<40 {
                let done = try? await pool.writeWithoutTransaction { db in
                    try Int.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
                }
                if done == true { return true }
                try? await Task.sleep(for: .milliseconds(50))
            }
            return false
        #endif
    }
}

extension PersonRequest {
    /// Keeps that it was asked and answered, and when.
    mutating func forgetPerson(_ pseudonym: String, keepingLastNote: Bool) {
        accountID = nil
        conversationID = nil
        askedBy = ""
        self.pseudonym = pseudonym
        for index in steps.indices.dropLast(keepingLastNote ? 1 : 0) { steps[index].note = "" }
    }
}
