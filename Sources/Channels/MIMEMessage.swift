import Foundation

/// A mail as it came over the wire (RFC 5322, 2045–2047): its headers and the text that a person would read.
///
/// Reads multipart, quoted-printable, base64, UTF-8, ISO-8859-1/15 and Windows-1252, flowed text, and encoded words in
/// headers. It does not read signatures, encryption, or charsets beyond these: their bytes are taken as UTF-8 where they are,
/// else as Windows-1252.
struct MIMEMessage {
    /// By lower-case name; the first of each.
    private(set) var headers: [String: String] = [:]
    private var body: Data = Data()
    private let depth: Int

    /// Multiparts inside multiparts beyond this are not looked into.
    private static let deepest = 8

    init(_ data: Data, depth: Int = 0) {
        self.depth = depth
        let bytes = [UInt8](data)
        var lines: [[UInt8]] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 10 else {
                index += 1
                continue
            }
            let end = index > start && bytes[index - 1] == 13 ? index - 1 : index
            let line = Array(bytes[start..<end])
            index += 1
            start = index
            if line.isEmpty { break }
            if let first = line.first, first == 32 || first == 9, !lines.isEmpty {
                lines[lines.count - 1] += [32] + line.drop { $0 == 32 || $0 == 9 }
            } else {
                lines.append(line)
            }
        }
        body = Data(bytes[min(start, bytes.count)...])
        for line in lines {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            let value = Self.text(Data(line[(colon + 1)...])).trimmingCharacters(in: .whitespaces)
            if headers[name] == nil { headers[name] = value }
        }
    }

    func header(_ name: String) -> String? { headers[name].map(Self.decodedWords) }

    /// `text/plain` and its parameters; names in lower case.
    var contentType: (type: String, parameters: [String: String]) {
        Self.parameters(headers["content-type"] ?? "text/plain")
    }

    /// Whether a text may stand as a Message-ID in a header of ours.
    static func isID(_ text: String) -> Bool {
        text.hasPrefix("<") && text.hasSuffix(">") && text.utf8.count <= 250
            && text.utf8.allSatisfy { 32 < $0 && $0 < 127 }
    }

    /// The mails that this one goes on from, oldest first: `References`, else what it answers (RFC 5322, 3.6.4).
    var references: [String] {
        let named = headers["references"] ?? headers["in-reply-to"] ?? ""
        return named.split(whereSeparator: \.isWhitespace).map(String.init).filter(Self.isID)
    }

    /// The plain text, else the text of the HTML, of all its parts that are read one after the other; nil where there is
    /// neither.
    var text: String? {
        let (type, parameters) = contentType
        if type.hasPrefix("multipart/"), let boundary = parameters["boundary"], depth < Self.deepest {
            let parts = self.parts(boundary)
            if type == "multipart/alternative" {
                let texts = parts.sorted { $0.isText("text/plain") && !$1.isText("text/plain") }.compactMap(\.text)
                return texts.first { !$0.allSatisfy(\.isWhitespace) } ?? texts.first
            }
            let texts = parts.compactMap(\.text)
            return texts.isEmpty ? nil : texts.joined(separator: "\n")
        }
        guard !isAttachment else { return nil }
        switch type {
        case "text/plain":
            guard parameters["format"]?.lowercased() == "flowed" else { return decodedText }
            return Self.unfolded(decodedText, deletesSpace: parameters["delsp"]?.lowercased() == "yes")
        case "text/html": return HTMLText.plain(decodedText)
        default: return nil
        }
    }

    /// What a mail server reports of a mail that it could not deliver (RFC 3464): the Message-ID of that mail and why;
    /// nil where it is no such report, or says that it goes on trying.
    var undelivered: (messageID: String, why: String)? {
        let (type, parameters) = contentType
        guard type == "multipart/report", let boundary = parameters["boundary"] else { return nil }
        let parts = parts(boundary)
        guard let report = parts.first(where: { $0.contentType.type == "message/delivery-status" }) else { return nil }
        var fields: [String: String] = [:]
        for line in report.decodedText.split(whereSeparator: \.isNewline) {
            let pair = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if pair.count == 2 { fields[pair[0].lowercased()] = pair[1] }
        }
        let original = parts.first { ["message/rfc822", "text/rfc822-headers"].contains($0.contentType.type) }
        guard fields["action"]?.lowercased() == "failed",
            let id = original.flatMap({ MIMEMessage($0.body, depth: depth + 1).headers["message-id"] })
        else { return nil }
        return (id, String((fields["status"] ?? fields["diagnostic-code"] ?? "").prefix(200)))
    }

    /// Whether something besides text came along.
    var hasAttachment: Bool {
        let (type, parameters) = contentType
        if type.hasPrefix("multipart/"), let boundary = parameters["boundary"], depth < Self.deepest {
            return parts(boundary).contains(where: \.hasAttachment)
        }
        return isAttachment || !type.hasPrefix("text/")
    }

    private var isAttachment: Bool {
        Self.parameters(headers["content-disposition"] ?? "").type == "attachment"
    }

    private func isText(_ wanted: String) -> Bool { contentType.type == wanted && !isAttachment }

    /// Lines that a mail program broke put together again (RFC 3676).
    private static func unfolded(_ text: String, deletesSpace: Bool) -> String {
        var lines: [String] = []
        var goesOn = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.hasPrefix(" ") ? line.dropFirst() : line
            let isQuote = line.hasPrefix(">") || lines.last?.hasPrefix(">") == true
            if goesOn, !isQuote, line != "-- " {
                lines[lines.count - 1] =
                    (deletesSpace ? String(lines[lines.count - 1].dropLast()) : lines[lines.count - 1]) + line
            } else {
                lines.append(String(line))
            }
            goesOn = line.hasSuffix(" ") && line != "-- "
        }
        return lines.joined(separator: "\n")
    }

    private func parts(_ boundary: String) -> [MIMEMessage] {
        let delimiter = Data("--\(boundary)".utf8)
        var parts: [MIMEMessage] = []
        var start: Data.Index?
        var from = body.startIndex
        while let range = body.range(of: delimiter, in: from..<body.endIndex) {
            let atLineStart = range.lowerBound == body.startIndex || body[range.lowerBound - 1] == 10
            // A boundary may begin as another one does.
            let rest = body[range.upperBound...].prefix { $0 != 10 }
            let closes = rest.starts(with: Data("--".utf8))
            if atLineStart, rest.dropFirst(closes ? 2 : 0).allSatisfy({ [9, 13, 32].contains($0) }) {
                if let start, start <= range.lowerBound {
                    parts.append(MIMEMessage(Data(body[start..<range.lowerBound]), depth: depth + 1))
                }
                start = closes || rest.endIndex == body.endIndex ? nil : rest.endIndex + 1
            }
            from = range.upperBound
        }
        if let start { parts.append(MIMEMessage(Data(body[start...]), depth: depth + 1)) }
        return parts
    }

    private var decodedText: String {
        let bytes: Data =
            switch headers["content-transfer-encoding"]?.lowercased() {
            case "base64": Data(base64Encoded: body, options: .ignoreUnknownCharacters) ?? Data()
            case "quoted-printable": Self.quotedPrintable(body, underscoresAreSpaces: false)
            default: body
            }
        return Self.decoded(bytes, charset: contentType.parameters["charset"])
            .replacing("\r\n", with: "\n").replacing("\0", with: "")
    }

    static func decoded(_ bytes: Data, charset: String?) -> String {
        let encoding: String.Encoding? =
            switch charset?.lowercased() {
            case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "windows-1252", "cp1252", "cp-1252": .windowsCP1252
            // It differs from ISO-8859-1 in the euro sign and seven letters that Spanish has not.
            case "iso-8859-15": .isoLatin1
            default: nil
            }
        return encoding.flatMap { String(data: bytes, encoding: $0) } ?? text(bytes)
    }

    /// Of bytes whose charset is not said, or not rightly.
    private static func text(_ bytes: Data) -> String {
        String(data: bytes, encoding: .utf8) ?? String(data: bytes, encoding: .windowsCP1252)
            ?? String(decoding: bytes, as: UTF8.self)
    }

    static func quotedPrintable(_ data: Data, underscoresAreSpaces: Bool) -> Data {
        var result = Data()
        let bytes = [UInt8](data)
        var index = 0
        func digit(_ at: Int) -> UInt8? {
            guard at < bytes.count else { return nil }
            return Character(UnicodeScalar(bytes[at])).hexDigitValue.map(UInt8.init)
        }
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "="), let high = digit(index + 1), let low = digit(index + 2) {
                result.append(high << 4 | low)
                index += 3
            } else if bytes[index] == UInt8(ascii: "="), let end = bytes[index...].firstIndex(of: 10),
                bytes[(index + 1)..<end].allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 })
            {
                index = end + 1
            } else {
                result.append(underscoresAreSpaces && bytes[index] == UInt8(ascii: "_") ? 32 : bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Encoded words such as `=?utf-8?Q?Se=C3=B1or?=`; spaces between two of them are not part of the text.
    static func decodedWords(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        var endedWithWord = false
        while let start = rest.range(of: "=?") {
            let pieces = rest[start.upperBound...].split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
            guard pieces.count == 4, pieces[3].hasPrefix("=") else {
                result += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                continue
            }
            let between = rest[..<start.lowerBound]
            if !endedWithWord || !between.allSatisfy(\.isWhitespace) { result += between }
            let content = Data(pieces[2].utf8)
            let bytes =
                pieces[1].lowercased() == "b"
                ? Data(base64Encoded: content, options: .ignoreUnknownCharacters) ?? Data()
                : quotedPrintable(content, underscoresAreSpaces: true)
            result += decoded(bytes, charset: pieces[0].split(separator: "*").first.map(String.init))
            rest = pieces[3].dropFirst()
            endedWithWord = true
        }
        return result + rest
    }

    private static func parameters(_ value: String) -> (type: String, parameters: [String: String]) {
        // A semicolon in quotes is part of a value.
        var inQuotes = false
        let pieces = value.split(omittingEmptySubsequences: false) { character in
            if character == "\"" { inQuotes.toggle() }
            return character == ";" && !inQuotes
        }.map { $0.trimmingCharacters(in: .whitespaces) }
        var parameters: [String: String] = [:]
        for piece in pieces.dropFirst() {
            let pair = piece.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2 else { continue }
            parameters[pair[0].lowercased()] = pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        }
        return ((pieces.first ?? "").lowercased(), parameters)
    }
}
