// SPDX-License-Identifier: Apache-2.0

internal import LinnetMessages

extension TableType {
    /// The type as the language writes it (Specs/schema.md §2.2).
    var text: String {
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
