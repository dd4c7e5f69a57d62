// SPDX-License-Identifier: Apache-2.0

/// The description of a schema that generated code carries, and that tools make of a `.linnet`
/// file: what JSON, hex dumps and the paths in errors are made from. One text a schema, parsed when
/// it is first needed, so that code per message stays small.
public final class SchemaTable: Sendable {
    /// - Parameter text: what `TableEmitter` of LinnetSchema wrote. Traps if it is not.
    public init(_ text: String) {
        _ = text
    }
}
