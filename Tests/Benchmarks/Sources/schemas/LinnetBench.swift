// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import SchemaBench

/// A message of `bench.linnet`, as the benches use it.
protocol BenchedMessage: Message {
    associatedtype Values: Sendable
    static var bench: SchemaMessage { get }
    static var records: [Values] { get }
    /// The fields of fixed texts and arrays take a form of their own, once.
    associatedtype Prepared
    static func prepare(_ values: Values) -> Prepared
    static func build(
        _ held: borrowing Held<Prepared>,
        into output: inout OutputRawSpan
    ) throws(BuildError)
    static func sum(_ view: MessageView<Self>) -> UInt64
}

/// Values that are read and never copied: a copy would retain each of their arrays and strings.
struct Held<Values>: ~Copyable {
    let values: Values
}

/// Encodes through the builder, reads through the view.
struct LinnetBench<Benched: BenchedMessage>: SchemaBench, ~Copyable {
    static var peer: String { "linnet" }
    static var message: SchemaMessage { Benched.bench }

    // Behind a pointer: what stands in an array is retained to be read.
    private let values: UnsafeMutablePointer<Held<Benched.Prepared>>
    private let count: Int
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8_192, alignment: 16)
    /// All records, one behind the other, and where each is.
    private var encoded: [UInt8] = []
    private var ranges: [Range<Int>] = []

    init() {
        let prepared = Benched.records.map(Benched.prepare)
        values = .allocate(capacity: prepared.count)
        for index in prepared.indices {
            (values + index).initialize(to: Held(values: prepared[index]))
        }
        count = prepared.count
        for index in 0..<count {
            let count = encode(index)
            ranges.append(encoded.count..<encoded.count + count)
            encoded.append(contentsOf: buffer[..<count])
        }
    }

    deinit {
        buffer.deallocate()
        values.deinitialize(count: count)
        values.deallocate()
    }

    func encode(_ index: Int) -> Int {
        var output = OutputRawSpan(buffer: buffer, initializedCount: 0)
        do throws(BuildError) {
            try Benched.build(values[index], into: &output)
        } catch {
            fatalError("\(error)")
        }
        return output.finalize(for: buffer)
    }

    func decode(_ index: Int) -> UInt64 {
        let bytes = encoded.span.bytes.extracting(ranges[index])
        do throws(MessageError) {
            let view = try MessageView<Benched>(verifying: bytes)
            return Benched.sum(view)
        } catch {
            fatalError("\(error)")
        }
    }

    func read(_ index: Int) -> UInt64 {
        let bytes = encoded.span.bytes.extracting(ranges[index])
        let view = MessageView<Benched>(unverified: bytes)
        return Benched.sum(view)
    }
}
