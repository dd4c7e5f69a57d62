// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LinnetSchemaKit

struct KitBenchmarkTests {
    @Test func `a row for each message, and a line for each size of hostile ones`() throws {
        var golden = GoldenFile()
        tickKit.complete(&golden)
        var benchmark = KitBenchmark(golden, isQuick: true)
        benchmark.measure(Tick.self)
        let row = try #require(benchmark.rows.first)
        #expect(row.message == "Tick")
        #expect(row.byteCount > 8)
        #expect(!row.hostile.isEmpty)
        #expect(benchmark.text.split(separator: "\n").count == 2)
        #expect(benchmark.hostileText.split(separator: "\n").count == 1 + row.hostile.count)
    }

    @Test func `without golden messages there is no row`() {
        var benchmark = KitBenchmark(GoldenFile(), isQuick: true)
        benchmark.measure(Tick.self)
        #expect(benchmark.rows.isEmpty)
    }
}
