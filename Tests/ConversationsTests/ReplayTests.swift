import Conversations
import DemoCompany
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import SharedData
import Testing

/// I10, and what must hold after any history.
struct ReplayTests {
    @Test("The same history gives the same transcripts, promises, outbox and audit", arguments: 0..<40)
    func replay(seed: Int) throws {
        let history = randomHistory(seed: seed, steps: 80)
        var world = DemoCompany.world
        if seed % 2 == 1 { world.quietWindow = 300_000 }
        let first = MemoryRun(world: world)
        let second = MemoryRun(world: world)
        try first.live(history)
        try second.live(history)
        #expect(first.replies == second.replies)
        #expect(first.store.contents == second.store.contents)
    }

    @Test("Whatever happens, the bot is silent under a person and promises keep to the policy", arguments: 0..<60)
    func invariants(seed: Int) throws {
        let run = MemoryRun()
        let policy = DemoCompany.world.policy
        for step in randomHistory(seed: seed, steps: 100) {
            let owned = run.store.contents.conversations.values.filter { $0.owner != .bot }
            let before = run.store.contents.outbox.count
            try run.live([step])
            for message in run.store.contents.outbox.dropFirst(before) where message.author == .bot {
                let owner = owned.first { $0.id == message.conversationID }
                let now = run.store.conversation(id: message.conversationID)
                #expect(owner == nil || now?.owner == .bot, "seed \(seed)")
            }
            for promise in run.store.contents.promises.values {
                #expect(promise.amount.isPositive)
                #expect(promise.payBy >= promise.createdOn)
                let horizon = policy.terms.values.map(\.horizonDays).max()! + 31 * 12
                #expect(promise.payBy - promise.createdOn <= horizon)
            }
        }
    }

    @Test("A turn that throws leaves nothing behind")
    func rollback() throws {
        struct Failure: Error {}
        let talk = Talk()
        try talk.say("hola")
        let before = talk.store.contents
        #expect(throws: Failure.self) {
            try talk.store.transaction { tx in
                _ = try talk.processor.receive(
                    InboundMessage(contact: talk.contact, messageID: "x", writtenAt: talk.now, content: .text("137")),
                    now: talk.now,
                    tx: tx)
                throw Failure()
            }
        }
        #expect(talk.store.contents == before)
    }

    @Test("A dialog that was edited is begun again, with the person still verified")
    func editedDialog() throws {
        let talk = Talk()
        try talk.verify()
        try talk.say("el viernes te pago todo")
        var world = DemoCompany.world
        let file = SharedData.repository.appendingPathComponent("Dialogs/cobranza.yaml")
        let source = try String(contentsOf: file, encoding: .utf8) + "# otra\n"
        world.dialogs["cobranza"] = compileDialog(source: source, file: "cobranza.yaml").dialog
        let message = InboundMessage(contact: talk.contact, messageID: "x", writtenAt: talk.now, content: .text("sí"))
        let reply = try TurnProcessor(world: world).receive(message, now: talk.now, tx: talk.store)
        #expect(talk.promises.isEmpty, "a yes to an echo of the earlier dialog records nothing")
        #expect(reply.messages.contains { $0.text.contains("Marta") })
        #expect(talk.conversation.dialog?.verified == true)
    }
}
