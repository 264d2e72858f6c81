/// From 64-bit hashes to identifiers, by open addressing; built once, read from everywhere.
struct HashTable: Sendable {
    private var keys: [UInt64]
    private var values: [UInt32]
    private var mask: Int
    private(set) var count = 0

    init() {
        keys = Array(repeating: 0, count: 64)
        values = Array(repeating: 0, count: 64)
        mask = 63
    }

    var bytes: Int { keys.count * 12 }

    /// The identifier under `key`; 0 where there is none.
    func find(_ key: UInt64) -> UInt32 {
        keys.withUnsafeBufferPointer { keys in
            var slot = Int(truncatingIfNeeded: key) & mask
            while keys[slot] != 0 {
                if keys[slot] == key { return values[slot] }
                slot = (slot + 1) & mask
            }
            return 0
        }
    }

    /// Keeps the first identifier given for a key.
    mutating func insert(_ key: UInt64, _ value: UInt32) {
        if count * 2 >= keys.count { grow() }
        var slot = Int(truncatingIfNeeded: key) & mask
        while keys[slot] != 0 {
            if keys[slot] == key { return }
            slot = (slot + 1) & mask
        }
        keys[slot] = key
        values[slot] = value
        count += 1
    }

    private mutating func grow() {
        let (oldKeys, oldValues) = (keys, values)
        keys = Array(repeating: 0, count: oldKeys.count * 2)
        values = Array(repeating: 0, count: oldKeys.count * 2)
        mask = keys.count - 1
        count = 0
        for (key, value) in zip(oldKeys, oldValues) where key != 0 { insert(key, value) }
    }
}

/// FNV-1a over the bytes of a word, without byte `skipped`; never 0.
func wordHash(_ bytes: UnsafeBufferPointer<UInt8>, skipping skipped: Int = -1) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in 0..<bytes.count where index != skipped {
        hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
    }
    return (hash ^ (hash >> 29)) | 1
}
