import Foundation
import Synchronization

/// A bar on standard error that is drawn over itself in a terminal; elsewhere a line at each tenth.
final class ProgressBar: Sendable {
    private let label: String
    private let terminal = isatty(STDERR_FILENO) == 1
    private let lastShown = Mutex<String?>(nil)

    init(label: String) { self.label = label }

    /// - Parameter stage: what is being done, where there are several things to do.
    func show(_ done: Int, of total: Int, _ stage: String = "") {
        let percent = total == 0 ? 100 : min(100, done * 100 / total)
        let title = stage.isEmpty ? label : "\(label), \(stage)"
        let shown = "\(title) \(percent / (terminal ? 1 : 10))"
        let isNew = lastShown.withLock { last in
            defer { last = shown }
            return last != shown
        }
        guard isNew else { return }
        if terminal {
            let filled = percent * 30 / 100
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
            put("\r\(title) \(bar) \(percent) % (\(done)/\(total))\u{1B}[K")
        } else {
            put("\(title): \(percent) % (\(done)/\(total))\n")
        }
    }

    func end() { if terminal, lastShown.withLock({ $0 != nil }) { put("\n") } }

    private func put(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
