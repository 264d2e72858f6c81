import ArgumentParser
import Foundation
import Service
import Storage

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the database to a file, while the server runs or not.")
    @OptionGroup var options: ConfigurationOptions
    @Option(help: "The database; the configuration's by default.")
    var database: String?
    @Argument(help: "The file to write; it must not exist.") var file: String

    func run() async throws {
        if FileManager.default.fileExists(atPath: file) { throw refuse("\(file) exists; name a new file") }
        do {
            try Store.backup(from: try database ?? options.load().0.database, to: file)
        } catch let error as StoreError {
            throw refuse(error.description)
        }
        print("copied to \(file)")
    }
}
