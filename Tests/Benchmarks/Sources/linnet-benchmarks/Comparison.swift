// SPDX-License-Identifier: Apache-2.0

// linnet-benchmarks measures the parts of the packet path, each beside what it is compared with, in
// turns within the same seconds, and prints medians and ratios. It judges nothing.

/// Two ways to do the same, measured in turns.
struct Comparison {
    let name: String
    /// Operations in one call of `ours` and of `base`.
    let operationCount: Int
    let baseName: String
    let ours: () -> Void
    let base: (() -> Void)?

    init(
        _ name: String,
        operations operationCount: Int,
        ours: @escaping () -> Void,
        baseName: String = "",
        base: (() -> Void)? = nil
    ) {
        self.name = name
        self.operationCount = operationCount
        self.ours = ours
        self.baseName = baseName
        self.base = base
    }

    /// Nanoseconds per operation: median and spread of both, and of their ratios round by round.
    struct Result {
        var ours: [Double] = []
        var base: [Double] = []
        var ratios: [Double] { zip(ours, base).map { $0 / $1 } }
    }

    func measure(rounds: Int, secondsPerRound: Double) -> Result {
        let callCount = calls(lasting: secondsPerRound)
        var result = Result()
        for round in 0...rounds {
            let ours = nanoseconds(of: self.ours, callCount: callCount)
            let base = base.map { nanoseconds(of: $0, callCount: callCount) }
            guard round > 0 else { continue }
            result.ours.append(ours)
            if let base { result.base.append(base) }
        }
        return result
    }

    private func calls(lasting seconds: Double) -> Int {
        var count = 1
        while true {
            let spent = nanoseconds(of: ours, callCount: count) * Double(operationCount * count)
            if spent > 2e6 { return max(1, Int(Double(count) * seconds * 1e9 / spent)) }
            count *= 4
        }
    }

    private func nanoseconds(of body: () -> Void, callCount: Int) -> Double {
        let spent = ContinuousClock().measure {
            for _ in 0..<callCount { body() }
        }
        let parts = spent.components
        let total = Double(parts.seconds) * 1e9 + Double(parts.attoseconds) / 1e9
        return total / Double(operationCount * callCount)
    }
}

extension [Double] {
    var median: Double {
        let sorted = sorted()
        guard let middle = sorted.isEmpty ? nil : sorted[sorted.count / 2] else { return .nan }
        return middle
    }
}
