import Conversations
import Dialog
import Foundation
import Ledger
import Quantities

/// What a changed dialog has to pass before customers talk to it: its lints, its conversations, an exploration.
struct DialogGate: Sendable {
    enum Verdict: Sendable {
        /// - Parameter note: what could not be proved; nil where all was.
        case accepted(CompiledDialog, note: String?)
        /// In words, for the designer.
        case refused(String)
        /// The server stops.
        case interrupted
    }

    let configuration: Configuration
    /// The one in which conversations are answered now.
    let world: World

    /// - Parameter isStopped: asked now and then.
    func judge(_ file: DialogFile, source: String, isStopped: () -> Bool) -> Verdict {
        let compiled = compileDialog(
            source: source, file: URL(fileURLWithPath: file.path).lastPathComponent, conduct: world.conduct)
        guard let dialog = compiled.dialog else {
            return .refused(
                compiled.diagnostics.filter { $0.severity == .error }.map { $0.rendered(source: source) }
                    .joined(separator: "\n"))
        }
        if let locale = world.locale, !dialog.locales.contains(locale) {
            return .refused(
                "`\(dialog.name)` se quedó sin textos en \(locale), en los que se habla: falta `\(dialog.name).\(locale).yaml`"
            )
        }
        let accounts: [Account]
        do {
            accounts = try configuration.fixtureAccounts()
        } catch {
            return .refused("\(error)")
        }
        var trial = world
        trial.dialogs[dialog.name] = dialog
        trial.earlierDialogs = [:]
        trial.experiment = nil
        if file.isExperiment { trial.entryDialog = dialog.name }
        var begin: Moment?
        for path in configuration.chatFiles(of: file) {
            if isStopped() { return .interrupted }
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            func text(_ path: String) -> String? {
                FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
            }
            let result = ChatResult(
                file: path, source: text(path) ?? "", read: { text(folder.appendingPathComponent($0).path) },
                world: trial, accounts: accounts)
            guard result.dialog ?? dialog.name == dialog.name else { continue }
            if !result.passed { return .refused(result.report()) }
            begin = begin ?? result.begin.flatMap { Moment(iso: $0, in: trial.zone) }
        }
        return explore(dialog, trial, accounts, at: begin, isStopped)
    }

    private func explore(
        _ dialog: CompiledDialog, _ world: World, _ accounts: [Account], at begin: Moment?, _ isStopped: () -> Bool
    ) -> Verdict {
        let moment = begin ?? .now
        let scenarios = Scenario.representatives(of: accounts) { world.facts($0, promises: $1, at: moment) }
        let explorer = Explorer(dialog: dialog, reader: world.reader, limit: configuration.exploration)
        var isIncomplete = false
        var unconfirmed: Set<String> = []
        for scenario in scenarios {
            let part = explorer.explore([scenario], stopAtFirst: true, isStopped: isStopped)
            if isStopped() { return .interrupted }
            if let violation = part.violations.first { return .refused(violation.chat(at: moment, zone: world.zone)) }
            isIncomplete = isIncomplete || part.incomplete
            unconfirmed.formUnion(part.unconfirmed)
        }
        if !unconfirmed.isEmpty {
            return .accepted(
                dialog, note: "no se pudo probar ni repetir: \(unconfirmed.sorted().joined(separator: "; "))")
        }
        return .accepted(
            dialog,
            note: isIncomplete
                ? "no se exploró todo: hasta \(configuration.exploration) situaciones por clase de cuenta" : nil)
    }
}

extension Configuration {
    /// - Throws: ``ConfigurationError`` where the playground cannot be served.
    public func requirePlayground() throws {
        guard ["127.0.0.1", "localhost", "::1"].contains(host) else {
            throw ConfigurationError([
                "the playground is only served to this machine: set `host: 127.0.0.1` (it is \(host)), or leave --playground out"
            ])
        }
        _ = try fixtureAccounts()
    }

    /// The accounts that dialogs are tried with: `accounts.csv` and `payments.csv` beside the configuration.
    package func fixtureAccounts() throws -> [Account] {
        func text(_ name: String) -> String? {
            FileManager.default.contents(atPath: fixtures + "/" + name).map { String(decoding: $0, as: UTF8.self) }
        }
        guard let csv = text("accounts.csv") else {
            throw ConfigurationError([
                "\(fixtures)/accounts.csv: faltan las cuentas de prueba, y sin ellas no se puede probar un diálogo"
            ])
        }
        var accounts = try AccountImport.parse(csv: csv, file: "accounts.csv").get()
        guard let csv = text("payments.csv") else { return accounts }
        for payment in try PaymentImport.parse(csv: csv, file: "payments.csv", accounts: accounts).get() {
            guard let index = accounts.firstIndex(where: { $0.id == payment.accountID }) else { continue }
            accounts[index].payments.append(payment.payment)
        }
        return accounts
    }
}

/// Runs `work` on a thread of its own that gives way to every other, so that no turn waits for it.
func aside<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        let thread = Thread {
            #if os(Linux)
                // The calling thread's alone: Linux knows niceness by thread.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
            #endif
            continuation.resume(returning: work())
        }
        thread.qualityOfService = .background
        thread.stackSize = 8 << 20
        thread.start()
    }
}
