// SPDX-License-Identifier: Apache-2.0

import LinnetBytes

/// Makes the bytes of a message from JSON (Specs/schema.md §6, §5.4). O(text).
struct TableEncoder {
    private let message: TableMessage
    /// That of the peer that will read it.
    private let version: UInt16

    private init(_ message: TableMessage, version: UInt16) {
        self.message = message
        self.version = version
    }

    /// The bytes, which are valid.
    static func encode(
        _ json: String,
        as message: TableMessage,
        version: UInt16
    ) throws(JSONError) -> [UInt8] {
        guard version >= message.since, version <= message.schemaVersion else {
            throw JSONError("\(message.name) is not known in version \(version)")
        }
        let value = try JSONParser.parse(json)
        let bytes = try TableEncoder(message, version: version).bytes(value)
        // Ranges, closed enums and what else the bytes show are looked at there.
        do throws(MessageError) {
            try TableVerifier.verify(bytes.rawSpan, as: message)
        } catch {
            throw JSONError(error.cause.text, path: error.path)
        }
        return bytes
    }

    private func bytes(_ value: JSONValue) throws(JSONError) -> [UInt8] {
        let shape = message.block.shape(ofVersion: version)
        var bytes: [UInt8] = []
        bytes.append(message.number, 2)
        bytes.append(version, 2)
        bytes.append(shape.fixedByteCount, 2)
        bytes.append(shape.endCount, 2)
        var tail: [UInt8] = []
        try append(value, as: message.block, to: &bytes, &tail)
        return bytes + tail
    }

    /// Appends the fixed part and the ends to `bytes`, and the regions to the tail.
    private func append(
        _ value: JSONValue,
        as block: TableBlock,
        to bytes: inout [UInt8],
        _ tail: inout [UInt8]
    ) throws(JSONError) {
        let members = try members(of: value, block.fields)
        let shape = block.shape(ofVersion: version)
        var fixed = [UInt8](repeating: 0, count: shape.fixedByteCount)
        var ends: [Int] = []
        // In the entries of a group the first end says where the regions begin.
        if shape.endCount > block.variableCount(ofVersion: version) { ends.append(tail.count) }
        for (field, value) in zip(block.fields, members) {
            guard field.since <= version else { break }
            if value != nil, let presence = field.presence {
                fixed[presence.offset] |= presence.mask
            }
            do throws(JSONError) {
                switch field.place {
                case .fixed(let offset):
                    if let value {
                        try store(value, as: field.type, in: &fixed, at: offset)
                    } else {
                        fixed.store(field.defaultBits, min(8, field.type.byteCount), at: offset)
                    }
                case .variable:
                    try appendRegion(value, of: field, to: &tail)
                    ends.append(tail.count)
                }
            } catch {
                throw error.within(field.name)
            }
        }
        bytes += fixed
        for end in ends { bytes.append(end, message.endByteCount) }
    }

    /// The values of an object's members in the order of the fields.
    private func members(
        of value: JSONValue,
        _ fields: [TableField]
    ) throws(JSONError) -> [JSONValue?] {
        guard case .object(let members) = value else { throw JSONError("not an object") }
        var values = [JSONValue?](repeating: nil, count: fields.count)
        var next = 0
        for member in members {
            // Members mostly come in the order of the fields.
            if next >= fields.count || fields[next].name != member.name {
                guard let index = fields.firstIndex(where: { $0.name == member.name }) else {
                    throw JSONError("there is no such field", path: member.name)
                }
                next = index
            }
            values[next] = member.value
            next += 1
        }
        return values
    }

    // MARK: - Regions

    private func appendRegion(
        _ value: JSONValue?,
        of field: TableField,
        to tail: inout [UInt8]
    ) throws(JSONError) {
        switch (field.type, value) {
        case (.union, nil) where !field.isOptional: throw JSONError("missing")
        case (_, nil): break
        case (.union(let union), let value?): try append(value, as: union, to: &tail)
        case (.group(let block, let maxCount), let value?):
            let entries = try value.elements()
            guard entries.count <= maxCount else {
                throw JSONError("more than \(maxCount) entries")
            }
            try append(entries, as: block, to: &tail)
        case (.map(let block, let maxCount), .object(let members)):
            guard members.count <= maxCount else {
                throw JSONError("more than \(maxCount) entries")
            }
            try append(try sorted(members, by: block.fields[0]), as: block, to: &tail)
        case (.map, _): throw JSONError("not an object")
        case (let type, let value?): try append(value, as: type, to: &tail)
        }
    }

    /// A text, bytes or a list; in arms of unions a fixed type too.
    private func append(
        _ value: JSONValue,
        as type: TableType,
        to tail: inout [UInt8]
    ) throws(JSONError) {
        switch type {
        case .text(let maxByteCount):
            let text = try value.text()
            guard text.utf8.count <= maxByteCount else {
                throw JSONError("longer than \(maxByteCount) bytes")
            }
            tail += text.utf8
        case .bytes(let maxByteCount):
            let bytes = try value.bytes()
            guard bytes.count <= maxByteCount else {
                throw JSONError("longer than \(maxByteCount) bytes")
            }
            tail += bytes
        case .list(let element, let maxCount):
            let elements = try value.elements()
            guard elements.count <= maxCount else {
                throw JSONError("more than \(maxCount) elements")
            }
            for (index, value) in elements.enumerated() {
                do throws(JSONError) {
                    try append(value, as: element, to: &tail)
                } catch {
                    throw error.within("[\(index)]")
                }
            }
        default:
            let offset = tail.count
            tail += repeatElement(0, count: type.byteCount)
            try store(value, as: type, in: &tail, at: offset)
        }
    }

    private func append(
        _ value: JSONValue,
        as union: TableUnion,
        to tail: inout [UInt8]
    ) throws(JSONError) {
        guard case .object(let members) = value, members.count == 1 else {
            throw JSONError("not an object of one member")
        }
        let member = members[0]
        do throws(JSONError) {
            if let arm = union.arm(named: member.name) {
                tail.append(arm.tag, union.tagByteCount)
                if let type = arm.type {
                    try append(member.value, as: type, to: &tail)
                } else if member.value != .null {
                    throw JSONError("it carries nothing: not null")
                }
                return
            }
            guard member.name.utf8.first == UInt8(ascii: "#"),
                let tag = UInt16(decimalDigits: member.name.dropFirst()),
                tag > 0, union.tagByteCount == 2 || tag < 256, union.arm(tagged: tag) == nil
            else { throw JSONError("there is no such arm") }
            tail.append(tag, union.tagByteCount)
            tail += try member.value.bytes()
        } catch {
            throw error.within(member.name)
        }
    }

    // MARK: - Groups

    private func append(
        _ entries: [JSONValue],
        as block: TableBlock,
        to tail: inout [UInt8]
    ) throws(JSONError) {
        if entries.isEmpty { return }
        let shape = block.shape(ofVersion: version)
        tail.append(entries.count, message.endByteCount)
        tail.append(shape.fixedByteCount, 2)
        tail.append(shape.endCount, 2)
        var groupTail: [UInt8] = []
        for (index, entry) in entries.enumerated() {
            do throws(JSONError) {
                try append(entry, as: block, to: &tail, &groupTail)
            } catch {
                throw error.within("[\(index)]")
            }
        }
        tail += groupTail
    }

    /// The entries of a map, sorted by key (§3.6), as those of a group.
    private func sorted(
        _ members: [JSONValue.Member],
        by key: TableField
    ) throws(JSONError) -> [JSONValue] {
        let entries = members.map { member in
            JSONValue.object([
                JSONValue.Member(name: key.name, value: .text(member.name)),
                JSONValue.Member(name: "value", value: member.value),
            ])
        }
        guard let kind = key.type.integer else {
            return zip(members, entries)
                .sorted { $0.0.name.utf8.lexicographicallyPrecedes($1.0.name.utf8) }
                .map(\.1)
        }
        var numbers: [Int128] = []
        for member in members { numbers.append(try JSONValue.text(member.name).integer(kind)) }
        return zip(numbers, entries).sorted { $0.0 < $1.0 }.map(\.1)
    }
}

// MARK: - Fixed types

extension TableEncoder {
    /// Stores the value into bytes that are zero.
    private func store(
        _ value: JSONValue,
        as type: TableType,
        in bytes: inout [UInt8],
        at offset: Int
    ) throws(JSONError) {
        switch type {
        case .fixedText(let byteCount):
            let text = try value.text()
            guard text.utf8.count <= byteCount else {
                throw JSONError("longer than \(byteCount) bytes")
            }
            guard !text.utf8.contains(0) else { throw JSONError("a zero byte within the text") }
            bytes.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        case .fixedBytes(let byteCount):
            let content = try value.bytes()
            guard content.count == byteCount else { throw JSONError("not \(byteCount) bytes") }
            bytes.replaceSubrange(offset..<offset + byteCount, with: content)
        case .array(let element, let count):
            let elements = try value.elements()
            guard elements.count == count else { throw JSONError("not \(count) elements") }
            for (index, value) in elements.enumerated() {
                do throws(JSONError) {
                    let place = offset + index * element.byteCount
                    try store(value, as: element, in: &bytes, at: place)
                } catch {
                    throw error.within("[\(index)]")
                }
            }
        case .structure(let type):
            for (field, value) in zip(type.fields, try members(of: value, type.fields)) {
                guard let value, case .fixed(let fieldOffset) = field.place else { continue }
                do throws(JSONError) {
                    try store(value, as: field.type, in: &bytes, at: offset + fieldOffset)
                } catch {
                    throw error.within(field.name)
                }
            }
        default:
            bytes.store(try value.bits(of: type), type.byteCount, at: offset)
        }
    }
}

extension TableBlock {
    fileprivate func variableCount(ofVersion version: UInt16) -> Int {
        fields.count { $0.type.isVariable && $0.since <= version }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: some BinaryInteger, _ byteCount: Int) {
        store(UInt64(truncatingIfNeeded: number), appending: byteCount)
    }

    private mutating func store(_ number: UInt64, appending byteCount: Int) {
        let offset = count
        self += repeatElement(0, count: byteCount)
        store(number, byteCount, at: offset)
    }

    fileprivate mutating func store(_ number: UInt64, _ byteCount: Int, at offset: Int) {
        for index in 0..<byteCount {
            self[offset + index] = UInt8(truncatingIfNeeded: number >> UInt64(index * 8))
        }
    }
}
