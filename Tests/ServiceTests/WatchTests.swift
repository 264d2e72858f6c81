import Dialog
import Foundation
import SharedData
import Testing

/// `promesa dialog test`, as a process of its own over real files, once and with `--watch`.
@Suite(.enabled(if: Program.isBuilt), .timeLimit(.minutes(10)))
struct WatchTests {
    @Test("A save is tried at once: the conversation that was saved, or all of the dialog that was")
    func saved() async throws {
        try await withTemporaryFolder { folder in
            for file in DialogTemplate(name: "aviso").files {
                try file.text.write(toFile: folder + "/" + file.name, atomically: true, encoding: .utf8)
            }
            let configuration = SharedData.repository.appendingPathComponent("Fixtures/demo.yaml").path
            let program = try Program(
                ["dialog", "test", folder, "--watch", "--config", configuration], environment: [:],
                output: folder + "/printed")
            defer { program.signal(SIGKILL) }
            func prints(_ text: String, times: Int = 1) async throws -> Bool {
                for _ in 0..<6000 {
                    if program.printed.ranges(of: text).count >= times { return true }
                    try await Task.sleep(for: .milliseconds(50))
                }
                return false
            }
            func change(_ file: String, _ old: String, _ new: String) throws {
                let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
                try #require(text.contains(old))
                try text.replacing(old, with: new).write(
                    toFile: folder + "/" + file, atomically: true, encoding: .utf8)
            }
            #expect(try await prints("3 conversaciones: 3 bien, 0 mal\n"))
            try change("promesa.chat", "Quedó anotado", "Anotamos")
            #expect(try await prints("3 conversaciones: 2 bien, 1 mal; corridas ahora: 1"), "\(program.printed)")
            try change("promesa.chat", "Anotamos", "Quedó anotado")
            #expect(try await prints("3 conversaciones: 3 bien, 0 mal; corridas ahora: 1"), "\(program.printed)")
            try change("aviso.yaml", "next: proponer }", "next: propone }")
            #expect(try await prints("¿Quisiste decir `proponer`?"), "\(program.printed)")
            try change("aviso.yaml", "next: propone }", "next: proponer } # sí")
            #expect(try await prints("3 conversaciones: 3 bien, 0 mal\n", times: 2), "\(program.printed)")
        }
    }

    @Test("Who an experiment gives another dialog is tested with the one of the folder")
    func experiment() async throws {
        try await withTemporaryFolder { folder in
            let fixtures = SharedData.repository.appendingPathComponent("Fixtures")
            func write(_ text: String, to file: String) throws {
                try text.write(toFile: folder + "/" + file, atomically: true, encoding: .utf8)
            }
            for name in ["nuevo", "otro"] {
                try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
            }
            for file in DialogTemplate(name: "aviso").files { try write(file.text, to: "nuevo/" + file.name) }
            let other = DialogTemplate(name: "aviso").files[0].text.replacing(
                "Gracias, {nombre}.", with: "Bien, {nombre}.")
            try write(other, to: "otro/aviso.yaml")
            for file in ["policy.yaml", "accounts.csv", "payments.csv", "uva.tsv"] {
                try FileManager.default.copyItem(
                    atPath: fixtures.appendingPathComponent(file).path, toPath: folder + "/" + file)
            }
            let demo = try String(contentsOf: fixtures.appendingPathComponent("demo.yaml"), encoding: .utf8)
            try write(
                demo.replacing("dialogs: ../Dialogs", with: "dialogs: nuevo").replacing("cobranza", with: "aviso")
                    + "experiment: { name: tono, dialog: otro/aviso.yaml, share: 99 }\n", to: "demo.yaml")
            let program = try Program(
                ["dialog", "test", folder + "/nuevo", "--config", folder + "/demo.yaml"], environment: [:],
                output: folder + "/printed")
            let status = await program.exitStatus()
            #expect(status == 0 && program.printed.hasSuffix("3 conversaciones: 3 bien, 0 mal\n"), "\(program.printed)")
        }
    }
}
