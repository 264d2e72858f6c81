import Ledger
import Testing

/// What a spreadsheet would work out is text in our files, and the same text when it is read back.
struct SpreadsheetTextTests {
    @Test(
        "A cell that would be a formula gets an apostrophe, and every text comes back as it was",
        arguments: [
            ("=1+1", true), ("=cmd|' /C calc'!A0", true), ("@SUM(1)", true), ("+cmd|x", true), ("-2+3+cmd|x", true),
            ("\t=1", true), ("\r=1", true), ("'=1", true), ("''@x", true), ("-hola", true), ("+", false), ("-", false),
            ("-5", false), ("-1.234,56", false), ("+54 9 11 0000-0003", false), ("'hola", false), ("a=1", false),
            ("", false), ("'", false), ("Ñandú", false),
        ])
    func guarded(text: String, isFormula: Bool) {
        let written = SpreadsheetText.guarded(text)
        #expect(written == (isFormula ? "'" + text : text))
        #expect(SpreadsheetText.unguarded(written) == text)
    }

    @Test("A table that is written holds no formula, and is read as it was")
    func tables() throws {
        let cells = ["=1+1", "@x", "-hola, vos", "hola"]
        let line = csvLine(cells)
        #expect(line == "'=1+1,'@x,\"'-hola, vos\",hola\n")
        #expect(parseCSV(line).map { $0.map(\.text) } == [cells])
        var writer = CSVWriter(columns: ["a"], mapping: ImportMapping())
        try writer.append([.text("=HYPERLINK(\"http://x\")"), .hundredths(-500)])
        #expect(String(decoding: writer.buffer, as: UTF8.self) == "a\n\"'=HYPERLINK(\"\"http://x\"\")\",-5.00\n")
    }
}
