// SPDX-License-Identifier: Apache-2.0

import Testing
import linnetctl

@Suite("Numbers as people read them")
struct QuantitiesTests {
    @Test func `digits stand in groups of three`() {
        let numbers = [0, 7, 999, 1_000, 1_234_567, -1_000, -999]
        #expect(
            numbers.map(Quantities.grouped)
                == ["0", "7", "999", "1,000", "1,234,567", "-1,000", "-999"]
        )
    }

    @Test func `bytes go up a unit at each thousand`() {
        let counts = [0, 999, 1_000, 999_949, 999_950, 1_500_000, 2_000_000_000]
        #expect(
            counts.map(Quantities.bytes)
                == ["0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "1.5 MB", "2.0 GB"]
        )
    }

    @Test func `durations have three digits that count`() {
        let times: [UInt64] = [0, 999, 1_000, 12_345, 999_499, 1_250_000, 2_000_000_000]
        #expect(
            times.map(Quantities.duration)
                == ["0 ns", "999 ns", "1.00 µs", "12.3 µs", "999 µs", "1.25 ms", "2.00 s"]
        )
    }

    @Test func `nothing divided is a dash`() {
        #expect(Quantities.ratio(32, 2) == "16.0")
        #expect(Quantities.ratio(1, 0) == "-")
    }
}
