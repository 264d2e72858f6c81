/// Small comma-separated files that other programs read and write (RFC 4180): calls for a dialler, accounts for an agency.
enum CSVText {
    static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { $0 == "," || $0 == "\"" || $0.isNewline }
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",") + "\n"
    }

    /// The rows that are not empty, each with its line; the separator is a comma, or a semicolon where the first line has
    /// one.
    static func rows(_ text: String) -> [(line: Int, fields: [String])] {
        let characters = Array(text)
        let firstLine = characters.prefix { !$0.isNewline }
        let separator: Character = firstLine.contains(";") ? ";" : ","
        var rows: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field = ""
        var (line, begins, quoted) = (1, 1, false)
        func endRow() {
            fields.append(field)
            if fields != [""] { rows.append((begins, fields)) }
            (fields, field) = ([], "")
        }
        var index = 0
        while index < characters.count {
            let character = characters[index]
            index += 1
            if quoted {
                if character != "\"" {
                    field.append(character)
                } else if index < characters.count, characters[index] == "\"" {
                    field.append("\"")
                    index += 1
                } else {
                    quoted = false
                }
            } else if character == "\"", field.isEmpty {
                quoted = true
            } else if character == separator {
                fields.append(field)
                field = ""
            } else if character.isNewline {
                endRow()
                begins = line + 1
            } else if character != "\u{FEFF}" {
                field.append(character)
            }
            if character.isNewline { line += 1 }
        }
        endRow()
        return rows
    }
}
