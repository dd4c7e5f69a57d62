// SPDX-License-Identifier: Apache-2.0

import LinnetBytes

/// Finds the first failure of bytes that should be a message, in the order of Specs/schema.md §4.1.
///
/// Slower than the generated verifier, and accepts the same. It is written so that each sentence of
/// §4 is found again; all loads are checked. O(bytes).
package struct TableVerifier: ~Escapable {
    let bytes: RawSpan
    let message: TableMessage
    /// Of the message. Set once its header is believed.
    var version: UInt16 = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, _ message: TableMessage) {
        self.bytes = bytes
        self.message = message
    }

    /// - Throws: the first failure.
    package static func verify(_ bytes: RawSpan, as message: TableMessage) throws(MessageError) {
        var verifier = TableVerifier(bytes, message)
        try verifier.verify()
    }

    private mutating func verify() throws(MessageError) {
        guard bytes.byteCount >= headerByteCount else {
            throw MessageError(.truncated, offset: bytes.byteCount)
        }
        guard bytes.loadLittleEndian(at: 0) == message.number else {
            throw MessageError(.message, offset: 0)
        }
        version = bytes.loadLittleEndian(at: 2)
        guard version != 0, version >= message.since else {
            throw MessageError(.version, offset: 2)
        }
        let place = BlockPlace(messageIn: bytes, endByteCount: message.endByteCount)
        guard accepts(place.fixedByteCount, place.endCount, as: message.block) else {
            throw MessageError(.shape, offset: 4)
        }
        guard place.tail <= bytes.byteCount else {
            throw MessageError(.truncated, offset: bytes.byteCount)
        }
        try checkFixedPart(message.block, at: place)
        try checkEnds(place)
        try checkRegions(message.block, at: place)
    }

    /// Whether a block of the message may have this shape (§5.1).
    func accepts(_ fixedByteCount: Int, _ endCount: Int, as block: TableBlock) -> Bool {
        let shape = block.shape(ofVersion: min(version, message.schemaVersion))
        if version > message.schemaVersion {
            return fixedByteCount >= shape.fixedByteCount && endCount >= shape.endCount
        }
        return fixedByteCount == shape.fixedByteCount && endCount == shape.endCount
    }

    /// §4.1, step 4.
    private func checkEnds(_ place: BlockPlace) throws(MessageError) {
        let tailByteCount = bytes.byteCount - place.tail
        guard place.endCount > 0 else {
            if tailByteCount > 0 { throw MessageError(.ends, offset: place.tail) }
            return
        }
        var last = 0
        for index in 0..<place.endCount {
            let end = place.end(index, in: bytes)
            guard end >= last, index < place.endCount - 1 || end == tailByteCount else {
                let path = name(ofEnd: index, in: message.block)
                throw MessageError(.ends, path: path, offset: place.offset(ofEnd: index))
            }
            last = end
        }
    }

    /// The field that the end is of; empty if it is not known.
    func name(ofEnd index: Int, in block: TableBlock) -> String {
        for field in block.fields where field.since <= version {
            if case .variable(index) = field.place { return field.name }
        }
        return ""
    }
}

// MARK: - Fixed parts

extension TableVerifier {
    /// §4.1, step 3.
    func checkFixedPart(_ block: TableBlock, at place: BlockPlace) throws(MessageError) {
        for field in block.fields {
            guard field.since <= version else { break }
            do throws(MessageError) {
                try checkFixedField(field, at: place)
            } catch {
                throw error.within(field.name)
            }
        }
    }

    private func checkFixedField(
        _ field: TableField,
        at place: BlockPlace
    ) throws(MessageError) {
        if let presence = field.presence, let openedBits = presence.openedBits {
            let offset = place.fixed + presence.offset
            guard bytes.byte(at: offset) & ~openedBits == 0 else {
                throw MessageError(.reserved, offset: offset)
            }
        }
        guard case .fixed(let fieldOffset) = field.place else { return }
        let offset = place.fixed + fieldOffset
        if isPresent(field, at: place) {
            try check(field.type, field.range, at: offset)
        } else {
            for index in offset..<offset + field.type.byteCount where bytes.byte(at: index) != 0 {
                throw MessageError(.presence, offset: offset)
            }
        }
    }

    func isPresent(_ field: TableField, at place: BlockPlace) -> Bool {
        guard let presence = field.presence else { return true }
        return bytes.byte(at: place.fixed + presence.offset) & presence.mask != 0
    }

    /// A value of a fixed type (§4.2).
    func check(
        _ type: TableType,
        _ range: TableField.Range?,
        at offset: Int
    ) throws(MessageError) {
        switch type {
        case .bool:
            guard bytes.byte(at: offset) <= 1 else { throw MessageError(.bool, offset: offset) }
        case .enumeration(let type) where type.isClosed:
            let number = bytes.bits(at: offset, type.storage.byteCount)
            guard type.names[number] != nil else {
                throw MessageError(.enumeration, offset: offset)
            }
        case .bits(let type):
            let width = type.members.reduce(0) { $0 + $1.value }
            guard bytes.bits(at: offset, type.storage.byteCount) >> UInt64(width) == 0 else {
                throw MessageError(.reserved, offset: offset)
            }
        case .fixedText(let byteCount):
            try checkFixedText(byteCount, at: offset)
        case .array(let element, let count):
            try checkElements(element, count, at: offset)
        case .structure(let type):
            for field in type.fields {
                guard case .fixed(let fieldOffset) = field.place else { continue }
                do throws(MessageError) {
                    try check(field.type, field.range, at: offset + fieldOffset)
                } catch {
                    throw error.within(field.name)
                }
            }
        default:
            break
        }
        if let range, !range.contains(bytes, at: offset, type) {
            throw MessageError(.range, offset: offset)
        }
    }

    private func checkFixedText(_ byteCount: Int, at offset: Int) throws(MessageError) {
        let text = bytes.extracting(offset..<offset + byteCount)
        let used = text.usedByteCount
        for index in 0..<used where text.byte(at: index) == 0 {
            throw MessageError(.padding, offset: offset)
        }
        guard isUTF8(text.extracting(0..<used)) else { throw MessageError(.utf8, offset: offset) }
    }

    func checkElements(
        _ element: TableType,
        _ count: Int,
        at offset: Int
    ) throws(MessageError) {
        if element.isAlwaysValid { return }
        for index in 0..<count {
            do throws(MessageError) {
                try check(element, nil, at: offset + index * element.byteCount)
            } catch {
                throw error.within("[\(index)]")
            }
        }
    }
}

extension TableField.Range {
    /// A NaN is neither above nor below.
    fileprivate func contains(_ bytes: RawSpan, at offset: Int, _ type: TableType) -> Bool {
        let bits = bytes.bits(at: offset, type.byteCount)
        switch self {
        case .integers(let lowest, let highest):
            let value = (type.integer ?? TableInteger(byteCount: 8, isSigned: false)).value(bits)
            return value >= lowest && value <= highest
        case .floats(let lowest, let highest):
            let value =
                type.byteCount == 4
                ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
                : Double(bitPattern: bits)
            return value >= lowest && value <= highest
        }
    }
}

extension MessageError {
    /// The same, seen from one level further out (§4.4).
    func within(_ part: String) -> MessageError {
        var error = self
        error.path = part + (path.isEmpty || path.hasPrefix("[") ? "" : ".") + path
        return error
    }
}
