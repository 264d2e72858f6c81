import Channels
import Conversations
import Foundation
import Quantities
import Service
import Storage

/// The gateways that messages leave through: they take them, fail, are late, take them and do not say so; and they
/// remember what they took.
///
/// `@unchecked Sendable`: one simulation uses it, one call after the other.
final class SimulatedGateway: @unchecked Sendable {
    struct Taken {
        var id: String
        var message: OutboxMessage
        var tracker: String
    }

    let disk: SimulatedDisk
    private let genericSecret: String
    private let now: @Sendable () -> Moment
    /// Of the event in which messages leave.
    var random = SeededRandom(0)
    /// Answers every request at once, with success.
    var isHealthy = false
    /// Until when no gateway can be reached.
    var outageUntil: Moment?
    /// The message that is on its way.
    var sending: OutboxEntry?
    private(set) var taken: [Taken] = []
    /// What was taken and is not known to be noted as sent: it may come again.
    private(set) var inDoubt: Set<String> = []
    /// Requests that were not answered as they should.
    private(set) var refusals = 0
    private(set) var figures = Figures()
    /// Shortens what is read, for a flaw.
    var garbles = false
    /// Called for each message that is taken, with what was read, and whether it was taken before without a reason for
    /// coming again.
    var onTaking: (OutboxMessage, Reading?, _ isRepeated: Bool) -> Void = { _, _, _ in }

    struct ConnectionBroke: Error {}

    init(disk: SimulatedDisk, genericSecret: String, now: @escaping @Sendable () -> Moment) {
        self.disk = disk
        self.genericSecret = genericSecret
        self.now = now
    }

    func answer(_ request: OutboundRequest) throws -> SocketlessServer.Answer {
        guard let entry = sending else { return (500, Data(), nil) }
        if disk.isDead { throw ConnectionBroke() }
        if !isHealthy, let outageUntil, now() < outageUntil { throw breakConnection() }
        let channel = entry.message.contact.channel
        let roll = isHealthy ? 0 : Int.random(in: 0..<100, using: &random)
        switch roll {
        case 70..<75: return refuse(.gatewayErrors, 500)
        case 75..<80: return refuse(.gatewayErrors, 503)
        case 80..<84:
            let body = channel == "telegram" ? #"{"ok":false,"error_code":429,"parameters":{"retry_after":3}}"# : "{}"
            return refuse(.throttles, 429, after: channel == "telegram" ? nil : 3, body: body)
        case 84..<87:
            // One of three told the carrier or WhatsApp to stop.
            let isOptOut = roll == 86
            if isOptOut, ["sms", "whatsapp"].contains(channel) { figures[.carrierOptOuts] += 1 }
            let (status, body) =
                switch channel {
                case "sms": (400, #"{"code":\#(isOptOut ? 21610 : 21211)}"#)
                case "telegram": (403, #"{"ok":false,"error_code":403}"#)
                case "generic": (400, "{}")
                default: (400, #"{"error":{"code":\#(isOptOut ? 131050 : 131026)}}"#)
                }
            return refuse(.permanentErrors, status, body: body)
        case 87..<90: throw breakConnection()
        case 90..<95:
            // It took the message, and we never hear of it.
            _ = take(entry, request)
            figures[.silentlyTaken] += 1
            refusals += 1
            throw ConnectionBroke()
        case 95..<100:
            // The power fails between its answer and our note of it.
            let answer = take(entry, request)
            figures[.cutAfterAnswer] += 1
            disk.die(inOperations: Int.random(in: 1...3, using: &random))
            return answer
        default: return take(entry, request)
        }
    }

    /// The message is known to be noted as sent: it must not come again.
    func settle(_ messageID: String) { inDoubt = inDoubt.filter { !$0.hasPrefix(messageID + "/") } }

    private func breakConnection() -> ConnectionBroke {
        figures[.brokenConnections] += 1
        refusals += 1
        return ConnectionBroke()
    }

    private func refuse(
        _ kind: Figures.Count, _ status: Int, after: Int? = nil, body: String = "{}"
    ) -> SocketlessServer.Answer {
        figures[kind] += 1
        refusals += 1
        return (status, Data(body.utf8), after)
    }

    private func take(_ entry: OutboxEntry, _ request: OutboundRequest) -> SocketlessServer.Answer {
        let channel = entry.message.contact.channel
        var reading = Reading(request, on: channel, genericSecret: genericSecret)
        if garbles, reading?.text.isEmpty == false { reading?.text.removeLast() }
        // A gateway that is given no name for a message knows it by what it says.
        let tracker = reading?.tracker ?? "\(entry.message.id)/\(reading?.text ?? "")"
        let wasTaken = taken.contains { $0.tracker == tracker }
        // The company's own server tells by the id that it has it already.
        if channel == "generic", wasTaken { return (409, Data("{}".utf8), nil) }
        let id = "taken.\(taken.count)"
        let isRepeated = wasTaken && !inDoubt.contains(tracker)
        inDoubt.insert(tracker)
        taken.append(
            Taken(id: channel == "telegram" ? String(taken.count) : id, message: entry.message, tracker: tracker))
        figures[.taken] += 1
        onTaking(entry.message, reading, isRepeated)
        switch channel {
        case "sms": return (201, Data(#"{"sid":"\#(id)"}"#.utf8), nil)
        case "telegram":
            return (200, Data(#"{"ok":true,"result":{"message_id":\#(taken.count - 1)}}"#.utf8), nil)
        case "generic": return (200, Data("{}".utf8), nil)
        default: return (200, Data(#"{"messages":[{"id":"\#(id)"}]}"#.utf8), nil)
        }
    }
}
