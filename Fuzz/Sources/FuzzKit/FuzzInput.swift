// SPDX-License-Identifier: Apache-2.0

// FuzzKit is what the fuzz targets share: an input that is taken apart from the front, memory in
// which an access out of bounds is a fault, scripts of how a stream is cut and handled, oracles
// that print and trap, the canary, and packets as both decoders see them. It promises that the same
// input always gives the same run. It imports LinnetCodec and LinnetTestSupport.

/// The bytes of one run, taken from the front: what is chosen first, the bytes under test last.
///
/// Every input is valid: what is not there reads as zero.
public struct FuzzInput {
    private var rest: ArraySlice<UInt8>

    public init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// What libFuzzer passes: `count` bytes at `start`, which are copied.
    @unsafe
    public init(start: UnsafePointer<UInt8>?, count: Int) {
        // SAFETY: the caller says that `count` bytes are there.
        self.init(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    }

    public var isEmpty: Bool { rest.isEmpty }

    public mutating func takeByte() -> UInt8 {
        rest.popFirst() ?? 0
    }

    /// A little-endian number.
    public mutating func takeNumber<Number: FixedWidthInteger>(_: Number.Type) -> Number {
        var number: Number = 0
        for position in 0..<Number.bitWidth / 8 {
            number |= Number(truncatingIfNeeded: takeByte()) << (8 * position)
        }
        return number
    }

    public mutating func takeBytes(count: Int) -> [UInt8] {
        (0..<count).map { _ in takeByte() }
    }

    /// All that is left.
    public mutating func takeRest() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }
}
