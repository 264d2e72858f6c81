import ArgumentParser
import Conduct
import Conversations
import Desk
import Foundation
import Quantities
import Service
import Storage

struct PersonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "What people ask about their personal data: write it down, list it, answer it.",
        subcommands: [Request.self, List.self, Verify.self, Done.self, Erase.self, Refuse.self, Export.self])

    struct Request: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write down a request that came otherwise than in a chat.")

        @OptionGroup var place: ManagersPlace
        @Option(help: "\(DataRight.allCases.map(\.rawValue).joined(separator: ", ")).") var right: String
        @Option(help: "How it came, such as carta.") var channel = "mostrador"
        @Option(help: "Who asks, such as \"la titular\".") var askedBy = ""
        @Option(help: "The day on which it came; today by default.") var askedOn: String?
        @Argument(help: "One of the person's accounts.") var account: String

        func run() async throws {
            guard let right = DataRight(rawValue: right) else {
                let all = DataRight.allCases.map(\.rawValue).joined(separator: ", ")
                throw refuse("--right \(self.right): expected one of \(all)")
            }
            let day = try askedOn.map { text in
                guard let day = Day(text) else { throw refuse("--asked-on \(text): expected a day such as 2026-12-05") }
                return day
            }
            let (account, channel, askedBy) = (account, channel, askedBy)
            let view: PersonRequestView = try await place.use { desk, name in
                try await desk.register(
                    right, accountID: account, channel: channel, askedBy: askedBy, askedOn: day, by: name, now: .now)
            } or: { server in
                var body = ["account": account, "right": right.rawValue, "channel": channel, "asked_by": askedBy]
                body["asked_on"] = day?.iso
                return try JSONDecoder().decode(
                    PersonRequestView.self,
                    from: try await server("POST", "/v1/privacy/requests", try JSONEncoder().encode(body)))
            }
            print("\(view.id): se responde a más tardar el \(view.due)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The requests: open ones first, by the day on which they are due.")
        @OptionGroup var place: ManagersPlace

        func run() async throws {
            let requests: [PersonRequestView] = try await place.use { desk, _ in
                try await desk.personRequests(now: .now)
            } or: { server in
                try await ManagersPlace.requests(server)
            }
            if requests.isEmpty { print("no hay pedidos") }
            for request in requests {
                let who =
                    request.pseudonym ?? request.name.map { "\($0) (\(request.account ?? ""))" }
                    ?? "charla \(request.conversation ?? "")"
                let late = request.overdue ? "  FUERA DE TÉRMINO" : ""
                print(
                    "\(request.id)  \(request.right.spanishName)  \(who)  \(request.channel)  vence \(request.due)  \(request.state.spanishName)\(late)"
                )
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Who asks is the person, or speaks for them.")
        @OptionGroup var place: ManagersPlace
        @Option(help: "How that was made sure of.") var note: String
        @Argument(help: "The request, such as d000012.") var request: String
        func run() async throws { try await place.carryOut(.verify, request, note) }
    }

    struct Done: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A request of access or rectification was answered.")
        @OptionGroup var place: ManagersPlace
        @Option(help: "What was done.") var note: String
        @Argument(help: "The request.") var request: String
        func run() async throws { try await place.carryOut(.done, request, note, besides: .erasure) }
    }

    struct Erase: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Carry out a request of erasure: there is no way back.",
            discussion: """
                The person's data are gone from the database and its log, in all accounts of theirs; who still owes stays \
                as a pseudonym with what is owed and paid. Backups keep what they had: see Docs/privacy.md.
                """)
        @OptionGroup var place: ManagersPlace
        @Flag(help: "Do it; without it nothing is done.") var yes = false
        @Argument(help: "The request.") var request: String

        func run() async throws {
            guard yes else { throw refuse("nothing was erased: this cannot be undone; say --yes") }
            try await place.carryOut(.done, request, "", besides: nil)
        }
    }

    struct Refuse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A request is not done, and why.")
        @OptionGroup var place: ManagersPlace
        @Option(help: "The reason, which the person has a right to know.") var reason: String
        @Argument(help: "The request.") var request: String
        func run() async throws { try await place.carryOut(.refuse, request, reason) }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Everything that is held about a person, as JSON; `promesa history` gives what was said, to print.")
        @OptionGroup var options: ConfigurationOptions
        @Option(help: "The database; the configuration's by default.") var database: String?
        @Option(help: "The file; standard output by default.") var out: String?
        @Argument(help: "One of the person's accounts.") var account: String

        func run() async throws {
            let path = try database ?? options.load().0.database
            let data = try refusing { try Store.personalData(accountID: account, in: path, now: .now) }
            guard let data else { throw refuse("there is no account `\(account)`") }
            let text = String(decoding: data, as: UTF8.self)
            if let out { try write(text + "\n", to: out) } else { print(text) }
        }
    }
}

/// The database, as a manager; where a server uses it, that server.
struct ManagersPlace: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The database; the configuration's by default.") var database: String?
    @Option(help: "A manager's token, where a server uses the database and the configuration has none.")
    var token: String?

    func use<Value>(
        _ here: (Desk, _ name: String) async throws -> Value, or there: (AskServer) async throws -> Value
    ) async throws -> Value {
        let configuration = try options.load().0
        do {
            return try await configuration.use(
                database, orServerWith: try managersToken(configuration), timeout: .seconds(300),
                { store in
                    let world = try configuration.loadWorldOrRefuse()
                    return try await here(Desk(store: store, processor: TurnProcessor(world: world)), "terminal")
                }, or: there)
        } catch let refusal as PersonRequestRefusal {
            throw refuse(refusal.spanish)
        }
    }

    private func managersToken(_ configuration: Configuration) throws -> String {
        let manager = configuration.agents.first { $0.role == .manager && $0.token != nil }
        guard let secret = token ?? manager?.token else {
            throw refuse("a server uses the database; give a manager's token with --token")
        }
        return secret
    }

    /// What the server has of requests.
    static func requests(_ server: AskServer) async throws -> [PersonRequestView] {
        struct Answer: Decodable { let requests: [PersonRequestView] }
        return try JSONDecoder().decode(Answer.self, from: try await server("GET", "/v1/privacy/requests", nil))
            .requests
    }

    /// - Parameter besides: a right for which this is not the command.
    func carryOut(
        _ order: PersonRequestOrder, _ id: String, _ note: String, besides: DataRight? = nil
    ) async throws {
        let view: PersonRequestView = try await use { desk, name in
            let known = try await desk.personRequests(now: .now).first { $0.id == id }
            try check(known, besides)
            return try await desk.order(order, requestID: id, note: note, by: name, now: .now)
        } or: { server in
            let known = try await Self.requests(server).first { $0.id == id }
            try check(known, besides)
            return try JSONDecoder().decode(
                PersonRequestView.self,
                from: try await server(
                    "POST", "/v1/privacy/requests/\(id)/\(order.rawValue)", try JSONEncoder().encode(["note": note])))
        }
        print("\(view.id): \(view.state.spanishName)")
        for (table, count) in (view.erased ?? [:]).sorted(by: { $0.key < $1.key }) { print("  \(table): \(count)") }
        if let kept = view.kept, !kept.isEmpty {
            print("  queda sin nombre, porque todavía debe: \(kept.joined(separator: ", "))")
        }
        if view.log_emptied == false {
            print(
                Store.hasNodes
                    ? "  PostgreSQL los guarda en su registro y en sus páginas hasta que limpia (VACUUM) y recicla"
                    : "  el registro de escritura de la base no se pudo vaciar: se vacía cuando el servidor pare")
        }
        if view.rewritten == false, !Store.hasNodes {
            print(
                "  el archivo de la base es grande: el servidor lo escribe de nuevo a la noche, y recién ahí no queda ningún resto"
            )
        }
    }

    private func check(_ request: PersonRequestView?, _ besides: DataRight?) throws {
        if let besides, request?.right == besides {
            throw refuse("\(request?.id ?? ""): it asks for erasure; `promesa person erase` does that")
        }
    }
}
