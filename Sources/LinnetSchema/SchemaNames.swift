// SPDX-License-Identifier: Apache-2.0

/// What the names of a file and of its imports mean, as far as they are checked.
struct SchemaNames {
    enum Kind: String {
        case constant, enumeration, flags, bits, structure, union, message, binding

        init(_ kind: SyntaxDeclaration.Kind) {
            self =
                switch kind {
                case .constant: .constant
                case .enumeration: .enumeration
                case .flags: .flags
                case .bits: .bits
                case .structure: .structure
                case .union: .union
                case .message: .message
                case .binding: .binding
                }
        }

        /// Whether a field may be of it.
        var isType: Bool {
            switch self {
            case .enumeration, .flags, .bits, .structure, .union: true
            case .constant, .message, .binding: false
            }
        }

        var description: String {
            switch self {
            case .constant: "a constant"
            case .enumeration: "an enum"
            case .flags: "a set of flags"
            case .bits: "a bits type"
            case .structure: "a struct"
            case .union: "a union"
            case .message: "a message"
            case .binding: "a protocol"
            }
        }
    }

    struct Entry {
        /// `nil` if the text of the declaration could not be parsed.
        var kind: Kind?
        /// `nil` until it is checked, and if something is wrong with it.
        var declaration: Declaration?
        var path: String
    }

    var entries: [String: Entry] = [:]

    subscript(name: String) -> Declaration? { entries[name]?.declaration }

    func enumeration(_ name: String) -> Enumeration? {
        if case .enumeration(let value)? = self[name] { value } else { nil }
    }

    func structure(_ name: String) -> Structure? {
        if case .structure(let value)? = self[name] { value } else { nil }
    }

    func union(_ name: String) -> Union? {
        if case .union(let value)? = self[name] { value } else { nil }
    }

    func message(_ name: String) -> Message? {
        if case .message(let value)? = self[name] { value } else { nil }
    }

    /// Bytes in the fixed part (§2.3); `nil` if the type is variable or broken.
    func fixedByteCount(of type: FieldType) -> Int? {
        switch type {
        case .integer(let kind), .decimal(let kind, _): return kind.byteCount
        case .float(let count), .fixedText(let count), .fixedBytes(let count): return count
        case .bool: return 1
        case .timestamp, .duration: return 8
        case .array(let element, let count): return fixedByteCount(of: element).map { $0 * count }
        case .enumeration(let name): return enumeration(name)?.storage.byteCount
        case .flags(let name):
            if case .flags(let value)? = self[name] { return value.storage.byteCount }
            return nil
        case .bits(let name):
            if case .bits(let value)? = self[name] { return value.storage.byteCount }
            return nil
        case .structure(let name): return structure(name)?.byteCount
        case .text, .bytes, .list, .union, .group, .map: return nil
        }
    }

    /// The most bytes that a block and the regions of its fields have, with ends of that width.
    func maxByteCount(of block: Block, endByteCount: Int) -> Int {
        block.fields.reduce(block.fixedByteCount + block.endCount * endByteCount) { sum, field in
            capped(sum + maxRegionByteCount(of: field.type, endByteCount))
        }
    }

    private func maxRegionByteCount(of type: FieldType, _ endByteCount: Int) -> Int {
        switch type {
        case .text(let count), .bytes(let count): return count
        case .list(let element, let count):
            return capped((fixedByteCount(of: element) ?? 0) * count)
        case .union(let name):
            guard let union = union(name) else { return 0 }
            let longest = union.arms.compactMap(\.type).map {
                fixedByteCount(of: $0) ?? maxRegionByteCount(of: $0, endByteCount)
            }.max()
            return union.tagByteCount + (longest ?? 0)
        case .group(let group), .map(let group):
            let entry = maxByteCount(of: group.block, endByteCount: endByteCount)
            return capped(endByteCount + 4 + entry * group.maxCount)
        default: return 0
        }
    }

    /// Sums and products of bounds stay far from overflow: both factors are below 2^33.
    private func capped(_ count: Int) -> Int { min(count, 1 << 32) }
}
