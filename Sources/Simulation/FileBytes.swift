import Foundation

/// The bytes of a simulated file: plain memory, since histories write megabytes and unoptimised code moves them too.
final class FileBytes {
    private var start: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var count = 0

    deinit { free(start) }

    /// - Returns: how many bytes there were to read.
    func read(into target: UnsafeMutableRawPointer, from offset: Int, atMost length: Int) -> Int {
        let available = max(0, min(length, count - offset))
        if available > 0, let start { memcpy(target, start + offset, available) }
        return available
    }

    /// What lies between the end and `offset` is zero from then on.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
        let end = offset + bytes.count
        reserve(end)
        if offset > count { memset(start! + count, 0, offset - count) }
        memcpy(start! + offset, source, bytes.count)
        count = max(count, end)
    }

    func contains(_ word: String) -> Bool {
        guard let start, let first = word.utf8.first else { return false }
        let length = word.utf8.count
        var place = 0
        while place + length <= count, let found = memchr(start + place, Int32(first), count - place - length + 1) {
            if memcmp(found, word, length) == 0 { return true }
            place = found - UnsafeMutableRawPointer(start) + 1
        }
        return false
    }

    func truncate(to size: Int) { count = min(count, max(0, size)) }

    func become(_ other: FileBytes) {
        reserve(other.count)
        if let source = other.start, other.count > 0 { memcpy(start!, source, other.count) }
        count = other.count
    }

    private func reserve(_ size: Int) {
        guard size > capacity else { return }
        capacity = max(size, capacity * 2, 1 << 16)
        start = realloc(start, capacity)
    }
}
