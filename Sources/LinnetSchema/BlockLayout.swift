// SPDX-License-Identifier: Apache-2.0

/// Gives the fields of a block their places, one after the other (§3.2, §3.3).
struct BlockLayout {
    /// In the entries of a group, the first end says where the entry begins (§3.5).
    private let isEntry: Bool
    private var fixedByteCount = 0
    private var variableCount = 0
    private(set) var shapes: [Shape]
    private(set) var presenceBytes: [PresenceByte] = []

    init(isEntry: Bool, since: UInt16) {
        self.isEntry = isEntry
        shapes = [Shape(since: since, fixedByteCount: 0, endCount: 0)]
    }

    /// Puts a field behind the others. `byteCount` is `nil` if it is variable. Its `@since` is not
    /// below that of the field before.
    mutating func place(_ field: inout Field, byteCount: Int?) {
        if field.isOptional, !field.type.isUnion {
            field.presence = takePresenceBit(since: field.since)
        }
        if let byteCount {
            field.place = .fixed(offset: fixedByteCount, byteCount: byteCount)
            fixedByteCount += byteCount
        } else {
            field.place = .variable(endIndex: variableCount + (isEntry ? 1 : 0))
            variableCount += 1
        }
        let shape = Shape(
            since: field.since,
            fixedByteCount: fixedByteCount,
            endCount: variableCount + (isEntry && variableCount > 0 ? 1 : 0)
        )
        if shapes[shapes.count - 1].since == field.since {
            shapes[shapes.count - 1] = shape
        } else {
            shapes.append(shape)
        }
    }

    private mutating func takePresenceBit(since: UInt16) -> PresenceBit {
        if let last = presenceBytes.last, last.since == since, last.mask != 0xFF {
            let bit = last.mask.nonzeroBitCount
            presenceBytes[presenceBytes.count - 1].mask |= 1 << bit
            return PresenceBit(offset: last.offset, bit: bit)
        }
        presenceBytes.append(PresenceByte(offset: fixedByteCount, mask: 1, since: since))
        fixedByteCount += 1
        return PresenceBit(offset: fixedByteCount - 1, bit: 0)
    }
}

extension FieldType {
    var isUnion: Bool {
        if case .union = self { true } else { false }
    }
}
