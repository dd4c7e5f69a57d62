// SPDX-License-Identifier: Apache-2.0

public import CCosts

// Each loop is one function per bench, specialised, so that no call stands between it and the
// library. The opaque index keeps the optimizer from doing the work of many rounds once.

@inlinable
@inline(never)
func encodeLoop<Bench: SchemaBench & ~Copyable>(_ bench: inout Bench, count: Int) -> UInt64 {
    let recordCount = Bench.message.recordCount
    var byteCount: UInt64 = 0
    var index = 0
    for _ in 0..<count {
        byteCount &+= UInt64(truncatingIfNeeded: bench.encode(costs_opaque(index)))
        index = index + 1 == recordCount ? 0 : index + 1
    }
    return byteCount
}

@inlinable
@inline(never)
func decodeLoop<Bench: SchemaBench & ~Copyable>(_ bench: inout Bench, count: Int) -> UInt64 {
    let recordCount = Bench.message.recordCount
    var sum: UInt64 = 0
    var index = 0
    for _ in 0..<count {
        sum &+= bench.decode(costs_opaque(index))
        index = index + 1 == recordCount ? 0 : index + 1
    }
    return sum
}

@inlinable
@inline(never)
func readLoop<Bench: SchemaBench & ~Copyable>(_ bench: inout Bench, count: Int) -> UInt64 {
    let recordCount = Bench.message.recordCount
    var sum: UInt64 = 0
    var index = 0
    for _ in 0..<count {
        sum &+= bench.read(costs_opaque(index))
        index = index + 1 == recordCount ? 0 : index + 1
    }
    return sum
}
