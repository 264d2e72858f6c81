import Ledger
import Quantities
import SharedData
import Testing

/// What files say, in the ways that people and programs write them.
struct ImportReaderTests {
    /// Every row of a file that comes in pieces of `size`.
    private func rows(
        _ bytes: [UInt8], _ kind: ImportKind = .payments, mapping: String = "", pieces size: Int = 1 << 16
    ) throws -> [ImportReader.Row] {
        var rest = bytes[...]
        var reader = try ImportReader(kind, file: "x.csv", mapping: try ImportMapping(mapping, for: kind)) {
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
        var rows: [ImportReader.Row] = []
        while let row = try reader.next() { rows.append(row) }
        return rows
    }

    private func payment(_ row: ImportReader.Row) -> Payment? {
        if case .good(let row) = row, case .payment(let payment) = row.content { payment } else { nil }
    }

    private func problems(_ rows: [ImportReader.Row]) -> [String] {
        rows.flatMap { row -> [String] in
            if case .bad(let problems) = row { problems.map { $0.rendered(file: "x.csv") } } else { [] }
        }
    }

    @Test(
        "Amounts are read with either mark, and refused where they could be two",
        arguments: [
            ("24600", "", 2_460_000), ("24600.5", "", 2_460_050), ("24600,50", "", 2_460_050),
            ("24.600,50", "", 2_460_050), ("24,600.50", "", 2_460_050), ("$ 1.234.567,8", "", 123_456_780),
            ("1.234.567", "", 123_456_700), ("24.600", "decimal=,", 2_460_000), ("24,600", "decimal=.", 2_460_000),
            ("24600.5000", "decimal=.", 2_460_050), ("24.600", "", nil), ("24,600", "", nil), ("1.2.3,00", "", nil),
            ("24.60,00", "", nil), ("24600.505", "decimal=.", nil), ("-5", "", nil), ("", "", nil), (".5", "", nil),
            ("5.", "", nil), ("1e3", "", nil), ("99999999999999999999", "", nil), ("0", "", nil),
        ] as [(String, String, Int64?)])
    func amounts(text: String, mapping: String, cents: Int64?) throws {
        let read = try rows(Array("pago;cuenta;importe;dia\np;a;\(text);2026-12-05\n".utf8), mapping: mapping)
        #expect(payment(read[0])?.amount.cents == cents)
        if cents == nil { #expect(problems(read)[0].hasPrefix("x.csv:2:5: `importe`: expected")) }
    }

    @Test(
        "Days are read as they are written, or as the mapping says",
        arguments: [
            ("2026-12-05", ""), ("5/12/2026", ""), ("05-12-2026", ""), ("2026-12-05T00:00:00", ""),
            ("5/12/2026 0:00", ""), ("20261205", "fecha=dia:yyyyMMdd"), ("12/05/26", "fechas=MM/dd/yy"),
            ("5.12.2026", "fecha=dia:d.M.yyyy"),
        ])
    func days(text: String, mapping: String) throws {
        let read = try rows(Array("pago,cuenta,importe,dia\np,a,1,\(text)\n".utf8), mapping: mapping)
        #expect(payment(read[0])?.day == Day("2026-12-05"))
        let wrong = try rows(Array("pago,cuenta,importe,dia\np,a,1,\(text)9x\n".utf8), mapping: mapping)
        #expect(text.contains("T") || text.contains(" ") || payment(wrong[0]) == nil)
    }

    @Test("The mapping of the documentation is read: names, format, separator, decimal mark, letters")
    func mapping() throws {
        let text = "ID_CLIENTE;VTO;IMPORTE;NRO;DETALLE;OTRA\nmaría;05/12/2026;24.600,50;n1;\"Año; enero\";x\n"
        let read = try rows(
            TextEncoding.latin1.bytes(text)!, .items,
            mapping:
                "cuenta=ID_CLIENTE;monto=IMPORTE;fecha=VTO:dd/MM/yyyy;item=NRO;descripcion=DETALLE;separador=;;decimal=,;codificacion=latin1"
        )
        let item = Item(
            id: "n1", description: "Año; enero", principal: Money(cents: 2_460_050), dueDate: Day("2026-12-05")!)
        guard case .good(let row) = read.first else {
            Issue.record("\(read)")
            return
        }
        #expect(row.accountID == "maría" && row.key == "n1" && row.content == .item(item) && read.count == 1)
    }

    @Test(
        "Letters and separator are seen from the file where the mapping does not say them",
        arguments: [TextEncoding.utf8, .latin1], [",", ";", "\t", "|"])
    func detected(encoding: TextEncoding, separator: String) throws {
        let lines = [
            "cuenta,item,descripcion,capital,vencimiento", "a,1,Octubre,10,2026-10-01", "a,2,Año ñandú €,10,2026-10-01",
        ]
        let text = lines.joined(separator: "\r\n").replacing(",", with: separator)
        let read = try rows(encoding.bytes(text)!, .items)
        guard case .good(let row) = read[1], case .item(let item) = row.content else {
            Issue.record("\(read)")
            return
        }
        #expect(item.description == "Año ñandú €")
    }

    @Test("A constant stands for a column that the file has not, and other columns are passed over")
    func constant() throws {
        let read = try rows(
            Array("NRO,CLI,IMP,X\np1,a,7,zz\n".utf8), mapping: "pago=NRO; cuenta=CLI; monto=IMP; fecha='2026-12-05'")
        #expect(payment(read[0]) == Payment(id: "p1", amount: .units(7), day: Day("2026-12-05")!))
    }

    @Test(
        "A wrong mapping is answered with its place",
        arguments: [
            ("importe=X;nada=Y", "mapping:1:11: unknown column `nada`"), ("codificacion=utf-7", "utf-8 or latin1"),
            ("fecha=X:dd/mm/yyyy", "no format of days"), ("decimal=;", "expected a value"), ("pago", "column=NAME"),
            ("separador=x", "one character"), ("pago=\"X", "closing"),
        ])
    func wrongMapping(line: String, said: String) {
        let error = #expect(throws: ImportMappingError.self) { try ImportMapping(line, for: .payments) }
        #expect(error?.description.contains(said) == true, "\(error?.description ?? "")")
    }

    @Test("A file in pieces of any size has the same rows", arguments: 1..<40)
    func pieces(size: Int) throws {
        let text =
            "\u{FEFF}pago,cuenta,importe,dia\n\n\"p \"\"1\"\"\",a,1,2026-12-05\r\n\"línea\n\ndos\",a,2,2026-12-05\np3,a,x,2026-12-05\n\np4,a,4,2026-12-05"
        let whole = try rows(Array(text.utf8))
        #expect(try rows(Array(text.utf8), pieces: size) == whole)
        #expect(whole.compactMap { payment($0)?.id } == ["p \"1\"", "línea\n\ndos", "p4"])
        #expect(
            problems(whole) == [
                "x.csv:7:6: `importe`: expected an amount such as 24600.00 or 24.600,00, up to 100000000000.00, found `x`"
            ])
    }

    @Test(
        "Rows with too many or too few fields, or with quotes that are not closed, are named",
        arguments: [
            ("p,a,1\n", "x.csv:2:1: expected 4 fields, found 3"), ("p,a,1,2026-12-05,\n", "found 5"),
            ("\"p,a,1,2026-12-05\n", "closing quote"), ("\"p\"x,a,1,2026-12-05\n", "quotes only around a whole cell"),
        ])
    func shape(row: String, said: String) throws {
        #expect(problems(try rows(Array(("pago,cuenta,importe,dia\n" + row).utf8)))[0].contains(said))
    }

    @Test("A quote that is never closed does not fill the memory")
    func endless() {
        let bytes = Array("pago,cuenta,importe,dia\n\"".utf8) + [UInt8](repeating: 97, count: 4 << 20)
        let error = #expect(throws: CSVUnreadable.self) { try rows(bytes) }
        #expect(error?.line == 2)
    }

    @Test("What is somebody's own is in no message")
    func personal() throws {
        let text =
            "cuenta,acreedor,nombre,nombre_completo,documento,telefono\na,Red,Ana,Ana Paz,12.345.678,11-4444-5555\n"
        let said = problems(try rows(Array(text.utf8), .accounts)).joined()
        #expect(said.contains("`telefono`") && said.contains("`documento`"))
        #expect(!said.contains("345") && !said.contains("4444"))
    }

    @Test("Any bytes are answered, never with a crash", arguments: 0..<300)
    func fuzz(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let alphabet = Array("a;,\"\"\n\r1.0-/".utf8) + [0, 0xC3, 0xB1, 0xFF, 0x80]
        let noise = (0..<200).map { _ in alphabet.randomElement(using: &random)! }
        for kind in ImportKind.allCases {
            let header = kind.required.map(\.name).joined(separator: ",") + "\n"
            _ = try rows(Array(header.utf8) + noise, kind, pieces: Int.random(in: 1...50, using: &random))
        }
    }

    @Test("What is written is read back, whatever the mapping", arguments: 0..<200)
    func identity(seed: Int) throws {
        let account = RandomAccount(seed: seed).account
        let line = [
            "", "separador=;;decimal=,", "codificacion=latin1; fechas=d/M/yyyy; monto=IMPORTE", "separador=tab",
        ][seed % 4]
        let mapping = try ImportMapping(line.replacing("monto", with: "capital"), for: .items)
        var writer = CSVWriter(columns: ImportKind.items.columns.map(mapping.name), mapping: mapping)
        for item in account.items { try writer.append(CSVWriter.item(item, of: account)) }
        let read = try rows(writer.buffer, .items, mapping: line.replacing("monto", with: "capital"))
        let items = read.compactMap { row -> Item? in
            if case .good(let row) = row, case .item(let item) = row.in(account.currency).content { item } else { nil }
        }
        #expect(items == account.items)
    }
}
