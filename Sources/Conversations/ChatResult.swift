import Dialog
import Ledger
import Quantities

/// One `.chat` file that was run.
public struct ChatResult: Sendable {
    public var file: String
    /// The dialog that it talked to; nil where the file could not be read.
    public var dialog: String?
    /// In whose words the bot spoke.
    public var locale = CompiledDialog.baseLocale
    /// The moment at which it begins, as written.
    public var begin: String?
    public var outcome: Result<ChatOutcome, ChatError>
    public var milliseconds: Int

    public var passed: Bool { if case .success(let outcome) = outcome { outcome.passed } else { false } }

    /// Parses and runs a file.
    /// - Parameter read: the text of an included file by its path beside this one.
    public init(file: String, source: String, read: (String) -> String?, world: World, accounts: [Account]) {
        self.file = file
        milliseconds = 0
        do throws(ChatError) {
            let test: ChatTest
            do {
                test = try ChatTest.parse(source: source, file: file, read: read)
                dialog = test.dialog ?? world.entryDialog
                locale = test.locale ?? world.locale ?? CompiledDialog.baseLocale
                begin = test.at
                outcome = .success(try test.run(world: world, accounts: accounts))
            } catch let error as ChatError {
                throw error
            } catch {
                throw ChatError(file: file, line: 1, problem: "\(error)")
            }
        } catch {
            outcome = .failure(error)
        }
    }

    /// What is to be said of it: nothing where it passed.
    public func report(style: TerminalStyle = .plain) -> String {
        switch outcome {
        case .success(let outcome): outcome.report(style: style)
        case .failure(let error): style.bold("\(error.file):\(error.line)") + ": \(error.problem)\n"
        }
    }
}

extension Sequence<ChatResult> {
    /// What the tests of one dialog went through.
    /// - Parameter locale: only of those in whose words the bot spoke so; all where it is nil.
    public func coverage(of dialog: String, in locale: String? = nil) -> Coverage {
        reduce(into: Coverage()) { all, result in
            guard result.dialog == dialog, locale == nil || result.locale == locale else { return }
            if case .success(let outcome) = result.outcome { all.add(outcome.coverage) }
        }
    }

    /// What the tests of a dialog went through and never do, in each of its locales.
    public func report(on dialog: CompiledDialog) -> CoverageReport {
        CoverageReport(
            dialog, coverage(of: dialog.name),
            byLocale: dialog.locales.map { ($0, coverage(of: dialog.name, in: $0)) })
    }

    /// As JUnit writes it, for build servers.
    public var junit: String {
        func seconds(_ milliseconds: Int) -> String {
            let rest = String(milliseconds % 1000)
            return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
        }
        let results = Array(self)
        let cases = results.map { result in
            let open =
                "    <testcase classname=\"\((result.dialog ?? "chat").markup)\" name=\"\(result.file.markup)\" file=\"\(result.file.markup)\" time=\"\(seconds(result.milliseconds))\""
            if result.passed { return open + "/>\n" }
            let first = result.report().split(separator: "\n").first.map(String.init) ?? ""
            let (kind, body) =
                if case .failure = result.outcome { ("error", result.report()) } else { ("failure", result.report()) }
            return open
                + ">\n      <\(kind) message=\"\(first.markup)\">\(body.markup)</\(kind)>\n    </testcase>\n"
        }
        let failures = results.count { if case .success(let outcome) = $0.outcome { !outcome.passed } else { false } }
        let errors = results.count { if case .failure = $0.outcome { true } else { false } }
        let numbers =
            "tests=\"\(results.count)\" failures=\"\(failures)\" errors=\"\(errors)\" time=\"\(seconds(results.reduce(0) { $0 + $1.milliseconds }))\""
        return
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites \(numbers)>\n  <testsuite name=\"promesa dialog test\" \(numbers)>\n"
            + cases.joined() + "  </testsuite>\n</testsuites>\n"
    }
}
