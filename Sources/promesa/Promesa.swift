import ArgumentParser

@main
struct Promesa: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "promesa", abstract: "Promise-to-pay bot.")
}
