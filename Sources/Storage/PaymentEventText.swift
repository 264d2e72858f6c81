import Conversations
import Foundation
import Ledger
import Quantities

extension JSON {
    /// The event of a payment, which an import writes by the hundred thousand: put together here at a fiftieth of the
    /// encoder's time, to the same bytes as ``text(_:)``.
    static func text(
        _ kind: AccountEvent.Kind, _ payment: Payment, account: String, at moment: Moment
    ) throws -> String {
        guard isPlain(account), isPlain(payment.id), isPlain(payment.chosenItem ?? "") else {
            return try text(AccountEvent(kind, payment, account: account, at: moment))
        }
        var json = "{\"account\":\"\(account)\",\"at\":\(moment.milliseconds),\"kind\":\"\(kind.rawValue)\""
        json +=
            ",\"payment\":{\"amount\":\"\(payment.amount.plain)\",\"currency\":\"\(payment.amount.currency.rawValue)\""
        json += ",\"day\":\"\(payment.day.iso)\",\"id\":\"\(payment.id)\""
        if let item = payment.chosenItem { json += ",\"item\":\"\(item)\"" }
        if let day = payment.reversedOn { json += ",\"reversed_on\":\"\(day.iso)\"" }
        return json + "}}"
    }

    /// Whether JSON writes the text as it is.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
