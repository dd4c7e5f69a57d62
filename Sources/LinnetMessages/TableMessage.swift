// SPDX-License-Identifier: Apache-2.0

/// What is done with the bytes of any message, without generated code.
extension TableMessage {
    /// Looks whether the bytes are this message (Specs/schema.md §4). O(bytes).
    ///
    /// - Throws: the first failure.
    package func verify(_ bytes: RawSpan) throws(MessageError) {
        try TableVerifier.verify(bytes, as: self)
    }

    /// The JSON of the bytes (§6), after looking whether they are this message. O(bytes).
    package func json(of bytes: RawSpan, isPretty: Bool = false) throws(MessageError) -> String {
        try verify(bytes)
        var printer = TablePrinter(bytes, self, isPretty: isPretty)
        printer.printMessage()
        return printer.text
    }

    /// See ``json(of:isPretty:)``.
    package func json(of bytes: [UInt8], isPretty: Bool = false) throws(MessageError) -> String {
        try json(of: bytes.rawSpan, isPretty: isPretty)
    }

    /// A line for each field: its offset, its bytes, its path and its value. Of bytes that are not
    /// valid, where they go wrong. O(bytes).
    package func hexDump(of bytes: RawSpan) -> String {
        TableDump.text(of: bytes, as: self)
    }

    /// See ``hexDump(of:)``.
    package func hexDump(of bytes: [UInt8]) -> String {
        TableDump.text(of: bytes.rawSpan, as: self)
    }

    /// The bytes that mean the JSON (§6), for a peer of that version (§5.4), which is that of the
    /// schema if it is not given. O(text).
    package func bytes(
        json text: String,
        version: UInt16? = nil
    ) throws(JSONError) -> [UInt8] {
        try TableEncoder.encode(text, as: self, version: version ?? schemaVersion)
    }
}
