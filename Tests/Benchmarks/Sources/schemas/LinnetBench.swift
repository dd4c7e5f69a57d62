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
        _ values: Prepared,
        into output: inout OutputRawSpan
    ) throws(BuildError)
    static func sum(_ view: MessageView<Self>) -> UInt64
}

/// Encodes through the builder, reads through the view.
struct LinnetBench<Benched: BenchedMessage>: SchemaBench, ~Copyable {
    static var peer: String { "Linnet" }
    static var message: SchemaMessage { Benched.bench }

    private let values: [Benched.Prepared]
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 8_192, alignment: 16)
    private var encoded: [[UInt8]] = []

    init() {
        values = Benched.records.map(Benched.prepare)
        for index in values.indices {
            let count = encode(index)
            encoded.append(Array(buffer[..<count]))
        }
    }

    deinit { buffer.deallocate() }

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
        do throws(MessageError) {
            return Benched.sum(try MessageView<Benched>(verifying: encoded[index].span.bytes))
        } catch {
            fatalError("\(error)")
        }
    }

    func read(_ index: Int) -> UInt64 {
        Benched.sum(MessageView<Benched>(unverified: encoded[index].span.bytes))
    }
}
