/// What a gateway's refusals mean. Its own code decides, where the table has it; else the HTTP status.
public struct ErrorTable: Sendable {
    public enum Class: String, Hashable, Sendable {
        case retry
        /// Too much for the gateway: all that goes through it waits.
        case throttle
        /// Too much for one contact: only their messages wait.
        case throttlePair = "throttle pair"
        case useTemplate = "use template"
        /// The person told the gateway, or their carrier, to stop: nothing that we begin is sent to them any more (I6).
        case optOut = "opt out"
        case permanent
    }

    let codes: [Int: Class]
    let statuses: [Int: Class]

    /// Besides these, 5xx is `retry` and everything else `permanent`. A 401 is a token, a 3xx an address, that somebody can
    /// mend.
    private static let common: [Int: Class] = [401: .retry, 408: .retry, 429: .throttle]

    init(codes: [Int: Class], statuses: [Int: Class] = [:]) {
        self.codes = codes
        self.statuses = Self.common.merging(statuses) { $1 }
    }

    /// - Parameter status: of HTTP; nil for a report that comes later.
    public func classify(status: Int?, code: Int?) -> Class {
        if let code, let known = codes[code] { return known }
        guard let status else { return .permanent }
        return statuses[status] ?? (status >= 500 || (300..<400).contains(status) ? .retry : .permanent)
    }

    func outcome(status: Int, code: Int?, retryAfter: Int?) -> SendOutcome {
        let reason = "HTTP \(status)" + (code.map { ", code \($0)" } ?? "")
        // A wait longer than a day is a mistake, or an attack.
        let after = retryAfter.map { max(0, min($0, 86_400)) }
        return switch classify(status: status, code: code) {
        case .retry: .retry(after: after, reason: reason)
        case .throttle: .throttle(.gateway, after: after, reason: reason)
        case .throttlePair: .throttle(.pair, after: after, reason: reason)
        case .useTemplate: .useTemplate(reason: reason)
        case .optOut: .optedOut(reason: reason)
        case .permanent: .permanent(reason: reason)
        }
    }
}

extension ErrorTable {
    /// Meta's codes, also for 360dialog. Source: Cloud API, "Error codes"; 470 is the on-premise name of 131047. What is
    /// wrong with our account (its token, rights, registration, bill, or a block) is not the message's fault: somebody can
    /// mend it. 131050 is a person who wants no marketing of ours: it counts as wanting nothing that we begin.
    public static let whatsApp = ErrorTable(
        codes: [
            1: .retry, 2: .retry, 4: .throttle, 80_007: .throttle, 130_429: .throttle, 131_000: .retry,
            131_016: .retry, 131_048: .throttle, 131_056: .throttlePair, 131_057: .retry, 133_004: .retry,
            133_016: .retry, 2_494_100: .retry, 131_047: .useTemplate, 470: .useTemplate, 131_050: .optOut,
            0: .retry, 3: .retry, 10: .retry, 190: .retry, 368: .throttle, 131_005: .retry, 131_031: .throttle,
            131_042: .throttle, 131_045: .retry, 133_010: .retry,
        ].merging((200...299).map { ($0, Class.retry) }) { $1 })
    /// Twilio's codes. Source: "Error and Warning Dictionary". 63038 is an account's messages of a day,
    /// 21610 a person who answered STOP.
    public static let twilio = ErrorTable(codes: [
        20_003: .retry, 20_429: .throttle, 14_107: .throttle, 21_611: .throttle, 30_001: .throttle, 30_022: .throttle,
        63_017: .throttle, 63_018: .throttle, 63_038: .throttle, 63_016: .useTemplate, 20_500: .retry, 20_503: .retry,
        21_610: .optOut,
    ])
    /// Telegram has no codes of its own: 403 is somebody who blocked the bot, 409 another program that polls.
    public static let telegram = ErrorTable(codes: [:], statuses: [403: .permanent, 409: .retry])
    /// Gateways without codes: Chatwoot, a company's own server.
    public static let plain = ErrorTable(codes: [:])
}
