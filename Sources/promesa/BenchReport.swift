import ArgumentParser
import Conversations
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
    @Option(help: "Promises, and as many messages, talks and a tenth as many cases, over a year.") var promises =
        100_000
    @Option(help: "Times that each page is made.") var rounds = 40

    func run() async throws {
        guard accounts > 0, promises >= 0, rounds > 0 else { throw refuse("the numbers must be positive") }
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
        for (name, days) in [("twelve weeks", 83), ("a year", 365)] {
            var filter = ReportFilter(today: today)
            filter.from = today.adding(days: -days)
            for subject in Subject.allCases {
                var times: [Double] = []
                var bytes = 0
                for _ in 0..<rounds {
                    let wanted = filter
                    times.append(
                        try await timed {
                            let (reports, choices) = try await store.reports(subject.figures, wanted, terms)
                            bytes =
                                DashboardPage(
                                    subject, wanted,
                                    DashboardChoices(
                                        segments: choices.segments, versions: choices.versions, agents: choices.agents),
                                    for: visitor
                                ).rendered(reports).utf8.count
                        })
                }
                times.sort()
                print(
                    "\(name), \(subject.rawValue): p50 \(decimal(times[times.count / 2] * 1000)) ms, p99 \(decimal(times[(times.count - 1) * 99 / 100] * 1000)) ms, \(bytes / 1024) KiB"
                )
            }
        }
        try store.close()
        let verified = try await timed {
            guard try Store.reportDifferences(in: path).isEmpty else { throw refuse("the sums are wrong") }
        }
        print("report verify: \(decimal(verified)) s, no difference")
    }

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
                        try tx.save(
                            Handoff(
                                id: "h\(index)", conversationID: conversation, accountID: account,
                                reason: ["pide_humano", "queja", "limite"][index % 3], priority: .askedForHuman,
                                createdAt: heard))
                    }
                }
            }
        }
    }
}
