import Conversations
import Dialog

/// What a mutation run found: how many of each kind were noticed, by what, and which ones nobody noticed.
struct MutationReport {
    let file: String
    let results: [(mutation: DialogMutation, verdict: MutationRun.Verdict)]

    var text: String {
        var lines: [String] = []
        func count(_ kind: String?, _ matches: (MutationRun.Verdict) -> Bool) -> Int {
            results.count { (kind == nil || $0.mutation.kind == kind) && matches($0.verdict) }
        }
        func row(_ name: String, _ kind: String?) -> String {
            let all = count(kind) { _ in true }
            let figures = [
                all, count(kind) { if case .lints = $0 { true } else { false } },
                count(kind) { if case .conversation = $0 { true } else { false } },
                count(kind) { if case .exploration = $0 { true } else { false } }, count(kind) { $0 == .nobody },
            ]
            let share = (all - figures[4]) * 100 / max(1, all)
            let columns = figures.map { String(repeating: " ", count: max(0, 9 - String($0).count)) + String($0) }
            return name + String(repeating: " ", count: max(1, 46 - name.count)) + columns.joined() + "    \(share) %"
        }
        var kinds: [String] = []
        for result in results where kinds.last != result.mutation.kind { kinds.append(result.mutation.kind) }
        lines.append(String(repeating: " ", count: 49) + "rotas    lints   charlas  recorrido   nadie")
        lines += kinds.map { row($0, $0) }
        lines.append(row("todas", nil))
        func share(_ matches: (MutationRun.Verdict) -> Bool) -> String {
            let tenths = count(nil, matches) * 1000 / max(1, results.count)
            return "\(tenths / 10),\(tenths % 10) %"
        }
        lines.append(
            "las notaron primero: los lints \(share { if case .lints = $0 { true } else { false } }), las charlas \(share { if case .conversation = $0 { true } else { false } }), el recorrido \(share { if case .exploration = $0 { true } else { false } }); nadie \(share { $0 == .nobody })"
        )
        let survivors = results.filter { $0.verdict == .nobody }.map(\.mutation)
        if !survivors.isEmpty { lines.append("\nNadie notó:") }
        for mutation in survivors {
            lines.append("\(file):\(mutation.line): \(mutation.kind)\n   - \(mutation.before)")
            if !mutation.after.isEmpty { lines.append("   + \(mutation.after)") }
        }
        return lines.joined(separator: "\n")
    }
}
