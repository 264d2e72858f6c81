import AsyncHTTPClient
import Channels
import Foundation
import Logging
import NIOCore
import Quantities
import ServiceLifecycle
import Storage

/// Asks Telegram for updates where it cannot reach us. Telegram keeps what is not confirmed, and it is confirmed once it
/// is on disk: nothing is lost where we stop in between, and what comes twice is known.
struct TelegramPoll: Service {
    let backend: Backend
    let client: HTTPClient

    private struct HTTPFailure: Error, CustomStringConvertible {
        let status: Int
        var description: String { "HTTP \(status)" }
    }

    /// Seconds that Telegram holds a request that has nothing to give.
    private static let longPoll = 25

    func run() async throws {
        // A service that ends before it is told to stops the server.
        guard let channel = backend.configuration.gateways.telegram, channel.receiving == .poll else {
            return try await gracefulShutdown()
        }
        await cancelWhenGracefulShutdown { await poll(channel) }
    }

    private func poll(_ channel: GatewayConfiguration.Telegram) async {
        let sender = TelegramSender(apiURL: channel.apiURL, token: channel.token)
        var offset: Int64 = 0
        var failures = 0
        while !Task.isCancelled {
            do {
                let (status, body, _) = try await client.post(
                    sender.poll(offset: offset, timeout: Self.longPoll), timeout: .seconds(Int64(Self.longPoll) + 10))
                guard status == 200 else { throw HTTPFailure(status: status) }
                let updates = try Telegram.parsePoll(body, bot: channel.bot, receivedAt: backend.now())
                for update in updates {
                    try await Intake(backend: backend).process([update.item], source: "telegram")
                    offset = max(offset, update.id + 1)
                    if let query = update.callbackQueryID {
                        // Only the busy sign of a button: where it fails, it ends by itself.
                        _ = try? await client.post(sender.answer(callbackQuery: query), timeout: .seconds(5))
                    }
                }
                failures = 0
            } catch {
                if Task.isCancelled { return }
                var random = SystemRandomNumberGenerator()
                let delay = Backoff.delay(attempt: min(failures, 4), requested: nil, using: &random)
                failures += 1
                backend.logger.warning(
                    "Telegram could not be asked",
                    metadata: [
                        "why": "\((error as? HTTPFailure)?.description ?? "\(type(of: error))")",
                        "in_seconds": "\(delay)",
                    ])
                try? await Task.sleep(for: .seconds(delay))
            }
        }
    }
}
