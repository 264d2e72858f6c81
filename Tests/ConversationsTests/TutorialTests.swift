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

/// What a designer's commands say where something is not right.
@Suite(.enabled(if: Tutorial.program != nil))
struct DesignerCommandTests {
    /// Runs one line after the other where a dialog of `promesa dialog new` lies in `aviso`.
    /// - Returns: what each says, without line breaks at its end.
    private func said(by commands: String...) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("designer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try (["promesa dialog new aviso"] + commands).map { try Tutorial.run($0, in: folder) }.dropFirst().map(
            \.self)
    }

    @Test("`--update` rewrites what the bot says, and says that what was expected still does not hold")
    func update() throws {
        let said = try said(
            by: """
                rm aviso/*.chat
                printf 'account: marta\nat: 2026-11-24T10:00\nuser: hola\nbot: x\nexpect: handoff queja\n' > aviso/mal.chat
                """,
            "promesa dialog test aviso --update; echo $?", "grep bot aviso/mal.chat")
        #expect(
            said[1].hasPrefix("actualizado  aviso/mal.chat\nMAL   aviso/mal.chat\naviso/mal.chat:5\n"), "\(said[1])")
        #expect(said[1].hasSuffix("1 conversaciones: 0 bien, 1 mal\n1"), "\(said[1])")
        #expect(said[2].hasPrefix("bot: Hola, soy el asistente virtual"))
    }

    @Test("The conversation that `check` prints for a property that breaks is one that runs")
    func reproduced() throws {
        let said = try said(
            by: #"sed -i 's/^properties:/properties:\n  - never: "estado = confirmar y verificado"/' aviso/aviso.yaml"#,
            "promesa dialog check aviso > dicho; rm aviso/*.chat",
            "sed -n '/^# never/,/^$/p' dicho | sed '/^$/,$d' > aviso/falta.chat; cat aviso/falta.chat",
            "promesa dialog test aviso | tail -1")
        #expect(
            said[2].hasPrefix("# never: estado = confirmar y verificado: pasó en `confirmar`\naccount: "), "\(said[2])")
        #expect(said[2].hasSuffix("¿Confirmás?\n  [Sí, confirmo] [No]"), "\(said[2])")
        #expect(said[3] == "1 conversaciones: 1 bien, 0 mal")
    }

    @Test("A file that cannot be written is told in words")
    func notWritten() throws {
        let said = try said(
            by: "promesa dialog test aviso --junit no/hay.xml 2>&1 >/dev/null",
            "promesa dialog texts aviso/aviso.yaml --export no/hay.csv 2>&1",
            "printf 'hola\\n:save no/hay.chat\\n' | promesa repl --dialog aviso/aviso.yaml | tail -1")
        #expect(
            said[0].hasPrefix("no/hay.xml: cannot be written") && said[1].hasPrefix("no/hay.csv: cannot be written"))
        #expect(said[2] == "No se pudo: no se puede escribir en no/hay.chat: ¿existe la carpeta?", "\(said[2])")
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
