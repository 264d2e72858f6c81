import Foundation

/// A bar on standard error that is drawn over itself in a terminal; elsewhere a line at each tenth.
final class ProgressBar {
    private let label: String
    private let terminal = isatty(STDERR_FILENO) == 1
    private var lastShown = -1

    init(label: String) { self.label = label }

    func show(_ done: Int, of total: Int) {
        let percent = total == 0 ? 100 : done * 100 / total
        guard percent / (terminal ? 1 : 10) != lastShown else { return }
        lastShown = percent / (terminal ? 1 : 10)
        if terminal {
            let filled = percent * 30 / 100
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
            put("\r\(label) \(bar) \(percent) % (\(done)/\(total))")
        } else {
            put("\(label): \(percent) % (\(done)/\(total))\n")
        }
    }

    func end() { if terminal, lastShown >= 0 { put("\n") } }

    private func put(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
