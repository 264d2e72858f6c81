import Quantities

/// The header `Retry-After` (RFC 9110): seconds, or a date such as `Tue, 24 Nov 2026 13:00:00 GMT`.
enum RetryAfter {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds from `now`, none of them negative; nil where it is neither.
    static func seconds(_ header: String, now: Moment) -> Int? {
        let words = header.split(separator: " ").map(String.init)
        if words.count == 1 {
            return Double(words[0]).flatMap { $0.isNaN ? nil : Int(exactly: max(0, $0).rounded(.up)) }
        }
        guard words.count == 6, words[5] == "GMT", words[1].count == 2, words[3].count == 4, words[4].count == 8,
            let month = months.firstIndex(of: words[2]),
            let moment = Moment(iso: "\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z")
        else { return nil }
        return Int(max(0, (moment.milliseconds - now.milliseconds + 999) / 1000))
    }
}
