import Foundation
import SharedData
import Testing

/// `Docs/integrator.md`, word for word: its commands run in one shell, and what they print is compared.
@Suite(.timeLimit(.minutes(10)), .enabled(if: Shell.hasTools))
struct IntegratorPageTests {
    private struct Example {
        let command: String
        let line: Int
        /// With `…` for what changes; nil where a command prints nothing that the page shows.
        var printed: String?
    }

    private static func examples() throws -> [Example] {
        let page = try String(
            contentsOf: SharedData.repository.appendingPathComponent("Docs/integrator.md"), encoding: .utf8)
        var examples: [Example] = []
        var block: (language: String, line: Int, lines: [String])?
        for (index, line) in page.components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("```"), let ended = block {
                let text = ended.lines.joined(separator: "\n")
                if ended.language == "sh" {
                    examples.append(Example(command: text, line: ended.line))
                } else if !examples.isEmpty {
                    examples[examples.count - 1].printed = text
                }
                block = nil
            } else if line.hasPrefix("```") {
                block = (String(line.dropFirst(3)), index + 1, [])
            } else {
                block?.lines.append(line)
            }
        }
        return examples
    }

    @Test("Every command prints what the page says")
    func commands() async throws {
        let examples = try Self.examples()
        #expect(examples.count > 10)
        let mark = "@@ end of an example @@"
        let script = examples.map { $0.command + "\nprintf '\\n%s\\n' '\(mark)'\n" }.joined()
        try await withTemporaryFolder { folder in
            try await withServer(in: folder) { server, _ in
                let output = try await Shell.run(script, environment: ["PROMESA": server.url], in: folder)
                let printed = output.components(separatedBy: "\n\(mark)\n")
                #expect(printed.count == examples.count + 1, "\(output)")
                for (example, text) in zip(examples, printed) {
                    guard let expected = example.printed else { continue }
                    let pattern = NSRegularExpression.escapedPattern(for: expected.trimmed)
                        .replacingOccurrences(of: "…", with: ".*")
                    #expect(
                        text.trimmed.range(of: "^\(pattern)$", options: .regularExpression) != nil,
                        "Docs/integrator.md:\(example.line) printed\n\(text)")
                }
            }
        }
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// A script in bash, as a process of its own.
enum Shell {
    static let hasTools: Bool = {
        let missing = ["bash", "curl", "openssl"].filter { tool in
            !(ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
                FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
            }
        }
        if !missing.isEmpty { print("skipped: the integrator's page needs \(missing.joined(separator: ", "))") }
        return missing.isEmpty
    }()

    static func run(_ script: String, environment: [String: String], in folder: String) async throws -> String {
        let output = folder + "/printed"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash", "-c", script]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = file
        process.standardError = file
        let (ended, continuation) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        for await _ in ended {}
        return try String(contentsOfFile: output, encoding: .utf8)
    }
}
