import Conversations
import Foundation
import Quantities

/// A mail as it goes over the wire (RFC 5322, plain text in UTF-8).
public struct MailMessage: Sendable {
    public let sender: String
    public let recipient: String
    /// The `Message-ID`, by which mail servers tell a mail that comes again, and name one that they cannot deliver.
    public let messageID: String
    /// Headers and body, lines ended by CR LF, dots doubled: what follows `DATA`.
    public let data: String

    /// - Parameters:
    ///   - thread: Message-IDs of the mails that it goes on from, oldest first.
    ///   - secret: where given, the Message-ID is one that nobody can make up: a forged report of a mail that
    ///     could not be delivered names none of ours.
    /// - Returns: nil where an address could not stand in a command: it has a space, a line break or an angle bracket.
    public init?(
        _ message: OutboxMessage, subject: String, thread: [String] = [], secret: String? = nil, at moment: Moment
    ) {
        sender = message.contact.gatewayAccount
        recipient = message.contact.address
        for address in [sender, recipient] {
            guard address.contains("@"), address.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != 60 && $0 != 62 }) else {
                return nil
            }
        }
        let domain = sender.split(separator: "@").last ?? "localhost"
        let seal = secret.map {
            "." + Signatures.hexadecimal(Signatures.hmacSHA256(Data("mail/\(message.id)".utf8), secret: $0)).prefix(24)
        }
        messageID = "<\(message.id)\(seal ?? "")@\(domain)>"
        var headers = [
            "From: <\(sender)>", "To: <\(recipient)>", "Subject: \(Self.encoded(subject))",
            "Date: \(Self.date(moment))", "Message-ID: \(messageID)", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        ]
        let thread = thread.filter(MIMEMessage.isID)
        if let last = thread.last {
            headers += ["In-Reply-To: \(last)", "References: " + thread.joined(separator: "\r\n ")]
        }
        // Who is away answers no robot (RFC 3834).
        if message.author == .bot {
            headers += ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"]
        }
        let body = Data(message.message.text.utf8).base64EncodedString(
            options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        // Base64 has no dots: none needs to be doubled.
        data = headers.joined(separator: "\r\n") + "\r\n\r\n" + body + "\r\n"
    }

    /// A header's text as encoded words (RFC 2047), short enough for the line of a subject, and of whole characters.
    static func encoded(_ text: String) -> String {
        var words: [String] = []
        var chunk = ""
        for character in text where !character.isNewline {
            if chunk.utf8.count + String(character).utf8.count > 39 {
                words.append(chunk)
                chunk = ""
            }
            chunk.append(character)
        }
        words.append(chunk)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// `Tue, 24 Nov 2026 13:00:00 +0000`.
    static func date(_ moment: Moment) -> String {
        let day = moment.day(in: .utc)
        let (year, month, number) = day.components
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = moment.iso(in: .utc).dropFirst(11).prefix(8)
        return "\(weekdays[day.weekday.rawValue - 1]), \(number) \(months[month - 1]) \(year) \(time) +0000"
    }
}
