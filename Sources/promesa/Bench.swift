import ArgumentParser

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure this machine.",
        subcommands: [
            BenchTurns.self, BenchDialog.self, BenchWebhook.self, BenchUnderstanding.self, BenchLedger.self,
            BenchImport.self, BenchReport.self,
        ])
}
