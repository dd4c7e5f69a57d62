// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// How many units this takes, the last begun one included.
    func rounded(upTo unit: Duration) -> Int64 {
        let (count, rest) = attoseconds.quotientAndRemainder(dividingBy: unit.attoseconds)
        return Int64(clamping: rest > 0 ? count + 1 : count)
    }
}
