import Conversations
import DatabaseEngine

/// What the database holds of people, table by table: how one person's rows are found, and what becomes of them.
public enum PersonalData {
    /// What an erasure does with the rows of a table.
    public enum Fate: String, Sendable {
        case erased = "se borra"
        /// Personal columns are emptied or replaced by a pseudonym.
        case pseudonymised = "queda sin datos personales"
        /// The contract, the law or the proof of what was done asks for it.
        case kept = "queda"
    }

    public struct Table: Sendable {
        public let name: String
        /// What it holds, for the person whose data they are.
        public let spanish: String
        /// Where nothing is owed any more, and where something is.
        public let fate: Fate
        public let fateWhereOwing: Fate
        /// Whether it is in what a person gets who asks for their data; what is worked out from other tables is not.
        let isExported: Bool
        /// The rows of a person, by the names of ``PersonKeys/arguments``.
        let rows: String

        fileprivate init(
            _ name: String, _ spanish: String, _ fate: Fate = .erased, owing: Fate? = nil, exported: Bool = true,
            rows: String
        ) {
            (self.name, self.spanish, self.fate, self.rows) = (name, spanish, fate, rows)
            fateWhereOwing = owing ?? fate
            isExported = exported
        }
    }

    static func any(_ column: String, _ list: String) -> String {
        "\(column) IN (SELECT value FROM json_each(:\(list)))"
    }

    /// Every table with rows about people. In the order of an answer to who asks for their data.
    public static let tables: [Table] = [
        Table(
            "accounts", "La cuenta: nombre, documento, teléfono, correo, domicilio, idioma, contrato",
            owing: .pseudonymised,
            rows: any("id", "accounts")),
        Table("items", "Lo facturado", owing: .kept, rows: any("account_id", "accounts")),
        Table("payments", "Los pagos", owing: .kept, rows: any("account_id", "accounts")),
        Table(
            "promises", "Las promesas de pago, con los mensajes que las prueban", owing: .pseudonymised,
            rows: any("account_id", "accounts")),
        Table("assignments", "La agencia que lleva la cuenta", owing: .kept, rows: any("account_id", "accounts")),
        Table(
            "standings", "Lo que limita el contacto: horario propio, cese, situación delicada",
            rows: any("person", "persons")),
        Table(
            "conversations", "Las conversaciones, con la dirección desde la que se escribe",
            rows: any("id", "conversations")),
        Table(
            "transcript", "Lo que se dijo, también en llamadas, y las notas de las personas",
            rows: any("conversation_id", "conversations")),
        Table(
            "inbox", "Los mensajes como llegaron",
            rows: """
                ((channel, gateway_account, json_extract(message, '$.contact.address')) IN (
                    SELECT channel, gateway_account, address FROM conversations WHERE \(any("id", "conversations")))
                OR (channel, gateway_account, message_id) IN (
                    SELECT c.channel, c.gateway_account, j.message_id FROM journal j JOIN conversations c
                        ON c.id = j.conversation_id WHERE \(any("c.id", "conversations")) AND j.message_id IS NOT NULL)
                -- What a gateway told of a number before anybody wrote from it.
                OR (\(any("json_extract(message, '$.contact.address')", "addresses")) AND NOT EXISTS (
                    SELECT 1 FROM conversations c WHERE c.channel = inbox.channel
                        AND c.gateway_account = inbox.gateway_account
                        AND c.address = json_extract(message, '$.contact.address'))))
                """),
        Table("outbox", "Los mensajes que se mandaron", rows: any("conversation_id", "conversations")),
        Table("outbox_parts", "Las partes de esos mensajes", exported: false, rows: any("outbox_id", "messages")),
        Table(
            "outbox_heads", "Cuándo puede salir lo que espera", exported: false,
            rows: any("conversation_id", "conversations")),
        Table(
            "handoffs", "Los casos que atendió una persona",
            rows: "(\(any("conversation_id", "conversations")) OR \(any("body ->> 'accountID'", "accounts")))"),
        Table(
            "contacts", "Cuándo y por dónde se le escribió por iniciativa propia",
            rows: any("account_id", "accounts")),
        Table("enrolments", "Las campañas en las que estuvo", rows: any("account_id", "accounts")),
        Table(
            "events", "Lo que se avisó a otros sistemas de la empresa", owing: .pseudonymised,
            rows: "(\(any("account_id", "accounts")) OR \(any("lane", "lanes")))"),
        Table(
            "event_deliveries", "Esos avisos, por salir", exported: false,
            rows:
                "seq IN (SELECT seq FROM events WHERE \(any("account_id", "accounts")) OR \(any("lane", "lanes")))"),
        Table(
            "audit", "El registro de lo que se hizo: queda la cadena, sin el texto", .pseudonymised,
            rows: "(\(any("body ->> 'accountID'", "accounts")) OR \(any("body ->> 'conversationID'", "conversations")))"
        ),
        Table(
            "person_requests", "Sus pedidos sobre sus datos: queda que se respondieron, y cuándo", .pseudonymised,
            rows: "(\(any("account_id", "accounts")) OR \(any("conversation_id", "conversations")))"),
        Table(
            "dead_letters", "Mensajes que no se pudieron leer o entregar",
            rows: "EXISTS (SELECT 1 FROM json_each(:needles) WHERE instr(dead_letters.body, value) > 0)"),
        Table(
            "journal", "Con qué empezó cada turno, para volver a vivirlo", exported: false,
            rows: "(\(any("conversation_id", "conversations")) OR \(any("account_id", "accounts")))"),
        Table(
            "account_versions", "Cómo estaba la cuenta en cada turno", exported: false,
            rows: any("account_id", "accounts")),
        Table(
            "timers", "Lo que el programa tiene por hacer", owing: .kept, exported: false,
            rows: """
                (\(any("key", "conversations")) OR \(any("key", "promises")) OR \(any("key", "handoffs"))
                    OR kind = 'campaign' AND \(any("substr(key, instr(key, '/') + 1)", "accounts")))
                """),
        Table(
            "dialog_results", "De qué diálogo salió cada promesa", owing: .kept, exported: false,
            rows: "(\(any("id", "promises")) OR \(any("id", "handoffs")))"),
        Table(
            "talks", "Cuándo empezó cada charla", exported: false,
            rows: "(\(any("conversation_id", "conversations")) OR \(any("account_id", "accounts")))"),
        Table(
            "steps", "Por qué estados del diálogo pasó", exported: false, rows: any("conversation_id", "conversations")),
        Table(
            "positions", "Cuánto debe y desde cuándo", owing: .kept, exported: false,
            rows: any("account_id", "accounts")),
        Table("stale_positions", "Cuentas por mirar", exported: false, rows: any("account_id", "accounts")),
        // A report on a message that is not known yet; the gateway's id of a message holds the phone.
        Table("early_statuses", "Avisos de entrega sin mensaje, por un día", exported: false, rows: "false"),
    ]

    /// Tables that hold nothing of anybody who owes, and why.
    static let others: [String: String] = [
        "campaigns": "texts of the company", "event_targets": "how far each target is",
        "sessions": "who uses the console", "presences": "which agents are there",
        "tokens": "hashes of keys", "dialog_versions": "dialogs", "imports": "names of files", "sequence": "a number",
        "rollup": "sums", "rollup_kept": "sums", "portfolio": "sums", "closings": "sums", "closed_months": "days",
        "erased": "keyed hashes", "grdb_migrations": "names of migrations",
    ]

    /// A row of each table, as JSON, by table: what is held of a person.
    static func rows(of table: Table, _ keys: PersonKeys, _ db: Database) throws -> [Row] {
        try Row.fetchAll(db, sql: "SELECT * FROM \(table.name) WHERE \(table.rows)", arguments: keys.arguments)
    }

    static func count(_ table: Table, _ keys: PersonKeys, _ db: Database) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM \(table.name) WHERE \(table.rows)", arguments: keys.arguments) ?? 0
    }

    static func table(_ name: String) -> Table { tables.first { $0.name == name }! }
}

/// By what a person's rows are found.
struct PersonKeys {
    var accounts: [String] = []
    var conversations: [String] = []
    var promises: [String] = []
    var handoffs: [String] = []
    /// In the outbox.
    var messages: [String] = []
    /// Of ``Ledger/Account/personKey``.
    var persons: [String] = []
    /// Of the accounts: phones and mails.
    var addresses: [String] = []
    /// What tells the person in text that has no structure: addresses, names, ids.
    var needles: [String] = []

    var arguments: StatementArguments {
        func list(_ values: [String]) throws -> String { try JSON.text(values) }
        let lists = [
            "accounts": accounts, "conversations": conversations, "promises": promises, "handoffs": handoffs,
            "messages": messages, "persons": persons, "addresses": addresses, "needles": needles,
            "lanes": conversations.map { "/" + $0 },
        ]
        return StatementArguments(lists.mapValues { (try? list($0)) ?? "[]" })
    }
}
