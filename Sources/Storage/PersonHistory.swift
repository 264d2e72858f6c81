import Conduct
import Conversations
import DatabaseEngine
import Ledger
import Negotiation
import Quantities

/// Everything on record about one person: what was said and done, on every account and channel of theirs.
public struct PersonHistory: Sendable {
    /// Those with the same document.
    public var accounts: [Account]
    public var promises: [PromiseToPay]
    public var standing: PersonStanding
    public var conversations: [Conversation]
    /// Oldest first, by conversation.
    public var transcripts: [String: [TranscriptEntry]]
    /// Oldest first.
    public var audit: [AuditEvent]
}

extension Store {
    /// Everything on record about the person of an account; nil where there is no such account.
    public func history(accountID: String) async throws -> PersonHistory? {
        try await pool.read { db in
            let turn = SQLiteTurn(db: db)
            guard let account = try turn.account(id: accountID) else { return nil }
            let accounts = account.document.isEmpty ? [account] : try turn.accounts(document: account.document)
            let conversations = try accounts.flatMap { try turn.conversations(accountID: $0.id) }
            var transcripts: [String: [TranscriptEntry]] = [:]
            for conversation in conversations {
                transcripts[conversation.id] = try turn.transcript(of: conversation.id, limit: .max)
            }
            let audit: [AuditEvent] = try accounts.flatMap { account in
                try String.fetchAll(
                    db, sql: "SELECT body FROM audit WHERE body ->> 'accountID' = ? ORDER BY id",
                    arguments: [account.id]
                ).map { try JSON.value($0) }
            }
            return PersonHistory(
                accounts: accounts, promises: try accounts.flatMap { try turn.promises(accountID: $0.id) },
                standing: try turn.standing(accountID: accountID), conversations: conversations,
                transcripts: transcripts, audit: audit.sorted { $0.at < $1.at })
        }
    }
}
