/// One field of a CSV file and where it begins.
package struct CSVField {
    package var text: String
    package var line: Int
    package var column: Int
}

/// A small table, whole in memory, after RFC 4180: quoted fields may hold separators, quotes (doubled) and line breaks.
/// The separator is a comma, or a semicolon where the first line has one. Big files go through ``ImportReader``.
package func parseCSV(_ text: String) -> [[CSVField]] {
    let separator: Unicode.Scalar = text.prefix { !$0.isNewline }.contains(";") ? ";" : ","
    var rows: [[CSVField]] = []
    var row: [CSVField] = []
    var field = CSVField(text: "", line: 1, column: 1)
    var quoted = false
    var (line, column) = (1, 1)
    let characters = Array(text.unicodeScalars)
    var index = 0
    func endField() {
        field.text = SpreadsheetText.unguarded(field.text)
        row.append(field)
        field = CSVField(text: "", line: line, column: column + 1)
    }
    func endRow() {
        endField()
        if row.count > 1 || !(row.first?.text.isEmpty ?? true) { rows.append(row) }
        row = []
    }
    while index < characters.count {
        let character = characters[index]
        if quoted {
            if character == "\"" {
                if index + 1 < characters.count, characters[index + 1] == "\"" {
                    field.text.append("\"")
                    index += 1
                } else {
                    quoted = false
                }
            } else {
                field.text.unicodeScalars.append(character)
            }
        } else if character == "\"", field.text.isEmpty {
            quoted = true
        } else if character == separator {
            endField()
        } else if character == "\n" {
            endRow()
            field.line = line + 1
            field.column = 1
        } else if character != "\r", character.value != 0xFEFF {
            field.text.unicodeScalars.append(character)
        }
        if character == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        index += 1
    }
    if !field.text.isEmpty || !row.isEmpty { endRow() }
    return rows
}

/// One line of a table, after RFC 4180.
package func csvLine(_ fields: [String]) -> String {
    fields.map(SpreadsheetText.guarded).map { field in
        field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
            ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }.joined(separator: ",") + "\n"
}
