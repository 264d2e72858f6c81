import Conversations
import DatabaseEngine
import Foundation
import Quantities

/// What a look at the whole audit log found.
public enum AuditVerdict: Hashable, Sendable {
    /// Every row is as it was written.
    case intact(rows: Int, last: Moment?, anchor: String)
    /// The first row that is not, and what happened to it.
    case broken(row: Int64, AuditBreach)
}

/// What can happen to an audit log behind the program's back.
public enum AuditBreach: Hashable, Sendable {
    /// The text is not the one that was written.
    case changed
    /// Rows that were there are not, up to the one before the named.
    case removed(from: Int64)
    /// It was put between rows that follow each other.
    case inserted
    /// It does not continue the chain: its moment or its hash was changed, or all before it was rewritten.
    case unchained
    /// Its body was removed, and no erasure says so.
    case erasedWithoutOrder
    /// The chain no longer goes through the anchor: rows at its end were cut off, or all of it was rewritten.
    case anchorMissing

    /// For the person who ordered the verification.
    public func spanish(row: Int64) -> String {
        switch self {
        case .changed: "fila \(row): se cambió su texto"
        case .removed(let first):
            first == row - 1
                ? "fila \(first): se quitó" : "filas \(first) a \(row - 1): se quitaron"
        case .inserted: "fila \(row): se insertó entre dos que se siguen"
        case .unchained:
            "fila \(row): no continúa la cadena; se cambió su momento o su código, o se reescribió lo anterior"
        case .erasedWithoutOrder: "fila \(row): le falta el texto y ninguna supresión lo ordenó"
        case .anchorMissing:
            "después de la fila \(row): el ancla no está en la cadena; se cortó el final o se reescribió todo"
        }
    }
}

extension Store {
    /// Walks the audit log of a database from its first row to its last, also while a server uses it.
    ///
    /// Whoever can write the file can also chain rows anew: only an anchor that was kept elsewhere shows that.
    /// - Parameter anchor: the hash of a row, in hexadecimal, as an earlier verification printed it.
    /// - Throws: ``StoreError``.
    public static func verifyAudit(in path: String, anchor: String? = nil) throws -> AuditVerdict {
        try reading(path) { try AuditWalk(anchor: anchor).verdict($0) }
    }

    static func auditVerdict(_ db: Database) throws -> AuditVerdict { try AuditWalk(anchor: nil).verdict(db) }
}

/// One walk along the chain.
private struct AuditWalk {
    private struct Link {
        let id, at: Int64
        let body: String
        let salt: Data?
        let digest, hash: Data

        func follows(_ previous: Data) -> Bool { AuditChain.link(after: previous, at: at, digest: digest) == hash }
    }

    private let anchor: String?
    private var seen: Bool
    private var last: (id: Int64, at: Moment?, hash: Data) = (0, nil, AuditChain.start)
    private var rows = 0
    /// Rows without a body, with the row that is to have ordered it.
    private var erased: [(row: Int64, by: Int64)] = []
    private var orders: [Int64: ErasedRows] = [:]

    init(anchor: String?) {
        self.anchor = anchor?.lowercased()
        seen = anchor == nil
    }

    func verdict(_ db: Database) throws -> AuditVerdict {
        var walk = self
        return try walk.go(db)
    }

    private mutating func go(_ db: Database) throws -> AuditVerdict {
        let cursor = try Row.fetchCursor(db, sql: "SELECT id, at, body, salt, digest, hash FROM audit ORDER BY id")
        func next() throws -> Link? {
            try cursor.next().map {
                Link(
                    id: $0["id"], at: $0["at"], body: $0["body"], salt: $0["salt"], digest: $0["digest"],
                    hash: $0["hash"])
            }
        }
        while let link = try next() {
            guard link.follows(last.hash) else {
                if link.id > last.id + 1 { return .broken(row: link.id, .removed(from: last.id + 1)) }
                if try next()?.follows(last.hash) == true { return .broken(row: link.id, .inserted) }
                return .broken(row: link.id, .unchained)
            }
            if let salt = link.salt {
                if AuditChain.digest(salt: salt, body: link.body) != link.digest {
                    return .broken(row: link.id, .changed)
                }
                if link.body.contains("\"\(ErasedRows.kind)\"") {
                    let event: AuditEvent = try JSON.value(link.body)
                    if event.kind == ErasedRows.kind { orders[link.id] = ErasedRows(event) }
                }
            } else {
                guard let by = try? JSON.value(link.body, as: ErasedBody.self).erased else {
                    return .broken(row: link.id, .erasedWithoutOrder)
                }
                erased.append((link.id, by))
            }
            last = (link.id, Moment(milliseconds: link.at), link.hash)
            rows += 1
            if !seen, Self.text(link.hash) == anchor { seen = true }
        }
        for (row, by) in erased where orders[by]?.contains(row) != true {
            return .broken(row: row, .erasedWithoutOrder)
        }
        if !seen { return .broken(row: last.id, .anchorMissing) }
        return .intact(rows: rows, last: last.at, anchor: Self.text(last.hash))
    }

    private static func text(_ data: Data) -> String {
        data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The rows of the audit log whose bodies an erasure removed, as its own row says: `3-9`, `12`.
struct ErasedRows {
    static let kind = "person.erased"

    private(set) var ranges: [ClosedRange<Int64>] = []

    /// - Parameter rows: ascending.
    init(_ rows: [Int64]) {
        for row in rows {
            if let last = ranges.last, last.upperBound + 1 == row {
                ranges[ranges.count - 1] = last.lowerBound...row
            } else {
                ranges.append(row...row)
            }
        }
    }

    /// Reads what ``texts`` wrote among an event's details.
    init(_ event: AuditEvent) {
        ranges = event.detail.compactMap { text in
            let ends = text.split(separator: "-").map { Int64($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return nil }
            return first...last
        }
    }

    var texts: [String] {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    }

    func contains(_ row: Int64) -> Bool { ranges.contains { $0.contains(row) } }
}
