// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Measures everything whose name contains `filter`, and prints a row as soon as it is there.
func run(filter: String, seconds: Double) {
    let comparisons =
        packetComparisons(packetByteCount: 64) + packetComparisons(packetByteCount: 1_024)
        + checksumComparisons() + poolComparisons() + queueComparisons() + tableComparisons()
    print("| what | ns | base | base ns | ours / base |")
    print("| --- | ---: | --- | ---: | ---: |")
    for comparison in comparisons where filter.isEmpty || comparison.name.contains(filter) {
        let result = comparison.measure(rounds: 9, secondsPerRound: seconds)
        let ratio = result.base.isEmpty ? "" : String(format: "%.2f", result.ratios.median)
        let cells = [
            comparison.name, spread(result.ours), comparison.baseName,
            result.base.isEmpty ? "" : spread(result.base), ratio,
        ]
        print("| \(cells.joined(separator: " | ")) |")
        fflush(nil)
    }
}

private func spread(_ values: [Double]) -> String {
    guard let least = values.min(), let most = values.max() else { return "" }
    return String(format: "%.1f (%.1f–%.1f)", values.median, least, most)
}
