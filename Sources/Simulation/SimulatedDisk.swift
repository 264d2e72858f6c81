import GRDBSQLite
import Synchronization

/// A disk in memory that can lose what was not synced. A write goes to the cache; a sync makes it durable; when the power
/// fails, durable bytes stay, and of the rest whatever the seed says: all, none, some writes, or some sectors of them.
///
/// `@unchecked Sendable`: one simulation uses it, one call after the other.
final class SimulatedDisk: @unchecked Sendable {
    /// What a disk never tears.
    static let sector = 512

    enum Loss: String, CaseIterable, Sendable {
        case everythingUnsynced, nothing, someWrites, tornSectors
    }

    enum Change {
        case write(offset: Int, [UInt8])
        case truncate(Int)

        func apply(to bytes: FileBytes) {
            switch self {
            case .truncate(let size): bytes.truncate(to: size)
            case .write(let offset, let new): new.withUnsafeBytes { bytes.write($0, at: offset) }
            }
        }
    }

    final class File {
        /// As programs see it.
        let bytes = FileBytes()
        /// As it is after the power failed.
        let durable = FileBytes()
        /// Since the last sync.
        var unsynced: [Change] = []
    }

    let name: String
    private(set) var files: [String: File] = [:]
    /// Grows at each start of the machine: a program of an earlier one writes nothing more.
    private(set) var boot = 0
    private(set) var isDead = false
    /// Writes, syncs and deletions so far.
    private(set) var operations = 0
    /// The operation at which the power fails.
    private var diesAt: Int?
    /// No write that makes a file longer fits.
    var isFull = false
    /// A sync that reports success and does nothing.
    var ignoresSync = false
    /// Syncs that fail next.
    var failingSyncs = 0
    /// Operations that failed, for whatever reason.
    private(set) var failures = 0

    private static let disks = Mutex<(next: Int, byName: [String: SimulatedDisk])>((0, [:]))

    /// A disk with what another one holds durably.
    /// - Parameter isNamed: files can be opened by their path, until ``forget()``.
    init(copyOf other: SimulatedDisk? = nil, isNamed: Bool = true) {
        name = Self.disks.withLock { disks in
            disks.next += 1
            return "/\(disks.next)/"
        }
        for (path, file) in other?.files ?? [:] {
            let copy = File()
            copy.bytes.become(file.durable)
            copy.durable.become(file.durable)
            files[name + path.dropFirst(other!.name.count)] = copy
        }
        guard isNamed else { return }
        SimulatedFileSystem.register()
        Self.disks.withLock { $0.byName[name] = self }
    }

    /// What SQLite opens.
    var uri: String { "file:\(name)promesa.sqlite?vfs=\(SimulatedFileSystem.name)" }

    /// The disk that a path is on.
    static func holding(_ path: String) -> SimulatedDisk? {
        guard let end = path.dropFirst().firstIndex(of: "/") else { return nil }
        return disks.withLock { $0.byName[String(path[...end])] }
    }

    func forget() { Self.disks.withLock { $0.byName[name] = nil } }

    // MARK: Faults

    /// The power fails in the middle of an operation to come; 1 is the next.
    func die(inOperations count: Int) { diesAt = operations + max(1, count) }

    func dieNow() { isDead = true }

    /// The machine starts again, with what is left.
    func restart(losing loss: Loss, using random: inout some RandomNumberGenerator) {
        for file in files.values.sorted(by: { $0.bytes.count < $1.bytes.count }) {
            for change in file.unsynced {
                switch (loss, change) {
                case (.everythingUnsynced, _): break
                case (.nothing, _): change.apply(to: file.durable)
                case (.tornSectors, .write(let offset, let bytes)):
                    var start = 0
                    while start < bytes.count {
                        // To the next sector of the disk, not of the write.
                        let end = min(bytes.count, start + Self.sector - (offset + start) % Self.sector)
                        if Bool.random(using: &random) {
                            Change.write(offset: offset + start, Array(bytes[start..<end])).apply(to: file.durable)
                        }
                        start = end
                    }
                case (.someWrites, _), (.tornSectors, .truncate):
                    if Bool.random(using: &random) { change.apply(to: file.durable) }
                }
            }
            file.unsynced = []
            file.bytes.become(file.durable)
        }
        boot += 1
        isDead = false
        diesAt = nil
        isFull = false
        failingSyncs = 0
    }

    // MARK: What SQLite does

    /// - Returns: whether the machine still runs.
    private func operate() -> Bool {
        if isDead {
            failures += 1
            return false
        }
        operations += 1
        if let diesAt, operations >= diesAt {
            isDead = true
            failures += 1
            return false
        }
        return true
    }

    func open(_ path: String, creating: Bool) -> File? {
        if isDead { return nil }
        if let file = files[path] { return file }
        guard creating else { return nil }
        let file = File()
        files[path] = file
        return file
    }

    func exists(_ path: String) -> Bool { files[path] != nil }

    func delete(_ path: String) -> Int32 {
        guard operate() else { return SQLITE_IOERR }
        files[path] = nil
        return SQLITE_OK
    }

    func change(_ file: File, _ change: Change) -> Int32 {
        if case .write(let offset, let bytes) = change, isFull, offset + bytes.count > file.bytes.count {
            failures += 1
            return SQLITE_FULL
        }
        // Also the write in which the power fails may be on the disk, in part.
        if !isDead { file.unsynced.append(change) }
        guard operate() else { return SQLITE_IOERR }
        change.apply(to: file.bytes)
        return SQLITE_OK
    }

    func sync(_ file: File) -> Int32 {
        guard operate() else { return SQLITE_IOERR }
        if failingSyncs > 0 {
            failingSyncs -= 1
            failures += 1
            // As Linux does: what could not be written counts as clean, and is gone when the power is.
            file.unsynced = []
            return SQLITE_IOERR
        }
        if ignoresSync { return SQLITE_OK }
        for change in file.unsynced { change.apply(to: file.durable) }
        file.unsynced = []
        return SQLITE_OK
    }
}
