import ArgumentParser
import Foundation
import Storage

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "See the messages that a server gave up, send them again, or let them go.",
        subcommands: [List.self, Retry.self, Discard.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What was given up, and why; oldest first.")
        @OptionGroup var server: OperatorOptions

        func run() async throws {
            struct Answer: Decodable { let messages: [DeadMessage] }
            let data = try await server.request("GET", "/v1/outbox/dead")
            let messages = try JSONDecoder().decode(Answer.self, from: data).messages
            if messages.isEmpty { print("no message was given up") }
            for message in messages {
                print(
                    shown(
                        "\(message.id)  \(message.created_at)  \(message.channel) \(message.to)  \(message.account ?? "-")  \(message.reason)"
                    ))
                print(shown("    \(message.text.prefix(100))"))
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send messages again, as if they were new.")
        @OptionGroup var server: OperatorOptions
        @OptionGroup var chosen: ChosenMessages

        func run() async throws { try await chosen.order("retry", at: server, saying: "sent again") }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let messages go: they are never sent.")
        @OptionGroup var server: OperatorOptions
        @OptionGroup var chosen: ChosenMessages

        func run() async throws { try await chosen.order("discard", at: server, saying: "discarded") }
    }
}

/// Which of the messages that were given up.
struct ChosenMessages: ParsableArguments {
    @Argument(help: "The ids that `outbox list` shows.") var ids: [String] = []
    @Flag(help: "Every message that was given up.") var all = false

    func validate() throws {
        if ids.isEmpty != all { throw ValidationError("name messages, or give --all") }
    }

    func order(_ order: String, at server: OperatorOptions, saying done: String) async throws {
        struct Answer: Decodable { let done: [String] }
        let body: [String: Any] = all ? ["all": true] : ["ids": ids]
        let data = try await server.request(
            "POST", "/v1/outbox/\(order)", JSONSerialization.data(withJSONObject: body))
        let answer = try JSONDecoder().decode(Answer.self, from: data)
        print("\(done): \(answer.done.isEmpty ? "none" : answer.done.joined(separator: ", "))")
        let others = ids.filter { !answer.done.contains($0) }
        if !others.isEmpty { throw refuse("not given up, so left as they are: \(others.joined(separator: ", "))") }
    }
}
