import Yams

/// The file that a translator fills in: every text of a dialog, and room for how it is said elsewhere.
public enum TranslationFile {
    /// What is wrong with a file that was to be completed; nothing was changed.
    public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// The file with the texts that it lacked at its end, each with room for its words; what is there stays as it is.
    /// - Parameter existing: the file so far; nil where there is none.
    /// - Returns: the file, and how many texts were added.
    public static func completed(
        _ existing: String?, for dialog: CompiledDialog, locale: String
    ) throws(Problem) -> (text: String, added: Int) {
        var text = existing ?? "dialog: \(dialog.name)\nlocale: \(locale)\ntexts:\n"
        let there = try existing.map { source throws(Problem) in try bases(in: source) } ?? []
        let missing = dialog.texts.filter { !there.contains($0) }
        if missing.isEmpty { return (text, 0) }
        if text.last != "\n" { text += "\n" }
        for base in missing { text += "  - base: \(DialogFormatter.quoted(base))\n    text: \"\"\n" }
        guard let written = try? bases(in: text), Set(dialog.texts).isSubset(of: written) else {
            throw Problem(
                description:
                    "no puedo agregar textos al final: `texts:` tiene que ser lo último del archivo, con `- base` dos espacios más adentro"
            )
        }
        return (text, missing.count)
    }

    private static func bases(in source: String) throws(Problem) -> Set<String> {
        let root: Node
        do {
            root = try DialogFormatter.tree(source)
        } catch {
            throw Problem(description: "\(error)")
        }
        return Set((root.mapping?["texts"]?.sequence ?? []).compactMap { $0.mapping?["base"]?.string })
    }
}
