import Foundation
import Hummingbird
import Ledger
import Storage

/// What an import into a running server did.
public struct ImportReport: Codable, Sendable {
    public var figures: ImportFigures
    /// The file of the rows that were left out.
    public var bad_rows: Data?
}

/// Files of the ERP into a database that this server uses.
struct ImportRoutes {
    let backend: Backend

    func add(to router: Router<RouteContext>) {
        router.post("v1/imports/{kind}") { request, context in
            guard let kind = context.parameters.get("kind").flatMap({ ImportKind(rawValue: $0) }) else {
                let kinds = ImportKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal(.notFound, "unknown_import", "There is \(kinds).")
            }
            return try await take(kind, request, by: context.requireCaller().name)
        }
    }

    /// Bytes of a file, at most; a million accounts are a tenth of it.
    private static let largestFile = 1 << 30
    /// How long a file may take to come.
    private static let longestUpload = Duration.seconds(900)

    private func keep(_ request: Request, in handle: FileHandle) async throws {
        defer { try? handle.close() }
        let deadline = ContinuousClock.now + Self.longestUpload
        var size = 0
        for try await part in request.body {
            size += part.readableBytes
            if size > Self.largestFile { throw Refusal.tooLarge(Self.largestFile) }
            if ContinuousClock.now > deadline { throw Refusal.tooSlow }
            try handle.write(contentsOf: Data(part.readableBytesView))
        }
    }

    /// The body is the CSV file, of any length up to a gibibyte: it waits on disk, and is then imported in one transaction. Turns that
    /// come meanwhile wait for its commit.
    private func take(_ kind: ImportKind, _ request: Request, by name: String) async throws -> Response {
        let parameters = request.uri.queryParameters
        let mapping: ImportMapping
        do {
            mapping =
                try parameters["map"].map { try ImportMapping(String($0), for: kind) }
                ?? backend.configuration.imports[kind] ?? ImportMapping()
        } catch {
            throw Refusal(.badRequest, "invalid_mapping", "map: \(error)")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "promesa-import-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("body.csv")
        guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
            throw Refusal(.internalServerError, "no_space", "The file could not be kept.")
        }
        let handle = try FileHandle(forWritingTo: file)
        try await keep(request, in: handle)
        let badRows = parameters["skip_bad"] == "true" ? folder.appendingPathComponent("bad.csv") : nil
        var job = ImportJob(kind: kind, file: file.path, mapping: mapping, badRows: badRows?.path)
        job.name = parameters["file"].map(String.init) ?? "body"
        do {
            let figures = try await backend.store.run(job, processor: backend.processor, now: backend.now())
            backend.outboxSignal.fire()
            try await backend.record("import", [name, kind.rawValue, job.name, "\(figures.rows)"])
            return try Response.json(
                ImportReport(
                    figures: figures, bad_rows: badRows.flatMap { FileManager.default.contents(atPath: $0.path) }))
        } catch let error as ImportFailure {
            throw Refusal(.unprocessableContent, "invalid_rows", error.description)
        } catch let error as CSVUnreadable {
            throw Refusal(
                .unprocessableContent, "invalid_rows", "\(job.name):\(error.line):1: \(error)\nnothing was imported")
        }
    }
}
