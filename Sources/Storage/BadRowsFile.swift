import Foundation
import Ledger

/// The rows that were left out, each as it was and with what is wrong: to be mended and imported again.
final class BadRowsFile {
    private let path: String
    private var handle: FileHandle?

    init(path: String) { self.path = path }

    private var temporary: String { path + ".part" }

    func write(_ reader: ImportReader, _ problems: [ImportProblem]) throws {
        let separator = String(Unicode.Scalar(reader.separator))
        if handle == nil {
            guard
                FileManager.default.createFile(
                    atPath: temporary, contents: nil, attributes: [.posixPermissions: 0o600]),
                let opened = FileHandle(forWritingAtPath: temporary)
            else { throw ImportFailure(problems: ["\(path): cannot be written"]) }
            handle = opened
            let added =
                String(decoding: reader.header, as: UTF8.self).hasSuffix("problema") ? "" : separator + "problema"
            try opened.write(contentsOf: Data(reader.header + Array(added.utf8) + [10]))
        }
        let text = problems.map { "\($0.line):\($0.column): \($0.message)" }.joined(separator: "; ")
        let cell = "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        let letters = reader.textEncoding.bytes(cell) ?? Array(cell.utf8)
        try handle?.write(contentsOf: Data(reader.mendable + Array(separator.utf8) + letters + [10]))
    }

    /// Puts the file in its place; where no row was bad, an older one stays as it is.
    func finish() throws {
        guard let handle else { return }
        try handle.close()
        guard rename(temporary, path) == 0 else { throw ImportFailure(problems: ["\(path): cannot be written"]) }
    }
}
