// SPDX-License-Identifier: Apache-2.0

import SchemaBench
import SwiftProtobuf

/// What swift-protobuf makes of one of the messages.
protocol ProtobufMessage: SwiftProtobuf.Message {
    associatedtype Values
    static var bench: SchemaMessage { get }
    static var records: [Values] { get }

    /// Sets every field.
    init(_ values: Values)

    /// Reads every field.
    var sum: UInt64 { get }
}

/// A message that is built and written, and parsed and read. The library writes into an array of
/// its own, and has no reading without parsing.
struct ProtobufBench<Message: ProtobufMessage>: SchemaBench {
    static var peer: String { "swift-protobuf" }
    static var message: SchemaMessage { Message.bench }
    static var readsUnverified: Bool { false }

    private let records = Message.records
    private let encoded = Message.records.map { encodedBytes(of: Message($0)) }

    func encode(_ index: Int) -> Int { encodedBytes(of: Message(records[index])).count }

    func decode(_ index: Int) -> UInt64 {
        guard let message = try? Message(serializedBytes: encoded[index]) else { return 0 }
        return message.sum
    }

    func read(_ index: Int) -> UInt64 { 0 }
}

/// A message whose fields are set already: only the writing.
struct BuiltProtobufBench<Message: ProtobufMessage>: SchemaBench {
    static var peer: String { "swift-protobuf-built" }
    static var message: SchemaMessage { Message.bench }
    static var decodes: Bool { false }

    private let messages = Message.records.map { Message($0) }

    func encode(_ index: Int) -> Int { encodedBytes(of: messages[index]).count }
    func decode(_ index: Int) -> UInt64 { 0 }
    func read(_ index: Int) -> UInt64 { 0 }
}

@inline(__always)
private func encodedBytes(of message: some ProtobufMessage) -> [UInt8] {
    // It can only fail for fields that are required, and there are none.
    let bytes: [UInt8]? = try? message.serializedBytes()
    return bytes ?? []
}

extension FixedWidthInteger {
    /// As a part of a sum.
    var term: UInt64 { UInt64(truncatingIfNeeded: self) }
}

extension BinaryFloatingPoint {
    var term: UInt64 { Int64(self).term }
}

extension Bool {
    var term: UInt64 { self ? 1 : 0 }
}

extension String {
    var term: UInt64 { utf8.count.term &+ (utf8.first ?? 0).term }
}
