import Ledger

/// One call for a person or a dialler.
public struct CallRow: Hashable, Sendable {
    public var phone: String
    public var fullName: String
    public var creditor: String
    public var accountID: String
    public var script: String
    public init(phone: String, fullName: String, creditor: String, accountID: String, script: String) {
        self.phone = phone
        self.fullName = fullName
        self.creditor = creditor
        self.accountID = accountID
        self.script = script
    }

    /// The call list as a dialler reads it. It names no debt: who answers was not verified.
    public static func csv(_ rows: [CallRow]) -> String {
        rows.reduce(csvLine(["telefono", "nombre_completo", "acreedor", "cuenta", "guion"])) {
            $0 + csvLine([$1.phone, $1.fullName, $1.creditor, $1.accountID, $1.script])
        }
    }
}
