// SPDX-License-Identifier: Apache-2.0

/// Where a field of a message stands: a row of a table for people.
package struct LayoutRow: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        /// In the fixed part: bytes from its start.
        case fixed(offset: Int)
        /// In a region: which end is its own.
        case end(Int)
    }

    /// `legs[].price`; `presence` for bytes of presence bits.
    package var path: String
    package var place: Place
    /// In the fixed part, or at most in the region.
    package var byteCount: Int
    /// As the language writes it.
    package var type: String
    package var since: UInt16
}

extension TableMessage {
    /// The fields in order, those of a group after the group.
    package var layout: [LayoutRow] {
        block.layout(path: "", endByteCount: endByteCount)
    }

    /// How many checks verifying the largest message takes: fields, presence bytes, ends, elements
    /// and entries. The texts' bytes are looked at besides.
    package var worstVerifyStepCount: Int {
        1 + block.worstStepCount
    }
}

extension TableBlock {
    fileprivate func layout(path: String, endByteCount: Int) -> [LayoutRow] {
        var rows: [LayoutRow] = []
        for field in fields {
            if let presence = field.presence, presence.openedBits != nil {
                let place = LayoutRow.Place.fixed(offset: presence.offset)
                rows.append(
                    LayoutRow(
                        path: path + "presence",
                        place: place,
                        byteCount: 1,
                        type: "bits",
                        since: field.since
                    )
                )
            }
            let place: LayoutRow.Place
            switch field.place {
            case .fixed(let offset): place = .fixed(offset: offset)
            case .variable(let endIndex): place = .end(endIndex)
            }
            rows.append(
                LayoutRow(
                    path: path + field.name,
                    place: place,
                    byteCount: field.type.maxByteCount(endByteCount),
                    type: field.type.text + (field.isOptional ? "?" : ""),
                    since: field.since
                )
            )
            if case .group(let block, _) = field.type {
                let inner = path + field.name + "[]."
                rows += block.layout(path: inner, endByteCount: endByteCount)
            }
        }
        return rows
    }

    fileprivate func maxByteCount(_ endByteCount: Int) -> Int {
        let shape = shape(ofVersion: .max)
        return shape.fixedByteCount + shape.endCount * endByteCount
            + fields.reduce(0) {
                $0 + ($1.type.isVariable ? $1.type.maxByteCount(endByteCount) : 0)
            }
    }

    fileprivate var worstStepCount: Int {
        fields.reduce(shape(ofVersion: .max).endCount) { count, field in
            count + field.type.worstStepCount(isRanged: field.range != nil)
                + (field.presence == nil ? 0 : 1)
        }
    }
}

extension TableType {
    /// Bytes in the fixed part, or at most in the region.
    package func maxByteCount(_ endByteCount: Int) -> Int {
        switch self {
        case .text(let maxByteCount), .bytes(let maxByteCount): maxByteCount
        case .list(let element, let maxCount): element.byteCount * maxCount
        case .union(let union):
            union.tagByteCount
                + (union.arms.map { $0.type?.maxByteCount(endByteCount) ?? 0 }.max() ?? 0)
        case .group(let block, let maxCount), .map(let block, let maxCount):
            GroupPlace.headerByteCount(endByteCount) + maxCount * block.maxByteCount(endByteCount)
        default: byteCount
        }
    }

    fileprivate func worstStepCount(isRanged: Bool) -> Int {
        switch self {
        case .array(let element, let count), .list(let element, let count):
            (isVariable ? 1 : 0)
                + (element.isAlwaysValid ? 0 : count * element.worstStepCount(isRanged: false))
        case .structure(let type):
            type.fields.reduce(0) {
                $0 + $1.type.worstStepCount(isRanged: $1.range != nil)
            }
        case .union(let union):
            1 + (union.arms.map { $0.type?.worstStepCount(isRanged: false) ?? 0 }.max() ?? 0)
        case .group(let block, let count): 1 + count * block.worstStepCount
        case .map(let block, let count): 1 + count * (1 + block.worstStepCount)
        case .text, .bytes: 1
        default: (isAlwaysValid ? 0 : 1) + (isRanged ? 1 : 0)
        }
    }

    /// The type as the language writes it (§2.2).
    package var text: String {
        switch self {
        case .integer(let kind): kind.name
        case .float(let byteCount): "f\(byteCount * 8)"
        case .bool: "bool"
        case .decimal(let kind, let exponent): "decimal(\(kind.name), \(exponent))"
        case .timestamp(let unit): "timestamp(\(unit))"
        case .duration(let unit): "duration(\(unit))"
        case .fixedText(let byteCount): "str[\(byteCount)]"
        case .fixedBytes(let byteCount): "bytes[\(byteCount)]"
        case .array(let element, let count): "\(element.text)[\(count)]"
        case .enumeration(let type): type.name
        case .flags(let type), .bits(let type): type.name
        case .structure(let type): type.name
        case .text(let maxByteCount): "string<=\(maxByteCount)"
        case .bytes(let maxByteCount): "bytes<=\(maxByteCount)"
        case .list(let element, let maxCount): "[\(element.text)]<=\(maxCount)"
        case .union(let type): type.name
        case .group(_, let maxCount): "group<=\(maxCount)"
        case .map(let block, let maxCount):
            "[\(block.fields[0].type.text): \(block.fields[1].type.text)]<=\(maxCount)"
        }
    }
}
