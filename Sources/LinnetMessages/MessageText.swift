// SPDX-License-Identifier: Apache-2.0

import LinnetBytes

// Messages as texts, for people and for tools: from the table of the schema, not from code for each
// message.

extension MessageView where Owner: Message {
    /// The message as JSON (Specs/schema.md §6), in one line or indented. Allocates; O(bytes).
    public func json(pretty: Bool = false) -> String {
        var printer = TablePrinter(
            bytes,
            Owner.schema.message(Owner.self),
            isPretty: pretty
        )
        printer.printMessage()
        return printer.text
    }

    /// A line for each field: its offset, its bytes, its path and its value. Allocates; O(bytes).
    public func hexDump() -> String {
        TableDump.text(of: bytes, as: Owner.schema.message(Owner.self))
    }

    /// The name and the JSON in one line of at most about a thousand characters. O(bytes).
    public var description: String {
        let json = json()
        let maxCharacterCount = 1_000
        return "\(Owner.self) "
            + (json.utf8.count <= maxCharacterCount ? json : json.prefix(maxCharacterCount) + "…")
    }
}

extension Message {
    /// The message that the JSON means (Specs/schema.md §6). Allocates; O(text).
    ///
    /// - Throws: the first thing that is wrong, with its path.
    public init(json: String) throws(JSONError) {
        let bytes = try Self.schema.message(Self.self).bytes(json: json)
        do throws(MessageError) {
            self.init(try MessageView<Self>(verifying: bytes.rawSpan))
        } catch {
            throw JSONError(error.cause.text, path: error.path)
        }
    }

    /// The message as JSON (§6), in one line or indented. Allocates.
    ///
    /// - Throws: as ``encode(into:version:)``, what cannot be written.
    public func json(pretty: Bool = false) throws(BuildError) -> String {
        let bytes = try encoded()
        // SAFETY: the bytes were just written.
        return unsafe MessageView<Self>(unverified: bytes.rawSpan).json(pretty: pretty)
    }

    /// See ``MessageView/description``; or why the value cannot be written.
    public var description: String {
        do throws(BuildError) {
            let bytes = try encoded()
            // SAFETY: the bytes were just written.
            return unsafe MessageView<Self>(unverified: bytes.rawSpan).description
        } catch {
            return "\(Self.self): \(error)"
        }
    }
}
