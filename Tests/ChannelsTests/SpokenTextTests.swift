import Dialog
import Foundation
import SharedData
import Testing

@testable import Channels

/// What is written, as it is said on the phone.
struct SpokenTextTests {
    @Test(
        "Numbers are said in words",
        arguments: [
            (0, "cero"), (1, "uno"), (16, "dieciséis"), (21, "veintiuno"), (30, "treinta"), (31, "treinta y uno"),
            (100, "cien"), (101, "ciento uno"), (115, "ciento quince"), (200, "doscientos"),
            (999, "novecientos noventa y nueve"),
            (1000, "mil"), (1001, "mil uno"), (2026, "dos mil veintiséis"), (21_000, "veintiún mil"),
            (31_000, "treinta y un mil"), (54_035, "cincuenta y cuatro mil treinta y cinco"),
            (100_000, "cien mil"), (500_001, "quinientos mil uno"), (1_000_000, "un millón"),
            (2_021_700, "dos millones veintiún mil setecientos"), (21_000_000, "veintiún millones"),
            (1_000_000_000, "mil millones"),
        ])
    func number(number: Int64, words: String) { #expect(SpanishNumbers.words(number) == words) }

    @Test(
        "A text is said without figures, marks, links or emoji",
        arguments: [
            (
                "Tenés $ 54.035,95 pendientes.",
                "Tenés cincuenta y cuatro mil treinta y cinco pesos con noventa y cinco centavos pendientes."
            ),
            ("Son $ 1,00 o $ 21,01", "Son un peso o veintiún pesos con un centavo"),
            ("US$ 1.000.000,00", "un millón de dólares"), ("US$ 1,50", "un dólar con cincuenta centavos"),
            ("para el sábado 5/12.", "para el sábado cinco de diciembre."),
            ("el 1/2/2027", "el primero de febrero de dos mil veintisiete"),
            ("un 10 % menos", "un diez por ciento menos"), ("4,5 % mensual", "cuatro coma cinco por ciento mensual"),
            ("de 9 a 18", "de nueve a dieciocho"), ("a las 14:30", "a las catorce y treinta"),
            ("a las 9:00", "a las nueve"),
            ("en 21 cuotas", "en veintiuna cuotas"), ("21 días", "veintiún días"), ("1 cuota", "una cuota"),
            ("los últimos 3 números", "los últimos tres números"),
            ("escribí *asesor* 👍", "decí asesor"),
            (
                "Te va a escribir por acá (lunes a viernes de 9 a 18).",
                "Te va a llamar a este número (lunes a viernes de nueve a dieciocho)."
            ),
            ("al alias red.fibra.pagos", "al alias red punto fibra punto pagos"),
            ("en https://pagos.example/marta.", "en pagos punto example barra marta."),
            ("al 08001234567", "al cero ocho cero cero uno dos tres cuatro cinco seis siete"),
            ("el 135", "el ciento treinta y cinco"),
            ("99/99", "noventa y nueve/noventa y nueve"), ("", ""), ("¡Listo, Marta!", "¡Listo, Marta!"),
        ])
    func spoken(written: String, said: String) { #expect(SpokenText.spoken(written) == said) }

    @Test("No figure is left for a voice to guess", arguments: 0..<300)
    func noDigits(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let pieces = [
            "$ ", "US$ ", "5/12", "12:30", "%", ".", ",", " cuotas", "1", "20.000", "03", " ", "https://a.b/1", "x1.y2",
            "/", ":",
        ]
        let text = (0..<12).map { _ in pieces.randomElement(using: &random)! }.joined()
        #expect(!SpokenText.spoken(text).contains(where: \.isNumber) || text.contains("x1") || text.contains("https"))
    }

    @Test("Options are keys, and the caller may interrupt")
    func twiML() {
        let message = BotMessage(
            text: "¿Confirmás <todo> & \"listo\"?\u{1}",
            options: [.init(id: "si#1", title: "Sí"), .init(id: "no#1", title: "No")])
        let answer = TwilioVoice.Answer(messages: [message], next: "https://bot.example/voice?step=1&silences=0")
        #expect(
            String(decoding: TwilioVoice.twiML(answer), as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <Response><Gather input="speech dtmf" language="es-AR" action="https://bot.example/voice?step=1&amp;silences=0" method="POST" actionOnEmptyResult="true" timeout="5" speechTimeout="auto" finishOnKey="#" bargeIn="true"><Say language="es-MX">¿Confirmás &lt;todo&gt; &amp; &quot;listo&quot;? Para Sí, marcá uno. Para No, marcá dos.</Say></Gather></Response>
                """)
        let last = TwilioVoice.Answer(messages: [BotMessage(text: "Chau")], next: nil)
        #expect(
            String(decoding: TwilioVoice.twiML(last), as: UTF8.self).hasSuffix(
                #"<Response><Say language="es-MX">Chau</Say><Hangup/></Response>"#))
    }
}
