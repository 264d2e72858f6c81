import ArgumentParser
import Dialog
import Foundation

/// `promesa dialog schema`.
struct PrintSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of the format, for editors that complete YAML.",
        discussion: """
            promesa dialog schema > dialog.schema.json, and as the first line of a dialog:
            # yaml-language-server: $schema=dialog.schema.json
            """)
    @Flag(help: "That of a translation, such as cobranza.es_419.yaml.")
    var translation = false

    func run() { print(translation ? DialogSchema.translation : DialogSchema.text, terminator: "") }
}

/// `promesa dialog new`.
struct NewDialog: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a folder with a dialog that passes, its conversations and its schema.")
    @Argument(help: "The name of the dialog and of its folder.") var name: String

    func run() throws {
        if let problem = DialogTemplate.problem(withName: name) { throw refuse(problem) }
        if FileManager.default.fileExists(atPath: name) {
            throw refuse("ya existe `\(name)`: elegí otro nombre, o borralo antes")
        }
        try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false)
        for (file, text) in DialogTemplate(name: name).files {
            try text.write(toFile: "\(name)/\(file)", atomically: true, encoding: .utf8)
            print("\(name)/\(file)")
        }
    }
}

/// `promesa dialog fmt`.
struct FormatDialogs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Write dialogs in one style; comments and meaning stay.",
        discussion: "Exit codes: 0 done, 1 where `--check` finds a file that would change, 2 where one cannot be read.")
    @Flag(help: "Change nothing; only say which files would change.")
    var check = false
    @Argument(help: "A dialog or a folder of dialogs.") var path: String

    func run() throws {
        var changed = 0
        for file in try files(path, ".yaml") {
            let source = try readSource(file)
            let text: String
            do {
                text = try DialogFormatter.format(source)
            } catch {
                throw refuse("\(file): \(error)")
            }
            guard text != source else { continue }
            changed += 1
            print(file)
            if !check { try write(text, to: file) }
        }
        if check, changed > 0 { throw ExitCode(1) }
    }
}

/// `promesa dialog texts`.
struct DialogTextsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "texts", abstract: "Everything that a dialog says, as a table for review.",
        discussion: """
            Without options, prints the table. `--import` takes the reviewed table: it changes those texts and nothing else, and \
            only if every figure is still there and the dialog still passes its lints. `--locale es_MX` makes the file of the \
            texts as they are said in Mexico, beside the dialog, or adds to it those that it lacks.
            """)
    @Option(help: ArgumentHelp("Write the table (id, linea, texto).", valueName: "csv"))
    var export: String?
    @Option(name: .customLong("import"), help: ArgumentHelp("Take the texts of a table.", valueName: "csv"))
    var table: String?
    @Option(help: ArgumentHelp("Make or complete the translation for this locale, such as es_MX.", valueName: "code"))
    var locale: String?
    @Argument(help: "A dialog.") var file: String

    func run() throws {
        if let locale { return try translate(to: locale) }
        let texts: DialogTexts
        do {
            texts = try DialogTexts(source: try readSource(file))
        } catch let error as FormatError {
            throw refuse("\(file): \(error)")
        }
        if let export {
            try write(texts.csv, to: export)
            print("\(texts.entries.count) textos en \(export)")
        }
        guard let table else {
            if export == nil { show(texts) }
            return
        }
        let changed: String
        do {
            changed = try texts.importing(csv: try readSource(table))
        } catch let error as DialogTexts.ImportError {
            throw refuse("\(table): \(error)")
        }
        let report = LintReport(files: [LintReport.File(path: file, source: changed)])
        if report.errors > 0 {
            print(report.text(style: terminalStyle()), terminator: "")
            throw refuse("con estos textos el diálogo no pasa: no se cambió nada")
        }
        let before = texts.entries
        let after = (try? DialogTexts(source: changed))?.entries ?? []
        try write(changed, to: file)
        print("\(zip(before, after).count { $0.text != $1.text }) textos cambiados en \(file)")
    }

    private func translate(to locale: String) throws {
        guard file.hasSuffix(".yaml"), DialogSource.locale(ofFile: "dialogo.\(locale).yaml") != nil else {
            throw refuse("--locale \(locale): va el idioma y el país, como es_MX, y el archivo es el del diálogo")
        }
        let dialog = try lintedDialog(file, alone: true)
        let path = String(file.dropLast(".yaml".count)) + ".\(locale).yaml"
        let existing = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        do {
            let (text, added) = try TranslationFile.completed(existing, for: dialog, locale: locale)
            if added > 0 { try write(text, to: path) }
            print(added == 0 ? "\(path) tiene todos los textos" : "\(added) textos para completar en \(path)")
        } catch let problem as TranslationFile.Problem {
            throw refuse("\(path): \(problem)")
        }
    }

    private func show(_ texts: DialogTexts) {
        let style = terminalStyle()
        for entry in texts.entries {
            print(style.faint("\(file):\(entry.line)  ") + style.bold(entry.id))
            print("    " + entry.text.replacing("\n", with: "\n    "))
        }
    }
}
