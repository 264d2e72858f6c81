import Conversations
import Quantities

/// How much each gateway takes, counted over any second, and each contact of it, by a bucket that fills with time. Pure but
/// for its state.
struct RateLimits {
    /// What may leave through one channel.
    struct Pace: Hashable, Sendable {
        /// Messages within any second, also right after a rest.
        var perSecond: Int
        /// The same for one contact, on the whole; nil where the gateway names no limit.
        var pairPerSecond: Double?
        /// How many one contact takes at once after a rest.
        var pairBurst = 1
        /// Parts of one message that may leave at once.
        var atOnce: Int { pairPerSecond == nil ? perSecond : min(perSecond, pairBurst) }
    }

    /// As the gateways document them in 2026; those of Twilio and of mail servers differ by account.
    static let usual: [String: Pace] = [
        "whatsapp": Pace(perSecond: 80, pairPerSecond: 1.0 / 6, pairBurst: 45),
        "sms": Pace(perSecond: 10),
        "telegram": Pace(perSecond: 30, pairPerSecond: 1, pairBurst: 5),
        "chatwoot": Pace(perSecond: 40),
        "mail": Pace(perSecond: 5),
        "generic": Pace(perSecond: 200),
    ]

    enum Permission: Hashable {
        case go
        /// Everything through this channel waits.
        case channelWaits(until: Moment)
        /// Only this contact waits.
        case contactWaits(until: Moment)
    }

    private struct Bucket {
        var level: Double
        var at: Moment
    }

    /// What left within the last second.
    private struct LastSecond {
        private static let length: Int64 = 1000
        /// Milliseconds, earliest first; those before `first` are longer ago.
        private var times: [Int64] = []
        private var first = 0

        /// When there is room for `parts` more; nil for now.
        mutating func room(for parts: Int, of most: Int, now: Moment) -> Moment? {
            forget(now)
            let missing = parts - (most - (times.count - first))
            return missing <= 0 ? nil : Moment(milliseconds: times[first + missing - 1] + Self.length)
        }

        mutating func note(_ parts: Int, now: Moment) { times += repeatElement(now.milliseconds, count: parts) }

        private mutating func forget(_ now: Moment) {
            // A clock that was set back makes nothing wait longer than the second.
            if let last = times.last, last > now.milliseconds { times = times.map { min($0, now.milliseconds) } }
            while first < times.count, times[first] + Self.length <= now.milliseconds { first += 1 }
            if first > 64, first * 2 > times.count {
                times.removeFirst(first)
                first = 0
            }
        }
    }

    private var paces: [String: Pace]
    private var channels: [String: LastSecond] = [:]
    private var pairs: [ContactKey: Bucket] = [:]
    private var pauses: [String: (from: Moment, until: Moment)] = [:]

    /// - Parameter perSecond: by channel, in place of the usual.
    init(perSecond: [String: Int] = [:]) {
        paces = Self.usual
        for (channel, rate) in perSecond { paces[channel]?.perSecond = rate }
    }

    /// How many parts of one message may leave at once through a channel.
    func atOnce(_ channel: String) -> Int { paces[channel]?.atOnce ?? .max }

    /// Takes the share of a message's next parts, as many as may leave at once, where there is room for all of them.
    mutating func take(_ contact: ContactKey, parts: Int = 1, now: Moment) -> Permission {
        if let until = paused(at: now)[contact.channel] { return .channelWaits(until: until) }
        guard let pace = paces[contact.channel] else { return .go }
        let parts = min(parts, pace.atOnce)
        var pair = pairs[contact]
        if let rate = pace.pairPerSecond {
            var bucket = Self.filled(pair, rate, Double(pace.pairBurst), now)
            guard bucket.level >= Double(parts) else {
                return .contactWaits(until: Self.holding(Double(parts), bucket, rate, now))
            }
            bucket.level -= Double(parts)
            pair = bucket
        }
        if let until = channels[contact.channel, default: LastSecond()].room(for: parts, of: pace.perSecond, now: now) {
            pause(contact.channel, from: now, until: until)
            return .channelWaits(until: until)
        }
        channels[contact.channel]?.note(parts, now: now)
        pairs[contact] = pair
        if pairs.count > 10_000 { forgetIdle(now) }
        return .go
    }

    /// The gateway said that it is too much.
    mutating func pause(_ channel: String, from now: Moment, until: Moment) {
        pauses[channel] = (now, max(until, paused(at: now)[channel] ?? until))
    }

    /// Channels that wait, and until when. One that began after `now` ended: the clock was set back.
    mutating func paused(at now: Moment) -> [String: Moment] {
        pauses = pauses.filter { $0.value.from <= now && now < $0.value.until }
        return pauses.mapValues(\.until)
    }

    private static func filled(_ bucket: Bucket?, _ rate: Double, _ burst: Double, _ now: Moment) -> Bucket {
        guard let bucket else { return Bucket(level: burst, at: now) }
        // A clock that was set back fills nothing.
        let seconds = max(0, Double(now.milliseconds - bucket.at.milliseconds) / 1000)
        return Bucket(level: min(burst, bucket.level + seconds * rate), at: now)
    }

    /// When a bucket holds as much.
    private static func holding(_ level: Double, _ bucket: Bucket, _ rate: Double, _ now: Moment) -> Moment {
        Moment(milliseconds: now.milliseconds + Int64(((level - bucket.level) / rate * 1000).rounded(.up)))
    }

    private mutating func forgetIdle(_ now: Moment) {
        pairs = pairs.filter { contact, bucket in
            guard let pace = paces[contact.channel], let rate = pace.pairPerSecond else { return false }
            return Self.filled(bucket, rate, Double(pace.pairBurst), now).level < Double(pace.pairBurst)
        }
    }
}
