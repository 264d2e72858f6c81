import Foundation
import Hummingbird
import NIOCore
import ServiceLifecycle
import Storage

/// What happens to hand-offs, as server-sent events: `event: change`, `data: {"handoff":"h1"}`. A client that comes back
/// says with `Last-Event-ID` what it has seen, and misses nothing.
struct HandoffStream: Sendable {
    private static let rhythm = Duration.seconds(1)
    /// Without an event for so many beats a comment is sent, so that a client that is gone is noticed.
    private static let quietBeats = 15

    let store: Store

    /// - Parameter id: of the one hand-off to tell of; nil for all.
    func response(to request: Request, only id: String?) async throws -> Response {
        let seen = request.headers[.init("Last-Event-ID")!].flatMap { Int64($0) }
        let last = try await store.lastChange()
        // A place of another database, after a restore, is no place.
        let start = seen.map { min($0, last) } ?? last
        let body = ResponseBody { writer in
            var place = start
            var beats = 0
            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
            while !Task.isCancelled, !Task.isShuttingDownGracefully {
                let changes = try await store.handoffChanges(after: place)
                place = changes.place
                let ids = changes.ids.filter { id == nil || $0 == id }
                beats = ids.isEmpty ? beats + 1 : 0
                for id in ids {
                    let data = String(decoding: try JSONEncoder().encode(["handoff": id]), as: UTF8.self)
                    try await writer.write(ByteBuffer(string: "id: \(place)\nevent: change\ndata: \(data)\n\n"))
                }
                if beats == Self.quietBeats {
                    try await writer.write(ByteBuffer(string: ": \n\n"))
                    beats = 0
                }
                try await Task.sleep(for: Self.rhythm)
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: body)
    }
}
