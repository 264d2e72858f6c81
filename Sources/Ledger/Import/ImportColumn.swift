/// What a file brings.
public enum ImportKind: String, Hashable, Sendable, CaseIterable {
    case accounts, items, payments
    /// What happened before: payments, promises and waivers, each row of a `tipo`.
    case history

    /// Columns without which a file is refused.
    public var required: [ImportColumn] {
        switch self {
        case .accounts: [.account, .creditor, .firstName, .fullName, .document, .phone]
        case .items: [.account] + ImportColumn.itemColumns
        case .payments: [.payment, .account, .amount, .day]
        case .history: [.type, .id, .account, .amount, .day]
        }
    }

    public var optional: [ImportColumn] {
        let more: [ImportColumn] = [.itemRate, .unit, .units]
        return switch self {
        case .accounts:
            ImportColumn.itemColumns + more + [
                .currency, .segment, .rate, .vatOnInterest, .chargeRate, .chargeMinimum, .chargeMaximum, .chargeVAT,
                .chargeFromDays, .noticeChannel, .noticeDay, .noticeText, .imputation, .optedOut, .dayCountBasis,
                .punitiveRate, .punitiveCapped, .capitalisation, .mail, .mailVerified, .address, .language,
            ]
        case .items: [.currency] + more
        case .payments: [.currency, .chosenItem, .reversedOn]
        case .history:
            [
                .currency, .chosenItem, .reversedOn, .state, .createdOn, .deadline, .plan, .evidence, .component,
                .reason, .record,
            ]
        }
    }

    /// In the order in which an export writes them.
    public var columns: [ImportColumn] { required + optional }
}

/// A column that some import knows, under the name it has unless a mapping says otherwise.
public enum ImportColumn: Int, Hashable, Sendable, CaseIterable {
    case account, creditor, firstName, fullName, document, phone, currency, segment, optedOut
    case mail, mailVerified, address, language
    case rate, vatOnInterest, chargeRate, chargeMinimum, chargeMaximum, chargeVAT, chargeFromDays
    case noticeChannel, noticeDay, noticeText, imputation, dayCountBasis, punitiveRate, punitiveCapped, capitalisation
    case item, description, principal, dueDate, itemRate, unit, units
    case payment, amount, day, chosenItem, reversedOn
    case type, id, state, createdOn, deadline, plan, evidence, component, reason, record

    static let itemColumns: [ImportColumn] = [.item, .description, .principal, .dueDate]

    public var name: String {
        switch self {
        case .account: "cuenta"
        case .creditor: "acreedor"
        case .firstName: "nombre"
        case .fullName: "nombre_completo"
        case .document: "documento"
        case .phone: "telefono"
        case .currency: "moneda"
        case .segment: "segmento"
        case .optedOut: "baja"
        case .mail: "mail"
        case .mailVerified: "mail_verificado"
        case .address: "domicilio"
        case .language: "idioma"
        case .rate: "tna"
        case .vatOnInterest: "iva_interes"
        case .chargeRate: "cargo_pct"
        case .chargeMinimum: "cargo_min"
        case .chargeMaximum: "cargo_max"
        case .chargeVAT: "cargo_iva"
        case .chargeFromDays: "cargo_desde_dias"
        case .noticeChannel: "cargo_informado_canal"
        case .noticeDay: "cargo_informado_dia"
        case .noticeText: "cargo_informado_texto"
        case .imputation: "imputacion"
        case .dayCountBasis: "base_dias"
        case .punitiveRate: "tna_punitoria"
        case .punitiveCapped: "punitoria_con_tope"
        case .capitalisation: "capitaliza_meses"
        case .item: "item"
        case .description: "descripcion"
        case .principal: "capital"
        case .dueDate: "vencimiento"
        case .itemRate: "tna_item"
        case .unit: "unidad"
        case .units: "unidades"
        case .payment: "pago"
        case .amount: "importe"
        case .day: "dia"
        case .chosenItem: "item_elegido"
        case .reversedOn: "anulado_el"
        case .type: "tipo"
        case .id: "id"
        case .state: "estado"
        case .createdOn: "creada"
        case .deadline: "limite"
        case .plan: "plan"
        case .evidence: "evidencia"
        case .component: "componente"
        case .reason: "motivo"
        case .record: "registro"
        }
    }

    var isDay: Bool { [.noticeDay, .dueDate, .day, .reversedOn, .createdOn, .deadline].contains(self) }

    /// What it holds is never quoted in a message: it is somebody's.
    var isPersonal: Bool { [.firstName, .fullName, .document, .phone, .mail, .address, .noticeText, .record].contains(self) }

    /// Other names that a mapping may use: `monto` and `fecha` are what people say.
    static func named(_ name: String, in kind: ImportKind) -> ImportColumn? {
        switch name {
        case "monto": kind == .accounts || kind == .items ? .principal : .amount
        case "fecha": kind == .accounts || kind == .items ? .dueDate : .day
        default: kind.columns.first { $0.name == name }
        }
    }
}
