import DemoCompany
import Foundation
import Ledger
import Quantities
import Storage
import Testing

@testable import Service

/// Imports into the database of a running server.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct ImportRoutesTests {
    private static let payments = "pago,cuenta,importe,dia\np1,juan,10.00,2026-11-20\np2,marta,5.00,2026-11-20\n"

    @Test("The operator's file is imported whole, and a second time changes nothing")
    func imported() async throws {
        try await withServer { server, store in
            #expect(try await server.post("/v1/imports/payments", Self.payments).status == 401)
            for expected in [2, 0] {
                let report: ImportReport = try await server.post(
                    "/v1/imports/payments", Self.payments, token: "demo-operador"
                ).decoded()
                #expect(report.figures.new == expected && report.figures.rows == 2)
            }
            #expect(try await store.account(id: "juan")?.payments.map(\.id) == ["p1"])
            #expect(try await server.post("/v1/imports/nada", "", token: "demo-operador").status == 404)
        }
    }

    @Test("One bad row and nothing is imported; the answer names it as the file's")
    func refused() async throws {
        try await withServer { server, store in
            let bad = Self.payments + "p3,nadie,1.00,2026-11-20\n"
            let answer = try await server.post("/v1/imports/payments?file=dia.csv", bad, token: "demo-operador")
            #expect(answer.status == 422 && answer.text.contains("dia.csv:4:"))
            #expect(try await store.account(id: "juan") == DemoCompany.account("juan"))
            let report: ImportReport = try await server.post(
                "/v1/imports/payments?skip_bad=true", bad, token: "demo-operador"
            ).decoded()
            #expect(report.figures.new == 2 && report.figures.bad == 1)
            #expect(String(decoding: report.bad_rows ?? Data(), as: UTF8.self).contains("p3,nadie,1.00,2026-11-20,"))
        }
    }

    @Test("Customers are answered, each once, while a long file is imported")
    func meanwhile() async throws {
        try await withServer { server, store in
            let rows = (0..<40_000).map { "q\($0),juan,1.00,2026-11-20" }
            let file = "pago,cuenta,importe,dia\n" + rows.joined(separator: "\n")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let report: ImportReport = try await server.post(
                        "/v1/imports/payments", file, token: "demo-operador"
                    ).decoded()
                    #expect(report.figures.new == rows.count)
                }
                group.addTask {
                    for index in 0..<20 {
                        let answer = try await server.generic(
                            id: "g-\(index)", from: "+5491100000003", text: "hola")
                        #expect(answer.status == 200)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.counts().inbox == 20)
            #expect(try await store.account(id: "juan")?.payments.count == rows.count)
        }
    }

    @Test("The command hands its file to the server that uses the database", .enabled(if: Program.isBuilt))
    func command() async throws {
        try await withTemporaryFolder { folder in
            let port = try freePort()
            let database = folder + "/promesa.sqlite"
            let server = try await Program.serve(port: port, database: database, output: folder + "/server")
            let file = folder + "/accounts.csv"
            try FileManager.default.copyItem(
                atPath: DemoCompany.folder.appendingPathComponent("accounts.csv").path, toPath: file)
            let bad = folder + "/bad.csv"
            for arguments in [[], ["--url", "http://127.0.0.1:\(port)", "--skip-bad", bad]] {
                let program = try Program(
                    ["import", "accounts", "--config", ProgramTests.configuration, file] + arguments,
                    environment: ["PROMESA_PORT": String(port), "PROMESA_DATABASE": database],
                    output: folder + "/output")
                #expect(await program.exitStatus() == 0, "\(program.printed)")
                #expect(program.printed.contains("0 bad"))
            }
            server.signal(SIGTERM)
            _ = await server.exitStatus()
            let store = try Store(path: database)
            #expect(try await store.accounts().count == DemoCompany.accounts.count)
            try store.close()
        }
    }
}
