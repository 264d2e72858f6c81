import Foundation
import Hummingbird

/// The dialogs in use, and what came of each version.
struct DialogRoutes {
    let backend: Backend

    func add(to router: Router<BasicRequestContext>) {
        router.get("v1/dialogs") { request, _ in
            try backend.configuration.requireOperator(request)
            return try Response.json(try await backend.dialogs.status())
        }
        router.post("v1/dialogs/reload") { request, _ in
            try backend.configuration.requireOperator(request)
            await backend.dialogs.reload(again: true)
            return try Response.json(try await backend.dialogs.status())
        }
    }
}
