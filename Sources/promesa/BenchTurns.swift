import ArgumentParser
import Conversations
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities

/// Turns a second of the pure engine, on one core.
struct BenchTurns: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "turns", abstract: "Turns a second of the pure engine, and of whole turns in memory, on one core.")

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "How long each measure takes.")
    var seconds = 3

    /// A negotiation that begins, states a promise, corrects it and confirms it.
    static let script = [
        "hola", "137", "toy sin un mango hasta q cobre, el 5 te tiro la mitad", "no, el 4", "dale",
    ]

    func run() throws {
        let (world, accounts) = try demoWorld(options)
        guard let account = accounts.first(where: { $0.id == "marta" }) else {
            throw refuse("the accounts have no `marta`, whom this measures")
        }
        guard let moment = Moment(iso: "2026-11-24T10:00", in: world.zone) else { return }
        let engine = try pureTurns(world, account, at: moment)
        let whole = try wholeTurns(world, account, at: moment)
        print("pure engine (understanding, statement, dialog step):  \(Int(engine)) turns/s")
        print(
            "whole turn in memory (inbox, transcript, audit too):  \(Int(whole)) turns/s, \(Self.ratio(whole, engine)) of the engine"
        )
    }

    private func pureTurns(_ world: World, _ account: Account, at moment: Moment) throws -> Double {
        guard let dialog = world.dialogs[world.entryDialog] else { return 0 }
        return try rate {
            var state = DialogState(dialog: dialog.name, version: dialog.version, state: dialog.start)
            for text in Self.script {
                let facts = world.facts(account, promises: [], at: moment)
                let heard = world.reader.read(text, at: moment, zone: world.zone, asked: dialog.question(in: state))
                state = dialog.step(state, .heard(heard, messageID: "m"), facts: facts).state
            }
            guard state.ended == "promesa_registrada" else {
                throw refuse("the measured conversation ended in `\(state.state)` instead of a promise")
            }
        }
    }

    private func wholeTurns(_ world: World, _ account: Account, at moment: Moment) throws -> Double {
        try rate {
            let session = ChatSession(world: world, accounts: [account], accountID: account.id, at: moment)
            for text in Self.script { _ = try session.say(text) }
            guard session.promises.count == 1 else { throw refuse("the measured conversation made no promise") }
        }
    }

    /// Turns a second of a conversation that is repeated.
    private func rate(_ conversation: () throws -> Void) throws -> Double {
        let clock = ContinuousClock()
        for _ in 0..<20 { try conversation() }
        var turns = 0
        let start = clock.now
        while clock.now - start < .seconds(seconds) {
            for _ in 0..<50 { try conversation() }
            turns += 50 * Self.script.count
        }
        return Double(turns) / ((clock.now - start) / .seconds(1))
    }

    static func ratio(_ part: Double, _ whole: Double) -> String {
        let hundredths = Int((part / whole * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
