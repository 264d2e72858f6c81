/// A dialog as it is written, with its translations beside it, as one text: one hash knows it, and one row keeps it.
///
/// The translation of `cobranza.yaml` for Mexico is `cobranza.es_MX.yaml`, in the same folder.
public struct DialogSource: Hashable, Sendable {
    public struct Translation: Hashable, Sendable {
        /// The file's name, without its folder.
        public var file: String
        public var text: String
        public init(file: String, text: String) {
            self.file = file
            self.text = text
        }
    }

    /// The dialog itself.
    public var text: String
    public var translations: [Translation]

    public init(text: String, translations: [Translation] = []) {
        self.text = text.withPlainLines
        self.translations = translations.map { Translation(file: $0.file, text: $0.text.withPlainLines) }
            .sorted { $0.file < $1.file }
    }

    /// Takes apart what ``joined`` put together; a text without translations is the dialog itself.
    public init(joined: String) {
        let joined = joined.withPlainLines
        text = joined
        translations = []
        guard joined[...].holds(Self.mark) else { return }
        var parts: [(file: String, lines: [Substring])] = [("", [])]
        for line in joined.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(Self.mark), line.hasSuffix(".yaml") {
                parts.append((String(line.dropFirst(Self.mark.count)), []))
            } else {
                parts[parts.count - 1].lines.append(line)
            }
        }
        text = parts[0].lines.joined(separator: "\n")
        translations = parts.dropFirst().map { Translation(file: $0.file, text: $0.lines.joined(separator: "\n")) }
    }

    /// The dialog and then each translation after a line that no dialog can have; the dialog alone where there is none.
    public var joined: String { translations.reduce(text) { $0 + "\n" + Self.mark + $1.file + "\n" + $1.text } }

    private static let mark = "--- # "

    /// The text of the file with this path.
    public func text(of path: String) -> String { translations.first { path.hasSuffix($0.file) }?.text ?? text }

    /// `es_MX` of `cobranza.es_MX.yaml`; nil where the file is no translation.
    public static func locale(ofFile name: String) -> String? {
        let parts = name.split(separator: "/").last?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        guard parts.count == 3, parts[2] == "yaml", !parts[0].isEmpty, isLocale(parts[1]) else { return nil }
        return String(parts[1])
    }

    /// `es_MX`, `es_419`, `pt`: a language and, where it matters, a country or a part of the world.
    static func isLocale(_ name: some StringProtocol) -> Bool {
        let parts = name.split(separator: "_", omittingEmptySubsequences: false)
        guard let language = parts.first, (2...3).contains(language.count), parts.count <= 2 else { return false }
        return language.allSatisfy { $0.isASCII && $0.isLowercase }
            && parts.dropFirst().allSatisfy {
                $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isUppercase }
                    || $0.count == 3 && $0.allSatisfy { $0.isASCII && $0.isNumber }
            }
    }
}

extension String {
    /// Without the mark that Windows puts before a text, and with lines that end as everywhere else.
    public var withPlainLines: String {
        var text = self
        let isPlain = text.withUTF8 { !$0.contains(0x0D) && !$0.starts(with: [0xEF, 0xBB, 0xBF]) }
        if isPlain { return self }
        text = replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        return text
    }
}
