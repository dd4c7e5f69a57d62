// SPDX-License-Identifier: Apache-2.0

package import Histogram

/// How long something took: the count, and percentiles in nanoseconds.
package struct LatencySummary: Codable, Hashable, Sendable {
    package var count = 0
    package var mean: UInt64 = 0
    package var p50: UInt64 = 0
    package var p90: UInt64 = 0
    package var p99: UInt64 = 0
    package var p999: UInt64 = 0
    package var p9999: UInt64 = 0
    package var max: UInt64 = 0

    package init() {}

    package init(_ histogram: Histogram<UInt64>) {
        guard histogram.totalCount > 0 else { return }
        count = Int(clamping: histogram.totalCount)
        mean = UInt64(histogram.mean)
        p50 = histogram.valueAtPercentile(50)
        p90 = histogram.valueAtPercentile(90)
        p99 = histogram.valueAtPercentile(99)
        p999 = histogram.valueAtPercentile(99.9)
        p9999 = histogram.valueAtPercentile(99.99)
        max = histogram.max
    }

    /// In order.
    package var rows: [(name: String, nanoseconds: UInt64)] {
        [
            ("p50", p50), ("p90", p90), ("p99", p99), ("p99.9", p999), ("p99.99", p9999),
            ("max", max),
        ]
    }
}
