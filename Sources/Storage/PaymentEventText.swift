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
        var json = ""
        json.reserveCapacity(160 + 2 * account.utf8.count + payment.id.utf8.count)
        func member(_ name: String, _ value: String) {
            json += name
            json += value
        }
        member("{\"account\":\"", account)
        member("\",\"at\":", String(moment.milliseconds))
        member(",\"kind\":\"", kind.rawValue)
        member("\",\"payment\":{\"amount\":\"", payment.amount.plain)
        member("\",\"currency\":\"", payment.amount.currency.rawValue)
        member("\",\"day\":\"", payment.day.iso)
        member("\",\"id\":\"", payment.id)
        if let item = payment.chosenItem { member("\",\"item\":\"", item) }
        if let day = payment.reversedOn { member("\",\"reversed_on\":\"", day.iso) }
        return json + "\"}}"
    }

    /// Whether JSON writes the text as it is.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
