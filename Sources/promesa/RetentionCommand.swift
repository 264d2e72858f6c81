import ArgumentParser
import Quantities
import Service
import Storage

struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Take away what was kept long enough, as `retention:` says; a server does it by itself every night.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The database; the configuration's by default.") var database: String?
    @Flag(help: "Only say what would go, also while a server uses the database.") var dryRun = false

    func run() async throws {
        let configuration = try options.load().0
        let path = database ?? configuration.database
        let report: RetentionReport
        do {
            if dryRun {
                report = try Store.retentionDue(in: path, configuration.retention, now: .now)
            } else {
                let store = try Store(path: path)
                report = try await store.retain(configuration.retention, now: .now)
                try store.close()
            }
        } catch StoreError.inUse {
            throw refuse(
                "\(path): a server uses it, and does this by itself every night; --dry-run says what would go")
        } catch let error as StoreError {
            throw refuse(error.description)
        }
        if report.rows.isEmpty { print("nada está guardado de más") }
        for part in RetentionReport.Part.allCases {
            if let count = report.rows[part] { print("\(count)  \(part.rawValue)\(dryRun ? ", por irse" : "")") }
        }
    }
}
