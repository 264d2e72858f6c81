import ArgumentParser
import Campaigns
import Conversations
import Dialog
import Foundation
import Ledger
import Quantities
import Service
import Storage

struct CampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign", abstract: "Write to customers first: check, try dry and run campaigns.",
        subcommands: [Lint.self, Plan.self, Run.self, Calls.self, Tasks.self])

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is wrong with campaigns, where, and what to do; exit code 1 where there is an error.")
        @OptionGroup var options: ConfigurationOptions
        @Argument(help: "A campaign file, or a folder of them.") var path: String

        func run() throws {
            let world = try options.load().0.loadWorldOrRefuse()
            var failed = false
            for name in try files(path, ".yaml") {
                let (source, file) = try campaignFile(name, world)
                for finding in file.findings { print(finding.rendered(source: source)) }
                if let campaign = file.campaign {
                    print("\(name): campaña \(campaign.name), \(campaign.steps.count) pasos, sin errores")
                } else {
                    failed = true
                }
            }
            if failed { throw ExitCode(1) }
        }
    }

    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show who would be written to, when and with what, and who would not, and why; sends nothing.",
            discussion:
                "With --config it looks at a copy of that database, also while a server uses it; without, at the demo company."
        )
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?
        @Option(help: "The moment, such as 2026-11-24T10:00; now by default.") var at: String?
        @Option(help: "How many accounts to show of each kind.") var show = 50
        @Argument(help: "The campaign file.") var file: String

        func run() async throws {
            let now =
                try at.map { text in
                    guard let moment = Moment(iso: text) else {
                        throw refuse("--at \(text): expected a moment such as 2026-11-24T10:00")
                    }
                    return moment
                } ?? Moment.now
            if options.config == nil, database == nil {
                let (world, accounts) = try demoWorld(options)
                let campaign = try checkedCampaign(file, world)
                let plan = try CampaignPlan(
                    campaign, accounts: accounts, at: now, processor: TurnProcessor(world: world),
                    tx: MemoryStore(accounts: accounts))
                return print(plan.report(showing: max(0, show)), terminator: "")
            }
            let configuration = try options.load().0
            let world = try configuration.loadWorldOrRefuse()
            let campaign = try checkedCampaign(file, world)
            let limit = max(0, show)
            let report = try await withDatabaseCopy(database ?? configuration.database) { store in
                let accounts = try await store.accounts()
                return try await store.submit { tx in
                    try CampaignPlan(
                        campaign, accounts: accounts, at: now, processor: TurnProcessor(world: world), tx: tx
                    )
                    .report(showing: limit)
                }
            }
            print(report, terminator: "")
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a campaign to work: what may leave now goes to the outbox, the server's timers do the rest.",
            discussion:
                "Running it again sends nothing twice and takes in accounts that are new. Where a server uses the database, the server runs it."
        )
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?
        @Argument(help: "The campaign file.") var file: String

        func run() async throws {
            let configuration = try options.load().0
            let world = try configuration.loadWorldOrRefuse()
            let campaign = try checkedCampaign(file, world)
            let report = try await configuration.use(
                database, orServerWith: try operatorToken(nil, configuration), timeout: .seconds(600)
            ) { store in
                let bar = ProgressBar(label: campaign.name)
                let report = try await CampaignRun(store: store, world: world).run(campaign, now: { Moment.now }) {
                    bar.show($0, of: $1)
                }
                bar.end()
                return report
            } or: { server in
                let answer = try await server("POST", "/v1/campaigns", Data(contentsOf: URL(fileURLWithPath: file)))
                return try JSONDecoder().decode(CampaignReport.self, from: answer)
            }
            print(Self.summary(report))
        }

        static func summary(_ report: CampaignReport) -> String {
            func list(_ counts: [String: Int]) -> String {
                counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }.joined(
                    separator: ", ")
            }
            let sent = report.sent.values.reduce(0, +)
            let refused = report.refused.values.reduce(0, +)
            return """
                campaña \(report.campaign): \(report.accounts) cuentas
                  salen ahora   \(sent)\(sent > 0 ? " (\(list(report.sent)))" : "")
                  esperan su día \(report.waiting)
                  sigue una persona \(report.closing)
                  no se escribe \(refused)\(refused > 0 ? " (\(list(report.refused)))" : "")
                """
        }
    }

    struct Calls: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the calls that campaigns ask for to a CSV file for a dialler, or take its results back.",
            discussion:
                "Each call is written once. Results have the columns llamada, resultado (\(CallResult.Outcome.allCases.map(\.rawValue).joined(separator: ", "))) and momento. Where a server uses the database, the server does it."
        )
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?
        @Option(help: "The dialler's results, to be taken.") var results: String?
        @Argument(help: "The CSV file to write.") var file: String?

        func validate() throws {
            if (file == nil) == (results == nil) { throw ValidationError("give a file to write, or --results FILE") }
        }

        func run() async throws {
            let configuration = try options.load().0
            do {
                if let results { try await take(results, configuration) }
                if let file { try await hand(to: file, configuration) }
            } catch let error as CallResultError {
                throw refuse(error.description)
            }
        }

        private func hand(to file: String, _ configuration: Configuration) async throws {
            let done = try await configuration.use(
                database, orServerWith: try operatorToken(nil, configuration)
            ) { store in
                let calls = try await store.pendingCalls()
                try write(CallRow.csv(calls.map(CallRow.init)), to: file)
                // After the file is there: a call may be exported twice, never lost.
                try await store.markCalled(calls)
                return "\(calls.count) llamadas en \(file)"
            } or: { server in
                try write(String(decoding: try await server("POST", "/v1/calls", nil), as: UTF8.self), to: file)
                return "\(file): las llamadas que pide el servidor"
            }
            print(done)
        }

        private func take(_ results: String, _ configuration: Configuration) async throws {
            guard let data = FileManager.default.contents(atPath: results) else {
                throw refuse("\(results): no se puede leer")
            }
            let world = try configuration.loadWorldOrRefuse()
            let parsed = try CallResult.parse(
                csv: String(decoding: data, as: UTF8.self), file: results, zone: world.zone)
            let news = try await configuration.use(
                database, orServerWith: try operatorToken(nil, configuration)
            ) { store in
                let taken = try await store.take(parsed, with: TurnProcessor(world: world), now: Moment.now)
                guard taken.unknown.isEmpty else { throw CallResultError(unknown: taken.unknown) }
                return taken.news
            } or: { server in
                let answer = try await server("POST", "/v1/calls/results", data)
                return try JSONDecoder().decode([String: Int].self, from: answer)["news"] ?? 0
            }
            print("\(parsed.count) resultados, \(news) nuevos")
        }
    }

    struct Tasks: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the accounts on which a campaign ended without an answer, and what a person has to do.")
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?

        func run() async throws {
            let closed = try await withDatabaseCopy(database ?? options.load().0.database) {
                try await $0.closedEnrolments()
            }
            for enrolment in closed {
                guard let ended = enrolment.ended, let closing = ended.closing else { continue }
                let command =
                    switch closing {
                    case .formalNotice: "promesa notice \(enrolment.accountID)"
                    case .mediation: "promesa notice \(enrolment.accountID) --kind mediacion"
                    case .agency: "promesa agency export"
                    }
                print(
                    "\(ended.at.day(in: .argentina).iso)  \(enrolment.accountID)  \(enrolment.campaign)  \(ended.reason)  (\(command))"
                )
            }
            print("\(closed.count) cuentas esperan a una persona")
        }
    }
}

/// Writes a whole file or nothing.
func write(_ text: String, to file: String) throws {
    do {
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    } catch {
        throw refuse("\(file): cannot be written: \(error.localizedDescription)")
    }
}

/// Runs `body` on a copy of a database: nothing that it does reaches the original, which a server may be using.
func withDatabaseCopy<Value>(_ path: String, _ body: (Store) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-copy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let copy = folder.appendingPathComponent("copy.sqlite").path
    do {
        try Store.backup(from: path, to: copy)
        let store = try Store(path: copy)
        let value = try await body(store)
        try store.close()
        return value
    } catch let error as StoreError {
        throw refuse(error.description)
    }
}

private func campaignFile(_ name: String, _ world: World) throws -> (source: String, file: CampaignFile) {
    guard let data = FileManager.default.contents(atPath: name) else { throw refuse("\(name): no se puede leer") }
    let source = String(decoding: data, as: UTF8.self)
    return (
        source,
        CampaignFile(
            source: source, file: name, segments: world.policy.segments.map(\.name), conduct: world.conduct)
    )
}

private func checkedCampaign(_ name: String, _ world: World) throws -> Campaign {
    let (source, file) = try campaignFile(name, world)
    guard let campaign = file.campaign else {
        throw refuse(file.findings.map { $0.rendered(source: source) }.joined(separator: "\n"))
    }
    return campaign
}

extension Configuration {
    /// The world, or exit code 2 with everything that is wrong.
    func loadWorldOrRefuse() throws -> World {
        do {
            return try loadWorld()
        } catch let error as ConfigurationError {
            throw refuse(error.description)
        }
    }
}
