import DatabaseEngine
import Foundation
import Synchronization

/// One writer thread: drains all turns that wait into one transaction, a savepoint each, and answers after the commit.
/// Without the thread, for simulations, who submits commits, unless what waits is held back.
///
/// `@unchecked Sendable`: what changes is touched only under `condition`.
final class GroupCommit: @unchecked Sendable {
    private struct Job: Sendable {
        /// Runs inside the transaction; returns how to answer once the commit is known to hold or not.
        let run: @Sendable (Database) throws -> @Sendable ((any Error)?) -> Void
        /// Answers where the transaction could not even begin.
        let fail: @Sendable (any Error) -> Void
    }

    static let largestCommit = 256
    static let longestQueue = 10_000

    private let condition = NSCondition()
    private var waiting: [Job] = []
    private var stopped = false
    private var held = false
    private let pool: Connections
    private let hasThread: Bool

    init(pool: Connections, hasThread: Bool = true) {
        self.pool = pool
        self.hasThread = hasThread
        guard hasThread else { return }
        let thread = Thread { [self] in drain() }
        thread.name = "promesa-writer"
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Runs each in this order, undone by itself where it throws, and returns when all are on disk.
    func submit<Value: Sendable>(
        _ works: [@Sendable (Database) throws -> Value]
    ) async -> [Result<Value, any Error>] {
        if works.isEmpty { return [] }
        let answers = Answers<Value>()
        return await withCheckedContinuation { continuation in
            let jobs = works.enumerated().map { index, work in
                Self.job(work) { answer in
                    if let all = answers.take(answer, at: index, of: works.count) {
                        continuation.resume(returning: all)
                    }
                }
            }
            condition.lock()
            let refusal: StoreError? =
                stopped ? .closed : waiting.count + jobs.count > Self.longestQueue ? .overloaded : nil
            if refusal == nil {
                waiting += jobs
                condition.signal()
            }
            let commitsNow = !hasThread && !held
            condition.unlock()
            if let refusal {
                for job in jobs { job.fail(refusal) }
            } else if commitsNow {
                commitWaiting()
            }
        }
    }

    /// What came of jobs that were submitted together.
    private final class Answers<Value: Sendable>: Sendable {
        private let known = Mutex<[Int: Result<Value, any Error>]>([:])

        /// - Returns: all, in order, once the last is there.
        func take(_ answer: Result<Value, any Error>, at index: Int, of count: Int) -> [Result<Value, any Error>]? {
            known.withLock { known in
                known[index] = answer
                return known.count == count ? (0..<count).map { known[$0]! } : nil
            }
        }
    }

    private static func job<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value,
        answer: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) -> Job {
        Job(
            run: { db in
                var result: Result<Value, any Error>!
                do {
                    try db.inSavepoint {
                        result = .success(try work(db))
                        return .commit
                    }
                } catch let error as DatabaseError where error.isOfTheDisk {
                    // SQLite may have undone the turns before it too: none of this commit holds.
                    throw error
                } catch {
                    result = .failure(error)
                }
                let outcome = result!
                return { commitError in answer(commitError.map { .failure($0) } ?? outcome) }
            },
            fail: { answer(.failure($0)) })
    }

    /// Turns that wait.
    var waitingCount: Int {
        condition.lock()
        defer { condition.unlock() }
        return waiting.count
    }

    /// Without a thread: lets what is submitted wait until ``release()``.
    func hold() {
        condition.lock()
        held = true
        condition.unlock()
    }

    func release() {
        condition.lock()
        held = false
        condition.unlock()
        commitWaiting()
    }

    private func commitWaiting() {
        condition.lock()
        while let batch = take() {
            condition.unlock()
            commit(batch)
            condition.lock()
        }
        condition.unlock()
    }

    /// Commits what waits, then ends the thread.
    func stop() {
        condition.lock()
        stopped = true
        condition.signal()
        while hasThread, !ended { condition.wait() }
        condition.unlock()
    }

    private var ended = false

    private func drain() {
        while let batch = next() { commit(batch) }
        condition.lock()
        ended = true
        condition.broadcast()
        condition.unlock()
    }

    private func next() -> [Job]? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty {
            if stopped { return nil }
            condition.wait()
        }
        return take()
    }

    /// The next batch, under the lock.
    private func take() -> [Job]? {
        guard !waiting.isEmpty else { return nil }
        let batch = Array(waiting.prefix(Self.largestCommit))
        waiting.removeFirst(batch.count)
        return batch
    }

    private func commit(_ batch: [Job]) {
        var answers: [@Sendable ((any Error)?) -> Void] = []
        var failure: (any Error)?
        do {
            try pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    for job in batch { answers.append(try job.run(db)) }
                    #if PostgreSQL
                        // The node that sends and fires timers need not be this one.
                        try db.notify()
                    #endif
                    return .commit
                }
            }
        } catch {
            failure = StoreError.notWritten(reason: String(describing: error))
        }
        for answer in answers { answer(failure) }
        if let failure { for job in batch.dropFirst(answers.count) { job.fail(failure) } }
    }
}

extension DatabaseError {
    /// The database cannot be read or written now, whatever a turn asks of it.
    fileprivate var isOfTheDisk: Bool {
        #if PostgreSQL
            isOfTheServer
        #else
            let codes: [ResultCode] = [
                .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_NOMEM, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_BUSY,
                .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_ABORT, .SQLITE_INTERRUPT,
            ]
            return codes.contains(resultCode)
        #endif
    }
}
