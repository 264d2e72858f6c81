import ArgumentParser
import Conversations
import Desk
import Foundation
import Ledger
import Negotiation
import Pages
import Quantities
import Reports
import Service
import Storage

/// How long the pages of the dashboard take with a portfolio of some size and a year behind it.
struct BenchReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "Milliseconds of each page of the dashboard, with a year of made-up history, and what keeping its sums costs."
    )

    @Option(help: "Accounts, with two items each; every second one paid once.") var accounts = 1_000_000
    @Option(
        help:
            "Promises, and as many messages and talks, over a year; a tenth as many cases, of which the last 200 are open."
    )
    var promises = 100_000
    @Option(help: "Times that each page is made.") var rounds = 40

    func run() async throws {
        guard accounts > 0, promises >= 10, rounds > 0 else { throw refuse("the numbers must be positive") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let world = try Configuration.load(file: demoConfigurationPath(), environment: [:]).loadWorld()
        let path = folder.appendingPathComponent("bench.sqlite").path
        let store = try Store(path: path)
        let today = Moment.now.day(in: world.zone)
        for kind in [ImportKind.accounts, .items, .payments] {
            let file = folder.appendingPathComponent("\(kind.rawValue).csv").path
            try Data(csv(kind, today).utf8).write(to: URL(fileURLWithPath: file))
            let took = try await timed {
                _ = try await store.run(
                    ImportJob(kind: kind, file: file), processor: TurnProcessor(world: world), now: Moment.now)
            }
            print("import \(kind.rawValue): \(decimal(took)) s")
        }
        print("a year of history: \(decimal(try await timed { try await live(store, today, world.zone) })) s")
        print("closing seven months: \(decimal(try await timed { try await store.closeMonths(on: today) })) s")
        let terms = ReportTerms(
            today: today, zone: world.zone, calendar: world.calendar, conduct: world.conduct, policy: world.policy,
            mostRows: 500)
        let visitor = Visitor(name: "Carla", isSupervisor: true, csrf: "")
        let desk = Desk(store: store, processor: TurnProcessor(world: world))
        try await measure("queue") { queuePage(try await desk.list(for: "Carla", now: .now), for: visitor).utf8.count }
        try await measure("team") { teamPage(try await desk.team(now: .now), for: visitor).utf8.count }
        try await measure("one case") {
            CasePage(
                try await desk.read(Self.handoff(of: (promises - 1) / 10 * 10), now: .now), for: visitor, colleagues: []
            )
            .rendered().utf8.count
        }
        for (name, days) in [("twelve weeks", 83), ("a year", 365)] {
            var filter = ReportFilter(today: today)
            filter.from = today.adding(days: -days)
            for subject in Subject.allCases {
                let wanted = filter
                try await measure("\(name), \(subject.rawValue)") {
                    let (reports, choices) = try await store.reports(subject.figures, wanted, terms)
                    return DashboardPage(
                        subject, wanted,
                        DashboardChoices(
                            segments: choices.segments, versions: choices.versions, agents: choices.agents),
                        for: visitor
                    ).rendered(reports).utf8.count
                }
            }
            var whole = terms
            whole.mostRows = .max
            for figure in Figure.allCases {
                let (wanted, terms) = (filter, whole)
                try await measure("\(name), \(figure.rawValue).csv") {
                    try await store.report(figure, wanted, terms).table.csv.count
                }
            }
        }
        try store.close()
        let verified = try await timed {
            guard try Store.reportDifferences(in: path).isEmpty else { throw refuse("the sums are wrong") }
        }
        print("report verify: \(decimal(verified)) s, no difference")
    }

    /// Prints how long something takes, by the clock and by the processor: the latter also where others use the machine.
    private func measure(_ name: String, _ make: () async throws -> Int) async throws {
        var (times, bytes) = ([Double](), 0)
        let before = Self.processorSeconds
        for _ in 0..<rounds { times.append(try await timed { bytes = try await make() }) }
        let processor = (Self.processorSeconds - before) / Double(rounds)
        times.sort()
        func figure(_ seconds: Double) -> String { "\(decimal(seconds * 1000)) ms" }
        print(
            "\(name): p50 \(figure(times[times.count / 2])), p99 \(figure(times[(times.count - 1) * 99 / 100])), processor \(figure(processor)), \(bytes / 1024) KiB"
        )
    }

    private static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    private static func handoff(of index: Int) -> String { "h\(index)" }

    private func timed(_ work: () async throws -> Void) async throws -> Double {
        let began = ContinuousClock.now
        try await work()
        let passed = (ContinuousClock.now - began).components
        return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    }

    private static let segments = ["buen_pagador", "olvidadizo", "ocasional", "cronico"]

    private func csv(_ kind: ImportKind, _ today: Day) -> String {
        var text =
            switch kind {
            case .accounts:
                "cuenta,acreedor,nombre,nombre_completo,documento,telefono,segmento,tna,iva_interes,moneda\n"
            case .items: "cuenta,item,descripcion,capital,vencimiento\n"
            case .payments, .history: "pago,cuenta,importe,dia\n"
            }
        for index in 0..<accounts {
            switch kind {
            case .accounts:
                text +=
                    "c\(index),Red Fibra,María,María Núñez,\(20_000_000 + index),+549110\(1_000_000 + index),\(Self.segments[index % 4]),60,21,ARS\n"
            case .items:
                for item in 0..<2 {
                    let due = today.adding(days: 20 - (index * 7 + item * 30) % 400)
                    text += "c\(index),i\(item),Internet,\(1_000 + index % 89_000).50,\(due.iso)\n"
                }
            case .payments, .history:
                guard index % 2 == 0 else { continue }
                text += "p\(index),c\(index),\(500 + index % 9_000).25,\(today.adding(days: -(index % 360)).iso)\n"
            }
        }
        return text
    }

    /// Spread over the year before today, through the turns' own doors.
    private func live(_ store: Store, _ today: Day, _ zone: Zone) async throws {
        let states = [PromiseToPay.State.kept, .broken, .kept, .partiallyKept, .withdrawn]
        for start in stride(from: 0, to: promises, by: 1000) {
            try await store.submit { [promises, accounts] tx in
                for index in start..<min(start + 1000, promises) {
                    let day = today.adding(days: -365 + index * 365 / promises)
                    let at = Moment(day, hour: 9 + index % 9, in: zone)
                    let (account, conversation) = ("c\(index * 7 % accounts)", "v\(index)")
                    let amount = Money.units(Int64(1_000 + index % 50_000))
                    let due = day.adding(days: 5 + index % 20)
                    let offer = Offer(
                        id: "todo", kind: .promise, total: amount, discount: .zero(),
                        instalments: [Instalment(number: 1, amount: amount, dueDay: due)], pricedOn: day,
                        validUntil: day, policyVersion: "1")
                    var promise = PromiseToPay(
                        id: "p\(index)", accountID: account, amount: amount, payBy: due, createdOn: day, offer: offer,
                        evidence: [index % 10 == 0 ? "agente Agente \(index % 7)" : "m\(index)"], deadline: due)
                    if due < today { promise.state = states[index % states.count] }
                    try tx.save(promise)
                    let version = "v\(index * 4 / promises)"
                    try tx.credit(.promise(id: promise.id), to: version)
                    try tx.recordProactive(accountID: account, channel: index % 3 == 0 ? "sms" : "whatsapp", at: at)
                    let contact = ContactKey(channel: "whatsapp", gatewayAccount: "1", address: "+54\(index)")
                    let heard = at.adding(seconds: Int64(60 * (index % 3000)))
                    try tx.record(
                        RecordedTurn(
                            at: heard, conversationID: conversation, accountID: account,
                            .message(
                                InboundMessage(
                                    contact: contact, messageID: "m\(index)", writtenAt: heard, content: .text("hola"))),
                            dialogVersion: version))
                    for state in ["identidad", "mora", "confirmar", "anotada"].prefix(1 + index % 4) {
                        try tx.append(
                            AuditEvent(
                                at: heard, conversationID: conversation, accountID: account, kind: "turn",
                                detail: ["estado \(state)"]))
                    }
                    if index % 10 == 0 {
                        var handoff = Handoff(
                            id: Self.handoff(of: index), conversationID: conversation, accountID: account,
                            reason: ["pide_humano", "queja", "limite"][index % 3], priority: .askedForHuman,
                            createdAt: heard)
                        if index < promises - 2000 { handoff.state = .closed }
                        try tx.save(Conversation(id: conversation, contact: contact, accountID: account))
                        try tx.save(handoff)
                    }
                }
            }
        }
    }
}
