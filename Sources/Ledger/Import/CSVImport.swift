import Quantities

/// Reads named columns of a CSV file and collects every problem.
struct CSVTable {
    let file: String
    let rows: [[CSVField]]
    var problems: [String] = []
    private var columns: [String: Int] = [:]

    init(csv: String, file: String, required: [String], optional: [String]) {
        self.file = file
        let all = parseCSV(csv)
        rows = Array(all.dropFirst())
        guard let header = all.first else {
            problems.append(
                "\(file):1:1: the file is empty; the first line names the columns: \(required.joined(separator: ","))")
            return
        }
        for (index, field) in header.enumerated() {
            let name = field.text
            if !(required + optional).contains(name) {
                problems.append(
                    "\(file):\(field.line):\(field.column): unknown column `\(name)`; the columns are \((required + optional).joined(separator: ", "))"
                )
            } else if columns[name] != nil {
                problems.append("\(file):\(field.line):\(field.column): column `\(name)` is there twice")
            }
            columns[name] = index
        }
        for name in required where columns[name] == nil {
            problems.append("\(file):1:1: column `\(name)` is missing")
        }
        for row in rows where row.count != header.count {
            problems.append(
                "\(file):\(row[0].line):1: expected \(header.count) fields, found \(row.count); a text with commas needs quotes"
            )
        }
    }

    func field(_ row: [CSVField], _ name: String) -> CSVField? {
        columns[name].flatMap { row.indices.contains($0) ? row[$0] : nil }
    }

    func text(_ row: [CSVField], _ name: String) -> String { field(row, name)?.text ?? "" }

    mutating func report(_ row: [CSVField], _ name: String, _ expected: String) {
        let field = field(row, name) ?? row[0]
        problems.append("\(file):\(field.line):\(field.column): `\(name)`: expected \(expected), found `\(field.text)`")
    }

    mutating func required(_ row: [CSVField], _ name: String) -> String {
        let text = text(row, name)
        if text.isEmpty { report(row, name, "a value") }
        return text
    }

    /// `24600.00` or `24.600,00`, up to a hundred thousand million: interest of centuries on it still fits.
    mutating func money(_ row: [CSVField], _ name: String, _ currency: Currency) -> Money? {
        let text = text(row, name)
        let plain = text.contains(",") ? String(text.filter { $0 != "." }.map { $0 == "," ? "." : $0 }) : text
        if let money = Money(plain: plain, currency), (0...10_000_000_000_000).contains(money.cents) { return money }
        report(row, name, "an amount such as 24600.00 or 24.600,00, up to 100000000000.00")
        return nil
    }

    /// ISO, or `d/m/yyyy`.
    mutating func day(_ row: [CSVField], _ name: String) -> Day? {
        let text = text(row, name)
        if let day = Day(text) { return day }
        let parts = text.split(separator: "/").map { Int($0) }
        if parts.count == 3, let d = parts[0], let m = parts[1], let y = parts[2],
            let day = Day(year: y, month: m, day: d)
        {
            return day
        }
        report(row, name, "a day such as 2026-12-05 or 5/12/2026")
        return nil
    }

    mutating func percent(_ row: [CSVField], _ name: String) -> Percent {
        if let money = Money(plain: String(text(row, name).map { $0 == "," ? "." : $0 })),
            (0...100_000).contains(money.cents)
        {
            return Percent(basisPoints: money.cents)
        }
        report(row, name, "a percentage such as 60 or 12.5, up to 1000")
        return .zero
    }

    mutating func optionalDay(_ row: [CSVField], _ name: String) -> Day? {
        text(row, name).isEmpty ? nil : day(row, name)
    }
}

/// Accounts from CSV: one row per item; rows of one account repeat its data.
public enum AccountImport {
    static let required = [
        "cuenta", "acreedor", "nombre", "nombre_completo", "documento", "telefono", "item", "descripcion", "capital",
        "vencimiento",
    ]
    static let optional = [
        "moneda", "segmento", "tna", "iva_interes", "cargo_pct", "cargo_min", "cargo_max", "cargo_iva",
        "cargo_desde_dias",
        "cargo_informado_canal", "cargo_informado_dia", "cargo_informado_texto", "imputacion", "baja",
        "base_dias", "tna_punitoria", "punitoria_con_tope", "capitaliza_meses", "tna_item", "unidad", "unidades",
        "mail", "mail_verificado", "domicilio",
    ]

    /// All accounts, or every row that is wrong.
    public static func parse(csv: String, file: String) -> Result<[Account], ImportFailure> {
        var table = CSVTable(csv: csv, file: file, required: required, optional: optional)
        guard table.problems.isEmpty else { return .failure(ImportFailure(problems: table.problems)) }
        var order: [String] = []
        var accounts: [String: Account] = [:]
        var phones: [String: String] = [:]
        for row in table.rows {
            let id = table.required(row, "cuenta")
            let currencyText = table.text(row, "moneda")
            let currency = currencyText.isEmpty ? .ars : Currency(rawValue: currencyText)
            if currency == nil { table.report(row, "moneda", "ARS or USD") }
            let item = item(row, currency ?? .ars, &table)
            if var known = accounts[id] {
                for (name, value) in [
                    ("telefono", known.phone), ("documento", known.document), ("nombre_completo", known.fullName),
                ] where table.text(row, name) != value {
                    table.report(row, name, "`\(value)`, as in the first row of account \(id)")
                }
                if let item {
                    if known.items.contains(where: { $0.id == item.id }) {
                        table.report(row, "item", "an item that the account does not have yet")
                    }
                    known.items.append(item)
                }
                accounts[id] = known
                continue
            }
            let account = account(row, id, currency ?? .ars, item, &table)
            if let other = phones[account.phone] {
                table.report(row, "telefono", "a phone of its own; account \(other) has this one")
            }
            phones[account.phone] = id
            order.append(id)
            accounts[id] = account
        }
        return table.problems.isEmpty
            ? .success(order.compactMap { accounts[$0] }) : .failure(ImportFailure(problems: table.problems))
    }

    private static func item(_ row: [CSVField], _ currency: Currency, _ table: inout CSVTable) -> Item? {
        let id = table.required(row, "item")
        let description = table.required(row, "descripcion")
        guard let principal = table.money(row, "capital", currency), let due = table.day(row, "vencimiento") else {
            return nil
        }
        var item = Item(id: id, description: description, principal: principal, dueDate: due)
        if !table.text(row, "tna_item").isEmpty { item.moratoryRate = table.percent(row, "tna_item") }
        let unit = table.text(row, "unidad")
        if unit.isEmpty != table.text(row, "unidades").isEmpty {
            table.report(row, "unidades", "a number of units, together with `unidad`")
        } else if !unit.isEmpty, let units = table.money(row, "unidades", currency) {
            item.indexed = IndexedPrincipal(unit: unit, hundredths: units.cents)
        }
        return item
    }

    private static func account(
        _ row: [CSVField], _ id: String, _ currency: Currency, _ item: Item?, _ table: inout CSVTable
    ) -> Account {
        let phone = table.required(row, "telefono")
        if !phone.isEmpty,
            !(phone.hasPrefix("+") && phone.dropFirst().allSatisfy(\.isNumber) && (8...16).contains(phone.count))
        {
            table.report(row, "telefono", "a phone in E.164 such as +5491100000003")
        }
        let document = table.required(row, "documento")
        if !document.isEmpty, !(document.allSatisfy(\.isNumber) && (7...11).contains(document.count)) {
            table.report(row, "documento", "7 to 11 digits")
        }
        var terms = ContractTerms()
        if !table.text(row, "tna").isEmpty { terms.moratoryRate = table.percent(row, "tna") }
        if !table.text(row, "iva_interes").isEmpty { terms.vatOnInterest = table.percent(row, "iva_interes") }
        if !table.text(row, "base_dias").isEmpty {
            terms.dayCountBasis = table.text(row, "base_dias") == "360" ? 360 : 365
            if !["360", "365"].contains(table.text(row, "base_dias")) { table.report(row, "base_dias", "365 or 360") }
        }
        if !table.text(row, "tna_punitoria").isEmpty {
            let capped = table.text(row, "punitoria_con_tope")
            if !["", "si", "no"].contains(capped) { table.report(row, "punitoria_con_tope", "si or no") }
            terms.punitive = PunitiveTerms(rate: table.percent(row, "tna_punitoria"), cappedAtHalf: capped != "no")
        }
        if !table.text(row, "capitaliza_meses").isEmpty {
            terms.capitalisation = Int(table.text(row, "capitaliza_meses")).flatMap(Capitalisation.init(everyMonths:))
            if terms.capitalisation == nil { table.report(row, "capitaliza_meses", "6 months or more (CCCN 770)") }
        }
        if !table.text(row, "imputacion").isEmpty {
            if let mode = ImputationMode(rawValue: table.text(row, "imputacion")) {
                terms.imputation = mode
            } else {
                table.report(row, "imputacion", ImputationMode.allCases.map(\.rawValue).joined(separator: ", "))
            }
        }
        if !table.text(row, "cargo_pct").isEmpty {
            let rate = table.percent(row, "cargo_pct")
            let days = Int(table.text(row, "cargo_desde_dias"))
            if days == nil { table.report(row, "cargo_desde_dias", "a number of days") }
            if let minimum = table.money(row, "cargo_min", currency),
                let maximum = table.money(row, "cargo_max", currency)
            {
                if minimum > maximum { table.report(row, "cargo_min", "at most `cargo_max`") }
                terms.collectionCharge = CollectionChargeTerms(
                    rate: rate, minimum: minimum, maximum: maximum, vat: table.percent(row, "cargo_iva"),
                    fromDaysPastDue: days ?? 1)
            }
        }
        var notice: ChargeNotice?
        if let day = table.optionalDay(row, "cargo_informado_dia") {
            notice = ChargeNotice(
                channel: table.required(row, "cargo_informado_canal"), day: day,
                text: table.required(row, "cargo_informado_texto"))
        }
        let optedOut = table.text(row, "baja")
        if !["", "si", "no"].contains(optedOut) { table.report(row, "baja", "si, no or nothing") }
        let segment = table.text(row, "segmento")
        var account = Account(
            id: id, creditor: table.required(row, "acreedor"), firstName: table.required(row, "nombre"),
            fullName: table.required(row, "nombre_completo"), document: document, phone: phone, currency: currency,
            segment: segment.isEmpty ? "ocasional" : segment, items: item.map { [$0] } ?? [], chargeNotice: notice,
            optedOut: optedOut == "si", terms: terms)
        let mail = table.text(row, "mail")
        if !mail.isEmpty, mail.split(separator: "@", omittingEmptySubsequences: false).count != 2 {
            table.report(row, "mail", "an address such as marta@example.com")
        }
        account.email = mail.isEmpty ? nil : mail
        let vouched = table.text(row, "mail_verificado")
        if !["", "si", "no"].contains(vouched) { table.report(row, "mail_verificado", "si, no or nothing") }
        account.emailVerified = vouched == "si"
        let address = table.text(row, "domicilio")
        account.postalAddress = address.isEmpty ? nil : address
        return account
    }
}

/// A payment with the account it is for.
public struct ImportedPayment: Hashable, Sendable {
    public var accountID: String
    public var payment: Payment
}

/// Payments from CSV: `pago,cuenta,importe,dia`, with optional `item_elegido` and `anulado_el`.
public enum PaymentImport {
    /// All payments, or every row that is wrong.
    public static func parse(csv: String, file: String, accounts: [Account]) -> Result<[ImportedPayment], ImportFailure>
    {
        var table = CSVTable(
            csv: csv, file: file, required: ["pago", "cuenta", "importe", "dia"],
            optional: ["item_elegido", "anulado_el"])
        guard table.problems.isEmpty else { return .failure(ImportFailure(problems: table.problems)) }
        let known = Dictionary(uniqueKeysWithValues: accounts.map { ($0.id, $0) })
        var seen: Set<String> = []
        var result: [ImportedPayment] = []
        for row in table.rows {
            let id = table.required(row, "pago")
            if !seen.insert(id).inserted { table.report(row, "pago", "an id that is not in the file twice") }
            guard let account = known[table.text(row, "cuenta")] else {
                table.report(row, "cuenta", "an account that was imported")
                continue
            }
            let amount = table.money(row, "importe", account.currency)
            if let amount, !amount.isPositive { table.report(row, "importe", "more than zero") }
            let day = table.day(row, "dia")
            let reversed = table.optionalDay(row, "anulado_el")
            let item = table.text(row, "item_elegido")
            if !item.isEmpty, !account.items.contains(where: { $0.id == item }) {
                table.report(row, "item_elegido", "an item of account \(account.id)")
            }
            if let amount, let day {
                result.append(
                    ImportedPayment(
                        accountID: account.id,
                        payment: Payment(
                            id: id, amount: amount, day: day, reversedOn: reversed,
                            chosenItem: item.isEmpty ? nil : item)))
            }
        }
        return table.problems.isEmpty ? .success(result) : .failure(ImportFailure(problems: table.problems))
    }
}
