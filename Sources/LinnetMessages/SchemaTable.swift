// SPDX-License-Identifier: Apache-2.0

/// The description of a schema that generated code carries, and that tools make of a `.linnet`
/// file: what JSON, hex dumps and the paths in errors are made from. One text a schema, parsed when
/// it is first needed, so that code per message stays small.
///
/// Thread: any; nothing changes after the initializer. The cost of parsing: O(text).
public final class SchemaTable: Sendable {
    /// `market.trading`.
    package let name: String
    package let version: UInt16
    /// Those that the file declares, in its order.
    package let messages: [TableMessage]
    private let indexOfNumber: [UInt16: Int]
    private let indexOfName: [String: Int]

    /// - Parameter text: what `TableEmitter` of LinnetSchema wrote. Traps if it is not.
    public init(_ text: String) {
        let parser = TableParser(text)
        name = parser.name
        version = parser.version
        messages = parser.messages
        indexOfNumber = Dictionary(
            parser.messages.enumerated().map { ($1.number, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        indexOfName = Dictionary(
            parser.messages.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package func message(number: UInt16) -> TableMessage? {
        indexOfNumber[number].map { messages[$0] }
    }

    package func message(named name: String) -> TableMessage? {
        indexOfName[name].map { messages[$0] }
    }

    /// What describes the message. Traps if the table is of another schema.
    func message<Owner: Message>(_ type: Owner.Type) -> TableMessage {
        guard let message = message(number: Owner.number) else {
            preconditionFailure("the table of \(Owner.self) is that of another schema")
        }
        return message
    }
}
