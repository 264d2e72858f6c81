import Ledger

/// One call for a person or a dialler.
public struct CallRow: Hashable, Sendable {
    /// Names the call in the dialler's results.
    public var id: String
    public var phone: String
    public var fullName: String
    public var creditor: String
    public var accountID: String
    public var script: String
    public init(id: String, phone: String, fullName: String, creditor: String, accountID: String, script: String) {
        self.id = id
        self.phone = phone
        self.fullName = fullName
        self.creditor = creditor
        self.accountID = accountID
        self.script = script
    }

    /// The call list as a dialler reads it. It names no debt: who answers was not verified.
    public static func csv(_ rows: [CallRow]) -> String {
        rows.reduce(csvLine(["llamada", "telefono", "nombre_completo", "acreedor", "cuenta", "guion"])) {
            $0 + csvLine([$1.id, $1.phone, $1.fullName, $1.creditor, $1.accountID, $1.script])
        }
    }
}
