import Dialog
import Foundation
import SharedData
import Testing

struct ReadmeTests {
    @Test("The dialog in the README passes its lints")
    func dialog() throws {
        let readme = try String(contentsOf: SharedData.repository.appendingPathComponent("README.md"), encoding: .utf8)
        let opening = try #require(readme.firstRange(of: "```yaml\ndialog:"))
        let closing = try #require(readme[opening.upperBound...].firstRange(of: "```"))
        let result = compileDialog(source: String("dialog:" + readme[opening.upperBound..<closing.lowerBound]), file: "aviso.yaml")
        #expect(result.diagnostics.map(\.message) == [])
        #expect(result.dialog?.name == "aviso")
    }
}
