import DatabaseEngine

/// The tables, as forward-only migrations. A migration is never edited once released.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(
                sql: """
                    CREATE TABLE inbox (
                        channel TEXT NOT NULL, gateway_account TEXT NOT NULL, message_id TEXT NOT NULL,
                        received_at INTEGER NOT NULL, message TEXT NOT NULL, reply TEXT NOT NULL DEFAULT '[]',
                        PRIMARY KEY (channel, gateway_account, message_id)) WITHOUT ROWID;
                    CREATE TABLE conversations (
                        id TEXT PRIMARY KEY, channel TEXT NOT NULL, gateway_account TEXT NOT NULL, address TEXT NOT NULL,
                        account_id TEXT, epoch INTEGER NOT NULL, turns INTEGER NOT NULL, body TEXT NOT NULL,
                        UNIQUE (channel, gateway_account, address));
                    CREATE INDEX conversations_by_account ON conversations (account_id);
                    CREATE TABLE transcript (
                        id INTEGER PRIMARY KEY, conversation_id TEXT NOT NULL, body TEXT NOT NULL);
                    CREATE INDEX transcript_by_conversation ON transcript (conversation_id, id);
                    CREATE TABLE accounts (
                        id TEXT PRIMARY KEY, phone TEXT NOT NULL, document TEXT NOT NULL, body TEXT NOT NULL);
                    CREATE INDEX accounts_by_phone ON accounts (phone);
                    CREATE INDEX accounts_by_document ON accounts (document);
                    CREATE TABLE promises (
                        id TEXT PRIMARY KEY, account_id TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL);
                    CREATE INDEX promises_by_account ON promises (account_id);
                    CREATE INDEX promises_by_state ON promises (state);
                    CREATE TABLE handoffs (
                        id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, state TEXT NOT NULL, priority INTEGER NOT NULL,
                        created_at INTEGER NOT NULL, body TEXT NOT NULL);
                    CREATE INDEX handoffs_by_conversation ON handoffs (conversation_id);
                    CREATE INDEX handoffs_by_state ON handoffs (state);
                    CREATE TABLE outbox (
                        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation_id TEXT NOT NULL,
                        state TEXT NOT NULL DEFAULT 'pending', attempts INTEGER NOT NULL DEFAULT 0,
                        next_attempt_at INTEGER NOT NULL, gateway_message_id TEXT, error TEXT, body TEXT NOT NULL);
                    CREATE INDEX outbox_pending ON outbox (conversation_id, seq) WHERE state = 'pending';
                    CREATE INDEX outbox_by_state ON outbox (state);
                    CREATE INDEX outbox_by_gateway_id ON outbox (gateway_message_id) WHERE gateway_message_id IS NOT NULL;
                    CREATE TABLE timers (
                        kind TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
                    CREATE INDEX timers_by_time ON timers (at);
                    CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);
                    CREATE TABLE contacts (account_id TEXT NOT NULL, at INTEGER NOT NULL);
                    CREATE INDEX contacts_by_account ON contacts (account_id, at);
                    CREATE TABLE dead_letters (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL);
                    CREATE TABLE sequence (value INTEGER NOT NULL);
                    INSERT INTO sequence VALUES (0);
                    """)
        }
        migrator.registerMigration("conduct") { db in
            try db.execute(
                sql: """
                    ALTER TABLE contacts ADD COLUMN channel TEXT NOT NULL DEFAULT '';
                    CREATE TABLE standings (person TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("campaigns") { db in
            try db.execute(
                sql: """
                    CREATE TABLE campaigns (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
                    CREATE TABLE enrolments (
                        campaign TEXT NOT NULL, account_id TEXT NOT NULL, ended INTEGER NOT NULL, body TEXT NOT NULL,
                        PRIMARY KEY (campaign, account_id)) WITHOUT ROWID;
                    CREATE INDEX enrolments_by_account ON enrolments (account_id);
                    CREATE TABLE assignments (
                        account_id TEXT PRIMARY KEY, agency TEXT NOT NULL, ended INTEGER NOT NULL, body TEXT NOT NULL)
                        WITHOUT ROWID;
                    CREATE INDEX assignments_by_agency ON assignments (agency, ended);
                    """)
        }
        migrator.registerMigration("events") { db in
            try db.execute(
                sql: """
                    CREATE TABLE events (
                        seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, account_id TEXT, lane TEXT NOT NULL,
                        kind TEXT NOT NULL, body TEXT NOT NULL);
                    CREATE INDEX events_by_account ON events (account_id, kind);
                    CREATE TABLE event_targets (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE TABLE event_deliveries (
                        target TEXT NOT NULL, seq INTEGER NOT NULL, lane TEXT NOT NULL,
                        state TEXT NOT NULL DEFAULT 'pending', attempts INTEGER NOT NULL DEFAULT 0,
                        next_attempt_at INTEGER NOT NULL DEFAULT 0, error TEXT, PRIMARY KEY (target, seq)) WITHOUT ROWID;
                    CREATE INDEX event_deliveries_pending ON event_deliveries (target, lane, seq) WHERE state = 'pending';
                    """)
        }
        migrator.registerMigration("console") { db in
            try db.execute(
                sql: """
                    CREATE TABLE sessions (
                        key TEXT PRIMARY KEY, agent TEXT NOT NULL, csrf TEXT NOT NULL, expires_at INTEGER NOT NULL)
                        WITHOUT ROWID;
                    CREATE INDEX audit_by_account ON audit (body ->> 'accountID');
                    """)
        }
        migrator.registerMigration("outbox") { db in
            try db.execute(
                sql: """
                    ALTER TABLE outbox ADD COLUMN since INTEGER;
                    CREATE TABLE outbox_parts (
                        outbox_id TEXT NOT NULL, part INTEGER NOT NULL, gateway_message_id TEXT,
                        PRIMARY KEY (outbox_id, part)) WITHOUT ROWID;
                    CREATE INDEX outbox_parts_by_gateway_id ON outbox_parts (gateway_message_id)
                        WHERE gateway_message_id IS NOT NULL;
                    CREATE TABLE early_statuses (
                        gateway_message_id TEXT PRIMARY KEY, state TEXT NOT NULL, error TEXT, at INTEGER NOT NULL)
                        WITHOUT ROWID;
                    CREATE INDEX early_statuses_by_time ON early_statuses (at);
                    """)
        }
        migrator.registerMigration("replay") { db in
            try db.execute(
                sql: """
                    CREATE TABLE journal (
                        seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, conversation_id TEXT, account_id TEXT,
                        account_version INTEGER, dialog_version TEXT, agency TEXT, message_id TEXT, input TEXT);
                    CREATE INDEX journal_by_dialog ON journal (dialog_version, conversation_id)
                        WHERE dialog_version IS NOT NULL;
                    CREATE TABLE account_versions (
                        id INTEGER PRIMARY KEY, account_id TEXT NOT NULL, body TEXT NOT NULL);
                    CREATE INDEX account_versions_by_account ON account_versions (account_id, id);
                    CREATE TABLE dialog_versions (
                        version TEXT NOT NULL, place TEXT NOT NULL, source TEXT NOT NULL, loaded_at INTEGER NOT NULL,
                        PRIMARY KEY (version, place)) WITHOUT ROWID;
                    CREATE TABLE dialog_results (
                        kind TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, PRIMARY KEY (kind, id))
                        WITHOUT ROWID;
                    CREATE INDEX dialog_results_by_version ON dialog_results (version, kind);
                    ALTER TABLE conversations ADD COLUMN dialog_version TEXT;
                    UPDATE conversations SET dialog_version = json_extract(body, '$.dialog.version')
                        WHERE json_extract(body, '$.dialog.ended') IS NULL;
                    CREATE INDEX conversations_by_dialog ON conversations (dialog_version)
                        WHERE dialog_version IS NOT NULL;
                    """)
        }
        migrator.registerMigration("account rows") { db in
            func day(_ json: String) -> String { "CAST(julianday(\(json)) - 2440587.5 AS INTEGER)" }
            func head(_ path: String) -> String { "json_extract(body, '$.\(path)')" }
            func field(_ path: String) -> String { "json_extract(value, '$.\(path)')" }
            /// No database of PostgreSQL ever had accounts as bodies.
            func ofBodies(_ sql: String) -> String {
                #if PostgreSQL
                    ""
                #else
                    sql
                #endif
            }
            let moveRows = ofBodies(
                """
                INSERT OR REPLACE INTO items
                    SELECT accounts.id, \(field("id")), \(field("description")), \(field("principal.cents")),
                        \(day(field("dueDate"))), \(field("moratoryRate.basisPoints")), \(field("indexed.unit")),
                        \(field("indexed.hundredths")), NULL
                    FROM accounts, json_each(body, '$.items');
                INSERT OR REPLACE INTO payments
                    SELECT accounts.id, \(field("id")), \(field("amount.cents")), \(day(field("day"))),
                        \(day(field("reversedOn"))), \(field("chosenItem")), NULL
                    FROM accounts, json_each(body, '$.payments');
                """)
            let moveHeads = ofBodies(
                """
                INSERT INTO accounts
                    SELECT id, \(head("creditor")), \(head("firstName")), \(head("fullName")), document, phone,
                        \(head("email")), coalesce(\(head("emailVerified")), 0), \(head("postalAddress")),
                        \(head("currency")), \(head("segment")), \(head("optedOut")),
                        \(head("chargeNotice.channel")), \(day(head("chargeNotice.day"))),
                        \(head("chargeNotice.text")), \(head("terms.moratoryRate.basisPoints")),
                        \(head("terms.dayCountBasis")), \(head("terms.vatOnInterest.basisPoints")),
                        \(head("terms.imputation")), \(head("terms.collectionCharge.rate.basisPoints")),
                        \(head("terms.collectionCharge.minimum.cents")),
                        \(head("terms.collectionCharge.maximum.cents")),
                        \(head("terms.collectionCharge.vat.basisPoints")),
                        \(head("terms.collectionCharge.fromDaysPastDue")),
                        \(head("terms.punitive.rate.basisPoints")), \(head("terms.punitive.cappedAtHalf")),
                        \(head("terms.capitalisation")), nullif(\(head("waivers")), '[]'), NULL
                    FROM account_bodies;
                """)
            try db.execute(
                sql: """
                    CREATE TABLE items (
                        account_id TEXT NOT NULL, id TEXT NOT NULL, description TEXT NOT NULL, cents INTEGER NOT NULL,
                        due INTEGER NOT NULL, rate INTEGER, unit TEXT, units INTEGER, import INTEGER,
                        PRIMARY KEY (account_id, id)) WITHOUT ROWID;
                    CREATE TABLE payments (
                        account_id TEXT NOT NULL, id TEXT NOT NULL, cents INTEGER NOT NULL, day INTEGER NOT NULL,
                        reversed_on INTEGER, item TEXT, import INTEGER, PRIMARY KEY (account_id, id)) WITHOUT ROWID;
                    -- `import` in a row is the one that brought it.
                    CREATE TABLE imports (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL);
                    \(moveRows)
                    ALTER TABLE accounts RENAME TO account_bodies;
                    CREATE TABLE accounts (
                        id TEXT PRIMARY KEY, creditor TEXT NOT NULL, first_name TEXT NOT NULL, full_name TEXT NOT NULL,
                        document TEXT NOT NULL, phone TEXT NOT NULL, email TEXT, email_verified INTEGER NOT NULL,
                        postal_address TEXT, currency TEXT NOT NULL, segment TEXT NOT NULL, opted_out INTEGER NOT NULL,
                        notice_channel TEXT, notice_day INTEGER, notice_text TEXT, rate INTEGER NOT NULL,
                        day_count INTEGER NOT NULL, vat INTEGER NOT NULL, imputation TEXT NOT NULL,
                        charge_rate INTEGER, charge_min INTEGER, charge_max INTEGER, charge_vat INTEGER,
                        charge_from INTEGER, punitive_rate INTEGER, punitive_capped INTEGER, capitalisation INTEGER,
                        waivers TEXT, import INTEGER) WITHOUT ROWID;
                    \(moveHeads)
                    DROP TABLE account_bodies;
                    CREATE INDEX accounts_by_phone ON accounts (phone);
                    CREATE INDEX accounts_by_document ON accounts (document);
                    CREATE INDEX accounts_by_email ON accounts (lower(email)) WHERE email IS NOT NULL;
                    -- Only plans are looked up by account; an index of every payment's event is not worth its writing.
                    DROP INDEX events_by_account;
                    CREATE INDEX events_of_plans ON events (account_id) WHERE kind >= 'plan.' AND kind < 'plan/';
                    """)
        }
        migrator.registerMigration("outbox put off") { db in
            try db.execute(sql: "ALTER TABLE outbox ADD COLUMN put_off_at INTEGER NOT NULL DEFAULT 0")
        }
        migrator.registerMigration("audit chain") { try AuditChain.install($0) }
        migrator.registerMigration("tokens") { db in
            try db.execute(
                sql: """
                    -- `hash` is the SHA-256 of the token, which itself is nowhere.
                    CREATE TABLE tokens (
                        id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
                        created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, revoked_at INTEGER);
                    """)
        }
        // After the audit log has its last form: a view follows a table that is renamed.
        migrator.registerMigration("reports") { db in
            try db.execute(sql: ReportSchema.tables + ReportSchema.views + ReportSchema.triggers)
            // Which reads accounts as this version of Promesa does.
            try addLanguage(db)
            try ReportTables.rebuild(db)
        }
        migrator.registerMigration("events put off") { db in
            try db.execute(sql: "ALTER TABLE event_deliveries ADD COLUMN put_off_at INTEGER NOT NULL DEFAULT 0")
        }
        migrator.registerMigration("quiet window") { db in
            // `part` of what waited, or the `whole` that was answered.
            try db.execute(sql: "ALTER TABLE journal ADD COLUMN quiet_window TEXT")
        }
        migrator.registerMigration("contact of a message") { db in
            // When a message in which we speak first counts as contact; NULL for when it was written.
            try db.execute(sql: "ALTER TABLE outbox ADD COLUMN contact_at INTEGER")
        }
        migrator.registerMigration("desk") { db in
            try db.execute(
                sql: """
                    CREATE TABLE presences (agent TEXT PRIMARY KEY, state TEXT NOT NULL, body TEXT NOT NULL)
                        WITHOUT ROWID;
                    CREATE INDEX handoffs_by_agent ON handoffs (body ->> 'agent')
                        WHERE state IN ('claimed', 'onHold');
                    """)
        }
        migrator.registerMigration("privacy") { try $0.execute(sql: PrivacySchema.tables) }
        migrator.registerMigration("languages") { try addLanguage($0) }
        migrator.registerMigration("weighed promises") { try $0.execute(sql: ReportSchema.weighedPromises) }
        migrator.registerMigration("nodes") { db in
            // When an agent was last seen by a server that has others beside it.
            try db.execute(sql: "ALTER TABLE presences ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0")
        }
        migrator.registerMigration("early opt-outs") { db in
            try db.execute(sql: "ALTER TABLE early_statuses ADD COLUMN opts_out INTEGER NOT NULL DEFAULT 0")
        }
        migrator.registerMigration("outbox heads") { try $0.execute(sql: OutboxSchema.heads) }
        return migrator
    }

    /// Once, whatever version a database comes from.
    private static func addLanguage(_ db: Database) throws {
        guard try !db.columns(in: "accounts").contains(where: { $0.name == "language" }) else { return }
        try db.execute(sql: "ALTER TABLE accounts ADD COLUMN language TEXT")
    }
}
