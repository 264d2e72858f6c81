import Yams

/// Where a scalar stands in its file, from its first quote or letter to its last.
struct YAMLScalarRange {
    /// In bytes; nil for styles that are not written in place (`|`, `>`).
    let range: Range<Int>?

    init(_ scalar: Node.Scalar, in source: String) {
        guard let mark = scalar.mark, let start = Self.offset(of: mark, in: source) else {
            range = nil
            return
        }
        let bytes = Array(source.utf8)
        switch scalar.style {
        case .doubleQuoted where bytes[start] == UInt8(ascii: "\""):
            var index = start + 1
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            range = index < bytes.count ? start..<(index + 1) : nil
        case .singleQuoted where bytes[start] == UInt8(ascii: "'"):
            var index = start + 1
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "'") {
                    if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "'") { index += 1 } else { break }
                }
                index += 1
            }
            range = index < bytes.count ? start..<(index + 1) : nil
        case .plain:
            // A line break and its indentation were read as one space.
            var index = start
            for byte in scalar.string.utf8 {
                if byte == UInt8(ascii: " "), index < bytes.count, [10, 13, 32].contains(bytes[index]) {
                    while index < bytes.count, [10, 13, 32].contains(bytes[index]) { index += 1 }
                } else if index < bytes.count, bytes[index] == byte {
                    index += 1
                } else {
                    range = nil
                    return
                }
            }
            range = start..<index
        default: range = nil
        }
    }

    /// The byte that a mark points to; its column counts code points.
    private static func offset(of mark: Mark, in source: String) -> Int? {
        let scalars = source.unicodeScalars
        var (line, column) = (1, 1)
        for index in scalars.indices {
            if line == mark.line, column == mark.column {
                return source.utf8.distance(from: source.utf8.startIndex, to: index)
            }
            if scalars[index] == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
        }
        return nil
    }
}
