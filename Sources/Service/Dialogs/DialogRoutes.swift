import Foundation
import Hummingbird
import ServiceLifecycle

/// The dialogs in use, and what came of each version.
struct DialogRoutes {
    let backend: Backend

    func add(to router: Router<RouteContext>) {
        router.get("v1/dialogs") { _, _ in try Response.json(try await backend.dialogs.status()) }
        router.post("v1/dialogs/reload") { _, context in
            try await backend.record("dialogs.reload", [context.requireCaller().name])
            // The server stops once it answered this, and a judgement may take minutes.
            await withGracefulShutdownHandler {
                await backend.dialogs.reload(again: true)
            } onGracefulShutdown: {
                backend.dialogs.stop()
            }
            return try Response.json(try await backend.dialogs.status())
        }
    }
}
