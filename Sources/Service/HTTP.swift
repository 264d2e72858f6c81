import Foundation
import Hummingbird
import NIOCore

/// A refusal with a fixed JSON body: `{"error":{"code":…,"message":…}}`.
struct Refusal: Error, HTTPResponseError, Encodable {
    struct Body: Encodable {
        let code: String
        let message: String
        var agent: String?
        /// The rule of conduct that refuses.
        var rule: String?
    }

    let status: HTTPResponse.Status
    let error: Body
    /// Seconds after which to ask again.
    let retryAfter: Int?
    /// The methods that there are, where it was another.
    let allow: String?

    init(
        _ status: HTTPResponse.Status, _ code: String, _ message: String, agent: String? = nil, rule: String? = nil,
        retryAfter: Int? = nil, allow: String? = nil
    ) {
        self.status = status
        self.allow = allow
        self.retryAfter = retryAfter ?? (status == .serviceUnavailable ? 1 : nil)
        error = Body(code: code, message: message, agent: agent, rule: rule)
    }

    enum CodingKeys: String, CodingKey { case error }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try Response.json(self, status: status)
        response.headers[.retryAfter] = retryAfter.map(String.init)
        response.headers[.allow] = allow
        return response
    }
}

extension Response {
    /// A JSON response with sorted keys, so that equal values give equal bytes.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return raw(try encoder.encode(value), status: status, type: "application/json; charset=utf-8")
    }

    static func raw(_ data: Data, status: HTTPResponse.Status = .ok, type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8")
        -> Response
    {
        raw(Data(text.utf8), status: status, type: type)
    }
}

extension Response {
    /// A page that may only load what lies here.
    /// - Parameter sources: directives of its content security policy besides styles and forms, each ended by `;`.
    static func page(_ html: String, status: HTTPResponse.Status = .ok, sources: String = "") -> Response {
        var response = Response.text(html, status: status, type: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; \(sources) form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        return response
    }

    /// After a form: the page to look at.
    static func seeOther(_ place: String, cookie: String? = nil) -> Response {
        var response = Response(status: .seeOther, headers: [.location: place])
        response.headers[.setCookie] = cookie
        return response
    }
}

/// Bodies that are read whole; larger ones get 413.
enum BodyLimit: Int {
    /// A page's form.
    case form = 65_536
    /// What gateways and programs post.
    case document = 1_048_576
}

/// How long a body may take to come; whoever sends it byte by byte gets 408, and the connection ends.
let longestBody = Duration.seconds(30)

extension Request {
    /// The body's bytes.
    func bodyBytes(_ limit: BodyLimit = .document) async throws -> Data {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit.rawValue {
            throw Refusal.tooLarge(limit.rawValue)
        }
        let body = body
        return try await withThrowingTaskGroup(of: Data.self) { group in
            group.addTask {
                do {
                    return Data((try await body.collect(upTo: limit.rawValue)).readableBytesView)
                } catch is NIOTooManyBytesError {
                    throw Refusal.tooLarge(limit.rawValue)
                }
            }
            group.addTask {
                try await Task.sleep(for: longestBody)
                throw Refusal.tooSlow
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next() else { throw CancellationError() }
            return bytes
        }
    }

    /// The body decoded as JSON; 400 with the decoder's complaint where it is not what was expected.
    func decoded<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        let data = try await bodyBytes()
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw Refusal(.badRequest, "malformed", error.reason)
        }
    }
}

extension Refusal {
    /// - Parameter limit: in bytes.
    static func tooLarge(_ limit: Int) -> Refusal {
        let words = limit < 1 << 20 ? "\(limit >> 10) KiB" : "\(limit >> 20) MiB"
        return Refusal(.contentTooLarge, "too_large", "The body is over \(words).")
    }

    /// - Parameter methods: that the path knows.
    static func methodNotAllowed(_ methods: [String]) -> Refusal {
        let list = methods.joined(separator: ", ")
        return Refusal(.methodNotAllowed, "method_not_allowed", "This path knows \(list).", allow: list)
    }

    static let tooSlow = Refusal(.requestTimeout, "too_slow", "The body did not come in time.")
    static let unauthorized = Refusal(.unauthorized, "unauthorized", "A valid signature or token is required.")
}

extension DecodingError {
    /// The complaint without Swift's type names.
    var reason: String {
        func place(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
        return switch self {
        case .keyNotFound(let key, let context): "Field `\(place(context.codingPath + [key]))` is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "Field `\(place(context.codingPath))` has the wrong type."
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "The body is not valid JSON." : "Field `\(place(context.codingPath))`: \(context.debugDescription)."
        @unknown default: "The body could not be read."
        }
    }
}
