import Foundation
import HummingbirdCore
import Synchronization

/// How many connections are open, and whether there may be more: those beyond wait, unaccepted, until one ends.
final class OpenConnections: AvailableConnectionsDelegate {
    let most: Int
    private let open = Atomic<Int>(0)

    init(most: Int) { self.most = most }

    var count: Int { open.load(ordering: .relaxed) }

    func connectionOpened() { open.add(1, ordering: .relaxed) }
    func connectionClosed() { open.subtract(1, ordering: .relaxed) }
    func isAcceptingNewConnections() -> Bool { count < most }

    /// As many as are wished for, as far as this process may open files; raises what it may to what it could.
    static func allowed(_ wished: Int) -> Int {
        // The database, its readers and the connections to gateways.
        let others = 256
        #if os(Linux)
            let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let files = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return wished }
        let needed = rlim_t(wished + others)
        if limit.rlim_cur < needed {
            var raised = limit
            raised.rlim_cur = min(needed, limit.rlim_max)
            if setrlimit(files, &raised) == 0 { limit = raised }
        }
        return min(wished, max(16, Int(min(limit.rlim_cur, rlim_t(Int32.max))) - others))
    }
}
