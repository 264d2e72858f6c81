import Conversations
import Synchronization

/// The world that turns are answered with: replaced as a whole when a dialog changes, while turns under way go on with
/// the one that they began with.
final class CurrentWorld: Sendable {
    private let state: Mutex<World>

    init(_ world: World) { state = Mutex(world) }

    var world: World { state.withLock { $0 } }

    func change(_ body: (inout World) -> Void) { state.withLock { body(&$0) } }
}
