import Foundation

/// The third-party cases that lie beside the repository, in `../shared/data`, or where `PROMESA_SHARED` says.
public enum SharedData {
    public static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["PROMESA_SHARED"] { return URL(fileURLWithPath: path) }
        return repository.deletingLastPathComponent().appendingPathComponent("shared/data")
    }()

    /// Whether `file` is there; prints why a test is skipped where it is not.
    public static func has(_ file: String) -> Bool {
        let path = folder.appendingPathComponent(file).path
        if FileManager.default.fileExists(atPath: path) { return true }
        print("skipped: \(path) is absent (shared test data; see README, Tests)")
        return false
    }

    public static func data(_ file: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(file)) }

    /// The rows of a tab-separated file by their column names; empty where the file is absent.
    public static func rows(_ file: String) -> [[String: String]] {
        guard let data = try? data(file) else { return [] }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: true)
        guard let header = lines.first?.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) else { return [] }
        return lines.dropFirst().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(zip(header, fields), uniquingKeysWith: { first, _ in first })
        }
    }

    /// One calculation vector.
    public struct Vector: @unchecked Sendable {
        // @unchecked: property lists of strings and numbers, never changed.
        public let id: String
        public let input: [String: Any]
        public let expected: [String: Any]
    }

    public static func vectors(_ kind: String) -> [Vector] {
        guard let data = try? data("calculation_vectors.json"),
            let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let all = root["vectors"] as? [[String: Any]]
        else { return [] }
        return all.filter { $0["kind"] as? String == kind }.map {
            Vector(id: $0["id"] as! String, input: $0["input"] as! [String: Any], expected: $0["expected"] as! [String: Any])
        }
    }
}


/// A random source that prints nothing and repeats for a seed (SplitMix64).
public struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    public init(seed: UInt64) { state = seed }
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
