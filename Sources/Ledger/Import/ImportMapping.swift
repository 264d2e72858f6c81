/// Where in its line a mapping is wrong, and what it may say.
public struct ImportMappingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    public let column: Int
    public let message: String
    public var description: String { "mapping:1:\(column): \(message)" }
}

/// How a file's columns, days, amounts and letters are to be read or written, in one line:
///
/// `cuenta=ID_CLIENTE; monto=IMPORTE; fecha=VTO:dd/MM/yyyy; acreedor='Red Fibra'; separador=;; decimal=,; codificacion=latin1`
///
/// `column=NAME` gives the name in the file, with `:FORMAT` for a day; in `"…"` where it holds `;` or `:`. `column='…'` is
/// the same value in each row. `fechas=FORMAT` is for all days. `separador` is one character, or `tab`. Whatever is not
/// stated is seen from the file.
public struct ImportMapping: Hashable, Sendable {
    public var names: [ImportColumn: String] = [:]
    public var constants: [ImportColumn: String] = [:]
    public var dayFormats: [ImportColumn: DayFormat] = [:]
    public var dayFormat: DayFormat?
    public var separator: UInt8?
    public var decimalMark: UInt8?
    public var encoding: TextEncoding?

    public init() {}

    public init(_ line: String, for kind: ImportKind) throws(ImportMappingError) {
        var rest = Array(line)[...]
        func fail(_ message: String) -> ImportMappingError {
            ImportMappingError(column: rest.startIndex + 1, message: message)
        }
        while true {
            rest = rest.drop { $0 == ";" || $0.isWhitespace }
            guard !rest.isEmpty else { return }
            guard let equals = rest.firstIndex(of: "="), !rest[..<equals].contains(";") else {
                throw fail("expected `column=NAME`, such as cuenta=ID_CLIENTE")
            }
            let key = String(rest[..<equals]).trimmed
            let entry = rest
            rest = rest[(equals + 1)...].drop { $0 == " " }
            if key == "separador" {
                separator = Self.separator(&rest)
                if separator == nil { throw fail("`separador` is one character, such as ; or , or |, or tab") }
                continue
            }
            let (value, quote, format) = Self.value(&rest)
            guard let value else { throw fail("expected the closing \(quote.map(String.init) ?? "quote")") }
            if value.isEmpty { throw fail("expected a value after `\(key)=`") }
            switch key {
            case "decimal":
                guard value == "," || value == "." else { throw fail("`decimal` is , or . and not `\(value)`") }
                decimalMark = value.utf8.first
            case "codificacion", "codificación":
                encoding = Self.encodings[value.lowercased()]
                if encoding == nil { throw fail("`codificacion` is utf-8 or latin1, not `\(value)`") }
            case "fechas":
                dayFormat = DayFormat(value)
                if dayFormat == nil { throw fail("`\(value)` is no format of days, such as dd/MM/yyyy") }
            default:
                guard let column = ImportColumn.named(key, in: kind) else {
                    rest = entry
                    throw fail(
                        "unknown column `\(key)`; those of \(kind.rawValue) are \(kind.columns.map(\.name).joined(separator: ", ")); besides fechas, separador, decimal, codificacion"
                    )
                }
                if quote == "'" {
                    constants[column] = value
                    continue
                }
                var name = value
                var dayText = format
                if quote == nil, column.isDay, let colon = value.firstIndex(of: ":") {
                    name = String(value[..<colon]).trimmed
                    dayText = String(value[value.index(after: colon)...]).trimmed
                }
                names[column] = name
                if let dayText {
                    guard column.isDay, let day = DayFormat(dayText) else {
                        throw fail("`\(dayText)` is no format of days, such as dd/MM/yyyy")
                    }
                    dayFormats[column] = day
                }
            }
        }
    }

    private static let encodings: [String: TextEncoding] = [
        "utf-8": .utf8, "utf8": .utf8, "latin1": .latin1, "latin-1": .latin1, "iso-8859-1": .latin1,
        "windows-1252": .latin1,
    ]

    /// Takes the one character after `separador=`, which may be the `;` that ends other entries.
    private static func separator(_ rest: inout ArraySlice<Character>) -> UInt8? {
        if rest.starts(with: Array("tab")) {
            rest = rest.dropFirst(3)
            return 9
        }
        if let quote = rest.first, quote == "'" || quote == "\"", rest.count > 2, rest[rest.startIndex + 2] == quote {
            rest = rest.dropFirst()
            defer { rest = rest.dropFirst() }
            return separator(&rest)
        }
        guard let character = rest.first, let byte = character.asciiValue, ![34, 10, 13].contains(byte),
            !character.isLetter, !character.isNumber
        else { return nil }
        rest = rest.dropFirst()
        return byte
    }

    /// A value up to the next `;`, or in quotes; then what follows `:` after the quotes.
    private static func value(_ rest: inout ArraySlice<Character>) -> (
        text: String?, quote: Character?, format: String?
    ) {
        guard let quote = rest.first, quote == "'" || quote == "\"" else {
            let text = rest.prefix { $0 != ";" }
            rest = rest.dropFirst(text.count)
            return (String(text).trimmed, nil, nil)
        }
        guard let close = rest.dropFirst().firstIndex(of: quote) else { return (nil, quote, nil) }
        let text = String(rest[(rest.startIndex + 1)..<close])
        rest = rest[(close + 1)...]
        let more = rest.prefix { $0 != ";" }
        rest = rest.dropFirst(more.count)
        let format = String(more).trimmed
        return (text, quote, format.hasPrefix(":") ? String(format.dropFirst()).trimmed : nil)
    }

    public func name(_ column: ImportColumn) -> String { names[column] ?? column.name }
    public func format(_ column: ImportColumn) -> DayFormat? { dayFormats[column] ?? dayFormat }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
