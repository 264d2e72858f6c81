import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import Storage

/// Stands outermost: what every answer tells a browser, errors included. It may not guess types, keep what is somebody's
/// own, show a page inside another, use devices, or tell other sites where it was.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = RouteContext

    /// Whether this server speaks TLS itself; behind a proxy that does, HSTS is the proxy's to say.
    let isTLS: Bool

    /// For what is no page: nothing may be loaded, and nobody may show it inside a page.
    static let closedPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

    private static let always: [(HTTPField.Name, String)] = [
        (.xContentTypeOptions, "nosniff"),
        (.referrerPolicy, "no-referrer"),
        (.contentSecurityPolicy, closedPolicy),
        (.cacheControl, "no-store"),
        (.crossOriginResourcePolicy, "same-origin"),
        (.init("Cross-Origin-Opener-Policy")!, "same-origin"),
        (
            .init("Permissions-Policy")!,
            "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()"
        ),
    ]

    func handle(
        _ request: Request, context: RouteContext,
        next: (Request, RouteContext) async throws -> Response
    ) async throws -> Response {
        var response = try await answer(request, context, next)
        // A route may say it more narrowly, or let its style sheet be kept.
        for (name, value) in Self.always where response.headers[name] == nil { response.headers[name] = value }
        if request.method == .head { response = response.createHeadResponse() }
        if isTLS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }

    private func answer(
        _ request: Request, _ context: RouteContext, _ next: (Request, RouteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            return try error.response(from: request, context: context)
        } catch let error where Self.isOfConnection(error) {
            throw error
        } catch {
            // A route's template and the kind of failure: what was asked for, and with what, may be somebody's own.
            context.logger.error(
                "a request failed",
                metadata: [
                    "route": "\(request.method) \(context.endpointPath ?? "-")",
                    "error": "\((error as? StoreError)?.description ?? "\(type(of: error))")",
                ])
            // A simulation's logger keeps no id.
            let id = context.logger[metadataKey: "hb.request.id"]?.description ?? "-"
            return try Refusal.failed(id).response(from: request, context: context)
        }
    }

    /// The client went away or does not speak HTTP: there is nobody to answer, or Hummingbird answers.
    private static func isOfConnection(_ error: any Error) -> Bool {
        error is HTTPParserError || error is ChannelError || error is IOError || error is CancellationError
            || error is NIOAsyncWriterError
    }
}

extension HTTPField.Name {
    static let referrerPolicy = Self("Referrer-Policy")!
}

extension Refusal {
    /// - Parameter id: under which the log has it.
    static func failed(_ id: String) -> Refusal {
        Refusal(.internalServerError, "failed", "The server failed at this; its log has it under hb.request.id=\(id).")
    }
}
