// SPDX-License-Identifier: Apache-2.0

import LinnetBytes

/// Says of each byte of a message what it is. O(bytes).
struct TableDump: ~Escapable {
    private let bytes: RawSpan
    private let message: TableMessage
    private var text: DumpText
    private let version: UInt16

    /// The bytes have a header.
    @_lifetime(copy bytes)
    private init(_ bytes: RawSpan, _ message: TableMessage) {
        self.bytes = bytes
        self.message = message
        version = bytes.loadLittleEndian(at: 2)
        text = DumpText()
    }

    /// The dump; of bytes that are not valid, where they go wrong.
    static func text(of bytes: RawSpan, as message: TableMessage) -> String {
        do throws(MessageError) {
            try message.verify(bytes)
        } catch {
            return "\(message.name), \(bytes.byteCount) bytes, not valid: \(error)\n"
                + DumpText.plain(bytes, mark: error.offset)
        }
        var dump = TableDump(bytes, message)
        dump.addMessage()
        return "\(message.name), version \(dump.version), \(bytes.byteCount) bytes\n"
            + dump.text.lines(of: bytes)
    }

    @_lifetime(self: copy self)
    private mutating func addMessage() {
        text.add(0, 2, "(message)", "\(message.number)")
        text.add(2, 2, "(version)", "\(version)")
        addShape(at: 4, "")
        let place = BlockPlace(messageIn: bytes, endByteCount: message.endByteCount)
        addBlock(message.block, at: place, "")
        addRegions(message.block, at: place, "")
    }

    @_lifetime(self: copy self)
    private mutating func addShape(at offset: Int, _ path: String) {
        text.add(offset, 2, note("fixed", path), "\(bytes.bits(at: offset, 2)) bytes")
        text.add(offset + 2, 2, note("ends", path), "\(bytes.bits(at: offset + 2, 2))")
    }

    /// The path of a field.
    private func field(_ name: String, _ path: String) -> String {
        path.isEmpty ? name : path + "." + name
    }

    /// What is no field but belongs to what has the path.
    private func note(_ text: String, _ path: String) -> String {
        path.isEmpty ? "(\(text))" : path + " (\(text))"
    }

    // MARK: - Blocks

    /// The fixed part and the ends.
    @_lifetime(self: copy self)
    private mutating func addBlock(_ block: TableBlock, at place: BlockPlace, _ path: String) {
        for field in block.fields where field.since <= version {
            if let presence = field.presence, presence.openedBits != nil {
                addPresence(presence.offset, of: block, at: place, path)
            }
            guard case .fixed(let offset) = field.place else { continue }
            let type = field.type
            if isPresent(field, at: place) {
                addFixed(type, at: place.fixed + offset, self.field(field.name, path))
            } else {
                let name = self.field(field.name, path)
                text.add(place.fixed + offset, type.byteCount, name, "absent")
            }
        }
        let shape = block.shape(ofVersion: version)
        let unknown = place.fixed + shape.fixedByteCount
        let unknownByteCount = place.fixedByteCount - shape.fixedByteCount
        text.add(unknown, unknownByteCount, note("newer fields", path), "unknown")
        addEnds(block, at: place, path)
    }

    private func isPresent(_ field: TableField, at place: BlockPlace) -> Bool {
        guard let presence = field.presence else { return true }
        return bytes.byte(at: place.fixed + presence.offset) & presence.mask != 0
    }

    @_lifetime(self: copy self)
    private mutating func addPresence(
        _ offset: Int,
        of block: TableBlock,
        at place: BlockPlace,
        _ path: String
    ) {
        var names: [String] = []
        for field in block.fields where field.presence?.offset == offset {
            if isPresent(field, at: place) { names.append(field.name) }
        }
        let value = names.isEmpty ? "nothing" : names.joined(separator: ", ")
        text.add(place.fixed + offset, 1, note("presence", path), value)
    }

    @_lifetime(self: copy self)
    private mutating func addEnds(_ block: TableBlock, at place: BlockPlace, _ path: String) {
        var names = [String](repeating: "newer field", count: place.endCount)
        for field in block.fields where field.since <= version {
            if case .variable(let index) = field.place { names[index] = field.name }
        }
        for (index, name) in names.enumerated() {
            let isFirst = index == 0 && place.isEntry
            let label = isFirst ? "begin" : "end of \(name)"
            let value = "\(place.end(index, in: bytes))"
            text.add(place.offset(ofEnd: index), place.endByteCount, note(label, path), value)
        }
    }

    @_lifetime(self: copy self)
    private mutating func addFixed(_ type: TableType, at offset: Int, _ path: String) {
        switch type {
        case .structure(let type):
            for field in type.fields {
                guard case .fixed(let fieldOffset) = field.place else { continue }
                addFixed(field.type, at: offset + fieldOffset, path + "." + field.name)
            }
        case .array(let element, let count) where element.isStructure:
            addElements(element, count, at: offset, path)
        default:
            text.add(offset, type.byteCount, path, json(type, offset..<offset + type.byteCount))
        }
    }

    @_lifetime(self: copy self)
    private mutating func addElements(
        _ element: TableType,
        _ count: Int,
        at offset: Int,
        _ path: String
    ) {
        for index in 0..<count {
            addFixed(element, at: offset + index * element.byteCount, path + "[\(index)]")
        }
    }

    private func json(_ type: TableType, _ region: Range<Int>) -> String {
        var printer = TablePrinter(bytes, message, isPretty: false)
        printer.printRegion(type, region)
        return printer.text
    }

    // MARK: - Regions

    @_lifetime(self: copy self)
    private mutating func addRegions(_ block: TableBlock, at place: BlockPlace, _ path: String) {
        var knownCount = place.isEntry ? 1 : 0
        for field in block.fields where field.since <= version {
            guard case .variable(let index) = field.place else { continue }
            knownCount = index + 1
            let region = place.region(index, in: bytes)
            if !region.isEmpty { addRegion(field.type, region, self.field(field.name, path)) }
        }
        guard knownCount < place.endCount else { return }
        for index in knownCount..<place.endCount {
            let region = place.region(index, in: bytes)
            text.add(region.lowerBound, region.count, note("newer field", path), "unknown")
        }
    }

    @_lifetime(self: copy self)
    private mutating func addRegion(_ type: TableType, _ region: Range<Int>, _ path: String) {
        switch type {
        case .union(let union): addUnion(union, region, path)
        case .group(let block, _), .map(let block, _): addGroup(block, region, path)
        case .list(let element, _) where element.isStructure:
            addElements(element, region.count / element.byteCount, at: region.lowerBound, path)
        default:
            if type.isVariable {
                text.add(region.lowerBound, region.count, path, json(type, region))
            } else {
                addFixed(type, at: region.lowerBound, path)
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func addUnion(_ union: TableUnion, _ region: Range<Int>, _ path: String) {
        let start = region.lowerBound
        let tag = UInt16(bytes.bits(at: start, union.tagByteCount))
        let arm = union.arm(tagged: tag)
        text.add(start, union.tagByteCount, note("tag", path), arm?.name ?? "\(tag), unknown")
        let value = start + union.tagByteCount..<region.upperBound
        if let arm, let type = arm.type {
            if !value.isEmpty { addRegion(type, value, path + "." + arm.name) }
        } else {
            text.add(value.lowerBound, value.count, path, "unknown")
        }
    }

    @_lifetime(self: copy self)
    private mutating func addGroup(_ block: TableBlock, _ region: Range<Int>, _ path: String) {
        let group = GroupPlace(region, in: bytes, endByteCount: message.endByteCount)
        text.add(group.start, message.endByteCount, path, "\(group.count) × \(group.stride) bytes")
        addShape(at: group.shapeOffset, path)
        var place = BlockPlace(firstOf: group)
        for index in 0..<group.count {
            addBlock(block, at: place, path + "[\(index)]")
            place.fixed += group.stride
        }
        guard block.shape(ofVersion: version).endCount > 0 else {
            text.add(
                group.tail,
                region.upperBound - group.tail,
                note("newer fields", path),
                "unknown"
            )
            return
        }
        place.fixed = group.blocks
        for index in 0..<group.count {
            addRegions(block, at: place, path + "[\(index)]")
            place.fixed += group.stride
        }
    }
}
