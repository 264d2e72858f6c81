/// Requests about personal data, who was erased, and what erased rows were worth to the dashboards.
///
/// Part of a migration: once released, it is not edited.
enum PrivacySchema {
    static let tables = """
        CREATE TABLE person_requests (
            id TEXT PRIMARY KEY, state TEXT NOT NULL, due INTEGER NOT NULL, account_id TEXT, conversation_id TEXT,
            body TEXT NOT NULL);
        CREATE INDEX person_requests_by_conversation ON person_requests (conversation_id)
            WHERE conversation_id IS NOT NULL;
        -- Keyed hashes of accounts, documents, phones and mail addresses: see `ErasedPeople`.
        CREATE TABLE erased (hash BLOB PRIMARY KEY) WITHOUT ROWID;
        -- What rows that were erased were worth in `rollup`: sums without anybody's name.
        CREATE TABLE rollup_kept (
            kind TEXT NOT NULL, at INTEGER NOT NULL, currency TEXT NOT NULL, segment TEXT NOT NULL, version TEXT NOT NULL,
            agent TEXT NOT NULL, detail TEXT NOT NULL, n INTEGER NOT NULL, cents INTEGER NOT NULL,
            PRIMARY KEY (kind, at, currency, segment, version, agent, detail)) WITHOUT ROWID;
        DROP VIEW rollup_truth;
        CREATE VIEW rollup_truth AS
            \((["promises", "payments", "handoffs", "contacts", "messages", "talks", "steps", "events"]
                .map { "rollup_\($0)" } + ["rollup_kept"])
                .map { "SELECT \(ReportSchema.columns) FROM \($0)" }.joined(separator: " UNION ALL "));
        """
}
