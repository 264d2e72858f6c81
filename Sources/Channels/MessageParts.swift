import Foundation

/// Cuts long texts. Lengths are in UTF-16 units, so that no way of counting finds more: an emoji of a family is one
/// character to us and up to eleven units to a gateway.
enum MessageParts {
    /// Cuts at the last paragraph, sentence or word that fits.
    static func split(_ text: String, atMost limit: Int) -> [String] {
        var parts: [String] = []
        var rest = Substring(text)
        while rest.utf16.count > limit {
            let window = prefix(of: rest, atMost: limit)
            let cut =
                window.ranges(of: "\n\n").last?.upperBound ?? window.ranges(of: ". ").last?.upperBound
                ?? window.lastIndex(of: " ").map(window.index(after:)) ?? window.endIndex
            let part = rest[..<cut]
            parts.append(part.trimmingCharacters(in: .whitespacesAndNewlines))
            rest = rest[cut...]
        }
        parts.append(String(rest))
        return parts.count > 1 ? parts.filter { !$0.isEmpty } : parts
    }

    /// Whole characters of at most `limit` UTF-16 units; a single character that is longer is cut between its scalars.
    private static func prefix(of text: Substring, atMost limit: Int) -> Substring {
        var end = text.startIndex
        var length = 0
        while end < text.endIndex {
            length += text[end].utf16.count
            if length > limit { break }
            end = text.index(after: end)
        }
        if end > text.startIndex { return text[..<end] }
        length = 0
        var scalars = text.unicodeScalars.startIndex
        while scalars < text.endIndex {
            length += text.unicodeScalars[scalars].utf16.count
            if length > limit { break }
            scalars = text.unicodeScalars.index(after: scalars)
        }
        return text[..<scalars]
    }
}
