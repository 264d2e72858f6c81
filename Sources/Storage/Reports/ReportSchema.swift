/// The tables of the dashboards, and the triggers that keep them in the transaction of whatever they are made of: a turn,
/// an import, an erasure. None of them holds personal data.
///
/// - `rollup`: sums by kind, time and dimension. What adds to it is stated once, in the views `rollup_…`: each gives the
///   rows that one base row is worth, and the triggers add what a row is worth after a change and take off what it was
///   worth before. So `rollup` is `rollup_truth`, grouped.
/// - `talks`, `steps` and `contacts.answered_at`: what a conversation did first, noted as it happens.
/// - `positions`: each account's unpaid principal and since when, by the ledger; `stale_positions` are the accounts to
///   look at again before the transaction ends. `portfolio` counts them by due day, so that a bucket of any day is a sum.
/// - `closings`: how accounts went from one bucket to another in a month, by the server's clock.
///
/// A trigger takes the conflict policy of the statement that fires it, so what may be there already says `ON CONFLICT`.
///
/// Part of a migration: once released, it is not edited.
enum ReportSchema {
    static let tables = """
        CREATE TABLE rollup (
            kind TEXT NOT NULL, at INTEGER NOT NULL, currency TEXT NOT NULL, segment TEXT NOT NULL, version TEXT NOT NULL,
            agent TEXT NOT NULL, detail TEXT NOT NULL, n INTEGER NOT NULL, cents INTEGER NOT NULL,
            PRIMARY KEY (kind, at, currency, segment, version, agent, detail)) WITHOUT ROWID;
        -- A talk begins with a message of the customer after twelve hours of silence.
        CREATE TABLE talks (
            seq INTEGER PRIMARY KEY, conversation_id TEXT NOT NULL, account_id TEXT, at INTEGER NOT NULL,
            version TEXT NOT NULL);
        CREATE INDEX talks_by_account ON talks (account_id);
        -- When a conversation first came to a state of a dialog.
        CREATE TABLE steps (
            conversation_id TEXT NOT NULL, version TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (conversation_id, version, state)) WITHOUT ROWID;
        CREATE TABLE positions (
            account_id TEXT PRIMARY KEY, currency TEXT NOT NULL, segment TEXT NOT NULL, broken INTEGER NOT NULL,
            due INTEGER NOT NULL, cents INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE stale_positions (account_id TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE portfolio (
            currency TEXT NOT NULL, segment TEXT NOT NULL, broken INTEGER NOT NULL, due INTEGER NOT NULL,
            n INTEGER NOT NULL, cents INTEGER NOT NULL, PRIMARY KEY (currency, segment, broken, due)) WITHOUT ROWID;
        CREATE TABLE closings (
            month INTEGER NOT NULL, currency TEXT NOT NULL, segment TEXT NOT NULL, before INTEGER NOT NULL,
            after INTEGER NOT NULL, n INTEGER NOT NULL, cents_before INTEGER NOT NULL, cents_after INTEGER NOT NULL,
            billed INTEGER NOT NULL, PRIMARY KEY (month, currency, segment, before, after)) WITHOUT ROWID;
        CREATE TABLE closed_months (month INTEGER PRIMARY KEY, until INTEGER NOT NULL);
        ALTER TABLE contacts ADD COLUMN answered_at INTEGER;
        CREATE INDEX contacts_by_time ON contacts (at);
        CREATE INDEX journal_of_customers ON journal (conversation_id, at) WHERE message_id IS NOT NULL;
        CREATE INDEX handoffs_by_account ON handoffs (body ->> 'accountID');
        CREATE INDEX accounts_opted_out ON accounts (id) WHERE \(SQL.isSet("opted_out"));
        CREATE INDEX conversations_of_others ON conversations (account_id)
            WHERE \(SQL.isTrue("body ->> 'wrongNumber'"));
        """

    // MARK: What one row is worth

    private static func day(_ json: String) -> String { "CAST(julianday(\(json)) - 2440587.5 AS INTEGER)" }
    private static func hour(_ moment: String) -> String { "\(moment) / 3600000" }
    private static let segment = "coalesce(a.segment, '')"
    private static let cents = "CAST(p.body ->> '$.amount.cents' AS INTEGER)"
    /// What an agent recorded says so in its evidence.
    private static let promiseAgent =
        "CASE WHEN p.body ->> '$.evidence[0]' LIKE 'agente %' THEN substr(p.body ->> '$.evidence[0]', 8) ELSE '' END"
    static let countedEvents = "('verified', 'wrong_number', 'optout', 'dialog.ended', 'proactive.refused')"

    static let views = """
        CREATE VIEW rollup_promises AS
            SELECT p.id AS source, p.account_id AS account, 'promise' AS kind, \(day("p.body ->> '$.createdOn'")) AS at,
                p.body ->> '$.amount.currency' AS currency, \(segment) AS segment, coalesce(r.version, '') AS version,
                \(promiseAgent) AS agent, p.state AS detail, 1 AS n, \(cents) AS cents
            FROM promises p LEFT JOIN accounts a ON a.id = p.account_id
                LEFT JOIN dialog_results r ON r.kind = 'promise' AND r.id = p.id
            UNION ALL
            SELECT p.id, p.account_id, 'due', \(day("p.body ->> '$.payBy'")), p.body ->> '$.amount.currency', \(segment),
                '', '', p.state, 1, \(cents)
            FROM promises p LEFT JOIN accounts a ON a.id = p.account_id;
        CREATE VIEW rollup_payments AS
            SELECT p.id AS source, p.account_id AS account, 'payment' AS kind, p.day AS at,
                coalesce(a.currency, '') AS currency, \(segment) AS segment, '' AS version, '' AS agent, '' AS detail,
                1 AS n, p.cents AS cents
            FROM payments p LEFT JOIN accounts a ON a.id = p.account_id WHERE p.reversed_on IS NULL;
        CREATE VIEW rollup_handoffs AS
            SELECT h.id AS source, h.body ->> 'accountID' AS account, 'handoff' AS kind, \(hour("h.created_at")) AS at,
                '' AS currency, \(segment) AS segment, coalesce(r.version, '') AS version,
                coalesce(h.body ->> 'agent', '') AS agent, h.body ->> 'reason' AS detail, 1 AS n, 0 AS cents
            FROM handoffs h LEFT JOIN accounts a ON a.id = h.body ->> 'accountID'
                LEFT JOIN dialog_results r ON r.kind = 'handoff' AND r.id = h.id;
        CREATE VIEW rollup_contacts AS
            SELECT c.rowid AS source, c.account_id AS account, 'contact' AS kind, \(hour("c.at")) AS at, '' AS currency,
                \(segment) AS segment, '' AS version, '' AS agent, c.channel AS detail, 1 AS n, 0 AS cents
            FROM contacts c LEFT JOIN accounts a ON a.id = c.account_id
            UNION ALL
            SELECT c.rowid, c.account_id, 'answer', \(hour("c.at")), '', \(segment), '', '', c.channel, 1, 0
            FROM contacts c LEFT JOIN accounts a ON a.id = c.account_id WHERE c.answered_at IS NOT NULL;
        CREATE VIEW rollup_messages AS
            SELECT o.seq AS source, 'message' AS kind, \(hour("CAST(o.body ->> 'createdAt' AS INTEGER)")) AS at, '' AS currency,
                '' AS segment, '' AS version, coalesce(o.body ->> '$.author.agent._0', '') AS agent,
                o.body ->> '$.contact.channel' AS detail, 1 AS n, 0 AS cents
            FROM outbox o;
        CREATE VIEW rollup_talks AS
            SELECT t.seq AS source, t.account_id AS account, 'talk' AS kind, \(hour("t.at")) AS at, '' AS currency,
                \(segment) AS segment, t.version AS version, '' AS agent, '' AS detail, 1 AS n, 0 AS cents
            FROM talks t LEFT JOIN accounts a ON a.id = t.account_id;
        CREATE VIEW rollup_steps AS
            SELECT s.conversation_id AS source, s.version AS part, s.state AS part2, 'step' AS kind,
                \(hour("s.at")) AS at, '' AS currency, '' AS segment, s.version AS version, '' AS agent,
                s.state AS detail, 1 AS n, 0 AS cents
            FROM steps s;
        CREATE VIEW rollup_events AS
            SELECT e.id AS source, 'event' AS kind, \(hour("e.at")) AS at, '' AS currency, '' AS segment, '' AS version,
                '' AS agent, (e.body ->> 'kind') || CASE e.body ->> 'kind'
                    WHEN 'dialog.ended' THEN ':' || coalesce(e.body ->> '$.detail[0]', '')
                    WHEN 'proactive.refused' THEN ':' || coalesce(e.body ->> '$.detail[2]', '') ELSE '' END AS detail,
                1 AS n, 0 AS cents
            FROM audit e WHERE e.body ->> 'kind' IN \(countedEvents);
        CREATE VIEW rollup_truth AS
            \(["promises", "payments", "handoffs", "contacts", "messages", "talks", "steps", "events"]
                .map { "SELECT \(columns) FROM rollup_\($0)" }.joined(separator: " UNION ALL "));
        """

    /// What promises are worth from the version on that weighs them by the risk card; the triggers go by the view's name.
    static let weighedPromises = """
        \(replaced("rollup_promises")) AS
            SELECT p.id AS source, p.account_id AS account, 'promise' AS kind, \(day("p.body ->> '$.createdOn'")) AS at,
                p.body ->> '$.amount.currency' AS currency, \(segment) AS segment, coalesce(r.version, '') AS version,
                \(promiseAgent) AS agent, p.state AS detail, 1 AS n, \(cents) AS cents
            FROM promises p LEFT JOIN accounts a ON a.id = p.account_id
                LEFT JOIN dialog_results r ON r.kind = 'promise' AND r.id = p.id
            UNION ALL
            \(due("due", cents))
            UNION ALL
            \(due("weighed", cents)) WHERE p.body ->> '$.risk.basisPoints' IS NOT NULL
            UNION ALL
            \(due("expected", "(\(cents) * (10000 - CAST(p.body ->> '$.risk.basisPoints' AS INTEGER)) + 5000) / 10000"))
                WHERE p.body ->> '$.risk.basisPoints' IS NOT NULL;
        """

    private static func due(_ kind: String, _ cents: String) -> String {
        """
        SELECT p.id, p.account_id, '\(kind)', \(day("p.body ->> '$.payBy'")), p.body ->> '$.amount.currency', \(segment),
                '', '', p.state, 1, \(cents)
            FROM promises p LEFT JOIN accounts a ON a.id = p.account_id
        """
    }

    #if PostgreSQL
        /// It drops no view that another one reads.
        private static func replaced(_ view: String) -> String { "CREATE OR REPLACE VIEW \(view)" }
    #else
        private static func replaced(_ view: String) -> String { "DROP VIEW \(view); CREATE VIEW \(view)" }
    #endif

    static let dimensions = "kind, at, currency, segment, version, agent, detail"
    static let columns = "\(dimensions), n, cents"

    /// What an insertion into sums does where there is one of the same dimensions.
    static func adding(to table: String, _ key: String = dimensions) -> String {
        "ON CONFLICT (\(key)) DO UPDATE SET n = \(table).n + excluded.n, cents = \(table).cents + excluded.cents"
    }

    // MARK: Keeping it

    /// Takes off, or adds, what all that is counted of an account is worth.
    private static func move(_ view: String, of account: String, _ sign: String = "") -> String {
        """
        INSERT INTO rollup (\(columns))
            SELECT \(dimensions), \(sign)sum(n), \(sign)sum(cents) FROM rollup_\(view) WHERE account = \(account)
            GROUP BY \(dimensions)
            \(adding(to: "rollup"));
        """
    }

    private static func add(_ view: String, where row: String, _ sign: String = "") -> String {
        """
        INSERT INTO rollup (\(columns))
            SELECT kind, at, currency, segment, version, agent, detail, \(sign)n, \(sign)cents FROM rollup_\(view) WHERE \(row)
            \(adding(to: "rollup"));
        """
    }

    /// - Parameters:
    ///   - row: finds a base row in the view; `#` stands for `new` or `old`.
    ///   - changes: whether rows change after they were written.
    private static func kept(
        _ view: String, by table: String, row: String, changes: Bool = true, only condition: String = ""
    ) -> String {
        func at(_ version: String) -> String { row.replacing("#", with: version) }
        var triggers = SQL.trigger(
            "\(view)_added", "AFTER INSERT ON \(table) \(condition)", add(view, where: at("new")))
        if changes {
            triggers += SQL.trigger("\(view)_changing", "BEFORE UPDATE ON \(table)", add(view, where: at("old"), "-"))
            triggers += SQL.trigger("\(view)_changed", "AFTER UPDATE ON \(table)", add(view, where: at("new")))
        }
        return triggers + SQL.trigger("\(view)_removed", "BEFORE DELETE ON \(table)", add(view, where: at("old"), "-"))
    }

    private static func stale(_ table: String, _ event: String, _ row: String, when condition: String = "") -> String {
        SQL.trigger(
            "\(table)_stale_\(event.prefix { $0 != " " }.lowercased())", "AFTER \(event) ON \(table) \(condition)",
            "INSERT INTO stale_positions VALUES (\(row)) ON CONFLICT DO NOTHING;")
    }

    static var triggers: String {
        let byAccount = ["promises", "payments", "handoffs", "contacts", "talks"]
        func all(_ account: String, _ sign: String = "") -> String {
            byAccount.map { move($0, of: account, sign) }.joined(separator: "\n")
        }
        let moved =
            "OF segment, currency ON accounts WHEN (old.segment, old.currency) IS DISTINCT FROM (new.segment, new.currency)"
        let broken = "('broken', 'partiallyKept')"
        var text = kept("promises", by: "promises", row: "source = #.id")
        text += kept("payments", by: "payments", row: "account = #.account_id AND source = #.id")
        text += kept("handoffs", by: "handoffs", row: "source = #.id")
        text += kept("contacts", by: "contacts", row: "source = #.rowid")
        text += kept("talks", by: "talks", row: "source = #.seq", changes: false)
        text += kept(
            "steps", by: "steps", row: "source = #.conversation_id AND part = #.version AND part2 = #.state",
            changes: false)
        text += kept(
            "events", by: "audit", row: "source = #.id", changes: false,
            only: "WHEN new.body ->> 'kind' IN \(countedEvents)")
        // What leaves is counted when it is written; it changes often afterwards, and its time and channel never.
        text += kept("messages", by: "outbox", row: "source = #.seq", changes: false)
        text += SQL.trigger("rollup_moving", "BEFORE UPDATE \(moved)", all("old.id", "-"))
        text += SQL.trigger("rollup_moved", "AFTER UPDATE \(moved)", all("new.id"))
        text += SQL.trigger("rollup_leaving", "BEFORE DELETE ON accounts", all("old.id", "-"))
        text += SQL.trigger("rollup_left", "AFTER DELETE ON accounts", all("old.id"))
        // A promise or a hand-off is written first, and then which dialog it came of.
        for (kind, view) in [("promise", "promises"), ("handoff", "handoffs")] {
            let row = "source = new.id AND kind = '\(kind)'"
            text += SQL.trigger(
                "rollup_credited_\(kind)", "AFTER INSERT ON dialog_results WHEN new.kind = '\(kind)'",
                add(view, where: row, "-").replacing(
                    "segment, version, agent, detail, -n", with: "segment, '', agent, detail, -n")
                    + "\n" + add(view, where: row))
        }
        text += SQL.trigger(
            "talk_begins", "AFTER INSERT ON journal WHEN new.message_id IS NOT NULL",
            """
            INSERT INTO talks SELECT new.seq, new.conversation_id, new.account_id, new.at, coalesce(new.dialog_version, '')
                WHERE NOT EXISTS (
                    SELECT 1 FROM journal WHERE message_id IS NOT NULL AND conversation_id = new.conversation_id
                        AND at > new.at - 43200000 AND seq < new.seq);
            UPDATE contacts SET answered_at = new.at
                WHERE account_id = new.account_id AND at > new.at - 86400000 AND at < new.at AND answered_at IS NULL;
            """)
        text += SQL.trigger("talk_forgotten", "AFTER DELETE ON journal", "DELETE FROM talks WHERE seq = old.seq;")
        text += SQL.trigger(
            "step_taken",
            """
            AFTER INSERT ON audit WHEN new.body ->> 'kind' = 'turn' AND new.body ->> '$.detail[0]' LIKE 'estado %'
                AND new.body ->> 'conversationID' IS NOT NULL
            """,
            """
            INSERT INTO steps VALUES (
                new.body ->> 'conversationID', coalesce((
                    SELECT dialog_version FROM journal
                    WHERE message_id IS NOT NULL AND conversation_id = new.body ->> 'conversationID' AND at <= new.at
                        AND dialog_version IS NOT NULL ORDER BY at DESC, seq DESC LIMIT 1), ''),
                substr(new.body ->> '$.detail[0]', 8), new.at) ON CONFLICT DO NOTHING;
            """)
        for table in ["items", "payments"] {
            for event in ["INSERT", "UPDATE"] { text += stale(table, event, "new.account_id") }
            text += stale(table, "DELETE", "old.account_id")
        }
        text += stale("accounts", "UPDATE", "new.id") + stale("accounts", "DELETE", "old.id")
        text += stale("promises", "INSERT", "new.account_id", when: "WHEN new.state IN \(broken)")
        text += stale(
            "promises", "UPDATE", "new.account_id", when: "WHEN (new.state IN \(broken)) <> (old.state IN \(broken))")
        text += stale("promises", "DELETE", "old.account_id", when: "WHEN old.state IN \(broken)")
        func count(_ version: String, _ sign: String) -> String {
            """
            INSERT INTO portfolio VALUES (
                \(version).currency, \(version).segment, \(version).broken, \(version).due, \(sign)1, \(sign)\(version).cents)
                \(adding(to: "portfolio", "currency, segment, broken, due"));
            """
        }
        text += SQL.trigger("portfolio_added", "AFTER INSERT ON positions", count("new", ""))
        text += SQL.trigger(
            "portfolio_changed", "AFTER UPDATE ON positions", count("old", "-") + "\n" + count("new", ""))
        text += SQL.trigger("portfolio_removed", "AFTER DELETE ON positions", count("old", "-"))
        return text
    }

    // MARK: The same from the base tables

    /// The messages that begin a talk.
    static let trueTalks = """
        SELECT j.seq, j.conversation_id, j.account_id, j.at, coalesce(j.dialog_version, '') FROM journal j
        WHERE j.message_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM journal e WHERE e.message_id IS NOT NULL AND e.conversation_id = j.conversation_id
                AND e.at > j.at - 43200000 AND e.seq < j.seq)
        """
    static let trueSteps = trueSteps(of: "message_id IS NOT NULL")
    /// Once it is known which messages waited for others: those began no turn of their own.
    static let trueStepsWithWindows = trueSteps(of: "message_id IS NOT NULL AND quiet_window IS DISTINCT FROM 'part'")
    private static func trueSteps(of turns: String) -> String {
        """
        SELECT conversation_id, version, state, at FROM (
            SELECT conversation_id, version, state, at,
                row_number() OVER (PARTITION BY conversation_id, version, state ORDER BY id) AS place FROM (
            SELECT e.id, e.body ->> 'conversationID' AS conversation_id, coalesce((
                    SELECT dialog_version FROM journal
                    WHERE \(turns) AND conversation_id = e.body ->> 'conversationID' AND at <= e.at
                        AND dialog_version IS NOT NULL ORDER BY at DESC, seq DESC LIMIT 1), '') AS version,
                substr(e.body ->> '$.detail[0]', 8) AS state, e.at
            FROM audit e WHERE e.body ->> 'kind' = 'turn' AND e.body ->> '$.detail[0]' LIKE 'estado %'
                AND e.body ->> 'conversationID' IS NOT NULL) AS taken) AS placed
        WHERE place = 1
        """
    }
    static let trueAnswers = """
        SELECT c.rowid AS contact, min(j.at) AS at FROM journal j CROSS JOIN contacts c
        WHERE j.message_id IS NOT NULL AND c.account_id = j.account_id AND c.at < j.at AND c.at > j.at - 86400000
        GROUP BY c.rowid
        """
    static let trueRollup = """
        SELECT kind, at, currency, segment, version, agent, detail, sum(n) AS n, sum(cents) AS cents FROM rollup_truth
        GROUP BY 1, 2, 3, 4, 5, 6, 7
        """
    static let truePortfolio = """
        SELECT currency, segment, broken, due, count(*) AS n, sum(cents) AS cents FROM positions GROUP BY 1, 2, 3, 4
        """
}
