import Quantities

/// A random source that repeats for a seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Makes the history of a seed.
struct HistoryMaker {
    private let cast: Cast
    private let campaigns: Int
    private var random: SeededRandom
    private var talkers: [Int] = []

    init(seed: UInt64, cast: Cast, campaigns: Int) {
        self.cast = cast
        self.campaigns = campaigns
        random = SeededRandom(seed)
        // Few people, so that conversations come far; often one of them on two channels.
        talkers = (0..<3).map { _ in below(cast.people.count) }
        let siblings = cast.siblings(of: talkers[0])
        if !siblings.isEmpty, Bool.random(using: &random) { talkers[2] = pick(siblings) }
    }

    mutating func events(_ length: Int) -> [Event] {
        (0..<length).map { _ in
            let kind = nextKind()
            return Event(seed: random.next(), kind: kind)
        }
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    private mutating func pick<T>(_ all: [T]) -> T { all[below(all.count)] }
    private mutating func talker() -> Int { pick(talkers) }
    /// Mostly an account of somebody who talks.
    private mutating func account() -> Int {
        let talked = cast.people[talker()].accountID
        if below(4) > 0, let index = cast.accounts.firstIndex(where: { $0.id == talked }) { return index }
        return below(cast.accounts.count)
    }

    private mutating func text(for contact: Int) -> String {
        switch below(100) {
        case 0..<22: cast.people[contact].proof
        case 22..<46: pick(Sayings.promising)
        case 46..<68: pick(Sayings.yes)
        case 68..<72: pick(Sayings.human)
        case 72..<74: pick(Sayings.optOut)
        default: pick(Sayings.other)
        }
    }

    private mutating func saying() -> Event.Saying {
        let contact = talker()
        return Event.Saying(contact: contact, text: text(for: contact))
    }

    private mutating func nextKind() -> Event.Kind {
        switch below(1000) {
        case 0..<220:
            let count = below(3) == 0 ? 2 + below(4) : 1
            var sayings: [Event.Saying] = []
            for _ in 0..<count { sayings.append(saying()) }
            return .say(sayings)
        case 220..<268: return .converse(contact: talker(), messages: 2 + below(7))
        case 268..<273: return .importFile(file(), account: account())
        case 273..<290: return .payPromised(account: account())
        case 290..<302: return .presence(agent: below(cast.agents.count), pick([.available, .available, .paused, .absent]))
        case 302..<312: return .desk
        case 312..<318: return .erase(account: account(), steps: 1 + below(5))
        case 318..<340: return .tap(contact: talker(), option: below(3))
        case 340..<348: return .sendMedia(contact: talker())
        case 348..<372: return .sharePhone(contact: talker())
        case 372..<378: return .echo(contact: talker())
        case 378..<381: return .move(contact: talker())
        case 381..<420: return .again(back: below(6))
        case 420..<455: return .retry
        case 455..<490: return .report(back: below(4), pick(["sent", "delivered", "read", "delivered", "failed"]))
        case 490..<520: return .pay(account: account(), cents: Int64.random(in: 100_000...3_000_000, using: &random))
        case 520..<532: return .reverse(account: account())
        case 532..<632: return .order(order(), by: below(cast.agents.count), case: below(7) == 0 ? below(6) : nil)
        case 632..<652: return .visitPage(account: account(), pick([.look, .look, .withdraw, .askForPerson]))
        case 652..<670 where campaigns > 0: return .campaign(below(campaigns))
        case 652..<680: return .loadDialog(below(2))
        case 680..<735: return .pass(Int64.random(in: 1...600, using: &random))
        case 735..<755: return .pass(Int64.random(in: 3600...3 * 86_400, using: &random))
        case 755..<762: return .pass(-3600)
        case 762..<790: return .morning(inDays: pick([1, 1, 1, 2, 3, 7]))
        case 790..<820: return .timers
        case 820..<915: return .send
        case 915..<970:
            let again = below(4) == 0
            return .powerFails(
                inOperations: 1 + below(40), pick(SimulatedDisk.Loss.allCases),
                whileRecovering: again ? 1 + below(12) : nil)
        case 970..<978: return .diskFills
        case 978..<986: return .diskEmpties
        case 986..<994: return .syncFails
        default: return .outage(hours: 1 + below(30))
        }
    }

    private mutating func order() -> Event.Order {
        switch below(27) {
        case 0..<7: .claim
        case 7..<9: .reply("Hola, soy Ana.")
        case 9: .note("llamar")
        case 10: .hold
        case 11: .release
        case 12..<14: .returnToBot
        case 14: .close
        case 15: .transfer(to: below(cast.agents.count))
        case 16:
            pick([
                .mark(ceased: true, vulnerable: nil), .mark(ceased: false, vulnerable: false),
                .mark(ceased: nil, vulnerable: true),
            ])
        case 17: .agreeToOffer(pick(["pay_now", "plan_3", "plan_6", "promise"]))
        case 18..<20: .agree(cents: Int64.random(in: 500_000...3_000_000, using: &random), inDays: below(12))
        case 20..<24: .schedule(inDays: below(5), hour: pick([9, 10, 11, 15, 17, 21]))
        case 24..<26: .called(reached: below(2) == 0, againInDays: below(3) == 0 ? nil : 1 + below(3))
        default: .cancelCall
        }
    }

    private mutating func file() -> Event.Import {
        switch below(8) {
        case 0..<3: .item(cents: Int64.random(in: 500_000...3_000_000, using: &random), dueInDays: below(20) - 10)
        case 3..<6: .payment(cents: Int64.random(in: 100_000...3_000_000, using: &random))
        case 6: .optOut
        default: .unreadable
        }
    }
}
