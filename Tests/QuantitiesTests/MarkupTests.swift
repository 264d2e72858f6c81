import Quantities
import Testing

struct MarkupTests {
    @Test(
        "Text is never markup, in an element or in an attribute, and holds no character that XML has not",
        arguments: [
            ("<a href='x'>\"&amp;", "&lt;a href=&#39;x&#39;&gt;&quot;&amp;amp;"), ("a\n\tb", "a\n\tb"),
            ("a\u{1B}b\u{0}\u{FFFE}", "ab"), ("ñandú 👍🏽", "ñandú 👍🏽"), ("", ""),
        ])
    func escaped(text: String, markup: String) { #expect(text.markup == markup) }
}
