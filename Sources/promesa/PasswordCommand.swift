import ArgumentParser
import Foundation
import Service

struct PasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Hash an agent's password, read from standard input, for the configuration.")

    func run() throws {
        if isatty(STDIN_FILENO) == 1 { FileHandle.standardError.write(Data("Contraseña: ".utf8)) }
        guard let password = readLine(), password.count >= 8 else {
            throw refuse("a password has eight characters or more; give it on standard input")
        }
        print(try PasswordHash.new(of: password))
    }
}
