import Quantities
import Reports

/// A chart as SVG: shapes in classes of the style sheet, so that it is dark where the page is; no script, no inline style.
/// Everything that it shows stands in the table beneath it too.
struct ChartSVG {
    private static let width = 400
    private static let left = 70
    private static let plot = 150
    private static let top = 10

    let chart: Chart
    let id: String
    let title: String

    var html: HTML {
        let (body, height): (HTML, Int) =
            switch chart.form {
            case .stacked: stacked
            case .bars: bars
            case .lines: lines
            case .heat: heat
            }
        return """
            <figure class="chart"><svg viewBox="0 0 \(Self.width) \(height)" role="img" aria-labelledby="\(id)-t \(id)-d">\
            <title id="\(id)-t">\(title)</title><desc id="\(id)-d">\(summary)</desc>\(body)</svg>\(legend)</figure>
            """
    }

    /// The highest value, and where.
    private var summary: String {
        var best: (value: Int64, name: String)?
        for series in chart.series {
            for (category, value) in zip(chart.categories, series.values) {
                if let value, value > best?.value ?? .min {
                    best = (value, chart.series.count > 1 ? "\(series.name), \(category)" : category)
                }
            }
        }
        guard let best else { return "Sin datos." }
        return "Lo más alto: \(best.name), \(chart.unit.formatted(best.value)). Los datos están en la tabla."
    }

    private var legend: HTML? {
        guard chart.series.count > 1, chart.form != .heat else { return nil }
        let entries: [HTML] = chart.series.enumerated().map { index, series in
            """
            <li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" class="c\(index % 6)"/></svg> \(series.name)</li>
            """
        }
        return "<ul class=\"legend\">\(entries)</ul>"
    }

    // MARK: Parts

    private func text(_ x: Int, _ y: Int, _ anchor: String, _ text: String) -> HTML {
        "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(text)</text>"
    }

    /// A value on a scale that ends at `most`.
    private func scaled(_ value: Int64, _ most: Int64, to length: Int) -> Int {
        most > 0 ? Int(roundedHalfUp(Int128(max(0, value)) * Int128(length), over: Int128(most))) : 0
    }

    /// Short: "$ 1,2 M".
    private func axis(_ value: Int64) -> String {
        guard case .money = chart.unit, value >= 100_000_00 else { return chart.unit.formatted(value) }
        let (unit, name): (Int64, String) = value >= 100_000_000_00 ? (100_000_000, "M") : (100_000, "mil")
        let tenths = value * 10 / unit
        return "$ \(tenths / 10)\(tenths % 10 == 0 ? "" : ",\(tenths % 10)") \(name)"
    }

    private func grid(_ most: Int64) -> [HTML] {
        let values: [Int64] = most > 1 || chart.unit == .percent ? [0, most / 2, most] : [0, most]
        return values.map { value in
            let y = Self.top + Self.plot - scaled(value, most, to: Self.plot)
            return """
                <line x1="\(Self.left)" x2="\(Self.width)" y1="\(y)" y2="\(y)" class="grid"/>\(text(Self.left - 4, y + 4, "end", axis(value)))
                """
        }
    }

    private func slot(_ index: Int) -> (x: Int, width: Int) {
        let space = Self.width - Self.left
        let (from, to) = (index * space / chart.categories.count, (index + 1) * space / chart.categories.count)
        return (Self.left + from, max(1, to - from))
    }

    /// At most eight, so that they do not touch; long names only where there are few.
    private var categoryLabels: [HTML] {
        let step = max(1, (chart.categories.count + 7) / 8)
        return chart.categories.enumerated().filter { $0.offset % step == 0 }.map { index, name in
            let place = slot(index)
            let short = chart.categories.count > 4 ? String(name.prefix(9)) : String(name.prefix(16))
            return text(place.x + place.width / 2, Self.top + Self.plot + 14, "middle", short)
        }
    }

    private var plotHeight: Int { Self.top + Self.plot + 22 }

    // MARK: Forms

    private var stacked: (HTML, Int) {
        let totals = chart.categories.indices.map { index in
            chart.series.reduce(0) { $0 + max(0, $1.values[index] ?? 0) }
        }
        let most = max(1, totals.max() ?? 1)
        let columns: [HTML] = chart.categories.indices.map { index in
            let place = slot(index)
            var below: Int64 = 0
            let parts: [HTML] = chart.series.enumerated().compactMap { number, series in
                let value = max(0, series.values[index] ?? 0)
                guard value > 0 else { return nil }
                let (low, high) = (scaled(below, most, to: Self.plot), scaled(below + value, most, to: Self.plot))
                below += value
                return """
                    <rect x="\(place.x + 1)" y="\(Self.top + Self.plot - high)" width="\(max(1, place.width - 2))" \
                    height="\(max(1, high - low))" class="c\(number % 6)"><title>\(chart.categories[index]), \(series.name): \
                    \(chart.unit.formatted(value))</title></rect>
                    """
            }
            return "\(parts)"
        }
        return ("\(grid(most))\(columns)\(categoryLabels)", plotHeight)
    }

    private var lines: (HTML, Int) {
        // Where all is zero, a share is drawn on the whole.
        let highest = chart.series.flatMap(\.values).compactMap(\.self).max() ?? 0
        let most = highest > 0 ? highest : chart.unit == .percent ? 10_000 : 1
        func point(_ index: Int, _ value: Int64) -> (x: Int, y: Int) {
            let place = slot(index)
            return (place.x + place.width / 2, Self.top + Self.plot - scaled(value, most, to: Self.plot))
        }
        let drawn: [HTML] = chart.series.enumerated().map { number, series in
            let points = series.values.enumerated().compactMap { index, value in value.map { (index, $0) } }
            let path: String = points.map { index, value -> String in
                let place = point(index, value)
                return "\(place.x),\(place.y)"
            }.joined(separator: " ")
            let dots: [HTML] = points.map { index, value in
                let place = point(index, value)
                return """
                    <circle cx="\(place.x)" cy="\(place.y)" r="3" class="c\(number % 6)"><title>\(chart.categories[index]), \
                    \(series.name): \(chart.unit.formatted(value))</title></circle>
                    """
            }
            return "<polyline points=\"\(path)\" class=\"s\(number % 6)\"/>\(dots)"
        }
        return ("\(grid(most))\(drawn)\(categoryLabels)", plotHeight)
    }

    private var bars: (HTML, Int) {
        let values = chart.series.first?.values ?? []
        let most = max(1, values.compactMap(\.self).max() ?? 1)
        // Beyond these the table tells more than bars would.
        let shown = Array(zip(chart.categories, values).prefix(24))
        let rows: [HTML] = shown.enumerated().map { index, row in
            let y = Self.top + index * 30
            let length = scaled(row.1 ?? 0, most, to: 270)
            return """
                \(text(2, y + 8, "start", String(row.0.prefix(60))))<rect x="2" y="\(y + 12)" width="\(max(1, length))" height="11" class="c0"/>\
                \(text(length + 8, y + 22, "start", row.1.map(chart.unit.formatted) ?? "sin datos"))
                """
        }
        return ("\(rows)", Self.top + shown.count * 30 + 4)
    }

    private var heat: (HTML, Int) {
        let most = max(1, chart.series.flatMap(\.values).compactMap(\.self).max() ?? 1)
        let size = 20
        let rows: [HTML] = chart.series.enumerated().map { number, series in
            let y = Self.top + number * size
            let cells: [HTML] = chart.categories.indices.map { index in
                let place = slot(index)
                let value = series.values[index]
                let level = value.map { 1 + scaled($0, most, to: 4) } ?? 0
                let label: String = value.map(chart.unit.formatted) ?? "sin datos"
                return """
                    <rect x="\(place.x)" y="\(y)" width="\(max(1, place.width - 1))" height="\(size - 1)" class="h\(level)">\
                    <title>\(series.name), \(chart.categories[index]): \(label)</title></rect>
                    """
            }
            return "\(text(Self.left - 4, y + 14, "end", series.name))\(cells)"
        }
        let step = chart.categories.count > 8 ? 3 : 1
        let bottom = Self.top + chart.series.count * size
        let labels: [HTML] = chart.categories.enumerated().filter { $0.offset % step == 0 }.map { index, name in
            text(slot(index).x + slot(index).width / 2, bottom + 12, "middle", String(name.prefix(10)))
        }
        return ("\(rows)\(labels)", bottom + 20)
    }
}
