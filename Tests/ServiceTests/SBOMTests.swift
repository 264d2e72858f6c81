import Foundation
import SharedData
import Testing

/// Where SwiftPM keeps what it resolved.
private enum PackagesOfThisBuild {
    static let folder = SharedData.repository.appendingPathComponent(".build")
    static let state = folder.appendingPathComponent("workspace-state.json")

    static var areKnown: Bool {
        let python = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].contains {
            FileManager.default.isExecutableFile(atPath: $0 + "/python3")
        }
        if python, FileManager.default.fileExists(atPath: state.path) { return true }
        print("skipped: no python3, or no .build/workspace-state.json, which `swift build` writes")
        return false
    }

}

/// `Scripts/sbom` on the packages of this build.
@Suite(.timeLimit(.minutes(10)), .enabled(if: PackagesOfThisBuild.areKnown))
struct SBOMTests {
    /// What SwiftPM resolved, in the form of `swift package show-dependencies`, which cannot run while tests do.
    private static func resolved() throws -> [[String: Any]] {
        let root = try JSONSerialization.jsonObject(with: Data(contentsOf: PackagesOfThisBuild.state)) as? [String: Any]
        let list = (root?["object"] as? [String: Any])?["dependencies"] as? [[String: Any]] ?? []
        return list.map { entry in
            let package = entry["packageRef"] as? [String: Any] ?? [:]
            let checkout = (entry["state"] as? [String: Any])?["checkoutState"] as? [String: Any]
            let folder = PackagesOfThisBuild.folder.appendingPathComponent(
                "checkouts/\(entry["subpath"] as? String ?? "")"
            ).path
            return [
                "identity": package["identity"] ?? "", "url": package["location"] ?? "",
                "version": checkout?["version"] ?? "", "path": folder, "dependencies": [Any](),
            ]
        }
    }

    @Test("It names every package with version, source and licence, and the C libraries inside, as CycloneDX 1.6")
    func complete() async throws {
        let packages = try Self.resolved()
        try await withTemporaryFolder { folder in
            let tree: [String: Any] = ["identity": "promesa", "dependencies": try Self.resolved()]
            let input = URL(fileURLWithPath: folder + "/tree.json")
            try JSONSerialization.data(withJSONObject: tree).write(to: input)
            let script = SharedData.repository.appendingPathComponent("Scripts/sbom").path
            let (status, output) = try await run(
                ["python3", script, "--dependencies", input.path, "--build", PackagesOfThisBuild.folder.path],
                in: folder)
            #expect(status == 0, "\(String(decoding: output, as: UTF8.self))")
            let bom = try JSONDecoder().decode(JSON.self, from: output)
            #expect(bom["bomFormat"]?.text == "CycloneDX" && bom["specVersion"]?.text == "1.6")
            let serial = bom["serialNumber"]?.text ?? ""
            #expect(serial.wholeMatch(of: /urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil, "\(serial)")
            #expect(bom["metadata"]?["component"]?["name"]?.text == "promesa")
            let components = bom["components"]?.list ?? []
            for component in components {
                let name = component["name"]?.text ?? "?"
                #expect(component["type"]?.text == "library" && component["licenses"]?.list.count == 1, "\(name)")
                #expect(component["externalReferences"]?.list.isEmpty == false, "\(name)")
            }
            let identities = packages.compactMap { $0["identity"] as? String }
            let names = components.compactMap { $0["name"]?.text }
            let unnamed = Set(identities).subtracting(names)
            #expect(unnamed == [] && identities.count > 20)
            #expect(names.filter { $0 == "boringssl" }.count == 2)
            for name in ["llhttp", "libyaml", "xkcp", "sqlite", "swift"] { #expect(names.contains(name), "\(name)") }
            for component in components where identities.contains(component["name"]?.text ?? "") {
                let (reference, version) = (component["bom-ref"]?.text ?? "", component["version"]?.text ?? "")
                #expect(component["purl"]?.text == reference && !version.isEmpty)
                #expect(reference.hasPrefix("pkg:swift/github.com/") && reference.hasSuffix("@\(version)"))
            }
            let references = components.compactMap { $0["bom-ref"]?.text } + ["promesa"]
            let edges = bom["dependencies"]?.list ?? []
            let from = edges.compactMap { $0["ref"]?.text }
            let to = edges.flatMap { $0["dependsOn"]?.list ?? [] }.compactMap(\.text)
            #expect(from.sorted() == references.sorted() && from.count == Set(from).count)
            #expect(to.allSatisfy { references.contains($0) })
        }
    }

    @Test("It names libpq where the program loads it, and only there", arguments: [true, false])
    func libpq(isLoaded: Bool) async throws {
        try await withTemporaryFolder { folder in
            let tree = Data(#"{"identity":"promesa","dependencies":[]}"#.utf8)
            try tree.write(to: URL(fileURLWithPath: folder + "/tree.json"))
            try FileManager.default.createDirectory(atPath: folder + "/debug", withIntermediateDirectories: true)
            let program = Data("\u{7F}ELF libsqlite3.so.0 \(isLoaded ? "libpq.so.5" : "") libc.so.6".utf8)
            try program.write(to: URL(fileURLWithPath: folder + "/debug/promesa"))
            let script = SharedData.repository.appendingPathComponent("Scripts/sbom").path
            let (status, output) = try await run(
                ["python3", script, "--dependencies", folder + "/tree.json", "--build", folder], in: folder)
            #expect(status == 0)
            let components = try JSONDecoder().decode(JSON.self, from: output)["components"]?.list ?? []
            let found = components.first { $0["name"]?.text == "libpq" }
            #expect((found != nil) == isLoaded && found?["scope"]?.text == (isLoaded ? "required" : nil))
        }
    }

    private func run(_ command: [String], in folder: String) async throws -> (Int32, Data) {
        let output = folder + "/output"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = file
        process.standardError = file
        let (ended, continuation) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { continuation.yield($0.terminationStatus) }
        try process.run()
        let status = await ended.first { _ in true } ?? -1
        return (status, FileManager.default.contents(atPath: output) ?? Data())
    }
}
