import Conversations
import Foundation
import Quantities
import Testing

@testable import Channels

/// Mail as mail programs write it.
struct MailInTests {
    static let now = Moment(iso: "2026-11-24T12:00:00-03:00")!

    private func parse(_ headers: String, _ body: String) -> ParsedWebhook.Item {
        let base = "From: =?utf-8?Q?Ana_Mar=C3=ADa?= <Ana@Example.com>\nMessage-ID: <1@example.com>\n"
        let text = (base + headers + "\n\n" + body).replacing("\n", with: "\r\n")
        return MailIn.parse(Data(text.utf8), mailbox: "avisos@fibra.example", receivedAt: Self.now)
    }

    private func text(_ item: ParsedWebhook.Item) -> String? {
        if case .turn(let message) = item, case .text(let text) = message.content { return text }
        return nil
    }

    @Test("A mail is a turn of its sender, at the moment of its date")
    func turn() {
        let item = parse("Date: Tue, 24 Nov 2026 10:00:00 -0300\nSubject: hola", "te pago el viernes\n")
        var message = InboundMessage(
            contact: ContactKey(channel: "mail", gatewayAccount: "avisos@fibra.example", address: "ana@example.com"),
            messageID: "<1@example.com>", writtenAt: Moment(iso: "2026-11-24T10:00:00-03:00")!,
            content: .text("te pago el viernes"))
        message.mail = MailThread(subject: "hola", references: ["<1@example.com>"])
        #expect(item == .turn(message))
    }

    @Test(
        "A mail tells the thread that an answer to it goes on, the first mail and the last ones of a long one",
        arguments: [
            ("References: <a@x>\n <b@y>\nIn-Reply-To: <b@y>", ["<a@x>", "<b@y>"]), ("In-Reply-To: <b@y>", ["<b@y>"]),
            ("In-Reply-To: tu mail del <24>", ["<24>"]), ("X: y", []),
            (
                "References: " + (0..<40).map { "<\($0)@x>" }.joined(separator: " "),
                ["<0@x>"] + (30..<40).map { "<\($0)@x>" }
            ),
        ] as [(String, [String])])
    func thread(headers: String, before: [String]) {
        guard case .turn(let message) = parse("Subject: Tu\n cuenta\n" + headers, "hola") else {
            Issue.record("it is no turn")
            return
        }
        #expect(message.mail == MailThread(subject: "Tu cuenta", references: before + ["<1@example.com>"]))
    }

    @Test(
        "The text is read from any usual encoding",
        arguments: [
            (
                "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
                "ma=C3=B1ana te p=\nago"
            ),
            (
                "Content-Type: text/plain; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: quoted-printable",
                "ma=F1ana te pago"
            ),
            (
                "Content-Type: text/plain; charset=windows-1252\nContent-Transfer-Encoding: base64",
                "bWHxYW5hIHRlIHBhZ28="
            ),
            (
                "Content-Type: text/html; charset=utf-8",
                "<style>p{}</style><p>ma&ntilde;ana&nbsp;te <b>pago</b></p><blockquote>viejo</blockquote>"
            ),
            (
                "Content-Type: text/html; charset=utf-8",
                "<!--[if mso]><xml>96</xml><![endif]--><p>mañana te pago</p><div class=\"yahoo_quoted\">viejo</div>"
            ),
            ("Content-Type: text/html; charset=utf-8", "mañana te pago<!-- sin fin"),
            (
                "Content-Type: multipart/alternative;\n boundary=\"x y\"",
                "nada\n--x y\nContent-Type: text/plain; charset=utf-8\n\nmañana te pago\n--x y\nContent-Type: text/html\n\n<p>otra cosa</p>\n--x y--\nnada"
            ),
            (
                "Content-Type: multipart/mixed; boundary=a",
                "--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n<div>ma&#241;ana te pago</div>\n--b--\n--a\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=c.pdf\n\nJVBERi0=\n--a--"
            ),
            // A boundary that begins as the one around it, and a semicolon in one.
            (
                "Content-Type: multipart/mixed; boundary=\"a;1\"",
                "--a;1\nContent-Type: multipart/alternative; boundary=\"a;12\"\n\n--a;12\nContent-Type: text/plain; charset=utf-8\n\nmañana te pago\n--a;12--\n--a;1--"
            ),
            // A program that leaves the plain text empty.
            (
                "Content-Type: multipart/alternative; boundary=a",
                "--a\nContent-Type: text/plain\n\n \n--a\nContent-Type: text/html\n\n<table><tr><td>ma&ntilde;ana</td><td>te pago</td></tr></table>\n--a--"
            ),
            ("Content-Type: text/plain; charset=utf-8; format=flowed", "mañana te \npago\n-- \nAna"),
            ("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes", "mañana t \ne pago"),
            (
                "Content-Type: multipart/mixed; boundary=a",
                "--a\nContent-Type: text/plain; charset=utf-8\n\nmañana te\n--a\nContent-Type: image/png\n\nx\n--a\nContent-Type: text/html\n\n<p>pago</p>\n--a--"
            ),
        ])
    func encodings(headers: String, body: String) {
        #expect(text(parse(headers, body))?.replacing(/\s+/, with: " ") == "mañana te pago")
    }

    @Test(
        "Bytes whose charset is not said are what an old program in Spanish means", arguments: ["", "; charset=utf-8"])
    func unsaidCharset(parameter: String) {
        var mail = Data("From: ana@example.com\nMessage-ID: <1@x>\nContent-Type: text/plain\(parameter)\n\nma".utf8)
        mail += [0xF1] + Data("ana te pago".utf8)
        #expect(text(MailIn.parse(mail, mailbox: "a@c", receivedAt: Self.now)) == "mañana te pago")
    }

    @Test(
        "The mail that is answered is not part of the answer",
        arguments: [
            "dale\n\nEl mar, 24 nov 2026 a las 10:00, Red Fibra (<avisos@fibra.example>) escribió:\n> ¿Confirmás?",
            "dale\n\nEl mar, 24 nov 2026 a las 10:00, Red Fibra\n<avisos@fibra.example> escribió:\n> ¿Confirmás?",
            "dale\n\nOn Tue, Nov 24, 2026 Red Fibra <avisos@fibra.example> wrote:\n> x",
            "dale\n-----Mensaje original-----\nDe: Red Fibra",
            "dale\n\n________________________________\nDe: Red Fibra",
            "dale\n\nDe: Red Fibra <a@b>\nEnviado: martes\nPara: Ana", "> ¿Confirmás?\ndale", "dale\n-- \nAna\nGerente",
            "dale\n", "dale\n\nEl 24/11/26 a las 10:00, Red Fibra escribió:\n\n> x",
            "dale\n\nRed Fibra <avisos@fibra.example> escribió:\n> x",
            "dale\n\nEl martes, 24 de noviembre de\n2026, 10:00, Red Fibra <avisos@fibra.example> escribió:\n> x",
            "dale\n\n---------- Mensaje reenviado ---------\nDe: Red Fibra", "dale\n\nEnviado desde mi Samsung Galaxy",
            "dale\n\nObtener [Outlook para iOS](https://aka.ms/o0ukef)\n",
            "dale\n\n*De:* Red\n*Enviado:* martes\n*Para:* Ana",
            // Below what it answers, as some write.
            "El mar, 24 nov 2026 a las 10:00, Red Fibra <avisos@fibra.example> escribió:\n\n> ¿Confirmás?\n> Saludos\n\ndale",
        ])
    func quotes(body: String) { #expect(text(parse("Content-Type: text/plain; charset=utf-8", body)) == "dale") }

    @Test(
        "What the customer writes right above what they answer is theirs, a day too",
        arguments: [
            ("El viernes te pago", "\n\nEl mar, 24 nov 2026 a las 10:00, Red Fibra <a@b.example> escribió:\n> x"),
            ("El viernes te pago", "\nEl mar, 24 nov 2026 a las 10:00, Red\nFibra <a@b.example> escribió:\n> x"),
            ("El 5 te pago", "\nRed Fibra <a@b.example> escribió:\n> x"),
            ("Enviado desde mi banco, 20 lucas", ""),
        ])
    func ownWords(words: String, quote: String) {
        #expect(text(parse("Content-Type: text/plain; charset=utf-8", words + quote)) == words)
    }

    @Test("An answer that only quotes is acknowledged: its subject is not its writer's")
    func quoteOnly() {
        let item = parse("Subject: Re: Tu cuenta", "El mar, 24 nov 2026 a las 10:00, Red Fibra escribió:\nx")
        #expect(item == .ignored(kind: "an answer without words"))
    }

    @Test(
        "What robots send is acknowledged and never answered",
        arguments: [
            "Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes", "List-Id: <x>",
            "Content-Type: multipart/report; boundary=x", "Return-Path: <>",
        ])
    func robots(header: String) {
        guard case .ignored = parse(header, "estoy de vacaciones") else {
            Issue.record("a robot was taken for a person")
            return
        }
    }

    @Test("An attachment without words is media, a subject without a body is the text")
    func withoutText() {
        let attached = parse(
            "Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment", "iVBORw==")
        guard case .turn(let message) = attached, case .media = message.content else {
            Issue.record("\(attached)")
            return
        }
        #expect(text(parse("Subject: =?iso-8859-1?Q?ma=F1ana?=\n =?utf-8?B?IHBhZ28=?=", "\n")) == "mañana pago")
    }

    @Test("A mail that cannot be answered is set aside", arguments: ["", "From: x\n\nhola", "From: a@b\n\nhola"])
    func unreadable(mail: String) {
        guard case .deadLetter = MailIn.parse(Data(mail.utf8), mailbox: "a@c", receivedAt: Self.now) else {
            Issue.record("it was taken")
            return
        }
    }
}
