/// Cells that a spreadsheet would take for a formula and work out: `=1+1`, `@SUM(…)`, `-2+cmd|…`. Written with an apostrophe
/// before them they are text there; read back, it is gone. Numbers and telephones (`-5`, `+54 9 11 …`) stay as they are.
package enum SpreadsheetText {
    package static func guarded(_ text: String) -> String { isFormula(Substring(text)) ? "'" + text : text }

    package static func unguarded(_ text: String) -> String {
        text.utf8.first == UInt8(ascii: "'") && isFormula(text.dropFirst()) ? String(text.dropFirst()) : text
    }

    /// Also one that is guarded already: guarding and reading back gives each text again.
    private static func isFormula(_ text: Substring) -> Bool {
        let bytes = text.utf8.drop { $0 == UInt8(ascii: "'") }
        switch bytes.first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return !bytes.dropFirst().allSatisfy { (48...57).contains($0) || " .,()-/".utf8.contains($0) }
        default: return false
        }
    }
}
