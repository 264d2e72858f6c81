import Foundation
import Workbench

/// Reads lines from a terminal in raw mode, with editing, history and completion.
final class LineTerminal {
    private let prompt: String
    private let cooked: termios
    private var editor = LineEditor()
    private var decoder = KeyDecoder()

    /// Nil where standard input is no terminal.
    init?(prompt: String) {
        self.prompt = prompt
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        cooked = settings
    }

    /// The next line; nil at the end of the input. The terminal is raw only meanwhile.
    func read(complete: (String) -> [String]) -> String? {
        var raw = cooked
        cfmakeraw(&raw)
        // Output stays as it is: a new line begins at the left.
        raw.c_oflag = cooked.c_oflag
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        defer {
            var cooked = cooked
            tcsetattr(STDIN_FILENO, TCSADRAIN, &cooked)
        }
        draw()
        var byte: UInt8 = 0
        while Foundation.read(STDIN_FILENO, &byte, 1) == 1 {
            guard let key = decoder.feed(byte) else { continue }
            switch editor.press(key, complete: complete) {
            case .editing: break
            case .entered(let line):
                put("\n")
                return line
            case .dropped: put("^C\n")
            case .ended: return nil
            case .cleared: put("\u{1B}[2J\u{1B}[H")
            case .choices(let choices): put("\n" + choices.joined(separator: "   ") + "\n")
            }
            draw()
        }
        return nil
    }

    private func draw() { put(editor.screen(prompt: prompt, width: terminalWidth())) }

    private func put(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
