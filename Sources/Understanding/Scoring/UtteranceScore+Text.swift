extension UtteranceScore {
    /// Precision and recall per intent, days, amounts, false promises and calibration, as a table.
    public var text: String {
        var lines = [
            padded("intent", 28) + padded("precision", 11, right: true) + padded("recall", 11, right: true)
                + padded("F1", 11, right: true) + padded("said", 7, right: true)
        ]
        for (intent, counts) in intents.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            lines.append(
                padded(intent.rawValue, 28) + padded(percent(counts.precision), 11, right: true)
                    + padded(percent(counts.recall), 11, right: true)
                    + padded(percent(counts.f1), 11, right: true)
                    + padded("\(counts.truePositives + counts.falseNegatives)", 7, right: true))
        }
        lines.append(
            "macro-F1 \(percent(macroF1)) over \(utterances) utterances; all intents exactly right: \(percent(exactSets.share))"
        )
        lines.append(
            "days \(days.right) of \(days.all), amounts \(amounts.right) of \(amounts.all), instalments \(instalments.right) of \(instalments.all)"
        )
        lines.append("false promises \(falsePromises) (\(percent(Double(falsePromises) / Double(max(1, utterances)))))")
        lines.append("calibration: readings with this confidence, and how many of them were right")
        for (tenth, share) in calibration.enumerated() where share.all > 0 {
            lines.append(
                "  0.\(tenth)–\(tenth == 9 ? "1.0" : "0.\(tenth + 1)")" + padded("\(share.all)", 8, right: true)
                    + padded(percent(share.share), 10, right: true))
        }
        return lines.joined(separator: "\n")
    }
}
