import ArgumentParser
import Conversations
import Foundation
import Ledger
import Logging
import Quantities
import Service
import Storage

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the server.")

    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "Also serve a gateway that accepts messages and shows them.")
    var sandbox = false
    @Flag(help: "Also serve a page to try the dialogs in, to this machine only: /playground.")
    var playground = false
    @Flag(help: "Only show each setting and where it comes from, without the secrets.")
    var printConfig = false

    func run() async throws {
        var (configuration, _) = try options.load(sandbox: sandbox ? true : nil)
        configuration.playground = playground
        if printConfig {
            for setting in configuration.settings { print(setting) }
            for warning in configuration.warnings { FileHandle.standardError.write(Data("warning: \(warning)\n".utf8)) }
            return
        }
        try await serve(configuration) { [configuration] _ in
            print("promesa: listening on \(configuration.ownURL)")
            if configuration.playground { print("playground: \(configuration.ownURL)/playground") }
        }
    }
}

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server with the demo company on loopback, and say what to try next.")

    @Option(help: "The port; 8080 unless given.")
    var port: Int?
    @Option(help: "The database; kept between runs.")
    var database: String?
    @Flag(help: "Also serve a page to try the dialogs in: /playground.")
    var playground = false

    func run() async throws {
        let file = try demoConfigurationPath()
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        var environment = ProcessInfo.processInfo.environment
        if let port { environment["PROMESA_PORT"] = String(port) }
        let state = folder.deletingLastPathComponent().appendingPathComponent(".build/demo")
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        environment["PROMESA_DATABASE"] = database ?? state.appendingPathComponent("promesa.sqlite").path
        let configuration: Configuration
        do {
            var loaded = try Configuration.load(file: file, environment: environment, sandbox: true)
            loaded.playground = playground
            configuration = loaded
        } catch let error as ConfigurationError {
            throw refuse(error.description)
        }
        let program = CommandLine.arguments[0]
        try await serve(
            configuration,
            prepare: { store in
                guard try await store.accountCount() == 0 else { return }
                let processor = TurnProcessor(world: try configuration.loadWorld())
                for kind in [ImportKind.accounts, .payments] {
                    let file = folder.appendingPathComponent("\(kind.rawValue).csv").path
                    _ = try await store.run(
                        ImportJob(kind: kind, file: file), processor: processor,
                        now: Moment.now)
                }
            }
        ) { _ in
            let url = configuration.ownURL
            let secret = configuration.generic?.secret.current ?? ""
            let token = configuration.agents.first?.token ?? ""
            print(
                """

                Promesa is running with the demo company on \(url) (Ctrl-C stops it; the data stays).

                Write to the bot as Marta would, through the signed webhook:
                  T=$(date +%s); B='{"id":"'$T'","from":"+5491100000003","text":"hola"}'; curl -s \(url)/v1/webhooks/generic -H "X-Promesa-Timestamp: $T" -H "X-Promesa-Signature: $(printf %s "$T.$B" | openssl dgst -sha256 -hmac \(secret) -r | cut -d' ' -f1)" -d "$B"

                Talk to the bot in this terminal:
                  \(program) repl --as marta
                \(configuration.playground ? "or in a browser: \(url)/playground" : "or in a browser: start it with --playground")

                Attend hand-offs as Ana (a person; her password is demo-ana):
                  \(url)/consola
                  \(program) desk --url \(url) --token \(token)
                  curl -s \(url)/v1/handoffs -H "Authorization: Bearer \(token)"

                What the sandbox gateway receives appears below and at \(url)/sandbox/messages
                """)
        }
    }
}

/// Opens the store, checks the configuration and serves until told to stop.
private func serve(
    _ configuration: Configuration, prepare: (Store) async throws -> Void = { _ in },
    started: @escaping @Sendable (Int) -> Void
) async throws {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    do {
        if configuration.playground { try configuration.requirePlayground() }
        let world = try configuration.loadWorld(stored: Store.dialogs(in: configuration.database))
        let campaigns = try configuration.loadCampaigns(world)
        let store = try Store(path: configuration.database)
        try await prepare(store)
        let logger = Logger(label: "promesa")
        for warning in configuration.warnings { logger.warning("\(warning)") }
        let server = Server(
            configuration: configuration, world: world, store: store, logger: logger, campaigns: campaigns,
            showSandbox: { line in
                print(line)
                fflush(nil)
            })
        try await server.run { port in
            started(port)
            fflush(nil)
        }
    } catch let error as ConfigurationError {
        throw refuse(error.description)
    } catch let error as StoreError {
        throw refuse(error.description)
    } catch let error as ImportFailure {
        throw refuse(error.description)
    } catch let error as PortInUse {
        throw refuse(error.description)
    }
}
