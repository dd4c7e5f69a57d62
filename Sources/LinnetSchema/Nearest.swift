// SPDX-License-Identifier: Apache-2.0

/// The candidate that takes the fewest edits to get to, at most a third of the name. Names beyond
/// 64 bytes have none. O(candidates).
package func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().utf8)
    guard wanted.count <= 64 else { return nil }
    var best: (distance: Int, name: String)?
    for candidate in candidates {
        let bytes = Array(candidate.lowercased().utf8)
        let limit = max(1, max(wanted.count, bytes.count) / 3)
        guard bytes.count <= 64, abs(bytes.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, bytes)
        guard distance <= limit, candidate != name else { continue }
        if let best, (best.distance, best.name) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.name
}

/// Insertions, removals, replacements and swaps of neighbours.
private func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...second.count)
    for (row, byte) in first.enumerated() {
        var next = [row + 1]
        for (column, other) in second.enumerated() {
            var distance = min(last[column + 1], next[column]) + 1
            distance = min(distance, last[column] + (byte == other ? 0 : 1))
            if row > 0, column > 0, byte == second[column - 1], first[row - 1] == other {
                distance = min(distance, before[column - 1] + 1)
            }
            next.append(distance)
        }
        before = last
        last = next
    }
    return last[second.count]
}
