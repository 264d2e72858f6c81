/// Languages by their tags (BCP 47).
public enum LanguageTag {
    /// Whether a text is written as a tag: `es`, `pt-BR`, `zh-Hant-TW`.
    public static func isTag(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8)
        guard let language = parts.first, (2...3).contains(language.count), language.allSatisfy(isLetter) else {
            return false
        }
        return parts.dropFirst().allSatisfy { (1...8).contains($0.count) && $0.allSatisfy(isLetterOrDigit) }
    }

    /// The language alone, which is what people speak: `pt` of `pt-BR`.
    public static func language(of tag: String) -> String { String(tag.lowercased().prefix { $0 != "-" }) }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || (48...57).contains(byte) }
}
