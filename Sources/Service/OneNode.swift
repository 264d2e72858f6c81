import ServiceLifecycle
import Storage

/// Runs a service on the one server that leads, where several work on one database; else as it is.
struct OneNode: Service {
    let service: any Service
    let store: Store

    func run() async throws {
        guard Store.hasNodes else { return try await service.run() }
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            if store.leads { try await runWhileLeading() } else { try? await Task.sleep(for: .milliseconds(100)) }
        }
    }

    private func runWhileLeading() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            group.addTask {
                while store.leads, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
            }
            try await group.next()
            group.cancelAll()
            // It ends as it can: who leads now does the rest.
            while let result = await group.nextResult() { _ = result }
        }
    }
}
