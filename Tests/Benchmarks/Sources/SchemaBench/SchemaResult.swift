// SPDX-License-Identifier: Apache-2.0

import CCosts

/// What one operation costs.
public struct OperationCost {
    var nanoseconds: Double
    /// `nil` if the process counts none.
    var allocations: Double?
    var referenceCounts: Double?

    /// Measures a loop, which is given how many operations to do, and does as many as are asked for
    /// by `seconds` after as many as warm it up.
    ///
    /// - Parameter recordCount: the operations are a multiple of it.
    @usableFromInline
    init(recordCount: Int, seconds: Double, loop: (Int) -> UInt64) {
        var count = recordCount
        var spent = Self.nanoseconds { _ = loop(count) }
        while spent < 2e6 {
            count *= 2
            spent = Self.nanoseconds { _ = loop(count) }
        }
        let rounds = Double(count / recordCount) * seconds * 1e9 / spent
        count = max(1, Int(rounds)) * recordCount

        let allocations = costs_allocation_count()
        let referenceCounts = costs_reference_count_operations()
        nanoseconds = Self.nanoseconds { _ = loop(count) } / Double(count)
        guard allocations >= 0 else { return }
        self.allocations = Double(costs_allocation_count() - allocations) / Double(count)
        self.referenceCounts =
            Double(costs_reference_count_operations() - referenceCounts) / Double(count)
    }

    private static func nanoseconds(of body: () -> Void) -> Double {
        let parts = ContinuousClock().measure(body).components
        return Double(parts.seconds) * 1e9 + Double(parts.attoseconds) / 1e9
    }

    var json: String {
        func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
        return """
            {"ns": \(nanoseconds), "allocations": \(text(allocations)), \
            "reference_counts": \(text(referenceCounts))}
            """
    }
}

/// A sum, if it is the one of the message.
@usableFromInline
func checked(_ sum: UInt64, _ message: SchemaMessage) -> UInt64 {
    precondition(sum == message.sum, "\(message) is not read as it was written: \(sum)")
    return sum
}

/// What a bench costs, and what it has read.
public struct SchemaResult {
    var peer: String
    var message: SchemaMessage
    /// On the wire, all records together.
    var byteCount: UInt64
    /// Of all records together.
    var sum: UInt64?
    var encode: OperationCost
    var decode: OperationCost?
    var read: OperationCost?

    @inlinable
    init<Bench: SchemaBench & ~Copyable>(measuring _: Bench.Type, seconds: Double) {
        let count = Bench.message.recordCount
        var bench = Bench()
        let byteCount = encodeLoop(&bench, count: count)
        let encode = OperationCost(recordCount: count, seconds: seconds) {
            encodeLoop(&bench, count: $0)
        }
        guard Bench.decodes else {
            self.init(Bench.peer, Bench.message, byteCount, encode)
            return
        }
        let sum = checked(decodeLoop(&bench, count: count), Bench.message)
        let decode = OperationCost(recordCount: count, seconds: seconds) {
            decodeLoop(&bench, count: $0)
        }
        guard Bench.readsUnverified else {
            self.init(Bench.peer, Bench.message, byteCount, encode, sum, decode)
            return
        }
        _ = checked(readLoop(&bench, count: count), Bench.message)
        let read = OperationCost(recordCount: count, seconds: seconds) {
            readLoop(&bench, count: $0)
        }
        self.init(Bench.peer, Bench.message, byteCount, encode, sum, decode, read)
    }

    @usableFromInline
    init(
        _ peer: String,
        _ message: SchemaMessage,
        _ byteCount: UInt64,
        _ encode: OperationCost,
        _ sum: UInt64? = nil,
        _ decode: OperationCost? = nil,
        _ read: OperationCost? = nil
    ) {
        self.peer = peer
        self.message = message
        self.byteCount = byteCount
        self.sum = sum
        self.encode = encode
        self.decode = decode
        self.read = read
    }

    /// One line.
    var json: String {
        let count = message.recordCount
        return """
            {"peer": "\(peer)", "message": "\(message.rawValue)", \
            "bytes": \(Double(byteCount) / Double(count)), \
            "sum": \(sum.map { "\($0)" } ?? "null"), "encode": \(encode.json), \
            "decode": \(decode?.json ?? "null"), "read": \(read?.json ?? "null")}
            """
    }
}
