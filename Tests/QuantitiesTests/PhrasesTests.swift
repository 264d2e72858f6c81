import Quantities
import Testing

struct PhrasesTests {
    @Test("Every phrase has its words in each locale, filled with the figures in their own order")
    func filled() {
        for phrases in [Phrases.argentina, .latinAmerica] {
            for phrase in Phrase.allCases { #expect(!phrases(phrase, "a", "b", "c", "d", "e").contains("{")) }
        }
        #expect(
            Phrases.argentina(.partPaid, "Ana", "$ 1", "$ 3", "lunes 30/11", "$ 2")
                == "¡Gracias, Ana! Recibimos $ 1. Para completar los $ 3 del lunes 30/11 faltan $ 2.")
    }

    @Test("A text that names its figures in another order is filled by their names")
    func order() throws {
        let lines = Phrase.allCases.map { "\($0.rawValue)\tnada" }.joined(separator: "\n")
        let styles = "\n@importes\t1.234,56\n@dias\t27/11"
        let base = try Phrases(
            locale: "es_AR", text: lines.replacing("charla.cual\tnada", with: "charla.cual\t{uno}, {dos}") + styles,
            base: nil)
        let other = try Phrases(
            locale: "es_CL", text: lines.replacing("charla.cual\tnada", with: "charla.cual\t{dos}: {uno}") + styles,
            base: base)
        #expect(base(.whichOne, "1", "2") == "1, 2" && other(.whichOne, "1", "2") == "2: 1")
    }

    @Test(
        "A file that lacks a phrase, a figure or a style is refused, with the place",
        arguments: [
            ("charla.baja\tnada\n", "", "`charla.baja` is missing"),
            ("charla.bien\t{dato}", "charla.bien\tbien", "phrases_es_CL.tsv:"),
            ("charla.bien\t{dato}", "charla.bien {dato}", "expected a name, a tab and a text"),
            ("charla.baja\tnada", "charla.bajas\tnada", "`charla.bajas` is unknown"),
            ("@dias\t27/11", "@dias\t11/27", "`@dias` 27/11 or 27 de noviembre"),
        ])
    func refused(old: String, new: String, why: String) throws {
        let text =
            Phrase.allCases.map { "\($0.rawValue)\tnada\n" }.joined()
            .replacing("charla.bien\tnada", with: "charla.bien\t{dato}") + "@importes\t1.234,56\n@dias\t27/11\n"
        let base = try Phrases(locale: "es_AR", text: text, base: nil)
        let problem = #expect(throws: Phrases.Problem.self) {
            try Phrases(locale: "es_CL", text: text.replacing(old, with: new), base: base)
        }
        #expect(problem?.description.contains(why) == true, "\(problem?.description ?? "")")
    }

    @Test("Amounts, rates and days are written as the locale does")
    func figures() {
        let today = Day("2026-11-24")!
        let (near, far) = (Day("2026-11-27")!, Day("2027-01-05")!)
        let (here, there) = (Phrases.argentina, Phrases.latinAmerica)
        #expect(here(Money(cents: 5_432_954)) == "$ 54.329,54" && there(Money(cents: 5_432_954)) == "$ 54,329.54")
        #expect(here(Percent(basisPoints: 1250)) == "12,5 %" && there(Percent(basisPoints: 1250)) == "12.5 %")
        #expect(here(near, asOf: today) == "viernes 27/11" && here(far, asOf: today) == "martes 5/1/2027")
        #expect(there(near, asOf: today) == "viernes 27 de noviembre")
        #expect(there(far, asOf: today) == "martes 5 de enero de 2027")
    }

    @Test(
        "A country speaks as its part of America does; without a locale, as in Argentina",
        arguments: [
            (nil, "es_AR"), ("es_AR", "es_AR"), ("es_419", "es_419"), ("es_MX", "es_419"), ("pt_BR", "es_AR"),
        ] as [(String?, String)])
    func nearest(locale: String?, spoken: String) { #expect(Phrases.spoken(in: locale).locale == spoken) }

    @Test(
        "A language that somebody asked for is spoken where it is some country's Spanish",
        arguments: [
            ("es-MX", "es_419"), ("es-419", "es_419"), ("ES-ar", "es_AR"), ("es", nil), ("pt-BR", nil), ("qu-PE", nil),
        ] as [(String, String?)])
    func asked(language: String, spoken: String?) {
        #expect(Phrases.spoken(inLanguage: language)?.locale == spoken)
    }

    @Test("What is said outside the River Plate has none of its forms")
    func noVoseo() {
        let forms: Set = [
            "vos", "acá", "tenés", "podés", "querés", "preferís", "decís", "pagás", "retirás", "decime", "decímelo",
            "contestame", "avisame", "escribinos", "esperá", "volvé", "perdoná", "anoto", "anotado",
        ]
        for phrase in Phrase.allCases {
            let words = Phrases.latinAmerica(phrase, "", "", "", "", "").lowercased().split { !$0.isLetter }
            let found = words.map(String.init).filter(forms.contains)
            #expect(found.isEmpty, "\(phrase.rawValue): \(found)")
        }
    }
}
