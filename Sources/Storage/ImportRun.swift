import Conversations
import Foundation
import GRDB
import Ledger
import Negotiation
import Quantities

/// What an import did, row by row.
public struct ImportFigures: Hashable, Sendable {
    public var rows = 0
    /// Things that were not known.
    public var new = 0
    public var changed = 0
    public var same = 0
    /// Rows that were left out; without `--skip-bad` there are none, or nothing is imported.
    public var bad = 0
    /// Seconds to read and check, and to write.
    public var reading = 0.0
    public var writing = 0.0
}

/// How far an import is.
public struct ImportProgress: Sendable {
    public enum Stage: Sendable { case reading, writing }
    public var stage: Stage
    public var done: Int
    public var total: Int
}

/// What is to be imported, and how.
public struct ImportJob: Sendable {
    public var kind: ImportKind
    public var file: String
    public var mapping: ImportMapping
    /// Bad rows go to this file and the rest is imported; nil for all or nothing.
    public var badRows: String?

    public init(kind: ImportKind, file: String, mapping: ImportMapping = ImportMapping(), badRows: String? = nil) {
        self.kind = kind
        self.file = file
        self.mapping = mapping
        self.badRows = badRows
    }
}

extension Store {
    /// Imports a file in one transaction, whatever its length, holding only a row and one account's rows at a time.
    ///
    /// The file is read twice: once to check each row and to note where those of each account lie, in a temporary
    /// database of keys and offsets; then account by account, in the transaction.
    /// - Parameter processor: payments and history go the way of `POST /v1/payments`; accounts and items need none.
    /// - Throws: ``ImportFailure``, ``CSVUnreadable`` and ``StoreError``; then nothing was imported.
    public func run(
        _ job: ImportJob, processor: TurnProcessor? = nil, now: Moment,
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) async throws -> ImportFigures {
        let run = try ImportRun(job, processor: processor, now: now, progress: progress)
        try run.readAll()
        let figures = try await write { try run.writeAll($0) }
        try run.finish()
        return figures
    }
}

/// One import under way.
///
/// `@unchecked Sendable`: used by one thread at a time: the caller's, then the writer's, then the caller's again.
private final class ImportRun: @unchecked Sendable {
    private static let chunk = 1 << 18
    private static let mostListed = 200

    private let job: ImportJob
    private let processor: TurnProcessor?
    private let now: Moment
    private let progress: @Sendable (ImportProgress) -> Void
    private let descriptor: Int32
    private let size: Int
    private let staging: DatabaseQueue
    private var reader: ImportReader
    private let bad: BadRowsFile?
    private var figures = ImportFigures()
    private var problems: [String] = []
    private var problemCount = 0
    private let clock = ContinuousClock()

    init(
        _ job: ImportJob, processor: TurnProcessor?, now: Moment, progress: @escaping @Sendable (ImportProgress) -> Void
    ) throws {
        (self.job, self.processor, self.now, self.progress) = (job, processor, now, progress)
        let descriptor = open(job.file, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            throw ImportFailure(problems: ["\(job.file): cannot be read; name a file"])
        }
        (self.descriptor, size) = (descriptor, Int(status.st_size))
        do {
            reader = try ImportReader(job.kind, file: job.file, mapping: job.mapping) {
                try readBytes(descriptor, count: Self.chunk)
            }
            bad = job.badRows.map { BadRowsFile(path: $0) }
            // A database without a name is SQLite's own temporary file, gone when it is closed.
            staging = try DatabaseQueue(path: "")
            try staging.writeWithoutTransaction { db in
                let unique = job.kind == .payments || job.kind == .history ? ", UNIQUE (key)" : ""
                try db.execute(
                    sql: """
                        PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;
                        CREATE TABLE rows (
                            account TEXT NOT NULL, key TEXT NOT NULL, line INTEGER NOT NULL, start INTEGER NOT NULL,
                            length INTEGER NOT NULL, PRIMARY KEY (account, key)\(unique)) WITHOUT ROWID;
                        """)
            }
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Checks each row by itself and notes where it lies.
    func readAll() throws {
        let began = clock.now
        try staging.writeWithoutTransaction { db in
            try db.inTransaction {
                let insert = try db.makeStatement(sql: "INSERT OR IGNORE INTO rows VALUES (?, ?, ?, ?, ?)")
                while let row = try reader.next() {
                    figures.rows += 1
                    if figures.rows & 0x3FFF == 0 {
                        progress(ImportProgress(stage: .reading, done: reader.range.lowerBound, total: size))
                    }
                    switch row {
                    case .bad(let found): try report(found)
                    case .good(let row):
                        try insert.execute(arguments: [
                            row.accountID, row.key, reader.line, reader.range.lowerBound, reader.range.count,
                        ])
                        if db.changesCount == 0 { try report([try repeated(row, db)]) }
                    }
                }
                return .commit
            }
        }
        progress(ImportProgress(stage: .reading, done: size, total: size))
        figures.reading = (clock.now - began).seconds
        try refuseIfBad()
    }

    private func repeated(_ row: ImportedRow, _ db: Database) throws -> ImportProblem {
        let line = try Int.fetchOne(
            db, sql: "SELECT line FROM rows WHERE key = ? AND (account = ? OR ?)",
            arguments: [row.key, row.accountID, job.kind == .payments || job.kind == .history])
        let column: ImportColumn =
            switch job.kind {
            case .accounts: row.key.isEmpty ? .account : .item
            case .items: .item
            case .payments: .payment
            case .history: .id
            }
        return reader.problem(column, expected: "one that the file does not have yet; line \(line ?? 0) has it")
    }

    private func report(_ found: [ImportProblem]) throws {
        figures.bad += 1
        if let bad {
            try bad.write(reader, found)
        } else {
            problemCount += found.count
            problems += found.prefix(Self.mostListed - problems.count).map { $0.rendered(file: job.file) }
        }
    }

    private func refuseIfBad() throws {
        guard problemCount == 0 else { throw ImportFailure(problems: problems, count: problemCount) }
    }

    /// Writes what was read, account by account.
    func writeAll(_ db: Database) throws -> ImportFigures {
        let began = clock.now
        let writer = ImportWriter(turn: SQLiteTurn(db: db), job: job, processor: processor, now: now)
        try staging.read { staged in
            let total = try Int.fetchOne(staged, sql: "SELECT count(*) FROM rows") ?? 0
            let cursor = try Row.fetchCursor(
                staged, sql: "SELECT account, line, start, length FROM rows ORDER BY account")
            var group: [Place] = []
            var account: String?
            var done = 0
            while let row = try cursor.next() {
                let id: String = row["account"]
                if id != account {
                    try write(group, of: account, with: writer)
                    (account, group) = (id, [])
                }
                group.append(Place(line: row["line"], start: row["start"], length: row["length"]))
                done += 1
                if done & 0x3FF == 0 { progress(ImportProgress(stage: .writing, done: done, total: total)) }
            }
            try write(group, of: account, with: writer)
            progress(ImportProgress(stage: .writing, done: total, total: total))
        }
        try writer.finish()
        figures.writing = (clock.now - began).seconds
        try refuseIfBad()
        return figures
    }

    private struct Place {
        var line: Int
        var start: Int
        var length: Int
    }

    private func write(_ group: [Place], of account: String?, with writer: ImportWriter) throws {
        guard let account else { return }
        let known = try writer.begin(account)
        for place in group.sorted(by: { $0.start < $1.start }) {
            let bytes = try readBytes(descriptor, count: place.length, at: place.start)
            // Checked before; only a file that changed meanwhile fails now.
            guard case .good(let row) = reader.reread(bytes, line: place.line, offset: place.start) else {
                throw ImportFailure(problems: ["\(job.file):\(place.line):1: the file changed while it was read"])
            }
            switch try writer.take(row, known: known, reader: &reader) {
            case .new: figures.new += 1
            case .changed: figures.changed += 1
            case .same: figures.same += 1
            case .bad(let problem): try report([problem])
            }
        }
        try writer.end()
    }

    /// After the commit.
    func finish() throws { try bad?.finish() }
}

/// The rows that were left out, each as it was and with what is wrong: to be mended and imported again.
private final class BadRowsFile {
    private let path: String
    private var handle: FileHandle?

    init(path: String) { self.path = path }

    private var temporary: String { path + ".part" }

    func write(_ reader: ImportReader, _ problems: [ImportProblem]) throws {
        let separator = String(Unicode.Scalar(reader.separator))
        if handle == nil {
            guard
                FileManager.default.createFile(
                    atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600]),
                let opened = FileHandle(forWritingAtPath: temporary)
            else { throw ImportFailure(problems: ["\(path): cannot be written"]) }
            handle = opened
            let added =
                String(decoding: reader.header, as: UTF8.self).hasSuffix("problema") ? "" : separator + "problema"
            try opened.write(contentsOf: Data(reader.header + Array(added.utf8) + [10]))
        }
        let text = problems.map { "\($0.line):\($0.column): \($0.message)" }.joined(separator: "; ")
        let cell = "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        let letters = reader.textEncoding.bytes(cell) ?? Array(cell.utf8)
        try handle?.write(contentsOf: Data(reader.mendable + Array(separator.utf8) + letters + [10]))
    }

    /// Puts the file in its place; where no row was bad, an older one stays as it is.
    func finish() throws {
        guard let handle else { return }
        try handle.close()
        guard rename(temporary, path) == 0 else { throw ImportFailure(problems: ["\(path): cannot be written"]) }
    }
}

private func readBytes(_ descriptor: Int32, count: Int, at offset: Int? = nil) throws -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
            let place = buffer.baseAddress! + filled
            let got =
                offset.map { pread(descriptor, place, count - filled, off_t($0 + filled)) }
                ?? read(descriptor, place, count - filled)
            if got < 0, errno == EINTR { continue }
            if got < 0 { failure = errno }
            if got <= 0 { break }
            filled += got
        }
    }
    guard failure == 0 else {
        throw ImportFailure(problems: ["the file cannot be read: \(String(cString: strerror(failure)))"])
    }
    return bytes
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
