import Foundation
import SharedData
import Synchronization
import Testing

/// The real program, as a process of its own.
final class Program: Sendable {
    /// Beside this test bundle, where SwiftPM builds both.
    static let path: String = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let beside = bundle.appendingPathComponent("promesa").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return SharedData.repository.appendingPathComponent(".build/debug/promesa").path
    }()

    static var isBuilt: Bool {
        if FileManager.default.isExecutableFile(atPath: path) { return true }
        print("skipped: \(path) is not built (swift build --product promesa)")
        return false
    }

    // Guarded: Foundation's Process is not Sendable.
    private let process = Mutex<Process?>(nil)
    private let ended: AsyncStream<Int32>
    let output: String

    /// Starts `promesa` with what it prints going to the end of the file `output`.
    init(_ arguments: [String], environment: [String: String], output: String) throws {
        self.output = output
        if !FileManager.default.fileExists(atPath: output) {
            _ = FileManager.default.createFile(atPath: output, contents: nil)
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        try file.seekToEnd()
        let program = Process()
        program.executableURL = URL(fileURLWithPath: Self.path)
        program.arguments = arguments
        program.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Of a terminal, SIGHUP means that it closed.
        program.standardInput = FileHandle.nullDevice
        program.standardOutput = file
        program.standardError = file
        let (ended, continuation) = AsyncStream<Int32>.makeStream()
        self.ended = ended
        program.terminationHandler = { ended in
            continuation.yield(ended.terminationStatus)
            continuation.finish()
        }
        try program.run()
        process.withLock { $0 = program }
    }

    func signal(_ number: Int32) {
        process.withLock { program in
            if let program, program.isRunning { _ = kill(program.processIdentifier, number) }
        }
    }

    /// The processes that it started and that run.
    var children: [pid_t] {
        let parent = process.withLock { $0?.processIdentifier } ?? 0
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { pid_t($0) }.filter { child in
            let stat = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
            // After the name in brackets: the state and the parent.
            return stat.split(separator: ")").last?.split(separator: " ").dropFirst().first == "\(parent)"
        }
    }

    /// Waits for the end.
    /// - Returns: the exit status, or the number of the signal that ended it.
    func exitStatus() async -> Int32 { await ended.first { _ in true } ?? -1 }

    var printed: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    /// `promesa serve` with the demo's configuration, once it answers.
    static func serve(
        port: Int, database: String, output: String,
        configuration: String = SharedData.repository.appendingPathComponent("Fixtures/demo.yaml").path,
        environment: [String: String] = [:]
    ) async throws -> Program {
        struct NotStarted: Error { let printed: String }
        let program = try Program(
            ["serve", "--config", configuration],
            environment: [
                "PROMESA_PORT": String(port), "PROMESA_DATABASE": database, "PROMESA_QUIET_WINDOW": "0",
            ].merging(environment) { $1 },
            output: output)
        for _ in 0..<6000 {
            if (try? await Remote(url: "http://127.0.0.1:\(port)").get("/healthz").status) == 200 { return program }
            try await Task.sleep(for: .milliseconds(50))
        }
        program.signal(SIGKILL)
        throw NotStarted(printed: program.printed)
    }
}
