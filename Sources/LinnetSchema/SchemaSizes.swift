// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// Bytes of a fixed type; `nil` if it is variable.
    func fixedByteCount(of type: FieldType) -> Int? {
        switch type {
        case .integer(let kind), .decimal(let kind, _): kind.byteCount
        case .float(let byteCount), .fixedText(let byteCount), .fixedBytes(let byteCount):
            byteCount
        case .bool: 1
        case .timestamp, .duration: 8
        case .array(let element, let count): fixedByteCount(of: element).map { $0 * count }
        case .enumeration(let name), .flags(let name), .bits(let name), .structure(let name):
            declaration(named: name)?.fixedByteCount
        case .text, .bytes, .list, .union, .group, .map: nil
        }
    }

    /// The most that verifying a message costs.
    public func verifyCost(of message: Message) -> VerifyCost {
        var cost = self.cost(of: message.block)
        // The header.
        cost.stepCount += 4
        return cost
    }

    private func cost(of block: Block) -> VerifyCost {
        var cost = VerifyCost()
        cost.stepCount += block.presenceBytes.count(where: { $0.mask != 0xFF }) + block.endCount
        for field in block.fields {
            cost.add(self.cost(of: field.type, hasRange: field.range != nil))
            if field.presence != nil { cost.stepCount += 1 }
        }
        return cost
    }

    private func cost(of type: FieldType, hasRange: Bool = false) -> VerifyCost {
        switch type {
        case .integer, .float, .timestamp, .duration, .decimal, .fixedBytes, .flags:
            return VerifyCost(stepCount: hasRange ? 1 : 0)
        case .bool: return VerifyCost(stepCount: 1)
        case .fixedText(let byteCount): return VerifyCost(stepCount: 1, textByteCount: byteCount)
        case .array(let element, let count): return cost(of: element).times(count)
        case .enumeration(let name), .bits(let name):
            return VerifyCost(stepCount: isAnyValueRight(name) ? 0 : 1)
        case .structure(let name):
            guard case .structure(let type)? = declaration(named: name) else { return VerifyCost() }
            return type.fields.reduce(into: VerifyCost()) { cost, field in
                cost.add(self.cost(of: field.type, hasRange: field.range != nil))
            }
        case .text(let maxByteCount): return VerifyCost(stepCount: 1, textByteCount: maxByteCount)
        case .bytes: return VerifyCost(stepCount: 1)
        case .list(let element, let maxCount):
            return cost(of: element).times(maxCount).adding(1)
        case .union(let name):
            guard case .union(let type)? = declaration(named: name) else { return VerifyCost() }
            let arms = type.arms.compactMap(\.type).map { cost(of: $0) }
            return VerifyCost(
                stepCount: 2 + (arms.map(\.stepCount).max() ?? 0),
                textByteCount: arms.map(\.textByteCount).max() ?? 0
            )
        case .group(let group):
            return cost(of: group.block).times(group.maxCount).adding(3)
        case .map(let group):
            // The order of the keys.
            return cost(of: group.block).adding(1).times(group.maxCount).adding(3)
        }
    }

    private func isAnyValueRight(_ name: String) -> Bool {
        switch declaration(named: name) {
        case .enumeration(let type): !type.isClosed
        case .bits(let type):
            type.fields.reduce(0) { $0 + $1.bitCount } == type.storage.byteCount * 8
        default: true
        }
    }
}

/// What it costs to verify a message that is as large as its bounds permit (Specs/schema.md §4.5).
public struct VerifyCost: Sendable, Hashable {
    /// Comparisons: of the header, of ends, of fields that do not accept all values, of regions.
    public var stepCount = 0
    /// Bytes of text that are looked at.
    public var textByteCount = 0

    fileprivate mutating func add(_ other: VerifyCost) {
        stepCount += other.stepCount
        textByteCount += other.textByteCount
    }

    fileprivate func adding(_ steps: Int) -> VerifyCost {
        VerifyCost(stepCount: stepCount + steps, textByteCount: textByteCount)
    }

    /// Bounds of groups in groups multiply; what no message can hold stops at a large number.
    fileprivate func times(_ count: Int) -> VerifyCost {
        func product(_ value: Int) -> Int {
            let (result, isOver) = value.multipliedReportingOverflow(by: count)
            return isOver ? Int(Int32.max) : min(result, Int(Int32.max))
        }
        return VerifyCost(stepCount: product(stepCount), textByteCount: product(textByteCount))
    }
}

extension Declaration {
    /// Bytes of a fixed type; `nil` of anything else.
    var fixedByteCount: Int? {
        switch self {
        case .enumeration(let type): type.storage.byteCount
        case .flags(let type): type.storage.byteCount
        case .bits(let type): type.storage.byteCount
        case .structure(let type): type.byteCount
        case .constant, .union, .message, .binding: nil
        }
    }
}
