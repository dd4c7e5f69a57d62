// SPDX-License-Identifier: Apache-2.0

import LinnetBytes

/// Where a block stands in the bytes of a message. Offsets are from the start of the message.
struct BlockPlace {
    /// The fixed part.
    var fixed: Int
    var fixedByteCount: Int
    var endCount: Int
    var endByteCount: Int
    /// What ends count from.
    var tail: Int
    /// Whether its first end says where its regions begin.
    let isEntry: Bool

    /// The block of a message whose header is there.
    init(messageIn bytes: RawSpan, endByteCount: Int) {
        fixed = headerByteCount
        fixedByteCount = Int(bytes.loadLittleEndian(at: 4, as: UInt16.self))
        endCount = Int(bytes.loadLittleEndian(at: 6, as: UInt16.self))
        self.endByteCount = endByteCount
        tail = fixed + fixedByteCount + endCount * endByteCount
        isEntry = false
    }

    /// The block of the first entry.
    init(firstOf group: GroupPlace) {
        fixed = group.blocks
        fixedByteCount = group.fixedByteCount
        endCount = group.endCount
        endByteCount = group.endByteCount
        tail = group.tail
        isEntry = true
    }

    func offset(ofEnd index: Int) -> Int {
        fixed + fixedByteCount + index * endByteCount
    }

    func end(_ index: Int, in bytes: RawSpan) -> Int {
        Int(bytes.bits(at: offset(ofEnd: index), endByteCount))
    }

    /// The region that ends there, as offsets from the start of the message. Ends were checked.
    func region(_ index: Int, in bytes: RawSpan) -> Range<Int> {
        let begin = index == 0 ? 0 : end(index - 1, in: bytes)
        return tail + begin..<tail + end(index, in: bytes)
    }
}

/// Where a group stands (§3.5).
struct GroupPlace {
    /// Where its header begins.
    let start: Int
    let count: Int
    let fixedByteCount: Int
    let endCount: Int
    let endByteCount: Int

    /// The group of a region that has at least its header.
    init(_ region: Range<Int>, in bytes: RawSpan, endByteCount: Int) {
        start = region.lowerBound
        count = Int(bytes.bits(at: start, endByteCount))
        fixedByteCount = Int(bytes.loadLittleEndian(at: start + endByteCount, as: UInt16.self))
        endCount = Int(bytes.loadLittleEndian(at: start + endByteCount + 2, as: UInt16.self))
        self.endByteCount = endByteCount
    }

    static func headerByteCount(_ endByteCount: Int) -> Int { endByteCount + 4 }

    var shapeOffset: Int { start + endByteCount }
    var blocks: Int { start + Self.headerByteCount(endByteCount) }
    /// Bytes of an entry's block.
    var stride: Int { fixedByteCount + endCount * endByteCount }
    /// Counts have at most 32 bits and strides 18: no overflow.
    var tail: Int { blocks + count * stride }
}

extension TableVerifier {
    /// §4.1, step 5.
    func checkRegions(_ block: TableBlock, at place: BlockPlace) throws(MessageError) {
        for field in block.fields {
            guard field.since <= version else { break }
            guard case .variable(let endIndex) = field.place else { continue }
            let region = place.region(endIndex, in: bytes)
            do throws(MessageError) {
                if isPresent(field, at: place) {
                    try check(field, region)
                } else if !region.isEmpty {
                    throw MessageError(.presence, offset: region.lowerBound)
                }
            } catch {
                throw error.within(field.name)
            }
        }
    }

    private func check(_ field: TableField, _ region: Range<Int>) throws(MessageError) {
        switch field.type {
        case .union(let union):
            if region.isEmpty && field.isOptional { return }
            try check(union, region)
        case .group(let block, let maxCount):
            try checkGroup(block, maxCount, isMap: false, region)
        case .map(let block, let maxCount):
            try checkGroup(block, maxCount, isMap: true, region)
        default:
            try check(field.type, region)
        }
    }

    /// A text, bytes or a list; in arms of unions a fixed type too.
    private func check(_ type: TableType, _ region: Range<Int>) throws(MessageError) {
        let start = region.lowerBound
        switch type {
        case .text(let maxByteCount):
            guard region.count <= maxByteCount else { throw MessageError(.length, offset: start) }
            guard isUTF8(bytes.extracting(region)) else { throw MessageError(.utf8, offset: start) }
        case .bytes(let maxByteCount):
            guard region.count <= maxByteCount else { throw MessageError(.length, offset: start) }
        case .list(let element, let maxCount):
            guard region.count <= maxCount * element.byteCount,
                region.count % element.byteCount == 0
            else { throw MessageError(.length, offset: start) }
            try checkElements(element, region.count / element.byteCount, at: start)
        default:
            try check(type, nil, at: start)
        }
    }

    private func check(_ union: TableUnion, _ region: Range<Int>) throws(MessageError) {
        let start = region.lowerBound
        guard region.count >= union.tagByteCount else { throw MessageError(.union, offset: start) }
        let tag = UInt16(bytes.bits(at: start, union.tagByteCount))
        guard tag != 0 else { throw MessageError(.union, offset: start) }
        guard let arm = union.arm(tagged: tag) else { return }
        let value = start + union.tagByteCount..<region.upperBound
        guard arm.type?.isVariable == true || value.count == arm.type?.byteCount ?? 0 else {
            throw MessageError(.union, offset: start)
        }
        guard let type = arm.type else { return }
        do throws(MessageError) {
            try check(type, value)
        } catch {
            throw error.within(arm.name)
        }
    }
}

// MARK: - Groups

extension TableVerifier {
    private func checkGroup(
        _ block: TableBlock,
        _ maxCount: Int,
        isMap: Bool,
        _ region: Range<Int>
    ) throws(MessageError) {
        if region.isEmpty { return }
        let start = region.lowerBound
        guard region.count >= GroupPlace.headerByteCount(message.endByteCount) else {
            throw MessageError(.truncated, offset: start)
        }
        let group = GroupPlace(region, in: bytes, endByteCount: message.endByteCount)
        guard group.count > 0, group.count <= maxCount else {
            throw MessageError(.count, offset: start)
        }
        guard accepts(group.fixedByteCount, group.endCount, as: block) else {
            throw MessageError(.shape, offset: group.shapeOffset)
        }
        guard group.tail <= region.upperBound else {
            throw MessageError(.truncated, offset: start)
        }
        // Ends that only a newer version has are not looked at (§5.1).
        let hasEnds = block.shape(ofVersion: version).endCount > 0
        let tailByteCount = region.upperBound - group.tail
        var place = BlockPlace(firstOf: group)
        var last = 0
        for index in 0..<group.count {
            do throws(MessageError) {
                try checkFixedPart(block, at: place)
                if hasEnds {
                    last = try checkEnds(block, at: place, after: last, tailByteCount)
                    try checkRegions(block, at: place)
                }
                if isMap, index > 0 { try checkOrder(block, at: place, group.stride) }
            } catch {
                throw error.within("[\(index)]")
            }
            place.fixed += group.stride
        }
        guard last == tailByteCount || (!hasEnds && group.endCount > 0) else {
            throw MessageError(.ends, offset: group.tail)
        }
    }

    /// The ends of an entry. The last one.
    private func checkEnds(
        _ block: TableBlock,
        at place: BlockPlace,
        after before: Int,
        _ tailByteCount: Int
    ) throws(MessageError) -> Int {
        var last = before
        for index in 0..<place.endCount {
            let end = place.end(index, in: bytes)
            guard index == 0 ? end == last : end >= last && end <= tailByteCount else {
                let path = name(ofEnd: index, in: block)
                throw MessageError(.ends, path: path, offset: place.offset(ofEnd: index))
            }
            last = end
        }
        return last
    }

    /// The key of the entry is above that of the entry before (§3.6).
    private func checkOrder(
        _ block: TableBlock,
        at place: BlockPlace,
        _ stride: Int
    ) throws(MessageError) {
        var previous = place
        previous.fixed -= stride
        let key = block.fields[0]
        let isAscending: Bool
        switch (key.type, key.place) {
        case (.integer(let kind), .fixed(let offset)):
            let before = kind.value(bytes.bits(at: previous.fixed + offset, kind.byteCount))
            isAscending = before < kind.value(bytes.bits(at: place.fixed + offset, kind.byteCount))
        case (let type, .fixed(let offset)):
            // What is not used of a text is zero: all bytes are compared.
            let before = previous.fixed + offset..<previous.fixed + offset + type.byteCount
            let next = place.fixed + offset..<place.fixed + offset + type.byteCount
            isAscending = precedes(before, next)
        case (_, .variable(let endIndex)):
            isAscending = precedes(
                previous.region(endIndex, in: bytes),
                place.region(endIndex, in: bytes)
            )
        }
        guard isAscending else {
            throw MessageError(.order, path: key.name, offset: place.fixed)
        }
    }

    /// Byte by byte; a text before the longer texts that begin with it.
    private func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        for (left, right) in zip(left, right) {
            let (left, right) = (bytes.byte(at: left), bytes.byte(at: right))
            if left != right { return left < right }
        }
        return left.count < right.count
    }
}

extension RawSpan {
    /// The little-endian number of 1, 2, 4 or 8 bytes at an offset. Traps if it is not there.
    func bits(at offset: Int, _ byteCount: Int) -> UInt64 {
        switch byteCount {
        case 1: UInt64(byte(at: offset))
        case 2: UInt64(loadLittleEndian(at: offset, as: UInt16.self))
        case 4: UInt64(loadLittleEndian(at: offset, as: UInt32.self))
        default: loadLittleEndian(at: offset)
        }
    }

    /// The bytes of a `str[N]` without the zeros behind it.
    var usedByteCount: Int {
        var count = byteCount
        while count > 0, byte(at: count - 1) == 0 { count -= 1 }
        return count
    }
}
