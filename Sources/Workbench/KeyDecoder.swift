/// Makes keys of the bytes that a terminal in raw mode sends: UTF-8, control characters, escape sequences.
public struct KeyDecoder: Sendable {
    private var pending: [UInt8] = []

    public init() {}

    /// The key that the byte completes; nil where more is to come, or where it stands for nothing.
    public mutating func feed(_ byte: UInt8) -> LineEditor.Key? {
        if !pending.isEmpty || byte == 0x1B || byte >= 0x80 { return gather(byte) }
        switch byte {
        case 0x01: return .home
        case 0x02: return .left
        case 0x03: return .interrupt
        case 0x04: return .endOfInput
        case 0x05: return .end
        case 0x06: return .right
        case 0x08, 0x7F: return .backspace
        case 0x09: return .tab
        case 0x0A, 0x0D: return .enter
        case 0x0B: return .cutToEnd
        case 0x0C: return .clear
        case 0x0E: return .down
        case 0x10: return .up
        case 0x15: return .cutToStart
        case 0x17: return .cutWord
        case 0x20...0x7E: return .character(Character(UnicodeScalar(byte)))
        default: return nil
        }
    }

    private mutating func gather(_ byte: UInt8) -> LineEditor.Key? {
        pending.append(byte)
        if pending[0] == 0x1B { return escape() }
        let length = pending[0] >= 0xF0 ? 4 : pending[0] >= 0xE0 ? 3 : 2
        guard pending.count >= length || byte < 0x80 else { return nil }
        let text = String(decoding: pending, as: UTF8.self)
        pending = []
        return text.first.map { .character($0) }
    }

    private mutating func escape() -> LineEditor.Key? {
        guard pending.count > 1 else { return nil }
        let last = pending[pending.count - 1]
        if pending.count == 2 {
            if last == UInt8(ascii: "[") || last == UInt8(ascii: "O") { return nil }
            pending = []
            return switch last {
            case UInt8(ascii: "b"): .wordLeft
            case UInt8(ascii: "f"): .wordRight
            case 0x7F: .cutWord
            default: nil
            }
        }
        // Parameters go on until a final byte.
        guard (0x40...0x7E).contains(last) || pending.count > 8 else { return nil }
        let sequence = String(decoding: pending.dropFirst(2), as: UTF8.self)
        pending = []
        return switch sequence {
        case "A": .up
        case "B": .down
        case "C": .right
        case "D": .left
        case "H", "1~", "7~": .home
        case "F", "4~", "8~": .end
        case "3~": .delete
        case "1;5C", "1;3C": .wordRight
        case "1;5D", "1;3D": .wordLeft
        default: nil
        }
    }
}
