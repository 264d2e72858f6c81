import Channels
import Conversations
import Foundation
import Quantities
import Service
import Storage

/// The gateway that messages leave through: it takes them, fails, is late, takes them and does not say so; and it
/// remembers what it took.
///
/// `@unchecked Sendable`: one simulation uses it, one call after the other.
final class SimulatedGateway: @unchecked Sendable {
    struct Taken {
        var id: String
        var message: OutboxMessage
        var tracker: String
    }

    let disk: SimulatedDisk
    /// Of the event in which messages leave.
    var random = SeededRandom(0)
    /// Answers every request at once, with success.
    var isHealthy = false
    /// The message that is on its way.
    var sending: OutboxEntry?
    private(set) var taken: [Taken] = []
    /// What was taken and is not known to be noted as sent: it may come again.
    private(set) var inDoubt: Set<String> = []
    /// Requests that were not answered as they should.
    private(set) var refusals = 0
    /// Called for each message that is taken, with whether it was taken before without a reason for coming again.
    var onTaking: (OutboxMessage, _ isRepeated: Bool) -> Void = { _, _ in }

    struct ConnectionBroke: Error {}

    init(disk: SimulatedDisk) { self.disk = disk }

    func answer(_ request: OutboundRequest) throws -> SocketlessServer.Answer {
        guard let entry = sending else { return (500, Data(), nil) }
        if disk.isDead { throw ConnectionBroke() }
        let roll = isHealthy ? 0 : Int.random(in: 0..<100, using: &random)
        switch roll {
        case 70..<75: return refuse(500)
        case 75..<80: return refuse(503)
        case 80..<84: return refuse(429, after: 3)
        case 84..<87: return refuse(400, body: #"{"error":{"code":131026}}"#)
        case 87..<90:
            refusals += 1
            throw ConnectionBroke()
        case 90..<95:
            // It took the message, and we never hear of it.
            take(entry, request)
            refusals += 1
            throw ConnectionBroke()
        case 95..<100:
            // The power fails between its answer and our note of it.
            let id = take(entry, request)
            disk.die(inOperations: Int.random(in: 1...3, using: &random))
            return success(id)
        default: return success(take(entry, request))
        }
    }

    /// The message is known to be noted as sent: it must not come again.
    func settle(_ messageID: String) { inDoubt = inDoubt.filter { !$0.hasPrefix(messageID + "/") } }

    private func refuse(_ status: Int, after: Int? = nil, body: String = "{}") -> SocketlessServer.Answer {
        refusals += 1
        return (status, Data(body.utf8), after)
    }

    private func success(_ id: String) -> SocketlessServer.Answer {
        (200, Data(#"{"messages":[{"id":"\#(id)"}]}"#.utf8), nil)
    }

    @discardableResult
    private func take(_ entry: OutboxEntry, _ request: OutboundRequest) -> String {
        let body = (try? JSONSerialization.jsonObject(with: request.body)) as? [String: Any]
        let tracker = body?["biz_opaque_callback_data"] as? String ?? entry.message.id + "/0"
        let id = "wamid.\(taken.count)"
        let isRepeated = taken.contains { $0.tracker == tracker } && !inDoubt.contains(tracker)
        inDoubt.insert(tracker)
        taken.append(Taken(id: id, message: entry.message, tracker: tracker))
        onTaking(entry.message, isRepeated)
        return id
    }
}
