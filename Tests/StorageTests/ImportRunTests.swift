import Conversations
import DatabaseEngine
import DemoCompany
import Foundation
import Ledger
import Negotiation
import Quantities
import Testing

@testable import Storage

/// Files into a real database: all or nothing, or all but the bad rows; twice is once.
struct ImportRunTests {
    static let now = DemoCompany.morning
    static let processor = TurnProcessor(world: DemoCompany.world)

    private func run(
        _ kind: ImportKind, _ file: String, into store: Store, mapping: String = "", badRows: String? = nil,
        now: Moment = now
    ) async throws -> ImportFigures {
        try await store.run(
            ImportJob(kind: kind, file: file, mapping: try ImportMapping(mapping, for: kind), badRows: badRows),
            processor: Self.processor, now: now)
    }

    private func write(_ text: String, _ folder: String, _ name: String = "x.csv") throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        return folder + "/" + name
    }

    /// A store with the demo's accounts, and a folder for files.
    private func withFolder(_ body: (Store, String) async throws -> Void) async throws {
        try await withStore { store in try await withTemporaryFolder { try await body(store, $0) } }
    }

    @Test("The demo's file gives the accounts that are read at once, and a second time changes nothing")
    func twice() async throws {
        try await withTemporaryFolder { folder in
            let store = try Store(path: database(in: folder, "p"))
            let file = DemoCompany.folder.appendingPathComponent("accounts.csv").path
            let first = try await run(.accounts, file, into: store)
            #expect(first.new == first.rows && first.rows > 100)
            #expect(try await store.accounts() == DemoCompany.accounts.sorted { $0.id < $1.id })
            let second = try await run(.accounts, file, into: store)
            #expect(second.same == second.rows && second.new + second.changed + second.bad == 0)
            try store.close()
        }
    }

    @Test(
        "One bad row, found when it is read or when it is written, and nothing is imported",
        arguments: ["marta,m-9,Nueva,mil,2026-12-20", "nadie,m-9,Nueva,1000,2026-12-20"])
    func allOrNothing(bad: String) async throws {
        try await withFolder { store, folder in
            let file = try write(
                "cuenta,item,descripcion,capital,vencimiento\nana,x-1,Nueva,1000,2026-12-20\n\(bad)\n"
                    .replacing("ana", with: "juan"), folder)
            let error = await #expect(throws: ImportFailure.self) { try await run(.items, file, into: store) }
            #expect(error?.problems.count == 1 && error?.problems[0].hasPrefix("\(file):3:") == true)
            #expect(try await store.account(id: "juan") == DemoCompany.account("juan"))
        }
    }

    @Test("Bad rows go to a file that is imported again once it is mended")
    func mended() async throws {
        try await withFolder { store, folder in
            let file = try write(
                "CLI;NRO;QUE;CUANTO;CUANDO\njuan;j-8;\"Año; \"\"x\"\"\";1.000,50;20/12/2026\nnadie;n-1;Otra;5,00;20/12/2026\njuan;j-9;Más;cinco;20/12/2026\njuan;j-8;Repetida;1,00;20/12/2026\n",
                folder)
            let mapping = "cuenta=CLI;item=NRO;descripcion=QUE;capital=CUANTO;vencimiento=CUANDO"
            let badFile = folder + "/bad.csv"
            let first = try await run(.items, file, into: store, mapping: mapping, badRows: badFile)
            #expect(first.new == 1 && first.bad == 3 && first.rows == 4)
            var text = try String(contentsOfFile: badFile, encoding: .utf8)
            #expect(text.split(separator: "\n").count == 4 && text.hasPrefix("CLI;NRO;QUE;CUANTO;CUANDO;problema\n"))
            // Still bad: the row comes again with one reason, not two.
            let again = try await run(.items, badFile, into: store, mapping: mapping, badRows: badFile)
            #expect(again.bad == 2 && again.changed == 1)
            text = try String(contentsOfFile: badFile, encoding: .utf8)
            #expect(text.split(separator: "\n").allSatisfy { $0.split(separator: "\"").count <= 2 })
            text = text.replacing("nadie", with: "juan").replacing("cinco", with: "5,00")
            _ = try write(text, folder, "bad.csv")
            let last = try await run(.items, badFile, into: store, mapping: mapping, badRows: badFile)
            #expect(last.new == 2 && last.bad == 0)
            #expect(try await store.account(id: "juan")?.items.count == DemoCompany.account("juan").items.count + 3)
        }
    }

    @Test("Columns that a file has not leave an account as it was; items, payments and opt-out stay")
    func partial() async throws {
        try await withFolder { store, folder in
            let marta = DemoCompany.account("marta")
            let file = try write(
                "cuenta,acreedor,nombre,nombre_completo,documento,telefono\nmarta,Red Fibra,Martita,Marta Sosa,20467137,+5491100000003\n",
                folder)
            let figures = try await run(.accounts, file, into: store)
            #expect(figures.changed == 1)
            var expected = marta
            expected.firstName = "Martita"
            #expect(try await store.account(id: "marta") == expected)
        }
    }

    @Test("Rows of an account may lie anywhere in the file, and still have to say the same")
    func scattered() async throws {
        try await withFolder { store, folder in
            let head =
                "cuenta,acreedor,nombre,nombre_completo,documento,telefono,item,descripcion,capital,vencimiento\n"
            func row(_ id: String, _ name: String, _ item: Int) -> String {
                "\(id),Red,\(name),\(name) Paz,2000000\(id.count),+549110000009\(id.count),i\(item),Cuota,10,2026-12-0\(item)\n"
            }
            let good = [row("a", "Ana", 1), row("bb", "Bea", 1), row("a", "Ana", 2), row("bb", "Bea", 2)]
            let file = try write(head + good.joined(), folder)
            #expect(try await run(.accounts, file, into: store).new == 4)
            #expect(try await store.account(id: "a")?.items.map(\.id) == ["i1", "i2"])
            #expect(try await run(.accounts, file, into: store).same == 4)
            let bad = try write(head + good.joined() + row("a", "Eva", 3) + row("bb", "Bea", 2), folder)
            let error = await #expect(throws: ImportFailure.self) { try await run(.accounts, bad, into: store) }
            #expect(error?.problems.count == 2)
            #expect(error?.problems[0].hasPrefix("\(bad):6:") == true)
            #expect(error?.problems[1].contains("found `i2`") == true)
            #expect(try await store.account(id: "a")?.items.count == 2)
        }
    }

    @Test("Payments of a file reach who has a promise and who has none, each with its event")
    func mixedPayments() async throws {
        try await withFolder { store, folder in
            for (index, text) in ["hola", "137", "el viernes te pago todo", "sí, confirmo"].enumerated() {
                try await store.receive(message("m\(index)", text))
            }
            let half = try await store.promises(accountID: "marta")[0].amount.scaled(1, over: 2).plain
            let file = try write(
                "pago,cuenta,importe,dia,anulado_el\np1,marta,\(half),2026-11-24,\np2,juan,10.00,2026-11-23,\np3,marta,\(half),2026-11-24,\np4,juan,20.00,2026-11-22,2026-11-23\n",
                folder)
            #expect(try await run(.payments, file, into: store).new == 4)
            #expect(try await store.promises(accountID: "marta")[0].state == .kept)
            #expect(try await store.account(id: "juan")?.payments.map(\.id) == ["p2", "p4"])
            let events = try await store.events(after: 0, limit: 100).map(\.event)
            #expect(
                events.filter { $0.account == "juan" }.map(\.kind)
                    == [.paymentReceived, .paymentReceived, .paymentReversed])
            #expect(
                events.filter { $0.account == "marta" }.map(\.kind)
                    == [.promiseMade, .paymentReceived, .paymentReceived, .promiseKept])
            let corrected = try write(
                "pago,cuenta,importe,dia\np2,juan,11.00,2026-11-23\np4,juan,20.00,2026-11-22\n", folder)
            #expect(try await run(.payments, corrected, into: store).changed == 2)
            #expect(
                try await store.events(after: Int64(events.count), limit: 9).map(\.event.kind) == [
                    .paymentCorrected, .paymentCorrected,
                ])
            let repeated = try write(
                "pago,cuenta,importe,dia\np9,juan,11.00,2026-11-23\np9,juan,11.00,2026-11-23\n", folder)
            let error = await #expect(throws: ImportFailure.self) { try await run(.payments, repeated, into: store) }
            #expect(error?.problems[0].contains("found `p9`") == true)
        }
    }

    @Test("A phone of another account, or a currency that is not the account's, is a bad row")
    func conflicts() async throws {
        try await withFolder { store, folder in
            let accounts = try write(
                "cuenta,acreedor,nombre,nombre_completo,documento,telefono\nnueva,Red,Ana,Ana Paz,20000001,+5491100000003\n",
                folder)
            let error = await #expect(throws: ImportFailure.self) { try await run(.accounts, accounts, into: store) }
            #expect(error?.problems[0].contains("account marta has this one") == true)
            let payments = try write("pago,cuenta,importe,dia,moneda\np,marta,10,2026-11-20,USD\n", folder)
            let other = await #expect(throws: ImportFailure.self) { try await run(.payments, payments, into: store) }
            #expect(other?.problems[0].contains("expected ARS") == true)
        }
    }

    @Test("A payment that keeps a promise is thanked; one of the past is not, and both are told once")
    func payments() async throws {
        for kind in [ImportKind.payments, .history] {
            try await withFolder { store, folder in
                for (index, text) in ["hola", "137", "el viernes te pago todo", "sí, confirmo"].enumerated() {
                    try await store.receive(message("m\(index)", text))
                }
                let promise = try await store.promises(accountID: "marta")[0]
                let before = try await store.counts().outbox["pending"] ?? 0
                let row = kind == .payments ? "pago,cuenta,importe,dia\n" : "tipo,id,cuenta,importe,dia\npago,"
                let file = try write(
                    row + (kind == .payments ? "p1,marta," : "p1,marta,") + "\(promise.amount.plain),2026-11-24\n",
                    folder)
                #expect(try await run(kind, file, into: store).new == 1)
                #expect(try await run(kind, file, into: store).same == 1)
                #expect(try await store.promises(accountID: "marta")[0].state == .kept)
                #expect(try await store.counts().outbox["pending"] ?? 0 == before + (kind == .payments ? 1 : 0))
                let kinds = try await store.events(after: 0, limit: 100).map(\.event.kind)
                #expect(kinds == [.promiseMade] + (kind == .payments ? [.paymentReceived] : []) + [.promiseKept])
            }
        }
    }

    @Test("Promises of the past keep their state, whatever is paid later, and new ids do not meet theirs")
    func history() async throws {
        try await withFolder { store, folder in
            let file = try write(
                "tipo,id,cuenta,importe,dia,estado,creada,componente,motivo\npromesa,p000007,marta,1000,2026-01-10,cumplida,2026-01-02,,\npromesa,vieja,marta,1000,2026-02-10,rota,,,\nquita,q1,marta,50.00,2026-03-01,,,interes,acuerdo\n",
                folder)
            #expect(try await run(.history, file, into: store).new == 3)
            #expect(try await run(.history, file, into: store).same == 3)
            let later = try write("pago,cuenta,importe,dia\nx,marta,100.00,2026-11-24\n", folder)
            _ = try await run(.payments, later, into: store)
            #expect(try await store.promises(accountID: "marta").map(\.state) == [.kept, .broken])
            #expect(try await store.account(id: "marta")?.waivers.map(\.amount) == [Money(cents: 5_000)])
            #expect(try await store.events(after: 0, limit: 10).map(\.event.kind) == [.paymentReceived])
            #expect(try await store.submit { try $0.newID("p") } > "p000007")
        }
    }

    @Test("The order of the payments of a day changes nothing")
    func orderOfPayments() async throws {
        var statements: Set<String> = []
        for order in [["p1", "p2", "p3"], ["p3", "p1", "p2"], ["p2", "p3", "p1"]] {
            try await withFolder { store, folder in
                let lines = order.map { "\($0),marta,\(1000 + 77 * Int($0.suffix(1))!).25,2026-11-23" }
                let file = try write("pago,cuenta,importe,dia\n" + lines.joined(separator: "\n"), folder)
                _ = try await run(.payments, file, into: store)
                let account = try await store.account(id: "marta")!
                statements.insert("\(account.statement(on: Day("2026-11-24")!))")
            }
        }
        #expect(statements.count == 1)
    }

    @Test("What is exported and imported into an empty database is the same", arguments: 0..<6)
    func identity(seed: Int) async throws {
        let lines = ["", "separador=;;decimal=,;fechas=dd/MM/yyyy", "separador=tab;codificacion=latin1"]
        try await withTemporaryFolder { folder in
            let store = try Store(path: database(in: folder, "a"))
            var imported = DemoCompany.accounts
            imported[0].language = "pt-BR"
            try await store.importAccounts(imported)
            try await live(randomHistory(seed: seed, steps: 80), on: store)
            let accounts = try await store.accounts()
            var promises: [String: [PromiseToPay]] = [:]
            for account in accounts { promises[account.id] = try await store.promises(accountID: account.id) }
            let events = try await store.lastEvent()
            try store.close()

            let copy = try Store(path: database(in: folder, "b"))
            for (kind, form) in [(ExportKind.accounts, ImportKind.accounts), (.history, .history)] {
                let file = folder + "/\(kind.rawValue).csv"
                let mapping = try ImportMapping(lines[seed % 3], for: form)
                let written = try Store.export(kind, from: database(in: folder, "a"), to: file, mapping: mapping)
                #expect(written.lastEvent == events)
                let figures = try await run(form, file, into: copy, mapping: lines[seed % 3])
                #expect(figures.new == figures.rows && figures.rows == written.rows)
            }
            #expect(try await copy.accounts() == accounts)
            for account in accounts {
                #expect(try await copy.promises(accountID: account.id) == promises[account.id])
            }
            #expect(try await copy.counts().outbox.isEmpty)
            try copy.close()
        }
    }

    /// Lives a history on a store; replies do not matter here.
    private func live(_ history: [Step], on store: Store) async throws {
        for step in history {
            switch step {
            case .message(let message): try await store.receive(message, now: message.writtenAt)
            case .until(let moment):
                while let timer = try await store.dueTimers(now: moment, limit: 1).first {
                    _ = try await store.fire(timer, with: Self.processor, now: moment)
                }
            case .payment(let payment, let account, let at):
                try await store.submit {
                    try Self.processor.importPayments([payment], accountID: account, now: at, tx: $0)
                }
            case .tap, .order: continue
            }
        }
    }

    @Test("Only accounts to which something happened since an event are exported")
    func since() async throws {
        try await withTemporaryFolder { folder in
            let store = try Store(path: database(in: folder, "a"))
            try await store.importAccounts(DemoCompany.accounts)
            let payment = Payment(id: "p", amount: .units(10), day: Day("2026-11-20")!)
            for account in ["juan", "marta"] {
                try await store.submit {
                    try Self.processor.importPayments([payment], accountID: account, now: Self.now, tx: $0)
                }
            }
            try store.close()
            let file = folder + "/out.csv"
            let written = try Store.export(
                .payments, from: try database(in: folder, "a"), to: file, mapping: ImportMapping(), since: 1)
            #expect(written.rows == 1 && written.lastEvent == 2)
            #expect(try String(contentsOfFile: file, encoding: .utf8).contains("p,marta,10.00,2026-11-20"))
        }
    }
}
