import Foundation

/// The text of a mail that came as HTML only.
enum HTMLText {
    /// Tags that end a line.
    private static let breaks: Set<String> = ["br", "p", "div", "tr", "li", "h1", "h2", "h3", "table"]
    private static let entities = [
        "nbsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "aacute": "á", "eacute": "é",
        "iacute": "í", "oacute": "ó", "uacute": "ú", "ntilde": "ñ", "uuml": "ü", "Aacute": "Á", "Eacute": "É",
        "Iacute": "Í", "Oacute": "Ó", "Uacute": "Ú", "Ntilde": "Ñ", "iquest": "¿", "iexcl": "¡", "euro": "€",
        "Uuml": "Ü", "ordm": "º", "ordf": "ª", "deg": "°", "laquo": "«", "raquo": "»", "hellip": "…", "ndash": "–",
        "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "middot": "·", "bull": "•", "frac12": "½",
    ]

    /// Without tags, comments, styles and scripts; what mail programs mark as a quoted reply is left out.
    static func plain(_ html: String) -> String {
        var source = Substring(html)
        let quotes = [
            "<blockquote", "gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix", "divRplyFwdMsg",
            "appendonsend",
        ]
        if let cut = quotes.compactMap({ source.range(of: $0, options: .caseInsensitive)?.lowerBound }).min() {
            // From the tag's beginning.
            source = source[..<(source[...cut].lastIndex(of: "<") ?? cut)]
        }
        var text = ""
        while let open = source.firstIndex(of: "<") {
            text += source[..<open]
            if source[open...].hasPrefix("<!--") {
                source = source[open...].range(of: "-->").map { source[$0.upperBound...] } ?? ""
                continue
            }
            guard let close = source[open...].firstIndex(of: ">") else {
                source = ""
                break
            }
            let tag = source[source.index(after: open)..<close]
            let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
            source = source[source.index(after: close)...]
            if ["style", "script", "head"].contains(name), !tag.hasPrefix("/"),
                let end = source.range(of: "</\(name)", options: .caseInsensitive)
            {
                source = source[end.lowerBound...]
            } else if breaks.contains(name) {
                text += "\n"
            } else if ["td", "th"].contains(name) {
                text += " "
            }
        }
        return decoded(text + source).split(separator: "\n").map {
            $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func decoded(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            let name = rest[rest.index(after: start)...].prefix { $0 != ";" && !$0.isWhitespace }
            let after = rest[name.endIndex...]
            guard after.first == ";", let value = value(of: name) else {
                result.append("&")
                rest = rest[rest.index(after: start)...]
                continue
            }
            result += value
            rest = after.dropFirst()
        }
        return result + rest
    }

    private static func value(of name: Substring) -> String? {
        if let known = entities[String(name)] { return known }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number =
            digits.hasPrefix("x") || digits.hasPrefix("X") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(UnicodeScalar.init).map { String(Character($0)) }
    }
}
