import ArgumentParser
import Storage

struct CheckDatabase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-db",
        abstract: "Read a whole database file, while the server runs or not; exit code 1 where it is damaged.")

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The database or a backup of it; the configuration's by default.") var file: String?

    func run() async throws {
        let path = try file ?? options.load().0.database
        let check: DatabaseCheck
        do {
            check = try DatabaseCheck(path: path)
        } catch let error as StoreError {
            throw refuse(error.description)
        }
        guard !check.problems.isEmpty else {
            guard let schema = check.schema else { throw refuse("\(path): this is not a database of Promesa") }
            return print("\(path): sound (schema: \(schema))")
        }
        for problem in check.problems { print("\(path): \(problem)") }
        print(
            """
            The file is damaged. Stop the server, move it away together with its -wal and -shm files, copy the last backup to its \
            place and check that too. Gateways post again what they were not answered.
            """)
        throw ExitCode(1)
    }
}
