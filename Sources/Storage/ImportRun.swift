import Conversations
import DatabaseEngine
import Foundation
import Ledger
import Negotiation
import Quantities

/// What an import did, row by row.
public struct ImportFigures: Hashable, Sendable, Codable {
    public var rows = 0
    /// Things that were not known.
    public var new = 0
    public var changed = 0
    public var same = 0
    /// Rows that were left out; without `--skip-bad` there are none, or nothing is imported.
    public var bad = 0
    /// From the first row to the last, and of them those for accounts that are written as a whole.
    public var seconds = 0.0
    public var secondsByAccount = 0.0
}

/// How far an import is.
public struct ImportProgress: Sendable {
    public enum Stage: Sendable {
        /// Bytes of the file.
        case rows
        /// Rows of accounts that are written as a whole.
        case accounts
    }
    public var stage: Stage
    public var done: Int
    public var total: Int
}

/// What is to be imported, and how.
public struct ImportJob: Sendable {
    public var kind: ImportKind
    public var file: String
    /// As messages name the file.
    public var name: String
    public var mapping: ImportMapping
    /// Bad rows go to this file and the rest is imported; nil for all or nothing.
    public var badRows: String?

    public init(kind: ImportKind, file: String, mapping: ImportMapping = ImportMapping(), badRows: String? = nil) {
        self.kind = kind
        self.file = file
        name = file
        self.mapping = mapping
        self.badRows = badRows
    }
}

extension Store {
    /// Imports a file in one transaction, whatever its length, holding only a row and one account's rows at a time.
    ///
    /// Rows are written as they are read. Those of a history, and payments of an account that has promises, wait in a
    /// temporary database of offsets until the file was read, and are then taken account by account.
    /// - Parameter processor: judges the promises of who paid; accounts and items need none.
    /// - Throws: ``ImportFailure``, ``CSVUnreadable`` and ``StoreError``; then nothing was imported.
    public func run(
        _ job: ImportJob, processor: TurnProcessor? = nil, now: Moment,
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) async throws -> ImportFigures {
        let run = try ImportRun(
            job, staging: temporaryDatabase(), processor: processor, now: now, progress: progress)
        let key = privacyKey
        let figures = try await write { try run.perform($0, erased: ErasedPeople($0, key: key)) }
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
    /// KiB of the database that are held in memory while it is written, and of the temporary one.
    private static let (cache, stagingCache) = (24_000, 8_000)

    private let job: ImportJob
    private let processor: TurnProcessor?
    private let now: Moment
    private let progress: @Sendable (ImportProgress) -> Void
    private let file: ImportedFile
    private let staging: DatabaseQueue
    private var reader: ImportReader
    private let bad: BadRowsFile?
    private var figures = ImportFigures()
    private var problems: [String] = []
    private var problemCount = 0

    init(
        _ job: ImportJob, staging: DatabaseQueue, processor: TurnProcessor?, now: Moment,
        progress: @escaping @Sendable (ImportProgress) -> Void
    ) throws {
        (self.job, self.processor, self.now, self.progress) = (job, processor, now, progress)
        let file = try ImportedFile(path: job.file)
        self.file = file
        reader = try ImportReader(job.kind, file: job.name, mapping: job.mapping) { try file.next(Self.chunk) }
        bad = job.badRows.map { BadRowsFile(path: $0) }
        self.staging = staging
        try staging.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -\(Self.stagingCache);
                    CREATE TABLE later (
                        account TEXT, key TEXT, start INTEGER, length INTEGER, line INTEGER, PRIMARY KEY (account, key))
                        WITHOUT ROWID;
                    """)
        }
    }

    /// Reads and writes everything, in the transaction of `db`.
    func perform(_ db: Database, erased: ErasedPeople?) throws -> ImportFigures {
        let clock = ContinuousClock()
        let began = clock.now
        let usual = try Int.fetchOne(db, sql: "PRAGMA cache_size") ?? -2_000
        try db.execute(sql: "PRAGMA cache_size = -\(Self.cache)")
        defer { try? db.execute(sql: "PRAGMA cache_size = \(usual)") }
        try staging.writeWithoutTransaction { staged in
            try staged.inTransaction {
                let writer = try ImportWriter(db: db, job: job, now: now, seen: try SeenRows(staged), erased: erased)
                try takeRows(writer, staged)
                try writer.end()
                return .commit
            }
            let read = clock.now
            try takeLater(ImportHistoryWriter(db: db, kind: job.kind, processor: processor, now: now), staged)
            figures.secondsByAccount = (clock.now - read).seconds
        }
        figures.seconds = (clock.now - began).seconds
        guard problemCount == 0 else { throw ImportFailure(problems: problems, count: problemCount) }
        return figures
    }

    /// The rows as they come; those that have to be taken with the others of their account are noted.
    private func takeRows(_ writer: ImportWriter, _ staged: Database) throws {
        let later = try RowStatement(staged, "INSERT OR IGNORE INTO later VALUES (?, ?, ?, ?, ?)")
        while let row = try reader.next() {
            figures.rows += 1
            if figures.rows & 0x3FFF == 0 {
                progress(ImportProgress(stage: .rows, done: reader.range.lowerBound, total: file.size))
            }
            guard case .good(let row) = row else {
                if case .bad(let found) = row { try report(found) }
                continue
            }
            guard try count(writer.take(row, reader: &reader)) == .later else { continue }
            let isFirst = try later.run(
                .text(row.accountID), .text(row.key), .integer(Int64(reader.range.lowerBound)),
                .integer(Int64(reader.range.count)), .integer(Int64(reader.line)))
            if isFirst == 0 { try report([reader.repeated(job.kind == .payments ? .payment : .id)]) }
        }
        progress(ImportProgress(stage: .rows, done: file.size, total: file.size))
    }

    /// The rows that wait, account by account.
    private func takeLater(_ writer: ImportHistoryWriter, _ staged: Database) throws {
        let total = try Int.fetchOne(staged, sql: "SELECT count(*) FROM later") ?? 0
        let rows = try Row.fetchCursor(
            staged, sql: "SELECT account, line, start, length FROM later ORDER BY account, start")
        var account: String?
        var done = 0
        while let row = try rows.next() {
            let id: String = row[0]
            if id != account {
                try writer.end()
                try writer.begin(id)
                account = id
            }
            let (line, start): (Int, Int) = (row[1], row[2])
            let bytes = try file.bytes(at: start, count: row[3])
            // Checked before; only a file that changed meanwhile fails now.
            guard case .good(let row) = reader.reread(bytes, line: line, offset: start) else {
                throw ImportFailure(problems: ["\(job.name):\(line):1: the file changed while it was read"])
            }
            _ = try count(writer.take(row, reader: &reader))
            done += 1
            if done & 0x3FF == 0 { progress(ImportProgress(stage: .accounts, done: done, total: total)) }
        }
        try writer.end()
        try writer.finish()
        if total > 0 { progress(ImportProgress(stage: .accounts, done: total, total: total)) }
    }

    private func count(_ outcome: ImportOutcome) throws -> ImportOutcome {
        switch outcome {
        case .new: figures.new += 1
        case .changed: figures.changed += 1
        case .same: figures.same += 1
        case .bad(let problem): try report([problem])
        case .later: break
        }
        return outcome
    }

    private func report(_ found: [ImportProblem]) throws {
        figures.bad += 1
        if let bad {
            try bad.write(reader, found)
        } else {
            problemCount += found.count
            problems += found.prefix(Self.mostListed - problems.count).map { $0.rendered(file: job.name) }
        }
    }

    /// After the commit.
    func finish() throws { try bad?.finish() }
}

/// The file of an import, read in order and, for single rows, at a place.
private final class ImportedFile {
    private let descriptor: Int32
    let size: Int

    init(path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            if descriptor >= 0 { close(descriptor) }
            throw ImportFailure(problems: ["\(path): cannot be read; name a file"])
        }
        (self.descriptor, size) = (descriptor, Int(status.st_size))
    }

    deinit { close(descriptor) }

    func next(_ count: Int) throws -> [UInt8] { try readBytes(descriptor, count: count) }
    func bytes(at offset: Int, count: Int) throws -> [UInt8] { try readBytes(descriptor, count: count, at: offset) }
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
