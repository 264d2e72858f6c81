/// A line that is being typed in a terminal: a pure function of keystrokes.
///
/// The terminal is in raw mode; ``KeyDecoder`` makes keys of its bytes, ``screen(prompt:width:)`` says what to write.
public struct LineEditor: Sendable {
    public enum Key: Hashable, Sendable {
        case character(Character)
        case enter, tab, backspace, delete
        case left, right, wordLeft, wordRight, home, end
        case up, down
        /// To the end of the line (Ctrl-K), to its beginning (Ctrl-U), the word before (Ctrl-W).
        case cutToEnd, cutToStart, cutWord
        /// Ctrl-C: the line is dropped. Ctrl-D: the end, on an empty line.
        case interrupt, endOfInput
        /// Ctrl-L.
        case clear
    }

    public enum Outcome: Hashable, Sendable {
        case editing
        case entered(String)
        case dropped, ended, cleared
        /// What the line can become, to be shown.
        case choices([String])
    }

    private var characters: [Character] = []
    /// In characters from the line's beginning.
    public private(set) var cursor = 0
    /// Lines that were entered, oldest first.
    public private(set) var history: [String]
    /// Which line of the history is shown; the one being typed where it is the history's count.
    private var place: Int
    private var draft: [Character] = []

    public static let longestHistory = 500

    public init(history: [String] = []) {
        self.history = history.suffix(Self.longestHistory)
        place = self.history.count
    }

    public var line: String { String(characters) }

    /// - Parameter complete: whole lines that the line may become.
    public mutating func press(_ key: Key, complete: (String) -> [String] = { _ in [] }) -> Outcome {
        switch key {
        case .character(let character):
            characters.insert(character, at: cursor)
            cursor += 1
        case .enter: return .entered(take())
        case .tab: return self.complete(with: complete)
        case .backspace:
            if cursor > 0 {
                cursor -= 1
                characters.remove(at: cursor)
            }
        case .delete: if cursor < characters.count { characters.remove(at: cursor) }
        case .left: cursor = max(0, cursor - 1)
        case .right: cursor = min(characters.count, cursor + 1)
        case .wordLeft: cursor = wordStart
        case .wordRight:
            while cursor < characters.count, characters[cursor] == " " { cursor += 1 }
            while cursor < characters.count, characters[cursor] != " " { cursor += 1 }
        case .home: cursor = 0
        case .end: cursor = characters.count
        case .up: show(place - 1)
        case .down: show(place + 1)
        case .cutToEnd: characters.removeSubrange(cursor...)
        case .cutToStart:
            characters.removeSubrange(..<cursor)
            cursor = 0
        case .cutWord:
            let start = wordStart
            characters.removeSubrange(start..<cursor)
            cursor = start
        case .interrupt:
            set([])
            place = history.count
            return .dropped
        case .endOfInput:
            if characters.isEmpty { return .ended }
            if cursor < characters.count { characters.remove(at: cursor) }
        case .clear: return .cleared
        }
        return .editing
    }

    /// What redraws the line where it stands, with the cursor in its place. A line wider than the terminal shows the part
    /// around the cursor.
    /// - Parameter width: of the terminal, in characters.
    public func screen(prompt: String, width: Int) -> String {
        let room = max(4, width - prompt.count - 1)
        let start = max(0, cursor - room)
        let shown = characters[start..<min(characters.count, start + room)]
        var text = "\r" + prompt + String(shown) + "\u{1B}[K\r"
        let column = prompt.count + cursor - start
        if column > 0 { text += "\u{1B}[\(column)C" }
        return text
    }

    private var wordStart: Int {
        var start = cursor
        while start > 0, characters[start - 1] == " " { start -= 1 }
        while start > 0, characters[start - 1] != " " { start -= 1 }
        return start
    }

    private mutating func set(_ text: [Character]) {
        characters = text
        cursor = text.count
    }

    private mutating func take() -> String {
        let entered = line
        if !entered.isEmpty, history.last != entered { history.append(entered) }
        if history.count > Self.longestHistory { history.removeFirst() }
        set([])
        place = history.count
        return entered
    }

    private mutating func show(_ wanted: Int) {
        guard wanted >= 0, wanted <= history.count else { return }
        if place == history.count { draft = characters }
        place = wanted
        set(wanted == history.count ? draft : Array(history[wanted]))
    }

    private mutating func complete(with candidates: (String) -> [String]) -> Outcome {
        // What stands behind the cursor stays there.
        let rest = characters[cursor...]
        let found = candidates(String(characters[..<cursor]))
        guard let first = found.first else { return .editing }
        let common = found.dropFirst().reduce(Array(first)) { common, candidate in
            Array(zip(common, candidate).prefix { $0 == $1 }.map(\.0))
        }
        if common.count >= cursor, common != Array(characters[..<cursor]) {
            characters = common + rest
            cursor = common.count
            return .editing
        }
        return found.count > 1 ? .choices(found) : .editing
    }
}
