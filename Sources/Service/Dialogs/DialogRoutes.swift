import Foundation
import Hummingbird

/// The dialogs in use, and what came of each version.
struct DialogRoutes {
    let backend: Backend

    func add(to router: Router<RouteContext>) {
        router.get("v1/dialogs") { _, _ in try Response.json(try await backend.dialogs.status()) }
        router.post("v1/dialogs/reload") { _, context in
            try await backend.record("dialogs.reload", [context.requireCaller().name])
            await backend.dialogs.reload(again: true)
            return try Response.json(try await backend.dialogs.status())
        }
    }
}
