import Testing
import Workbench

/// What is typed, byte by byte, and what the line becomes.
struct LineEditorTests {
    /// Types `bytes` and tells the line, with `|` at the cursor, and what was entered.
    private func type(_ text: String, history: [String] = [], complete: (String) -> [String] = { _ in [] }) -> (
        line: String, outcomes: [LineEditor.Outcome]
    ) {
        var editor = LineEditor(history: history)
        var decoder = KeyDecoder()
        var outcomes: [LineEditor.Outcome] = []
        for byte in text.utf8 {
            guard let key = decoder.feed(byte) else { continue }
            let outcome = editor.press(key, complete: complete)
            if outcome != .editing { outcomes.append(outcome) }
        }
        var line = editor.line
        line.insert("|", at: line.index(line.startIndex, offsetBy: editor.cursor))
        return (line, outcomes)
    }

    @Test(
        "Keys move, insert and cut",
        arguments: [
            ("hola", "hola|"), ("mañana 👍", "mañana 👍|"), ("hola\u{7F}\u{7F}", "ho|"),
            ("hola\u{1B}[D\u{1B}[DX", "hoX|la"),
            ("hola\u{01}¡", "¡|hola"), ("hola\u{1B}[H\u{1B}[3~", "|ola"), ("hola\u{01}\u{05}!", "hola!|"),
            ("te pago\u{17}", "te |"), ("te pago\u{1B}[1;5D\u{0B}", "te |"), ("te pago\u{1B}b\u{15}", "|pago"),
            ("te pago\u{01}\u{1B}fX", "teX| pago"), ("a\u{02}\u{06}\u{06}b", "ab|"), ("x\u{1B}[99~y", "xy|"),
            ("ho\u{01}\u{04}", "|o"),
        ])
    func edited(keys: String, line: String) { #expect(type(keys).line == line) }

    @Test("Enter gives the line and begins a new one; Ctrl-C drops it; Ctrl-D ends an empty one")
    func outcomes() {
        #expect(type("hola\r").outcomes == [.entered("hola")])
        #expect(type("hola\u{03}chau\r").outcomes == [.dropped, .entered("chau")])
        #expect(type("\u{04}").outcomes == [.ended])
        #expect(type("\u{0C}").outcomes == [.cleared])
        #expect(type("hola\r").line == "|")
    }

    @Test("Up and down go through what was entered, and back to what was being typed")
    func history() {
        let up = "\u{1B}[A"
        let down = "\u{1B}[B"
        #expect(type(up, history: ["uno", "dos"]).line == "dos|")
        #expect(type(up + up + up, history: ["uno", "dos"]).line == "uno|")
        #expect(type("tre" + up + down + "s", history: ["uno", "dos"]).line == "tres|")
        #expect(type("tres\r" + up + up, history: ["dos"]).line == "dos|")
        #expect(type("dos\r" + up + up, history: ["uno", "dos"]).line == "uno|", "the same line is kept once")
    }

    @Test("Tab completes what is common, and then shows what there is")
    func completion() {
        let commands = [":state", ":save"]
        func complete(_ line: String) -> [String] { commands.filter { $0.hasPrefix(line) } }
        #expect(type(":st\t", complete: complete).line == ":state|")
        #expect(type(":\t", complete: complete).line == ":s|")
        #expect(type(":\t\t", complete: complete).outcomes == [.choices(commands)])
        #expect(type("zzz\t", complete: complete).line == "zzz|")
        #expect(type(":st x\u{1B}[D\u{1B}[D\t", complete: complete).line == ":state| x")
    }

    @Test("The screen shows the line and the cursor; of a long one the part around the cursor")
    func screen() {
        var editor = LineEditor()
        for character in "hola" { _ = editor.press(.character(character)) }
        #expect(editor.screen(prompt: "vos> ", width: 80) == "\rvos> hola\u{1B}[K\r\u{1B}[9C")
        _ = editor.press(.home)
        #expect(editor.screen(prompt: "vos> ", width: 80) == "\rvos> hola\u{1B}[K\r\u{1B}[5C")
        #expect(editor.screen(prompt: "", width: 80) == "\rhola\u{1B}[K\r")
        for character in "0123456789" { _ = editor.press(.character(character)) }
        #expect(editor.screen(prompt: "> ", width: 9) == "\r> 456789\u{1B}[K\r\u{1B}[8C")
    }
}
