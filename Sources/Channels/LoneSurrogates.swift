import Foundation

/// Escapes like `\ud83d` without their other half, and bytes that are no UTF-8: they are not text.
enum LoneSurrogates {
    /// Put where one stood; no gateway sends it (a private-use character).
    static let mark = "\u{F8FF}"

    /// The body with each of them replaced by ``mark``; nil where there is none.
    static func removed(from body: Data) -> Data? {
        var bytes = [UInt8](body)
        var result = Data()
        var found = false
        if String(data: body, encoding: .utf8) == nil {
            found = true
            bytes = Array(String(decoding: body, as: UTF8.self).replacing("\u{FFFD}", with: mark).utf8)
        }
        var index = 0
        func unit(_ at: Int) -> UInt16? {
            guard at + 6 <= bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
                return nil
            }
            return UInt16(String(decoding: bytes[at + 2..<at + 6], as: UTF8.self), radix: 16)
        }
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\") {
                if let first = unit(index), (0xD800...0xDFFF).contains(first) {
                    if first < 0xDC00, let second = unit(index + 6), (0xDC00...0xDFFF).contains(second) {
                        result += bytes[index..<index + 12]
                        index += 12
                    } else {
                        found = true
                        result += Data(mark.utf8)
                        index += 6
                    }
                    continue
                }
                result += bytes[index..<min(index + 2, bytes.count)]
                index += 2
                continue
            }
            result.append(bytes[index])
            index += 1
        }
        return found ? result : nil
    }
}
