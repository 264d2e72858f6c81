import Conversations
import Quantities

/// How much each gateway takes, and each contact of it: buckets that fill with time. Pure but for its state.
struct RateLimits {
    /// What may leave through one channel.
    struct Pace: Hashable, Sendable {
        /// Messages a second.
        var perSecond: Double
        /// How many at once after a rest.
        var burst: Double { perSecond }
        /// The same for one contact; nil where the gateway names no limit.
        var pairPerSecond: Double?
        var pairBurst: Double = 1
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

    private var paces: [String: Pace]
    private var channels: [String: Bucket] = [:]
    private var pairs: [ContactKey: Bucket] = [:]
    private var pauses: [String: (from: Moment, until: Moment)] = [:]

    /// - Parameter perSecond: by channel, in place of the usual.
    init(perSecond: [String: Int] = [:]) {
        paces = Self.usual
        for (channel, rate) in perSecond { paces[channel]?.perSecond = Double(rate) }
    }

    /// Takes a message's share where there is one for its first part; what its other parts take is missing afterwards.
    mutating func take(_ contact: ContactKey, parts: Int = 1, now: Moment) -> Permission {
        if let until = paused(at: now)[contact.channel] { return .channelWaits(until: until) }
        guard let pace = paces[contact.channel] else { return .go }
        var pair = pairs[contact]
        if let rate = pace.pairPerSecond {
            var bucket = Self.filled(pair, rate, pace.pairBurst, now)
            guard bucket.level >= 1 else { return .contactWaits(until: Self.full(bucket, rate, now)) }
            bucket.level -= Double(parts)
            pair = bucket
        }
        var channel = Self.filled(channels[contact.channel], pace.perSecond, pace.burst, now)
        guard channel.level >= 1 else {
            let until = Self.full(channel, pace.perSecond, now)
            pause(contact.channel, from: now, until: until)
            return .channelWaits(until: until)
        }
        channel.level -= Double(parts)
        channels[contact.channel] = channel
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

    /// When the next whole message fits.
    private static func full(_ bucket: Bucket, _ rate: Double, _ now: Moment) -> Moment {
        Moment(milliseconds: now.milliseconds + Int64(((1 - bucket.level) / rate * 1000).rounded(.up)))
    }

    private mutating func forgetIdle(_ now: Moment) {
        pairs = pairs.filter { contact, bucket in
            guard let pace = paces[contact.channel], let rate = pace.pairPerSecond else { return false }
            return Self.filled(bucket, rate, pace.pairBurst, now).level < pace.pairBurst
        }
    }
}
