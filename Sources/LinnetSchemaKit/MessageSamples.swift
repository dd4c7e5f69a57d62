// SPDX-License-Identifier: Apache-2.0

package import LinnetMessages

/// Random valid messages of a table, of any version; the same ones for the same seed. They have
/// what
/// goes wrong most: ends of ranges, texts of several bytes a letter, NaN, numbers without a
/// name, arms
/// that nobody knows, empty and full regions.
package struct MessageSamples {
    /// How full a message is.
    package enum Style: CaseIterable, Sendable {
        /// Few of everything, now and then all that the bounds permit.
        case varied
        /// As many entries and elements as there is room for, with texts of three bytes a letter.
        case full
        /// As many entries as there is room for, their regions empty: the most ends for the bytes.
        case manyEntries
        /// The longest texts, of two to four bytes a letter.
        case longTexts
    }

    var random: SplitMix
    private var style = Style.varied
    /// Bytes of regions that may still be made.
    private var budget = Int.max

    package init(seed: UInt64) {
        random = SplitMix(seed: seed)
    }

    /// A message of that version.
    ///
    /// - Parameter maxByteCount: of regions, about.
    package mutating func message(
        _ message: TableMessage,
        version: UInt16,
        style: Style = .varied,
        maxByteCount: Int = 65_536
    ) -> [UInt8] {
        self.style = style
        budget = maxByteCount
        let version = min(version, message.schemaVersion)
        let shape = message.block.shape(ofVersion: version)
        var regions = RegionBytes(version: version, endByteCount: message.endByteCount)
        var bytes: [UInt8] = []
        for number in [Int(message.number), Int(version), shape.fixedByteCount, shape.endCount] {
            bytes.store(number, byteCount: 2)
        }
        append(message.block, to: &bytes, &regions)
        return bytes + regions.tail
    }

    /// The fixed part and the ends; the regions go to the tail.
    mutating func append(
        _ block: TableBlock,
        to bytes: inout [UInt8],
        _ regions: inout RegionBytes
    ) {
        let shape = block.shape(ofVersion: regions.version)
        var fixed = [UInt8](repeating: 0, count: shape.fixedByteCount)
        var ends: [Int] = []
        let fields = block.fields.prefix { $0.since <= regions.version }
        if shape.endCount > fields.count(where: \.type.isVariable) {
            ends.append(regions.tail.count)
        }
        for field in fields {
            let isPresent = !field.isOptional || style != .varied || !random.oneIn(3)
            if isPresent, let presence = field.presence {
                fixed[presence.offset] |= presence.mask
            }
            switch field.place {
            case .fixed(let offset):
                guard isPresent else { continue }
                let value = self.field(field)
                fixed.replaceSubrange(offset..<offset + value.count, with: value)
            case .variable:
                if isPresent { appendRegion(field.type, to: &regions) }
                ends.append(regions.tail.count)
            }
        }
        bytes += fixed
        for end in ends { bytes.store(end, byteCount: regions.endByteCount) }
    }

    // MARK: - Regions

    private mutating func appendRegion(_ type: TableType, to regions: inout RegionBytes) {
        switch type {
        case .text(let max): append(text(max), to: &regions)
        case .bytes(let max): append(random.bytes(count: count(max, byteCount: 1)), to: &regions)
        case .list(let element, let max):
            let count = count(max, byteCount: element.byteCount)
            append((0..<count).flatMap { _ in value(element) }, to: &regions)
        case .union(let union): appendUnion(union, to: &regions)
        case .group(let block, let max):
            let count = count(max, byteCount: block.leastByteCount(regions))
            appendGroup(block, (0..<count).map { _ in nil }, to: &regions)
        case .map(let block, let max):
            let count = count(max, byteCount: block.leastByteCount(regions))
            appendGroup(block, keys(block.fields[0].type, count: count), to: &regions)
        default: append(value(type), to: &regions)
        }
    }

    private mutating func append(_ bytes: [UInt8], to regions: inout RegionBytes) {
        regions.tail += bytes
        budget -= bytes.count
    }

    private mutating func appendUnion(_ union: TableUnion, to regions: inout RegionBytes) {
        let known = union.arms.randomElement(using: &random)
        if let known, !random.oneIn(10) {
            regions.tail.store(Int(known.tag), byteCount: union.tagByteCount)
            if let type = known.type { appendRegion(type, to: &regions) }
            return
        }
        let tag = Int.random(in: 1...(1 << (8 * union.tagByteCount)) - 1, using: &random)
        regions.tail.store(tag, byteCount: union.tagByteCount)
        if let arm = union.arm(tagged: UInt16(tag)) {
            if let type = arm.type { appendRegion(type, to: &regions) }
        } else {
            append(random.bytes(count: Int.random(in: 0...5, using: &random)), to: &regions)
        }
    }

    /// Entries, in maps with the given keys.
    private mutating func appendGroup(
        _ block: TableBlock,
        _ keys: [[UInt8]?],
        to regions: inout RegionBytes
    ) {
        guard !keys.isEmpty else { return }
        let shape = block.shape(ofVersion: regions.version)
        var inner = RegionBytes(version: regions.version, endByteCount: regions.endByteCount)
        var blocks: [UInt8] = []
        let stride = shape.fixedByteCount + shape.endCount * regions.endByteCount
        budget -= keys.count * stride
        for key in keys {
            if let key {
                appendEntry(block, key: key, to: &blocks, &inner)
            } else {
                append(block, to: &blocks, &inner)
            }
        }
        regions.tail.store(keys.count, byteCount: regions.endByteCount)
        regions.tail.store(shape.fixedByteCount, byteCount: 2)
        regions.tail.store(shape.endCount, byteCount: 2)
        regions.tail += blocks
        regions.tail += inner.tail
    }

    private mutating func appendEntry(
        _ block: TableBlock,
        key: [UInt8],
        to bytes: inout [UInt8],
        _ regions: inout RegionBytes
    ) {
        let (keyType, valueType) = (block.fields[0].type, block.fields[1].type)
        var ends = keyType.isVariable || valueType.isVariable ? [regions.tail.count] : []
        if keyType.isVariable {
            append(key, to: &regions)
            ends.append(regions.tail.count)
        } else {
            bytes += key
        }
        if valueType.isVariable {
            appendRegion(valueType, to: &regions)
            ends.append(regions.tail.count)
        } else {
            bytes += value(valueType)
        }
        for end in ends { bytes.store(end, byteCount: regions.endByteCount) }
    }

    /// Different keys, as their bytes, in their order.
    private mutating func keys(_ type: TableType, count: Int) -> [[UInt8]] {
        var keys: Set<[UInt8]> = []
        for index in 0..<count {
            switch type {
            case .text(let max):
                keys.insert(style == .varied ? text(max) : Array("\(index)".utf8.prefix(max)))
            case .fixedText(let byteCount) where style != .varied:
                var key = Array("\(index)".utf8.prefix(byteCount))
                key += [UInt8](repeating: 0, count: byteCount - key.count)
                keys.insert(key)
            case _ where style != .varied:
                var key: [UInt8] = []
                key.store(index, byteCount: type.byteCount)
                keys.insert(key)
            default: keys.insert(value(type))
            }
        }
        guard let integer = type.integer else {
            return keys.sorted { $0.lexicographicallyPrecedes($1) }
        }
        return keys.sorted { integer.value($0.number) < integer.value($1.number) }
    }

    // MARK: - How many

    /// How many of at most `max`, each of at least so many bytes.
    private mutating func count(_ max: Int, byteCount: Int) -> Int {
        let room = Swift.max(0, budget) / Swift.max(1, byteCount)
        switch style {
        case .varied:
            let few = Int.random(in: 0...4, using: &random)
            return min(max, room, max < 40 && random.oneIn(10) ? max : few)
        case .full: return min(max, Swift.max(1, room / 2))
        case .manyEntries: return byteCount == 1 ? 0 : min(max, room)
        case .longTexts: return min(max, Swift.max(1, room / 64))
        }
    }

    private mutating func text(_ max: Int) -> [UInt8] {
        let room = min(max, Swift.max(0, budget))
        switch style {
        case .manyEntries: return []
        case .full, .longTexts: return random.text(byteCount: min(room, 1 << 20), max: room)
        case .varied:
            if max < 300, random.oneIn(20) { return random.text(byteCount: room, max: room) }
            return random.text(byteCount: Int.random(in: 0...9, using: &random), max: room)
        }
    }
}

/// The tail of a block.
struct RegionBytes {
    var version: UInt16
    var endByteCount: Int
    var tail: [UInt8] = []
}

extension TableBlock {
    /// Of an entry without bytes in its regions.
    fileprivate func leastByteCount(_ regions: RegionBytes) -> Int {
        let shape = shape(ofVersion: regions.version)
        return shape.fixedByteCount + shape.endCount * regions.endByteCount
    }
}
