import Foundation
import Logging
import ServiceLifecycle
import Storage
import UnixSignals

/// Looks once a second whether a dialog or a conversation beside it was saved, and at SIGHUP.
struct DialogWatcher: Service {
    let dialogs: LiveDialogs
    let configuration: Configuration

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await poll() }
                // In a terminal that closes, the program ends with it.
                if isatty(STDIN_FILENO) != 1 { group.addTask { await hearSignals() } }
            }
            dialogs.stop()
        }
    }

    private func poll() async {
        var seen: [String: Date]?
        while !Task.isCancelled {
            let now = times()
            if now != seen {
                seen = now
                await withTaskCancellationHandler {
                    await dialogs.reload()
                } onCancel: {
                    dialogs.stop()
                }
            }
            if Store.hasNodes { await dialogs.takeInOfOthers() }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func hearSignals() async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) { await dialogs.reload(again: true) }
    }

    private func times() -> [String: Date] {
        let folders = [configuration.dialogs] + [configuration.experimentFolder].compactMap(\.self)
        return folders.reduce(into: [:]) { times, folder in
            for suffix in [".yaml", ".chat"] {
                let files = (try? dialogFiles(in: folder, suffix: suffix)) ?? []
                for file in files + (suffix == ".yaml" ? files.flatMap(translationFiles) : []) {
                    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
                    times[file] = attributes?[.modificationDate] as? Date
                }
            }
        }
    }
}
