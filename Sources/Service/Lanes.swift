import Conversations
import Synchronization

/// How many turns of one contact wait: who posts thousands at once fills neither the memory nor the queue that all share.
final class Lanes: Sendable {
    /// Turns of one contact that may wait to be committed.
    static let longest = 64

    private let waiting = Mutex<[ContactKey: Int]>([:])

    /// - Throws: ``Refusal``, 503 with `Retry-After`, where the contact has enough waiting.
    func enter(_ contact: ContactKey) throws {
        let fits = waiting.withLock { waiting in
            guard waiting[contact, default: 0] < Self.longest else { return false }
            waiting[contact, default: 0] += 1
            return true
        }
        if !fits {
            throw Refusal(
                .serviceUnavailable, "overloaded", "Too many messages of this contact wait; post this again later.")
        }
    }

    func leave(_ contact: ContactKey) {
        waiting.withLock { waiting in
            let left = waiting[contact, default: 1] - 1
            waiting[contact] = left == 0 ? nil : left
        }
    }
}
