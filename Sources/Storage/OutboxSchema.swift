/// One row for each conversation in which something waits to leave, so that what is due is found without walking what is
/// not: after an hour without a gateway, or behind a contact's limit, that is nearly all of it.
enum OutboxSchema {
    /// - `due`: before that moment nothing of the conversation can leave; 0 where nobody looked since it changed.
    /// - `looked`: when that was found out.
    /// - `seq` and `channel`: of its oldest message that waits.
    static var heads: String {
        """
        CREATE TABLE outbox_heads (
            conversation_id TEXT PRIMARY KEY, due INTEGER NOT NULL, looked INTEGER NOT NULL, seq INTEGER NOT NULL,
            channel TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX outbox_heads_due ON outbox_heads (due, seq, channel);
        INSERT INTO outbox_heads SELECT \(head) FROM outbox o WHERE state = 'pending' AND NOT EXISTS (
            SELECT 1 FROM outbox e
            WHERE e.state = 'pending' AND e.conversation_id = o.conversation_id AND e.seq < o.seq);
        \(SQL.trigger("head_added", "AFTER INSERT ON outbox WHEN new.state = 'pending'", renew("new")))
        \(SQL.trigger(
            "head_changed", "AFTER UPDATE ON outbox WHEN old.state = 'pending' OR new.state = 'pending'", renew("new")))
        \(SQL.trigger("head_removed", "AFTER DELETE ON outbox WHEN old.state = 'pending'", renew("old")))
        \(SQL.trigger(
            "head_changed_hands", "AFTER UPDATE ON conversations WHEN old.epoch <> new.epoch",
            "UPDATE outbox_heads SET due = 0 WHERE conversation_id = new.id;"))
        """
    }

    private static let head = "conversation_id, 0, 0, seq, json_extract(body, '$.contact.channel')"

    private static func renew(_ row: String) -> String {
        """
        DELETE FROM outbox_heads WHERE conversation_id = \(row).conversation_id;
        INSERT INTO outbox_heads SELECT \(head) FROM outbox
            WHERE state = 'pending' AND conversation_id = \(row).conversation_id ORDER BY seq LIMIT 1;
        """
    }
}
