import Conversations
import DatabaseEngine
import Foundation
import Ledger
import Quantities

extension Store {
    /// Everything that is held about the person of an account, as JSON, for who exercises the right of access
    /// (Ley 25.326, art. 14 and 15); nil where there is no such account.
    public func personalData(accountID: String, now: Moment) async throws -> Data? {
        try await pool.read { try Self.personalData(accountID, now, $0) }
    }

    /// The same of a database that is only read, also while a server uses it.
    /// - Throws: ``StoreError``.
    public static func personalData(accountID: String, in path: String, now: Moment) throws -> Data? {
        try reading(path) { try personalData(accountID, now, $0) }
    }

    private static func personalData(_ accountID: String, _ now: Moment, _ db: Database) throws -> Data? {
        guard let account = try SQLiteTurn(db: db).head(id: accountID) else { return nil }
        let keys = try PersonKeys(personOf: account, db)
        var sections: [[String: Any]] = []
        for table in PersonalData.tables where table.isExported {
            let rows = try PersonalData.rows(of: table, keys, db)
            if rows.isEmpty { continue }
            sections.append(["tabla": table.name, "que_es": table.spanish, "filas": rows.map(Self.plain)])
        }
        let answer: [String: Any] = [
            "hecho": now.iso(in: .argentina), "cuentas": keys.accounts, "datos": sections,
        ]
        return try JSONSerialization.data(
            withJSONObject: answer, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    /// A row as people can read it: days and moments in words, texts that are JSON as such, nothing that is only a code
    /// of ours.
    private static func plain(_ row: Row) -> [String: Any] {
        var cells: [String: Any] = [:]
        for (column, value) in row where column != "rowid" {
            switch value.storage {
            case .null, .blob: break
            case .double(let number): cells[column] = number
            case .int64(let number):
                cells[column] =
                    dayColumns.contains(column) ? Day(number: Int(number)).iso : plain(number, under: column)
            case .string(let text):
                guard text.hasPrefix("{") || text.hasPrefix("["),
                    let parsed = try? JSONSerialization.jsonObject(with: Data(text.utf8))
                else {
                    cells[column] = text
                    break
                }
                cells[column] = plain(parsed, under: column)
            }
        }
        return cells
    }

    private static func plain(_ value: Any, under name: String) -> Any {
        switch value {
        case let object as [String: Any]:
            Dictionary(uniqueKeysWithValues: object.map { ($0.key, plain($0.value, under: $0.key)) })
        case let list as [Any]: list.map { plain($0, under: name) }
        case let text as String: text
        case let number as NSNumber:
            momentNames.contains(name) && number.int64Value > 0
                ? Moment(milliseconds: number.int64Value).iso(in: .argentina) : number as Any
        default: value
        }
    }

    private static let dayColumns: Set = ["due", "day", "reversed_on", "notice_day"]
    private static let momentNames: Set = [
        "at", "received_at", "created_at", "createdAt", "changedAt", "reopenedAt", "writtenAt", "lastHeardAt", "since",
        "answered_at", "next_attempt_at", "put_off_at",
    ]
}
