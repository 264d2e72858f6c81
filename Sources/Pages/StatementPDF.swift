import Desk
import Quantities

/// A customer's statement as a PDF: one column of text, in as many pages as it takes.
public func statementPDF(_ view: CustomerView) -> [UInt8] {
    let phrases = view.phrases
    var document = PDFText(language: phrases.languageTag)
    document.add(phrases(.statementTitle), .title)
    document.add(phrases(.statementOf, view.creditor, view.reference, view.name))
    document.add(phrases(.statementDay, view.day))
    document.add(phrases(.statementBalance, view.total), .heading)
    if let credit = view.credit { document.add(phrases(.pageCredit, credit)) }
    for item in view.items {
        document.add("\(phrases(.pageItem, item.description, item.dueDate)) \(item.total)", .strong)
        for line in item.explanation { document.add("   " + line) }
    }
    if view.items.isEmpty { document.add(phrases(.pageNothingOwed)) }
    if !view.payable.isEmpty || view.plan != nil {
        document.add(phrases(.statementAgreed), .heading)
        if let plan = view.plan { document.add(plan) }
        for line in view.payableLines { document.add(line) }
    }
    document.add(phrases(.pageHowToPay), .heading)
    document.add(phrases(.statementPay, view.payment.alias, view.payment.cbu, view.reference))
    document.add(view.payment.link)
    document.add(phrases(.statementPerson, view.attendedHours))
    return document.bytes
}

/// Lines of text on A4 pages, in PDF's own fixed-width fonts, whose letters are those of Windows-1252.
///
/// Source: ISO 32000-1, 7.5 (file structure), 9.4 (text objects), 9.6.2.2 (standard fonts), annex D.2 (WinAnsiEncoding).
struct PDFText {
    enum Style { case title, heading, strong, plain }

    private struct Line {
        let style: Style
        let text: [UInt8]
        var size: Int { style == .title ? 16 : style == .heading ? 12 : 9 }
        var leading: Int { style == .title ? 26 : style == .heading ? 24 : 13 }
    }

    // Points; Courier's letters are 0.6 of its size wide.
    private static let page = (width: 595, height: 842)
    private static let margin = 48

    /// The language of the text by its tag.
    let language: String
    private var lines: [Line] = []

    init(language: String) { self.language = language }

    /// Adds a paragraph; what does not fit into one line goes on in the next.
    mutating func add(_ text: String, _ style: Style = .plain) {
        let size = style == .title ? 16 : style == .heading ? 12 : 9
        let fits = (Self.page.width - 2 * Self.margin) * 10 / (size * 6)
        let indent = text.prefix { $0 == " " }
        var line = String(indent)
        var isEmpty = true
        func write(_ text: String) { lines.append(Line(style: style, text: Self.encoded(text))) }
        for word in text.split(separator: " ") {
            var word = word
            if !isEmpty, line.count + 1 + word.count > fits {
                write(line)
                (line, isEmpty) = (String(indent), true)
            }
            while line.count + word.count > fits, isEmpty {
                let room = max(1, fits - line.count)
                write(line + word.prefix(room))
                word = word.dropFirst(room)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        write(line)
    }

    /// Windows-1252; what it has not becomes a question mark.
    private static func encoded(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "€": 0x80
            case "–", "−": 0x96
            case "—": 0x97
            case "…": 0x85
            case "“": 0x93
            case "”": 0x94
            case "’": 0x92
            case "\u{00A0}", "\u{202F}": 0x20
            default: scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) ? UInt8(scalar.value) : 0x3F
            }
        }
    }

    /// The whole file.
    var bytes: [UInt8] {
        let contents = pages.map(Self.content)
        var file = Array("%PDF-1.4\n%\u{E2}\n".unicodeScalars.map { UInt8($0.value) })
        var offsets: [Int] = []
        func object(_ body: [UInt8]) {
            offsets.append(file.count)
            file += Array("\(offsets.count) 0 obj\n".utf8) + body + Array("\nendobj\n".utf8)
        }
        func object(_ body: String) { object(Array(body.utf8)) }
        // 1 the catalogue, 2 the pages, 3 and 4 the fonts, then each page with its content.
        object("<< /Type /Catalog /Pages 2 0 R /Lang (\(language)) >>")
        let kids = contents.indices.map { "\(5 + 2 * $0) 0 R" }.joined(separator: " ")
        object("<< /Type /Pages /Kids [\(kids)] /Count \(contents.count) >>")
        for font in ["Courier", "Courier-Bold"] {
            object("<< /Type /Font /Subtype /Type1 /BaseFont /\(font) /Encoding /WinAnsiEncoding >>")
        }
        for (index, content) in contents.enumerated() {
            object(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(Self.page.width) \(Self.page.height)] "
                    + "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents \(6 + 2 * index) 0 R >>")
            object(Array("<< /Length \(content.count) >>\nstream\n".utf8) + content + Array("\nendstream".utf8))
        }
        let start = file.count
        let table = offsets.map { offset in
            String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n"
        }
        file += Array(
            "xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n\(table.joined())trailer\n<< /Size \(offsets.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
                .utf8)
        return file
    }

    private var pages: [[Line]] {
        var pages: [[Line]] = [[]]
        var room = Self.page.height - 2 * Self.margin
        for line in lines {
            if line.leading > room {
                pages.append([])
                room = Self.page.height - 2 * Self.margin
            }
            room -= line.leading
            pages[pages.count - 1].append(line)
        }
        return pages
    }

    private static func content(_ lines: [Line]) -> [UInt8] {
        var content = Array("BT\n\(margin) \(page.height - margin) Td\n".utf8)
        for line in lines {
            let font = line.style == .plain ? "F1" : "F2"
            content += Array("/\(font) \(line.size) Tf\n0 -\(line.leading) Td\n(".utf8)
            for byte in line.text {
                if byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "\\") {
                    content.append(UInt8(ascii: "\\"))
                }
                content.append(byte)
            }
            content += Array(") Tj\n".utf8)
        }
        return content + Array("ET".utf8)
    }
}
