// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Bars of blocks for a terminal, an eighth of a column exact.
package struct BarChart: Sendable {
    package struct Row: Sendable {
        package var label: String
        package var value: Double
        package var text: String

        package init(label: String, value: Double, text: String) {
            self.label = label
            self.value = value
            self.text = text
        }
    }

    /// How long a bar is.
    package enum Scale: Sendable {
        /// As its value.
        case linear
        /// As the logarithm of its value: one column of a tenth of the width at the least value.
        case logarithmic
    }

    package var rows: [Row]
    package var scale: Scale
    /// Columns of the longest bar.
    package var columnCount: Int

    package init(_ rows: [Row], scale: Scale = .linear, columnCount: Int = 40) {
        self.rows = rows
        self.scale = scale
        self.columnCount = columnCount
    }

    /// One line for each row: label, value, bar.
    package var lines: [String] {
        let labelCount = rows.map(\.label.count).max() ?? 0
        let textCount = rows.map(\.text.count).max() ?? 0
        return rows.map { row in
            let text = String(repeating: " ", count: textCount - row.text.count) + row.text
            let bar = Self.bar(columns: share(of: row.value) * Double(columnCount))
            return bar.isEmpty
                ? "\(padded(row.label, to: labelCount))  \(text)"
                : "\(padded(row.label, to: labelCount))  \(text)  \(bar)"
        }
    }

    /// 0 to 1.
    private func share(of value: Double) -> Double {
        let values = rows.map(\.value).filter { $0 > 0 }
        guard value > 0, let least = values.min(), let most = values.max() else { return 0 }
        switch scale {
        case .linear: return value / most
        case .logarithmic:
            guard most > least else { return 1 }
            return 0.1 + 0.9 * log(value / least) / log(most / least)
        }
    }

    /// At least the thinnest bar for what is not nothing.
    private static func bar(columns: Double) -> String {
        guard columns > 0 else { return "" }
        let eighths = max(1, Int((columns * 8).rounded()))
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }
}
