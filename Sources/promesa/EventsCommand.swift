import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import Service
import Storage

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "See how far the targets of events are, and send events again.",
        subcommands: [Status.self, Replay.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What each target still has to get of a server's events.")
        @OptionGroup var server: OperatorOptions

        func run() async throws {
            struct Answer: Decodable { let targets: [EventTargetStatus] }
            let answer = try JSONDecoder().decode(
                Answer.self, from: try await server.request("GET", "/v1/events/targets"))
            if answer.targets.isEmpty { print("there is no target; name one under `events` in the configuration") }
            for target in answer.targets {
                print(
                    "\(target.name): taken up to \(target.taken_up_to) of \(target.last_seq); \(target.waiting) waiting, \(target.dead) given up"
                )
                for event in target.failing {
                    print(
                        "  \(event.seq) \(event.kind) of \(event.account ?? "nobody"): \(event.state) after \(event.attempts) attempts, \(event.error ?? "")"
                    )
                }
            }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send every event from a sequence number on again, in order.")
        @OptionGroup var server: OperatorOptions
        @Option(help: "The first event to send.") var from: Int64
        @Option(help: "The target; all of them by default.") var target: String?

        func run() async throws {
            var body: [String: Any] = ["from": from]
            if let target { body["target"] = target }
            struct Answer: Decodable { let targets: [String] }
            let data = try await server.request(
                "POST", "/v1/events/replay", JSONSerialization.data(withJSONObject: body))
            let targets = try JSONDecoder().decode(Answer.self, from: data).targets
            print("events from \(from) on are sent again to \(targets.joined(separator: ", "))")
        }
    }
}

/// A running server, and the operator's token for it.
struct OperatorOptions: ParsableArguments {
    @Option(help: "The server.") var url = "http://127.0.0.1:8080"
    @Option(help: "The operator's token; PROMESA_OPERATOR_TOKEN unless given.") var token: String?
    @OptionGroup var trust: TrustOptions

    func request(_ method: String, _ path: String, _ body: Data? = nil) async throws -> Data {
        guard let token = token ?? ProcessInfo.processInfo.environment["PROMESA_OPERATOR_TOKEN"] else {
            throw refuse("give the operator's token with --token or in PROMESA_OPERATOR_TOKEN")
        }
        return try await trust.withClient {
            try await requestOfOperator(method, url, path, token: token, body, client: $0)
        }
    }
}

/// Whose certificates are believed of a server that is asked over TLS.
struct TrustOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Certificates (PEM) to believe in place of the system's: the company's own authority, or the server's own.",
            valueName: "file"))
    var ca: String?

    /// Runs `body` with a client that believes them.
    func withClient<Value>(_ body: (HTTPClient) async throws -> Value) async throws -> Value {
        guard let ca else { return try await body(.shared) }
        let pem = (try? String(contentsOfFile: ca, encoding: .utf8)) ?? ""
        guard pem.contains("-----BEGIN CERTIFICATE-----") else {
            throw refuse("--ca \(ca): cannot be read, or holds no certificate in PEM")
        }
        return try await promesa.withClient(trusting: ca, whateverItsName: false, body)
    }
}

/// Runs `body` with a client that believes the certificates of a file.
private func withClient<Value>(
    trusting file: String, whateverItsName: Bool, _ body: (HTTPClient) async throws -> Value
) async throws -> Value {
    var configuration = HTTPClient.Configuration()
    configuration.tlsConfiguration = .makeClientConfiguration()
    configuration.tlsConfiguration?.trustRoots = .file(file)
    if whateverItsName { configuration.tlsConfiguration?.certificateVerification = .noHostnameVerification }
    return try await HTTPClient.withHTTPClient(configuration: configuration, body)
}

extension Configuration {
    /// The server that has this configuration, on this machine; its certificate is trusted whatever names it has.
    func requestOfOperator(
        _ method: String, _ path: String, token: String, _ body: Data? = nil, timeout: TimeAmount = .seconds(30)
    ) async throws -> Data {
        guard let tls else {
            return try await promesa.requestOfOperator(method, ownURL, path, token: token, body, timeout: timeout)
        }
        return try await withClient(trusting: tls.certificate, whateverItsName: true) {
            try await promesa.requestOfOperator(
                method, ownURL, path, token: token, body, timeout: timeout, client: $0)
        }
    }
}

/// What a server answers to its operator; exit code 2 with its sentence where it refuses.
func requestOfOperator(
    _ method: String, _ url: String, _ path: String, token: String, _ body: Data? = nil,
    timeout: TimeAmount = .seconds(30), client: HTTPClient = .shared
) async throws -> Data {
    var request = HTTPClientRequest(url: url + path)
    request.method = .init(rawValue: method)
    request.headers.add(name: "Authorization", value: "Bearer \(token)")
    if let body { request.body = .bytes(body) }
    let status: Int
    let data: Data
    do {
        let response = try await client.execute(request, timeout: timeout)
        status = Int(response.status.code)
        data = Data((try await response.body.collect(upTo: 1 << 28)).readableBytesView)
    } catch {
        throw refuse("\(url) does not answer; is the server running? name it with --url")
    }
    guard status == 200 else {
        struct Answer: Decodable {
            struct Body: Decodable { let message: String }
            let error: Body
        }
        let answer = try? JSONDecoder().decode(Answer.self, from: data)
        throw refuse("\(url): \(answer?.error.message ?? "HTTP \(status)")")
    }
    return data
}
