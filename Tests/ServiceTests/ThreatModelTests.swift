import Foundation
import SharedData
import Testing

/// `Docs/threats.md` names the tests that hold what it promises: they exist.
struct ThreatModelTests {
    private struct Named: Hashable {
        let suite: String
        /// The test's name; nil where the whole suite is meant.
        let test: String?
    }

    private static func named() throws -> Set<Named> {
        let file = SharedData.repository.appendingPathComponent("Docs/threats.md")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| ") }
        return Set(
            rows.flatMap { row in
                row.matches(of: /`([A-Z]\w+Tests)`(?:: "([^"]+)")?/).map {
                    Named(suite: String($0.1), test: $0.2.map(String.init))
                }
            })
    }

    /// The source of each suite, by its name.
    private static func suites() throws -> [String: String] {
        let tests = SharedData.repository.appendingPathComponent("Tests")
        var suites: [String: String] = [:]
        for case let file as URL in FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)!
        where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            let starts = text.matches(of: /\nstruct (\w+Tests)\b/)
            for (index, start) in starts.enumerated() {
                let end = index + 1 < starts.count ? starts[index + 1].range.lowerBound : text.endIndex
                suites[String(start.1), default: ""] += text[start.range.lowerBound..<end]
            }
        }
        return suites
    }

    @Test("Every test that the threat model names is there")
    func exist() throws {
        let (named, suites) = (try Self.named(), try Self.suites())
        #expect(named.count > 40)
        for name in named {
            guard let suite = suites[name.suite] else {
                Issue.record("there is no suite \(name.suite)")
                continue
            }
            if let test = name.test { #expect(suite.contains("\"\(test)\""), "\(name.suite) has no «\(test)»") }
        }
    }

    @Test("Every boundary that the drawing shows has its table")
    func boundaries() throws {
        let file = SharedData.repository.appendingPathComponent("Docs/threats.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let drawn = Set(text.matches(of: /"(B\d)[ "]/).map { String($0.1) })
        let tables = Set(
            text.split(separator: "\n").filter { $0.hasPrefix("### B") }.map { String($0.dropFirst(4).prefix(2)) })
        #expect(drawn == tables && drawn.count == 7)
    }
}
