import ArgumentParser
import Conversations
import Foundation
import Ledger
import Quantities
import Service
import Storage

/// Rows a second of the CSV import: read and checked only, and all the way into SQLite.
struct BenchImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Rows a second of the CSV import, read and checked only, and into a database on this machine's disk.")

    @Option(help: "Rows of the files; those of items and payments belong to a fifth as many accounts.")
    var rows = 200_000

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("promesa-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let processor = TurnProcessor(
            world: try Configuration.load(file: demoConfigurationPath(), environment: [:]).loadWorld())
        let store = try Store(path: folder.appendingPathComponent("bench.sqlite").path)
        for (kind, count) in [(ImportKind.accounts, rows / 5), (.items, rows), (.payments, rows)] {
            let file = folder.appendingPathComponent("\(kind.rawValue).csv").path
            try write(kind, count, to: file)
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            let seconds = try read(kind, file)
            print("\(kind.rawValue): \(count) rows, \(size / max(1, count)) bytes each")
            print(
                "  read and checked:       \(Int(Double(count) / seconds)) rows/s (\(size / 1_000_000) MB in \(decimal(seconds)) s)"
            )
            for round in ["into SQLite:           ", "the same file again:   "] {
                let began = ContinuousClock.now
                let figures = try await store.run(
                    ImportJob(kind: kind, file: file), processor: processor,
                    now: Moment.now)
                let total = self.seconds(since: began)
                print(
                    "  \(round) \(Int(Double(count) / total)) rows/s (\(decimal(total)) s with the commit; \(figures.new) new, \(figures.changed) changed, \(figures.same) the same)"
                )
            }
            print("  peak memory so far:     \(peakMemory()) MiB")
        }
        try store.close()
    }

    /// Seconds to read every row.
    private func read(_ kind: ImportKind, _ file: String) throws -> Double {
        guard let handle = FileHandle(forReadingAtPath: file) else { throw refuse("\(file): cannot be read") }
        let began = ContinuousClock.now
        var reader = try ImportReader(kind, file: file) {
            try handle.read(upToCount: 1 << 18).map { [UInt8]($0) } ?? []
        }
        while let row = try reader.next() {
            if case .bad(let problems) = row { throw refuse(problems[0].rendered(file: file)) }
        }
        return seconds(since: began)
    }

    private func seconds(since began: ContinuousClock.Instant) -> Double {
        let passed = (ContinuousClock.now - began).components
        return Double(passed.seconds) + Double(passed.attoseconds) / 1e18
    }

    /// Files as an ERP writes them: separator, decimal comma and Argentine days.
    private func write(_ kind: ImportKind, _ count: Int, to file: String) throws {
        guard FileManager.default.createFile(atPath: file, contents: nil),
            let handle = FileHandle(forWritingAtPath: file)
        else { throw refuse("\(file): cannot be written") }
        var text = ""
        switch kind {
        case .accounts:
            text = "cuenta;acreedor;nombre;nombre_completo;documento;telefono;segmento;tna;iva_interes;moneda\n"
        case .items: text = "cuenta;item;descripcion;capital;vencimiento\n"
        case .payments, .history: text = "pago;cuenta;importe;dia\n"
        }
        for row in 0..<count {
            let cents = "\(1_000 + row % 89_000),\(10 + row % 90)"
            let day = "\(1 + row % 28)/\(1 + row / 5 % 12)/2026"
            switch kind {
            case .accounts:
                text +=
                    "cliente-\(row);Red Fibra;María;María Núñez \(row);\(20_000_000 + row);+549110\(1_000_000 + row);olvidadizo;60;21;ARS\n"
            case .items: text += "cliente-\(row / 5);factura-\(row);Internet de octubre 2026;\(cents);\(day)\n"
            case .payments, .history: text += "pago-\(row);cliente-\(row / 5);\(cents);\(day)\n"
            }
            if text.utf8.count > 1 << 20 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }
}
