import Foundation
import GRDBSQLite

/// SQLite's view of the simulated disks: a VFS whose files are those of ``SimulatedDisk``. Locks are always granted, since
/// one connection uses a file; there is no shared memory, which WAL does not need with one connection.
enum SimulatedFileSystem {
    static let name = "promesa-simulated"

    /// One file that a connection has open.
    private final class Handle {
        let disk: SimulatedDisk
        let file: SimulatedDisk.File
        let boot: Int
        init(_ disk: SimulatedDisk, _ file: SimulatedDisk.File) {
            self.disk = disk
            self.file = file
            boot = disk.boot
        }
        /// A connection from before a crash does nothing more.
        var isCurrent: Bool { boot == disk.boot && !disk.isDead }
    }

    /// What SQLite allocates for a file.
    private struct SQLiteFile {
        var base: sqlite3_file
        var handle: Unmanaged<Handle>?
    }

    static func register() { _ = registered }

    private static let registered: Bool = {
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: sqlite3_vfs())
        vfs.pointee.iVersion = 1
        vfs.pointee.szOsFile = Int32(MemoryLayout<SQLiteFile>.size)
        vfs.pointee.mxPathname = 512
        vfs.pointee.zName = UnsafePointer(strdup(name))
        vfs.pointee.xOpen = { _, path, target, flags, outFlags in
            guard let target else { return SQLITE_CANTOPEN }
            let slot = UnsafeMutableRawPointer(target).assumingMemoryBound(to: SQLiteFile.self)
            slot.pointee.base.pMethods = nil
            slot.pointee.handle = nil
            let handle: Handle
            if let path {
                let text = String(cString: path)
                guard let disk = SimulatedDisk.holding(text),
                    let file = disk.open(text, creating: flags & SQLITE_OPEN_CREATE != 0)
                else { return SQLITE_CANTOPEN }
                handle = Handle(disk, file)
            } else {
                // A temporary file, on a disk that nothing happens to: nobody misses it after a crash.
                handle = Handle(SimulatedDisk(isNamed: false), SimulatedDisk.File())
            }
            slot.pointee.handle = Unmanaged.passRetained(handle)
            slot.pointee.base.pMethods = UnsafePointer(methods)
            outFlags?.pointee = flags
            return SQLITE_OK
        }
        vfs.pointee.xDelete = { _, path, _ in
            guard let path, let disk = SimulatedDisk.holding(String(cString: path)) else { return SQLITE_IOERR }
            return disk.delete(String(cString: path))
        }
        vfs.pointee.xAccess = { _, path, _, result in
            guard let path else { return SQLITE_IOERR }
            let text = String(cString: path)
            result?.pointee = SimulatedDisk.holding(text)?.exists(text) == true ? 1 : 0
            return SQLITE_OK
        }
        vfs.pointee.xFullPathname = { _, path, size, target in
            guard let path, let target, strlen(path) < Int(size) else { return SQLITE_CANTOPEN }
            strcpy(target, path)
            return SQLITE_OK
        }
        vfs.pointee.xRandomness = { _, count, target in
            guard let target else { return 0 }
            for index in 0..<Int(count) { target[index] = CChar(truncatingIfNeeded: index &* 37 &+ 11) }
            return count
        }
        vfs.pointee.xSleep = { _, microseconds in microseconds }
        vfs.pointee.xCurrentTime = { _, day in
            day?.pointee = 2_461_368.5
            return SQLITE_OK
        }
        vfs.pointee.xGetLastError = { _, _, _ in 0 }
        return sqlite3_vfs_register(vfs, 0) == SQLITE_OK
    }()

    private static func handle(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Handle? {
        guard let file else { return nil }
        return UnsafeMutableRawPointer(file).assumingMemoryBound(to: SQLiteFile.self).pointee.handle?
            .takeUnretainedValue()
    }

    nonisolated(unsafe) private static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: sqlite3_io_methods())
        methods.pointee.iVersion = 1
        methods.pointee.xClose = { file in
            guard let file else { return SQLITE_OK }
            let slot = UnsafeMutableRawPointer(file).assumingMemoryBound(to: SQLiteFile.self)
            slot.pointee.handle?.release()
            slot.pointee.handle = nil
            return SQLITE_OK
        }
        methods.pointee.xRead = { file, target, count, offset in
            guard let handle = handle(file), let target, handle.isCurrent else { return SQLITE_IOERR }
            let (start, length) = (Int(offset), Int(count))
            let available = handle.file.bytes.read(into: target, from: start, atMost: length)
            if available == length { return SQLITE_OK }
            memset(target + available, 0, length - available)
            return SQLITE_IOERR | (2 << 8)  // SQLITE_IOERR_SHORT_READ
        }
        methods.pointee.xWrite = { file, source, count, offset in
            guard let handle = handle(file), let source, handle.boot == handle.disk.boot else { return SQLITE_IOERR }
            let bytes = [UInt8](UnsafeRawBufferPointer(start: source, count: Int(count)))
            return handle.disk.change(handle.file, .write(offset: Int(offset), bytes))
        }
        methods.pointee.xTruncate = { file, size in
            guard let handle = handle(file), handle.boot == handle.disk.boot else { return SQLITE_IOERR }
            return handle.disk.change(handle.file, .truncate(Int(size)))
        }
        methods.pointee.xSync = { file, _ in
            guard let handle = handle(file), handle.boot == handle.disk.boot else { return SQLITE_IOERR }
            return handle.disk.sync(handle.file)
        }
        methods.pointee.xFileSize = { file, size in
            guard let handle = handle(file), handle.isCurrent else { return SQLITE_IOERR }
            size?.pointee = Int64(handle.file.bytes.count)
            return SQLITE_OK
        }
        methods.pointee.xLock = { _, _ in SQLITE_OK }
        methods.pointee.xUnlock = { _, _ in SQLITE_OK }
        methods.pointee.xCheckReservedLock = { _, result in
            result?.pointee = 0
            return SQLITE_OK
        }
        methods.pointee.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        methods.pointee.xSectorSize = { _ in Int32(SimulatedDisk.sector) }
        // As SQLite assumes of the disks that it runs on: a write that the power cuts leaves the bytes beside it alone.
        methods.pointee.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        return methods
    }()
}
