// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
public import LinnetMessages

/// The messages of a schema as code of today and of each older version has them, and what must hold
/// of any bytes for all of these.
///
/// Thread: any.
public struct SchemaKit: Sendable {
    /// The messages of one version of the schema.
    public struct Version: Sendable {
        public var version: UInt16
        public var messages: [any KitMessage.Type]

        public init(_ version: UInt16, _ messages: [any KitMessage.Type]) {
            self.version = version
            self.messages = messages
        }

        func message(number: UInt16) -> (any KitMessage.Type)? {
            messages.first { $0.number == number }
        }
    }

    public let today: Version
    /// Oldest first.
    public let older: [Version]

    public init(today: Version, older: [Version]) {
        self.today = today
        self.older = older
    }

    /// The message of today with that number in the bytes' header, or any: what is no message is
    /// refused by each.
    func message(of bytes: [UInt8]) -> (any KitMessage.Type)? {
        guard bytes.count >= 2 else { return today.messages.first }
        let number = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
        return today.message(number: number) ?? today.messages.first
    }

    /// What became of some bytes.
    public struct Outcome: Sendable, Hashable {
        /// `nil` if they are valid.
        public var error: MessageError?
        /// What a walk over every accessor made of them.
        public var sum: UInt64 = 0
    }

    /// Verifies the bytes, reads every accessor, copies the message, writes it again, makes JSON
    /// of it
    /// and bytes of that, and lets the code of every older version read it.
    ///
    /// - Throws: what does not hold. That the bytes are not valid is an outcome, and no error.
    @discardableResult
    public func check(_ bytes: [UInt8]) throws(KitFailure) -> Outcome {
        guard let message = message(of: bytes) else { return Outcome() }
        return try check(bytes, as: message)
    }

    func check<Owner: KitMessage>(
        _ bytes: [UInt8],
        as type: Owner.Type
    ) throws(KitFailure) -> Outcome {
        let found = Reading<Owner>(bytes)
        let due = tableError(bytes, as: type)
        guard found.error?.cause == due?.cause, (found.error == nil) == (due == nil) else {
            throw KitFailure(
                "\(type): the generated code and the table disagree",
                found: "\(String(describing: found.error))",
                expected: "\(String(describing: due))",
                bytes: bytes
            )
        }
        guard let value = found.value else { return Outcome(error: found.error) }
        let version = UInt16(bytes[2]) | UInt16(bytes[3]) << 8
        try checkWriting(bytes, value, version: version)
        try checkJSON(bytes, as: type, version: version)
        for old in older where old.version >= Owner.oldestVersion {
            guard let reader = old.message(number: Owner.number) else { continue }
            try checkOlderReader(reader, bytes, value, version: version)
        }
        return Outcome(error: nil, sum: found.sum)
    }

    /// A value has one sequence of bytes for each version (Specs/schema.md §3.7). What a newer
    /// version
    /// added is lost in a copy, which is then of our version.
    private func checkWriting<Owner: KitMessage>(
        _ bytes: [UInt8],
        _ value: Owner,
        version: UInt16
    ) throws(KitFailure) {
        let written = try encoded(value, version: version)
        if version <= Owner.version {
            try expectEqual(written, bytes, "\(Owner.self): what is read is written as it was")
        } else {
            let again = Reading<Owner>(written)
            try expect(again.error == nil, "\(Owner.self): a copy is valid", written)
            try expectEqual(
                again.value.flatMap { json($0) },
                json(value),
                "\(Owner.self): a copy of a newer message says the same"
            )
        }
    }

    private func checkJSON<Owner: KitMessage>(
        _ bytes: [UInt8],
        as type: Owner.Type,
        version: UInt16
    ) throws(KitFailure) {
        let text: String
        let again: [UInt8]
        do {
            text = try table(of: type).json(of: bytes)
            let own = min(version, Owner.version)
            again = try table(of: type).bytes(json: text, version: own)
        } catch {
            throw KitFailure(
                "\(type): its JSON is not taken back",
                found: "\(error)",
                expected: "the message",
                bytes: bytes
            )
        }
        // NaN of other bits than the usual ones are not told apart in JSON (§6).
        if version <= Owner.version, !text.contains("\"NaN\"") {
            try expectEqual(again, bytes, "\(type): \(text) means the bytes that it was made of")
        }
        try expectEqual(
            try? table(of: type).json(of: again),
            text,
            "\(type): JSON and bytes there and back"
        )
    }

    /// Code of an older version reads the bytes (§5.1), and finds in them what we write for it
    /// (§5.4).
    private func checkOlderReader<Old: KitMessage, Owner: KitMessage>(
        _ type: Old.Type,
        _ bytes: [UInt8],
        _ value: Owner,
        version: UInt16
    ) throws(KitFailure) {
        let found = Reading<Old>(bytes)
        guard let old = found.value else {
            throw KitFailure(
                "\(type): code of version \(Old.version) refuses a message of version \(version)",
                found: "\(String(describing: found.error))",
                expected: "a valid message",
                bytes: bytes
            )
        }
        let common = min(version, Old.version)
        try expectEqual(
            try encoded(old, version: common),
            try encoded(value, version: common),
            "\(type): code of version \(Old.version) reads what is written for it"
        )
    }

    // MARK: - Parts

    private func tableError<Owner: KitMessage>(
        _ bytes: [UInt8],
        as type: Owner.Type
    ) -> MessageError? {
        let exact = ExactBytes(bytes)
        do throws(MessageError) {
            try table(of: type).verify(exact.bytes)
            return nil
        } catch {
            return error
        }
    }

    private func encoded<Owner: KitMessage>(
        _ value: Owner,
        version: UInt16
    ) throws(KitFailure) -> [UInt8] {
        do throws(BuildError) {
            return try value.encoded(version: version)
        } catch {
            throw KitFailure(
                "\(Owner.self): a message that was read cannot be written",
                found: "\(error)",
                expected: "its bytes",
                bytes: []
            )
        }
    }

    private func json<Owner: KitMessage>(_ value: Owner) -> String? {
        guard let bytes = try? value.encoded() else { return nil }
        return try? table(of: Owner.self).json(of: bytes)
    }
}

/// The table's description of a message.
func table<Owner: Message>(of type: Owner.Type) -> TableMessage {
    guard let message = Owner.schema.message(number: Owner.number) else {
        preconditionFailure("the table of \(type) is that of another schema")
    }
    return message
}

/// The bytes, verified and walked where they stand: in an allocation of exactly their length, so
/// that
/// a sanitizer sees each access behind them.
struct Reading<Owner: KitMessage> {
    var error: MessageError?
    var sum: UInt64 = 0
    var value: Owner?

    init(_ bytes: [UInt8]) {
        let exact = ExactBytes(bytes)
        do throws(MessageError) {
            let view = try MessageView<Owner>(verifying: exact.bytes)
            var walk = KitWalk(isThorough: true)
            Owner.kitWalk(view, into: &walk)
            sum = walk.sum
            value = Owner(view)
        } catch {
            self.error = error
        }
    }
}
