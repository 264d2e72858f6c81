extension LintEntry {
    /// The lines of a change: those of the sample that it touches, before and after.
    private static func changed(_ edit: LintEdit) -> String {
        let before = edit.original.split(separator: "\n", omittingEmptySubsequences: false)
        let after = edit.source.split(separator: "\n", omittingEmptySubsequences: false)
        let difference = after.difference(from: before)
        let lines = difference.insertions.compactMap { change in
            if case .insert(_, let line, _) = change { String(line) } else { nil }
        }
        let removed = difference.removals.map { change in
            if case .remove(_, let line, _) = change { "# sin: \(line.drop { $0 == " " })" } else { "" }
        }
        return (lines.isEmpty ? removed : lines).joined(separator: "\n")
    }

    private var finding: String {
        let findings = compileDialog(source: faults[0].source, file: LintSample.file).diagnostics
        return findings.first?.rendered(source: faults[0].source) ?? ""
    }

    /// The explanation in a terminal.
    public func explanation(of lint: Lint, style: TerminalStyle = .plain) -> String {
        """
        \(style.bold("\(lint.code) (\(lint.severity == .error ? "error" : "advertencia")): \(title)"))

        Por qué importa: \(why)
        Qué hacer: \(fix)

        Un ejemplo, y lo que se dice de él:

        \(Self.changed(faults[0]))

        \(finding)

        Esto, en cambio, está bien:

        \(Self.changed(nearMiss))

        """
    }

    /// A section of the page.
    fileprivate func section(of lint: Lint) -> String {
        """
        ## \(lint.code): \(title)

        \(lint.severity == .error ? "Error: el diálogo no se carga." : "Advertencia: el diálogo se carga igual.") \(why)

        **Qué hacer.** \(fix)

        ```yaml
        \(Self.changed(faults[0]))
        ```

        ```
        \(finding)
        ```

        Esto, en cambio, está bien:

        ```yaml
        \(Self.changed(nearMiss))
        ```
        """
    }
}

extension Lint {
    /// The list of all lints, one a line.
    public static var list: String {
        allCases.map { "\($0.code)  \($0.entry.title)" }.joined(separator: "\n") + "\n"
    }

    /// The page of documentation, as Markdown; `Docs/lints.md` is this text.
    public static var page: String {
        """
        # Lo que revisa `promesa dialog lint`

        <!-- Escrito por `promesa dialog lints --markdown`; los ejemplos son los que prueban los tests. No lo edites a mano. -->

        Un diálogo con errores (`E…`) no se carga nunca: el servidor se queda con el anterior. Una advertencia (`W…`) no lo
        impide. Cada hallazgo dice el archivo, la línea y la columna, subraya el texto y propone qué hacer;
        `promesa dialog lint --explain E07` cuenta esto mismo en la terminal.

        | código | qué encuentra |
        |---|---|
        \(allCases.map { "| [\($0.code)](#\(anchor($0))) | \($0.entry.title) |" }.joined(separator: "\n"))

        Los ejemplos son cambios a este diálogo, que no tiene faltas:

        ```yaml
        \(LintSample.source)
        ```

        o a su traducción, `\(LintSample.translationFile)`:

        ```yaml
        \(LintSample.translation)
        ```

        \(allCases.map { $0.entry.section(of: $0) }.joined(separator: "\n\n"))

        """
    }

    /// As GitHub makes it of the heading: lower case, spaces to hyphens, no punctuation.
    private static func anchor(_ lint: Lint) -> String {
        String(
            "\(lint.code): \(lint.entry.title)".lowercased().compactMap { character in
                character == " "
                    ? "-" : character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
            })
    }
}
