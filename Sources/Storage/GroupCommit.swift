import Foundation
import GRDB

/// One writer thread: drains all turns that wait into one transaction, a savepoint each, and answers after the commit.
///
/// `@unchecked Sendable`: `waiting` and `stopped` are touched only under `condition`.
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

    init(pool: DatabasePool) {
        let thread = Thread { [self] in drain(into: pool) }
        thread.name = "promesa-writer"
        thread.stackSize = 8 << 20
        thread.start()
    }

    func submit<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(
                run: { db in
                    var result: Result<Value, any Error>!
                    do {
                        try db.inSavepoint {
                            result = .success(try work(db))
                            return .commit
                        }
                    } catch {
                        result = .failure(error)
                    }
                    let outcome = result!
                    return { commitError in continuation.resume(with: commitError.map { .failure($0) } ?? outcome) }
                },
                fail: { continuation.resume(throwing: $0) })
            condition.lock()
            let refusal: StoreError? = stopped ? .closed : waiting.count >= Self.longestQueue ? .overloaded : nil
            if refusal == nil {
                waiting.append(job)
                condition.signal()
            }
            condition.unlock()
            if let refusal { continuation.resume(throwing: refusal) }
        }
    }

    /// Commits what waits, then ends the thread.
    func stop() {
        condition.lock()
        stopped = true
        condition.signal()
        while !ended { condition.wait() }
        condition.unlock()
    }

    private var ended = false

    private func drain(into pool: DatabasePool) {
        while let batch = next() { commit(batch, into: pool) }
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
        let batch = Array(waiting.prefix(Self.largestCommit))
        waiting.removeFirst(batch.count)
        return batch
    }

    private func commit(_ batch: [Job], into pool: DatabasePool) {
        var answers: [@Sendable ((any Error)?) -> Void] = []
        var failure: (any Error)?
        do {
            try pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    for job in batch { answers.append(try job.run(db)) }
                    return .commit
                }
            }
        } catch {
            failure = error
        }
        for answer in answers { answer(failure) }
        if let failure { for job in batch.dropFirst(answers.count) { job.fail(failure) } }
    }
}
