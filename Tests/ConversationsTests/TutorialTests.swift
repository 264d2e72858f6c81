import Foundation
import SharedData
import Testing

/// `Docs/tutorial.md`, word for word: its files are written, its commands run and their output compared.
@Suite(.enabled(if: Tutorial.program != nil))
struct TutorialTests {
    @Test("Every command of the tutorial says what the tutorial says", .timeLimit(.minutes(10)))
    func wordForWord() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutorial-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let steps = try Tutorial.steps()
        #expect(steps.count > 10)
        for step in steps {
            switch step {
            case .file(let path, let text):
                try text.write(to: folder.appendingPathComponent(path), atomically: true, encoding: .utf8)
            case .command(let line, let expected):
                #expect(try Tutorial.run(line, in: folder) == expected, "$ \(line)")
            }
        }
    }
}

private enum Tutorial {
    enum Step { case file(String, String), command(String, String) }

    /// The program beside this test bundle; nil where it is not built.
    static let program: String? = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let places = [bundle.path, SharedData.repository.appendingPathComponent(".build/debug").path]
        let found = places.map { $0 + "/promesa" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        if found == nil { print("skipped: promesa is not built (swift build --product promesa)") }
        return found
    }()

    /// Blocks of code after a line that ends in `archivo.ext`:` are files; those of `console` are commands (`$ …`) with
    /// what they print.
    static func steps() throws -> [Step] {
        let file = SharedData.repository.appendingPathComponent("Docs/tutorial.md")
        var steps: [Step] = []
        var name: String?
        var block: [String]?
        var language = ""
        for line in try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n") {
            if line.hasPrefix("```"), let lines = block {
                if language == "console" {
                    steps += commands(lines)
                } else if let name {
                    steps.append(.file(name, lines.joined(separator: "\n") + "\n"))
                }
                (block, name) = (nil, nil)
            } else if line.hasPrefix("```") {
                language = String(line.dropFirst(3))
                block = []
            } else if block != nil {
                block?.append(line)
            } else if line.hasPrefix("Archivo `"), line.hasSuffix("`:") {
                name = String(line.dropFirst("Archivo `".count).dropLast(2))
            }
        }
        return steps
    }

    private static func commands(_ lines: [String]) -> [Step] {
        var steps: [(line: String, output: [String])] = []
        for line in lines {
            if line.hasPrefix("$ ") {
                steps.append((String(line.dropFirst(2)), []))
            } else if !steps.isEmpty {
                steps[steps.count - 1].output.append(line)
            }
        }
        return steps.map { .command($0.line, $0.output.joined(separator: "\n")) }
    }

    /// What a command prints, without the line breaks at its end.
    static func run(_ line: String, in folder: URL) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        let beside = URL(fileURLWithPath: program!).deletingLastPathComponent().path
        environment["PATH"] = beside + ":" + (environment["PATH"] ?? "")
        process.environment = environment
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return text.trimmingCharacters(in: .newlines)
    }
}
