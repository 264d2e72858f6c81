import Conduct
import Ledger
import Negotiation
import Quantities
import Testing

@testable import Campaigns

/// A life of an account in a campaign, told by chance from a seed.
private struct Life {
    var random: Seeded
    var campaign: Campaign
    var situation: Situation
    var now = Bench.morning
    var sent: [PlannedMessage] = []

    init(seed: UInt64) throws {
        random = Seeded(state: seed)
        let extrajudicial = random.chance(3)
        campaign = try Bench.campaign(extrajudicial ? "extrajudicial" : "mora-temprana")
        situation = Bench.situation(
            daysPastDue: random.below(extrajudicial ? 200 : 30) + 1, verified: random.chance(2),
            stage: extrajudicial ? .extrajudicial : .administrative)
        now = now.adding(seconds: Int64(random.below(86_400 * 14)))
    }

    /// Forty decisions, each some hours after the other; what may leave at once is sent.
    mutating func run(_ check: (Life, Decision) -> Void) {
        for serial in 0..<40 {
            let day = now.day(in: .argentina)
            situation.statement = situation.account.statement(on: day)
            let decision = campaign.decide(situation, now: now, rules: Bench.rules)
            check(self, decision)
            if case .send(let message) = decision, message.at == now {
                var enrolment = campaign.enrolment(for: situation, now: now, zone: .argentina)
                enrolment.attempts.append(
                    .init(
                        stepDay: message.stepDay, channel: message.channel, at: now, messageID: "m\(serial)",
                        failure: random.chance(3) ? "HTTP 400" : nil))
                situation.enrolment = enrolment
                situation.history.proactive.append(Contact(at: now, channel: message.channel.rawValue))
                sent.append(message)
            }
            if case .send(let message) = decision, message.at > now, random.chance(2) {
                now = message.at
            } else {
                now = now.adding(seconds: Int64(random.below(86_400)))
            }
            switch random.below(40) {
            case 0: situation.account.optedOut = true
            case 1: situation.lastReply = now
            case 2: situation.hasOpenPromise.toggle()
            case 3: situation.attendedByPerson.toggle()
            case 4:
                situation.account.payments.append(
                    Payment(id: "p\(serial)", amount: Money(cents: Int64(random.below(3_000_000) + 1)), day: day))
            case 5: situation.agency = situation.agency == nil ? "Estudio Sur" : nil
            case 6: situation.reach[.whatsapp] = Situation.Reach.none("no hay un teléfono")
            default: break
            }
        }
    }
}

private struct Seeded {
    var state: UInt64
    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
    mutating func chance(_ one: Int) -> Bool { below(one) == 0 }
}

struct CampaignPropertyTests {
    @Test("No message is planned outside conduct, outside the step's hours or into the past", arguments: 0..<200)
    func conduct(seed: Int) throws {
        var life = try Life(seed: UInt64(seed))
        life.run { life, decision in
            guard let message = decision.message else { return }
            #expect(message.at >= life.now)
            #expect(
                ConductRules.argentina.mayContact(
                    .proactive, on: message.channel.rawValue, history: life.situation.history, at: message.at,
                    zone: .argentina, calendar: .argentina)
                    == .allowed)
            let step = life.campaign.steps.first { $0.day == message.stepDay }
            #expect(step?.hours.contains(message.at.minuteOfDay(in: .argentina)) == true)
        }
    }

    @Test("Nobody is written to twice a day, nor more than three times in seven days", arguments: 0..<200)
    func caps(seed: Int) throws {
        var life = try Life(seed: UInt64(seed))
        life.run { _, _ in }
        let days = life.sent.map { $0.at.day(in: .argentina) }
        #expect(Set(days).count == days.count)
        for day in days { #expect(days.count { $0 <= day && day - $0 < 7 } <= 3) }
    }

    @Test(
        "Who opted out, promised, is attended, is with an agency or owes nothing is never written to",
        arguments: 0..<200)
    func stops(seed: Int) throws {
        var life = try Life(seed: UInt64(seed))
        life.run { life, decision in
            let situation = life.situation
            let silent =
                situation.account.optedOut || situation.hasOpenPromise || situation.attendedByPerson
                || situation.agency != nil || !situation.statement.total.isPositive
            if silent { #expect(decision.refusal != nil) }
        }
    }

    @Test("No step is sent twice on one channel, and none after a later one", arguments: 0..<200)
    func cadence(seed: Int) throws {
        var life = try Life(seed: UInt64(seed))
        life.run { _, _ in }
        #expect(Set(life.sent.map { "\($0.stepDay) \($0.channel)" }).count == life.sent.count)
        #expect(zip(life.sent, life.sent.dropFirst()).allSatisfy { $0.stepDay <= $1.stepDay })
    }

    @Test(
        "The same account at the same moment gives the same plan; unverified texts show no figure", arguments: 0..<100)
    func pure(seed: Int) throws {
        var life = try Life(seed: UInt64(seed))
        life.run { life, decision in
            #expect(life.campaign.decide(life.situation, now: life.now, rules: Bench.rules) == decision)
            if let message = decision.message, !message.verified { #expect(!message.text.contains("$")) }
        }
    }
}
