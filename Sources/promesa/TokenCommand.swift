import ArgumentParser
import Foundation
import NIOCore
import Quantities
import Service
import Storage

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Keys for programs: make them, list them, revoke them.",
        subcommands: [New.self, List.self, Revoke.self])

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token and print it: this once, as only its hash is kept.")

        @OptionGroup var place: TokenPlace
        @Option(help: "Whose or what for; an agent's name lets it act as that agent.") var name: String
        @Option(help: "\(Role.allCases.map(\.rawValue).joined(separator: ", ")).") var role: String
        @Option(help: "How long it is good, in days, such as 90d.") var expires = "90d"

        func run() async throws {
            guard let role = Role(rawValue: role) else {
                throw refuse(
                    "--role \(role): expected one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            guard expires.hasSuffix("d"), let days = Int(expires.dropLast()) else {
                throw refuse("--expires \(expires): expected days such as 90d")
            }
            let made = try await place.use { store in
                try await store.newToken(name, role, days: days, by: "terminal", now: .now)
            } or: { server in
                let body = try JSONSerialization.data(
                    withJSONObject: ["name": name, "role": role.rawValue, "days": days] as [String: Any])
                return try JSONDecoder().decode(NewToken.self, from: try await server("POST", "/v1/tokens", body))
            }
            print(made.secret)
            FileHandle.standardError.write(
                Data(
                    "\(made.token.name), \(made.token.role.rawValue), until \(made.token.expires_at.iso(in: .argentina)); keep it now, it is not shown again\n"
                        .utf8))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every token that was made; never its secret.")
        @OptionGroup var place: TokenPlace

        func run() async throws {
            struct Answer: Decodable { let tokens: [AccessToken] }
            let tokens = try await place.use {
                try await $0.tokens()
            } or: { server in
                try JSONDecoder().decode(Answer.self, from: try await server("GET", "/v1/tokens", nil)).tokens
            }
            if tokens.isEmpty { print("no token was made") }
            for token in tokens {
                let state =
                    token.revoked_at.map { "revoked \($0.iso(in: .argentina))" }
                    ?? (token.expires_at > .now ? "until " : "expired ") + token.expires_at.iso(in: .argentina)
                print("\(token.name)  \(token.role.rawValue)  made \(token.created_at.iso(in: .argentina))  \(state)")
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a token good for nothing, at once.")
        @OptionGroup var place: TokenPlace
        @Argument(help: "The token's name.") var name: String

        func run() async throws {
            let done = try await place.use {
                try await $0.revokeToken(named: name, by: "terminal", now: .now)
            } or: {
                _ = try await $0("POST", "/v1/tokens/revoke", try JSONEncoder().encode(["name": name]))
                return true
            }
            guard done else { throw refuse("no token in force is named `\(name)`") }
            print("revoked: \(name)")
        }
    }
}

/// The database with the tokens; where a server uses it, that server.
struct TokenPlace: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The database; the configuration's by default.") var database: String?
    @Option(help: "An operator's token, where a server uses the database and the configuration has none.")
    var token: String?

    func use<Value>(
        _ here: (Store) async throws -> Value, or there: (AskServer) async throws -> Value
    ) async throws -> Value {
        let configuration = try options.load().0
        do {
            return try await configuration.use(
                database, orServerWith: try operatorToken(token, configuration), here, or: there)
        } catch let error as NewToken.Invalid {
            throw refuse(error.description)
        } catch let error as TokenNameTaken {
            throw refuse(error.description)
        }
    }
}

/// Asks the server that uses the database.
typealias AskServer = (_ method: String, _ path: String, _ body: Data?) async throws -> Data

extension Configuration {
    /// Does something in the database; where a server uses the configuration's, has that server do it.
    /// - Parameters:
    ///   - database: another one than the configuration's.
    ///   - token: for the server; asked for only where it is needed.
    func use<Value>(
        _ database: String?, orServerWith token: @autoclosure () throws -> String, timeout: TimeAmount = .seconds(30),
        _ here: (Store) async throws -> Value, or there: (AskServer) async throws -> Value
    ) async throws -> Value {
        do {
            let store = try Store(path: database ?? self.database)
            let value = try await here(store)
            try store.close()
            return value
        } catch StoreError.inUse where database == nil {
            let secret = try token()
            return try await there { method, path, body in
                try await requestOfOperator(method, path, token: secret, body, timeout: timeout)
            }
        } catch let error as StoreError {
            throw refuse(error.description)
        }
    }
}

/// The token that was given, or the configuration's.
func operatorToken(_ given: String?, _ configuration: Configuration) throws -> String {
    if let token = given ?? configuration.operatorToken { return token }
    throw refuse("a server uses the database; give an operator's token in PROMESA_OPERATOR_TOKEN")
}
