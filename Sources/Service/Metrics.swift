import Synchronization

/// Counters of this process, rendered as Prometheus text together with the store's own counts.
final class Metrics: Sendable {
    enum Counter: String, CaseIterable {
        case turns = "promesa_turns_total"
        case joined = "promesa_joined_messages_total"
        case duplicates = "promesa_duplicates_total"
        case rejectedSignatures = "promesa_rejected_signatures_total"
        case limited = "promesa_limited_requests_total"
        case deadLetters = "promesa_dead_letters_total"
        case sent = "promesa_outbox_sent_total"
        case retried = "promesa_outbox_retried_total"
        case failed = "promesa_outbox_failed_total"
        case eventsDelivered = "promesa_events_delivered_total"
        case eventsRetried = "promesa_events_retried_total"
        case eventsGivenUp = "promesa_events_given_up_total"
        case erasures = "promesa_erasures_total"
        case retained = "promesa_retention_rows_total"

        var help: String {
            switch self {
            case .turns: "Inbound messages processed."
            case .joined: "Inbound messages that were answered together with another one."
            case .duplicates: "Inbound messages that had already been processed."
            case .rejectedSignatures: "Webhook requests refused for their signature."
            case .limited: "Requests refused because too many, or too many wrong ones, came from their address."
            case .deadLetters: "Items set aside because they could not be read."
            case .sent: "Messages accepted by a gateway."
            case .retried: "Deliveries that failed and will be tried again."
            case .failed: "Messages that a gateway refused for good."
            case .eventsDelivered: "Events that a target took."
            case .eventsRetried: "Deliveries of events that failed and will be tried again."
            case .eventsGivenUp: "Events that a target refused for good, or too often."
            case .erasures: "People whose data were erased at their request."
            case .retained: "Rows that went because they were kept long enough."
            }
        }
    }

    private let counts = Mutex<[Counter: Int]>([:])

    func add(_ counter: Counter, _ amount: Int = 1) {
        counts.withLock { $0[counter, default: 0] += amount }
    }

    /// Prometheus exposition text; `gauges` are name, help, and label → value.
    func rendered(gauges: [(name: String, help: String, values: [(label: String, value: Int)])]) -> String {
        let snapshot = counts.withLock { $0 }
        var text = ""
        for counter in Counter.allCases {
            text += "# HELP \(counter.rawValue) \(counter.help)\n# TYPE \(counter.rawValue) counter\n"
            text += "\(counter.rawValue) \(snapshot[counter] ?? 0)\n"
        }
        for gauge in gauges {
            text += "# HELP \(gauge.name) \(gauge.help)\n# TYPE \(gauge.name) gauge\n"
            for entry in gauge.values {
                text += "\(gauge.name)\(entry.label.isEmpty ? "" : "{state=\"\(entry.label)\"}") \(entry.value)\n"
            }
        }
        return text
    }
}
