import Conversations
import Quantities
import SharedData
import Storage
import Testing

@testable import Service

/// How much leaves, by the clock that is given.
struct RateLimitsTests {
    static let start = Moment(seconds: 1_795_521_600)

    private func contact(_ channel: String, _ address: String) -> ContactKey {
        ContactKey(channel: channel, gatewayAccount: "1", address: address)
    }

    @Test(
        "Within any second a gateway gets its rate and never more, also after a rest",
        arguments: RateLimits.usual.keys.sorted())
    func gateway(channel: String) throws {
        var limits = RateLimits()
        let rate = try #require(RateLimits.usual[channel]).perSecond
        var random = SeededRandom(seed: UInt64(rate))
        var sent: [Int64] = []
        var now = Self.start.milliseconds
        for person in 0..<5000 {
            // Now and then nobody writes for a while.
            now += person % 700 == 0 ? 3000 : Int64.random(in: 0...3, using: &random)
            if limits.take(contact(channel, "\(person)"), now: Moment(milliseconds: now)) == .go { sent.append(now) }
        }
        for (index, moment) in sent.enumerated().dropFirst(rate) { #expect(moment - sent[index - rate] >= 1000) }
        #expect(sent.count >= rate * 5, "what may leave leaves")
    }

    @Test("A contact that had enough waits alone")
    func pair() {
        var limits = RateLimits(perSecond: ["telegram": 1000])
        for _ in 0..<5 { #expect(limits.take(contact("telegram", "a"), now: Self.start) == .go) }
        #expect(
            limits.take(contact("telegram", "a"), now: Self.start)
                == .contactWaits(until: Self.start.adding(seconds: 1)))
        #expect(limits.take(contact("telegram", "b"), now: Self.start) == .go)
        #expect(limits.take(contact("telegram", "a"), now: Self.start.adding(seconds: 1)) == .go)
    }

    @Test(
        "A message of several parts takes the share of each, and waits until there is room for those that leave at once"
    )
    func parts() {
        var limits = RateLimits()
        #expect(limits.take(contact("telegram", "a"), parts: 4, now: Self.start) == .go)
        #expect(
            limits.take(contact("telegram", "a"), parts: 3, now: Self.start)
                == .contactWaits(until: Self.start.adding(seconds: 2)))
        #expect(limits.take(contact("sms", "a"), parts: 6, now: Self.start) == .go)
        #expect(
            limits.take(contact("sms", "b"), parts: 5, now: Self.start)
                == .channelWaits(until: Self.start.adding(seconds: 1)))
        #expect(limits.take(contact("sms", "b"), parts: 5, now: Self.start.adding(seconds: 1)) == .go)
    }

    @Test("Of a message of more parts than a second takes, a second's share leaves at once")
    func longMessage() {
        var limits = RateLimits(perSecond: ["sms": 2])
        #expect(limits.atOnce("sms") == 2 && limits.atOnce("telegram") == 5 && limits.atOnce("voz") == .max)
        #expect(limits.take(contact("sms", "a"), parts: 7, now: Self.start) == .go)
        #expect(limits.take(contact("sms", "a"), parts: 5, now: Self.start) != .go)
        #expect(limits.take(contact("sms", "a"), parts: 5, now: Self.start.adding(seconds: 1)) == .go)
    }

    @Test(
        "How long a gateway asks to wait is read as seconds or as a moment",
        arguments: [
            ("30", 30), ("0", 0), ("-5", 0), ("1.2", 2), ("Tue, 24 Nov 2026 12:01:00 GMT", 60),
            ("Tue, 24 Nov 2026 11:00:00 GMT", 0), ("", nil), ("mañana", nil), ("nan", nil), ("inf", nil),
            ("1e300", nil),
            ("Tue, 24 Xxx 2026 12:01:00 GMT", nil), ("Tue, 24 Nov 2026 12:01 GMT", nil), ("a b c d e f", nil),
        ] as [(String, Int?)])
    func retryAfter(header: String, seconds: Int?) {
        #expect(RetryAfter.seconds(header, now: Self.start) == seconds)
    }

    @Test("A pause that a gateway asked for holds all of it, and nothing else")
    func pause() {
        var limits = RateLimits()
        let until = Self.start.adding(seconds: 30)
        limits.pause("sms", from: Self.start, until: until)
        limits.pause("sms", from: Self.start, until: Self.start.adding(seconds: 1))
        #expect(limits.take(contact("sms", "a"), now: Self.start) == .channelWaits(until: until))
        #expect(limits.take(contact("mail", "a"), now: Self.start) == .go)
        #expect(limits.paused(at: Self.start) == ["sms": until])
        #expect(limits.paused(at: until).isEmpty && limits.take(contact("sms", "a"), now: until) == .go)
    }

    @Test("A clock that is set back ends a pause, and does not make it hours long")
    func clockSetBack() {
        var limits = RateLimits()
        limits.pause("sms", from: Self.start, until: Self.start.adding(seconds: 30))
        #expect(limits.take(contact("sms", "a"), now: Self.start.adding(seconds: -3600)) == .go)
    }

    @Test(
        "A configured rate takes the place of the usual one; a clock set back gives nothing, and waits for a second only"
    )
    func configured() {
        var limits = RateLimits(perSecond: ["sms": 1])
        #expect(limits.take(contact("sms", "a"), now: Self.start) == .go)
        let back = Self.start.adding(seconds: -3600)
        #expect(limits.take(contact("sms", "b"), now: back) == .channelWaits(until: back.adding(seconds: 1)))
        #expect(limits.take(contact("sms", "b"), now: back.adding(seconds: 1)) == .go)
    }
}

struct LanesTests {
    @Test("A contact that has enough waiting is refused alone, until some of it is done")
    func bound() throws {
        let lanes = Lanes()
        let flooding = ContactKey(channel: "generic", gatewayAccount: "1", address: "a")
        let other = ContactKey(channel: "generic", gatewayAccount: "1", address: "b")
        for _ in 0..<Lanes.longest { try lanes.enter(flooding) }
        #expect(throws: Refusal.self) { try lanes.enter(flooding) }
        try lanes.enter(other)
        lanes.leave(flooding)
        try lanes.enter(flooding)
    }

    @Test("Of who posts two thousand messages none is lost or doubled, and who writes meanwhile is answered")
    func flood() async throws {
        try await withServer { server, store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<200 {
                    group.addTask {
                        for number in 0..<10 {
                            let id = "f\(worker)-\(number)"
                            // Posted again where it is told to.
                            while try await server.generic(id: id, from: "inundador", text: "hola").status != 200 {
                                try await Task.sleep(for: .milliseconds(20))
                            }
                        }
                    }
                }
                for number in 0..<20 {
                    #expect(try await server.generic(id: "o\(number)", from: "otra", text: "hola").status == 200)
                }
                try await group.waitForAll()
            }
            #expect(try await store.counts().inbox == 2020)
        }
    }
}
