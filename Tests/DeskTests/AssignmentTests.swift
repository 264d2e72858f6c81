import Conversations
import DemoCompany
import Desk
import Dialog
import Quantities
import SharedData
import Testing

/// Who gets the next case: a function of the queue and the team.
struct AssignmentTests {
    private static let now = DemoCompany.morning

    private static func handoff(
        _ id: String, _ reason: String = "pide_humano", _ priority: HandoffPriority = .askedForHuman, after: Int64 = 0
    ) -> Handoff {
        Handoff(
            id: id, conversationID: "c" + id, accountID: nil, reason: reason, priority: priority,
            createdAt: now.adding(seconds: after))
    }

    private static func colleague(
        _ name: String, _ state: AgentPresence.State = .available, skills: Set<String> = [],
        languages: Set<String> = ["es"], capacity: Int? = nil, load: Int = 0, last: Int64? = nil
    ) -> Colleague {
        Colleague(
            Roster.Member(name: name, skills: skills, languages: languages, capacity: capacity), state, load: load,
            lastCaseAt: last.map { now.adding(seconds: $0) })
    }

    private static func assign(
        _ handoffs: [Handoff], _ team: [Colleague], skills: [String: String] = [:], in language: String? = nil
    ) -> [String: CaseAssignment] {
        let roster = Roster(members: team.map(\.member), skills: skills, assigns: true)
        let cases = handoffs.map { QueuedCase($0, language: language) }
        return Dictionary(
            uniqueKeysWithValues: roster.assignments(of: cases, among: team, now: now).map { ($0.0, $0.1) })
    }

    @Test(
        "One case goes to who has most room, then to who got none for longest, then by name",
        arguments: [
            ([colleague("Ana", capacity: 5, load: 3), colleague("Bruno", capacity: 5, load: 2)], "Bruno"),
            ([colleague("Ana", capacity: 3, load: 1), colleague("Bruno", capacity: 9, load: 4)], "Bruno"),
            ([colleague("Ana", last: -60), colleague("Bruno", last: -600)], "Bruno"),
            ([colleague("Ana", last: -60), colleague("Bruno")], "Bruno"),
            ([colleague("Bruno"), colleague("Ana")], "Ana"),
            ([colleague("Ana", .paused), colleague("Bruno", load: 9)], "Bruno"),
            ([colleague("Ana", capacity: 1, load: 1), colleague("Bruno", capacity: 2, load: 1)], "Bruno"),
            ([colleague("Ana", load: 1), colleague("Bruno", load: 2)], "Ana"),
        ])
    func best(team: [Colleague], name: String) {
        #expect(Self.assign([Self.handoff("h1")], team) == ["h1": .to(name)])
    }

    @Test(
        "Who gets no case stays in the queue, and why is said",
        arguments: [
            ([colleague("Ana", skills: ["queja"])], CaseAssignment.nobodyHas(skill: "legal")),
            ([colleague("Ana", .absent, skills: ["legal"]), colleague("Bruno")], .nobodyThere),
            ([colleague("Ana", .paused, skills: ["legal"])], .nobodyThere),
            ([colleague("Ana", skills: ["legal"], capacity: 1, load: 1)], .allFull), ([], .nobodyHas(skill: "legal")),
        ])
    func nobody(team: [Colleague], why: CaseAssignment) {
        let handoff = Self.handoff("h1", "amenaza_legal", .legalThreat)
        let given = Self.assign([handoff], team, skills: ["amenaza_legal": "legal"])
        #expect(given == ["h1": why] && why.spanish != nil)
    }

    @Test(
        "A case goes to who speaks its language, whatever the region; who speaks another gets none of it",
        arguments: [
            ("pt-BR", [colleague("Ana"), colleague("Bruno", languages: ["es", "pt"], load: 9)], .to("Bruno")),
            ("PT", [colleague("Bruno", languages: ["pt"])], .to("Bruno")),
            (nil, [colleague("Ana", load: 5), colleague("Bruno", languages: ["pt"])], .to("Ana")),
            ("es-MX", [colleague("Ana")], .to("Ana")),
            ("pt", [colleague("Ana")], .nobodySpeaks(language: "pt", withSkill: nil)),
            ("pt", [colleague("Ana"), colleague("Bruno", .paused, languages: ["pt"])], .nobodyThere),
            ("pt", [colleague("Bruno", languages: ["pt"], capacity: 1, load: 1)], .allFull),
        ] as [(String?, [Colleague], CaseAssignment)])
    func languages(language: String?, team: [Colleague], assignment: CaseAssignment) {
        #expect(Self.assign([Self.handoff("h1")], team, in: language) == ["h1": assignment])
    }

    @Test("Who has the skill and does not speak the language is no help, and that is what is said")
    func skillAndLanguage() {
        let handoff = Self.handoff("h1", "amenaza_legal", .legalThreat)
        let team = [Self.colleague("Ana", skills: ["legal"]), Self.colleague("Bruno", languages: ["pt"])]
        let given = Self.assign([handoff], team, skills: ["amenaza_legal": "legal"], in: "pt")
        #expect(given == ["h1": .nobodySpeaks(language: "pt", withSkill: "legal")])
        #expect(given["h1"]?.spanish == "nadie de los que tienen «legal» habla portugués")
    }

    @Test("The more urgent case gets the last place, and cases are spread")
    func urgency() {
        let cases = [
            Self.handoff("h1"), Self.handoff("h2", "angustia", .distress, after: 60), Self.handoff("h3", after: 9),
        ]
        #expect(
            Self.assign(cases, [Self.colleague("Ana", capacity: 1)]) == [
                "h2": .to("Ana"), "h1": .allFull, "h3": .allFull,
            ])
        #expect(
            Self.assign(cases, [Self.colleague("Ana"), Self.colleague("Bruno")]) == [
                "h2": .to("Ana"), "h1": .to("Bruno"), "h3": .to("Ana"),
            ])
    }

    @Test("Who had a case before it was opened again gets it, where they can; a call waits for its moment")
    func known() {
        var handoff = Self.handoff("h1")
        handoff.formerAgent = "Bruno"
        #expect(
            Self.assign([handoff], [Self.colleague("Ana"), Self.colleague("Bruno", load: 3)]) == ["h1": .to("Bruno")])
        #expect(
            Self.assign([handoff], [Self.colleague("Ana"), Self.colleague("Bruno", .absent)]) == ["h1": .to("Ana")])
        handoff.call = CallBack(at: Self.now.adding(seconds: 1), phone: "+5491100000003", about: "", notedBy: nil)
        #expect(Self.assign([handoff], [Self.colleague("Ana")]) == ["h1": .tooEarly])
    }

    @Test(
        "Nobody gets more than they can attend or what they do not know, no case waits for somebody free who could take it, and the order of the arguments does not matter",
        arguments: 0..<200)
    func properties(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let skills = ["queja": "queja", "amenaza_legal": "legal"]
        let team = ["Ana", "Bruno", "Caro", "Dana"].map { name in
            Self.colleague(
                name, AgentPresence.State.allCases.randomElement(using: &random)!,
                skills: Set(["queja", "legal"].filter { _ in Bool.random(using: &random) }),
                capacity: Bool.random(using: &random) ? .random(in: 1...4, using: &random) : nil,
                load: .random(in: 0...3, using: &random), last: .random(in: -999...0, using: &random))
        }
        let cases = (0..<Int.random(in: 0...12, using: &random)).map { index in
            Self.handoff(
                "h\(index)", ["pide_humano", "queja", "amenaza_legal"].randomElement(using: &random)!,
                [.askedForHuman, .complaint, .distress].randomElement(using: &random)!,
                after: .random(in: -600...0, using: &random))
        }
        let given = Self.assign(cases, team, skills: skills)
        #expect(given == Self.assign(cases.shuffled(using: &random), team.shuffled(using: &random), skills: skills))
        var load = Dictionary(uniqueKeysWithValues: team.map { ($0.member.name, $0.load) })
        for handoff in cases {
            guard case .to(let name) = given[handoff.id], let who = team.first(where: { $0.member.name == name }) else {
                continue
            }
            load[name, default: 0] += 1
            #expect(who.state == .available, "seed \(seed)")
            #expect(skills[handoff.reason].map(who.member.skills.contains) ?? true, "seed \(seed)")
        }
        for who in team where (load[who.member.name] ?? 0) > who.load {
            #expect(who.member.capacity.map { load[who.member.name]! <= $0 } ?? true, "seed \(seed)")
        }
        for handoff in cases where given[handoff.id]?.spanish != nil {
            let couldTakeIt = team.contains { who in
                who.state == .available && (skills[handoff.reason].map(who.member.skills.contains) ?? true)
                    && (who.member.capacity.map { load[who.member.name]! < $0 } ?? true)
            }
            #expect(!couldTakeIt, "seed \(seed)")
        }
    }
}

/// The team on a database.
struct TeamTests {
    private static let roster = Roster(
        members: [
            Roster.Member(name: "Ana", skills: ["legal"], capacity: 2), Roster.Member(name: "Bruno", capacity: 2),
            Roster.Member(name: "Carla", isGivenCases: false),
        ], skills: ["amenaza_legal": "legal"], assigns: true)

    private func withTeam(
        assigns: Bool = true, _ body: (DeskRoom, Desk) async throws -> Void
    ) async throws {
        try await DeskRoom.open { room in
            var roster = Self.roster
            roster.assigns = assigns
            try await body(room, Desk(store: room.store, processor: room.processor, roster: roster))
        }
    }

    @Test("Waiting cases are given out; who supervises gets none; what nobody can take waits and says why")
    func given() async throws {
        try await withTeam { room, desk in
            let now = room.now
            try await room.queue("raul", "les voy a hacer juicio, hablen con mi abogado")
            for account in ["marta", "juan", "sofia"] { try await room.queue(account) }
            #expect(try await desk.assignWaiting(now: now) == 0)
            #expect(
                try await desk.list(now: now).map(\.unassigned) == Array(repeating: "no hay nadie disponible", count: 4)
            )
            for name in ["Ana", "Bruno", "Carla"] { try await desk.note(.available, of: name, now: now) }
            #expect(try await desk.assignWaiting(now: now) == 4)
            let given = try await desk.list(now: now)
            #expect(given.first { $0.account == "raul" }?.agent == "Ana")
            #expect(Set(given.compactMap(\.agent)) == ["Ana", "Bruno"] && given.allSatisfy { $0.agent != nil })
            try await room.queue("diego")
            #expect(try await desk.assignWaiting(now: now) == 0)
            #expect(try await desk.list(now: now).compactMap(\.unassigned) == ["todos están completos"])
            let team = try await desk.team(now: now.adding(seconds: 120))
            #expect(team.members.map(\.load) == [2, 2, 0] && team.members.map(\.capacity) == [2, 2, nil])
            #expect(team.members.map(\.oldest_wait_seconds) == [120, 120, nil])
            #expect(team.members.map(\.state) == ["available", "available", "available"])
            #expect(team.urgent.map(\.account) == ["diego"])
        }
    }

    @Test("The cases of who is gone go back where the customer waits, and to somebody else")
    func gone() async throws {
        try await withTeam { room, desk in
            try await desk.note(.available, of: "Bruno", now: room.now)
            let id = try await room.queue("marta")
            #expect(try await desk.assignWaiting(now: room.now) == 1)
            #expect(try await desk.releaseAbandoned(now: room.now) == 0)
            try await desk.note(.absent, of: "Bruno", now: room.now)
            try await desk.note(.available, of: "Ana", now: room.now)
            #expect(try await desk.releaseAbandoned(now: room.now) == 1)
            let entry = try #require(try await desk.list(now: room.now).first)
            #expect(entry.id == id && entry.state == "queued" && entry.absent_agent == "Bruno")
            #expect(try await desk.assignWaiting(now: room.now) == 1)
            #expect(try await desk.list(now: room.now).first?.agent == "Ana")
            // Who comes back is there again; who pauses still does.
            #expect(try await desk.seen("Bruno", now: room.now).state == .available)
            try await desk.note(.paused, of: "Bruno", now: room.now)
            #expect(try await desk.seen("Bruno", now: room.now).state == .paused)
        }
    }

    @Test("Who speaks the customer's language sees the case first, distress before it; what nobody speaks says so")
    func language() async throws {
        try await DeskRoom.open { room in
            var raul = DemoCompany.account("raul")
            raul.language = "pt-BR"
            try await room.store.importAccounts([raul])
            let roster = Roster(members: [
                Roster.Member(name: "Ana"), Roster.Member(name: "Bruno", languages: ["es", "pt"]),
            ])
            let desk = Desk(store: room.store, processor: room.processor, roster: roster)
            let spanish = try await room.queue("marta", "quiero hablar con una persona")
            let portuguese = try await room.queue(
                "raul", "quiero hablar con una persona", at: room.now.adding(seconds: 60))
            let distress = try await room.queue("sofia", "no quiero vivir más")
            #expect(try await desk.list(for: "Ana", now: room.now).map(\.id) == [distress, spanish, portuguese])
            #expect(try await desk.list(for: "Bruno", now: room.now).map(\.id) == [distress, spanish, portuguese])
            #expect(try await desk.list(now: room.now).map(\.language) == [nil, nil, "pt"])
            #expect(try await desk.read(portuguese, now: room.now).handoff.language == "pt")
            #expect(try await desk.team(now: room.now).members.map(\.languages) == [["es"], ["es", "pt"]])
            let alone = Desk(
                store: room.store, processor: room.processor, roster: Roster(members: [Roster.Member(name: "Ana")]))
            #expect(try await alone.list(now: room.now).compactMap(\.unassigned) == ["nadie del equipo habla portugués"])
            let brazilian = Desk(
                store: room.store, processor: room.processor,
                roster: Roster(members: [Roster.Member(name: "Caio", languages: ["pt"])]))
            #expect(
                try await brazilian.list(for: "Caio", now: room.now).map(\.id) == [distress, portuguese, spanish])
        }
    }

    @Test("Where people take cases themselves, what they know comes first, distress before it, and nothing is hidden")
    func pull() async throws {
        try await withTeam(assigns: false) { room, desk in
            let legal = try await room.queue("raul", "les voy a hacer juicio, hablen con mi abogado")
            let other = try await room.queue("marta")
            let distress = try await room.queue("sofia", "no quiero vivir más")
            #expect(try await desk.list(for: "Ana", now: room.now).map(\.id) == [distress, legal, other])
            #expect(try await desk.list(for: "Bruno", now: room.now).map(\.id) == [distress, other, legal])
            #expect(try await desk.list(now: room.now).map(\.skill) == [nil, "legal", nil])
            #expect(try await desk.assignWaiting(now: room.now) == 0)
        }
    }
}
