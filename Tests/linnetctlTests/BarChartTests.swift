// SPDX-License-Identifier: Apache-2.0

import Testing
import linnetctl

@Suite("Bars in a terminal")
struct BarChartTests {
    private func chart(_ values: [Double], _ scale: BarChart.Scale) -> [String] {
        let rows = values.enumerated().map { position, value in
            BarChart.Row(label: "row \(position)", value: value, text: "\(Int(value))")
        }
        return BarChart(rows, scale: scale, columnCount: 8).lines
    }

    @Test("a linear bar is as long as its value, an eighth of a column exact")
    func linear() {
        #expect(
            chart([64, 32, 5, 0], .linear) == [
                "row 0  64  ████████", "row 1  32  ████", "row 2   5  ▋", "row 3   0",
            ]
        )
    }

    @Test("what is not nothing can be seen")
    func tiny() {
        #expect(chart([1_000_000, 1], .linear)[1] == "row 1        1  ▏")
    }

    @Test("logarithmic bars grow by the same for each factor")
    func logarithmic() {
        #expect(
            chart([1, 10, 100], .logarithmic) == [
                "row 0    1  ▊", "row 1   10  ████▍", "row 2  100  ████████",
            ]
        )
        #expect(chart([7, 7], .logarithmic).allSatisfy { $0.hasSuffix("████████") })
        #expect(chart([0, 0], .logarithmic) == ["row 0  0", "row 1  0"])
    }

    @Test("no rows, no lines")
    func empty() {
        #expect(chart([], .linear).isEmpty)
    }
}
