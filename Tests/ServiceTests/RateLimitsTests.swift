import Conversations
import Quantities
import Testing

@testable import Service

/// How much leaves, by the clock that is given.
struct RateLimitsTests {
    static let start = Moment(seconds: 1_795_521_600)

    private func contact(_ channel: String, _ address: String) -> ContactKey {
        ContactKey(channel: channel, gatewayAccount: "1", address: address)
    }

    @Test("A gateway takes its burst at once and then its rate", arguments: RateLimits.usual.keys.sorted())
    func gateway(channel: String) throws {
        var limits = RateLimits()
        let pace = try #require(RateLimits.usual[channel])
        var sent = 0
        var now = Self.start
        for person in 0..<Int(pace.burst) + 1 {
            if limits.take(contact(channel, "\(person)"), now: now) == .go { sent += 1 }
        }
        #expect(sent == Int(pace.burst))
        now = now.adding(seconds: 1)
        for person in 0..<1000 where limits.take(contact(channel, "b\(person)"), now: now) == .go { sent += 1 }
        #expect(sent == Int(pace.burst) + min(Int(pace.perSecond), Int(pace.burst)))
    }

    @Test("A contact that had enough waits alone")
    func pair() {
        var limits = RateLimits()
        for _ in 0..<5 { #expect(limits.take(contact("telegram", "a"), now: Self.start) == .go) }
        #expect(
            limits.take(contact("telegram", "a"), now: Self.start)
                == .contactWaits(until: Self.start.adding(seconds: 1)))
        #expect(limits.take(contact("telegram", "b"), now: Self.start) == .go)
        #expect(limits.take(contact("telegram", "a"), now: Self.start.adding(seconds: 1)) == .go)
    }

    @Test("A pause that a gateway asked for holds all of it, and nothing else")
    func pause() {
        var limits = RateLimits()
        let until = Self.start.adding(seconds: 30)
        limits.pause("sms", until: until)
        limits.pause("sms", until: Self.start)
        #expect(limits.take(contact("sms", "a"), now: Self.start) == .channelWaits(until: until))
        #expect(limits.take(contact("mail", "a"), now: Self.start) == .go)
        #expect(limits.paused(at: Self.start) == ["sms": until])
        #expect(limits.paused(at: until).isEmpty && limits.take(contact("sms", "a"), now: until) == .go)
    }

    @Test("A configured rate takes the place of the usual one, and a clock set back fills nothing")
    func configured() {
        var limits = RateLimits(perSecond: ["sms": 1])
        #expect(limits.take(contact("sms", "a"), now: Self.start) == .go)
        #expect(limits.take(contact("sms", "b"), now: Self.start.adding(seconds: -3600)) != .go)
        #expect(limits.take(contact("sms", "b"), now: Self.start.adding(seconds: 1)) == .go)
    }
}
