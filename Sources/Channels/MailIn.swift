import Conversations
import Foundation
import Quantities

/// Mail that customers send, posted as it came (RFC 5322) by the mail server or a hook of it, signed as the generic
/// gateway's requests are.
public enum MailIn {
    /// - Parameter mailbox: our own address; what it sends is no turn.
    public static func parse(_ body: Data, mailbox: String, receivedAt: Moment) -> ParsedWebhook.Item {
        let mail = MIMEMessage(body)
        func refuse(_ reason: String) -> ParsedWebhook.Item {
            .deadLetter(reason: reason, fragment: String(decoding: body.prefix(4096), as: UTF8.self))
        }
        guard let from = mail.header("from").flatMap(address), UntrustedJSON.isIdentifier(from) else {
            return refuse("a mail without a sender")
        }
        guard let id = mail.header("message-id"), UntrustedJSON.isIdentifier(id) else {
            return refuse("a mail without a Message-ID")
        }
        if let kind = automatic(mail, from: from) { return .ignored(kind: kind) }
        guard from != mailbox.lowercased() else { return .ignored(kind: "our own mail") }
        let text = newText(mail.text ?? "")
        let content: InboundMessage.Content
        if !text.isEmpty {
            content = .text(text)
        } else if mail.hasAttachment {
            content = .media(kind: "attachment")
        } else if let subject = mail.header("subject"), !subject.allSatisfy(\.isWhitespace) {
            content = .text(subject)
        } else {
            return refuse("a mail without text")
        }
        let written = mail.header("date").flatMap(date) ?? receivedAt
        return .turn(
            InboundMessage(
                contact: ContactKey(channel: "mail", gatewayAccount: mailbox, address: from), messageID: id,
                writtenAt: min(written, receivedAt), content: content))
    }

    /// Why nobody reads an answer to this: robots that answer each other never end (RFC 3834).
    private static func automatic(_ mail: MIMEMessage, from: String) -> String? {
        if let kind = mail.header("auto-submitted")?.lowercased(), !kind.hasPrefix("no") { return "automatic answer" }
        if mail.header("x-autoreply") != nil || mail.header("x-autorespond") != nil { return "automatic answer" }
        if let precedence = mail.header("precedence")?.lowercased(),
            ["bulk", "junk", "list", "auto_reply"].contains(precedence)
        {
            return "bulk mail"
        }
        if mail.header("list-id") != nil { return "mailing list" }
        if mail.contentType.type == "multipart/report" || mail.header("return-path") == "<>" { return "bounce" }
        return from.hasPrefix("mailer-daemon@") || from.hasPrefix("postmaster@") ? "bounce" : nil
    }

    /// `Ana <ana@example.com>` → `ana@example.com`; nil where it is not one address.
    static func address(_ header: String) -> String? {
        let inner = header.lastIndex(of: "<").flatMap { open in
            header[open...].firstIndex(of: ">").map { header[header.index(after: open)..<$0] }
        }
        let address = (inner ?? Substring(header)).trimmingCharacters(in: .whitespaces).lowercased()
        let isOne =
            address.split(separator: "@").count == 2 && !address.contains(where: { $0.isWhitespace || $0 == "," })
        return isOne ? address : nil
    }

    /// `Tue, 24 Nov 2026 10:00:00 -0300`; day names and comments are passed over.
    static func date(_ header: String) -> Moment? {
        let words = header.split(separator: ",").last?.split(separator: " ").map(String.init) ?? []
        let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        guard words.count >= 5, let day = Int(words[0]), (1...31).contains(day),
            let month = months.firstIndex(of: words[1].lowercased().prefix(3).description), let year = Int(words[2]),
            (1970...9999).contains(year)
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let zone = words[4]
        let offset =
            zone.count == 5 && (zone.hasPrefix("+") || zone.hasPrefix("-"))
            ? "\(zone.prefix(3)):\(zone.suffix(2))" : "Z"
        let time = words[3].split(separator: ":").count == 2 ? words[3] + ":00" : words[3]
        return Moment(iso: "\(year)-\(two(month + 1))-\(two(day))T\(time)\(offset)")
    }

    /// What the person wrote now: without the mail they answer, which programs quote in their own ways, and without a
    /// signature after `-- `.
    static func newText(_ text: String) -> String {
        var kept: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for (index, line) in lines.enumerated() {
            let bare = line.trimmingCharacters(in: .whitespaces)
            if line == "-- " || bare == "--" { break }
            if bare.hasPrefix("-----") && bare.lowercased().contains("original") { break }
            if bare.allSatisfy({ $0 == "_" }), bare.count >= 10 { break }
            let folded = bare.lowercased()
            // "El mar, 24 nov 2026 a las 10:00, Red Fibra (<avisos@…>) escribió:", also in two lines.
            if opensQuote(folded) { break }
            if index + 1 < lines.count, folded.hasPrefix("el ") || folded.hasPrefix("on "),
                opensQuote(folded + " " + lines[index + 1].trimmingCharacters(in: .whitespaces).lowercased())
            {
                break
            }
            // Outlook's block of headers.
            if ["de: ", "from: "].contains(where: folded.hasPrefix), index + 1 < lines.count,
                lines[(index + 1)...].prefix(4).contains(where: {
                    let next = $0.trimmingCharacters(in: .whitespaces).lowercased()
                    return ["enviado", "sent:", "fecha:", "date:"].contains(where: next.hasPrefix)
                })
            {
                break
            }
            if bare.hasPrefix(">") { continue }
            kept.append(line)
        }
        return kept.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func opensQuote(_ line: String) -> Bool {
        (line.hasPrefix("el ") && line.hasSuffix("escribió:")) || (line.hasPrefix("on ") && line.hasSuffix("wrote:"))
    }
}
