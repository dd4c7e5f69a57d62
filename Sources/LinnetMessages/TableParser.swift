// SPDX-License-Identifier: Apache-2.0

// The format, version 1. A line for each thing, words between spaces; a thing stands behind what it
// consists of. BITS are the little-endian bytes of a value as one decimal number.
//
//     linnet 1 SCHEMA VERSION
//     enum NAME open|closed INTEGER CASE=NUMBER ...
//     flags NAME INTEGER FLAG=BIT ...
//     bits NAME INTEGER FIELD=WIDTH ...
//     struct NAME BYTES                         its fields follow
//     union NAME TAGBYTES ARM=TAG:TYPE ...      - if the arm carries nothing
//     block SINCE:FIXED:ENDS ...                its fields follow; blocks are numbered from 0
//     message NAME NUMBER BLOCK SINCE ENDBYTES MAXBYTES
//
//     .FIELD TYPE OFFSET|eEND [@SINCE] [?] [pOFFSET:BIT [mMASK]] [=BITS] [rLOWEST:HIGHEST]
//
// mMASK stands at the first field of a presence byte. The range of a float is BITS of `f64`.
// Types are: u8 ... i64, f32, f64, bool, decimal:INTEGER:EXPONENT, timestamp:UNIT, duration:UNIT,
// str:BYTES, raw:BYTES, array:COUNT:TYPE, string:BYTES, bytes:BYTES, list:COUNT:TYPE,
// group:COUNT:BLOCK, map:COUNT:BLOCK, and names, which begin with a capital letter.

/// Reads the text of a table. The text is our own: what is wrong in it traps.
struct TableParser {
    private(set) var name = ""
    private(set) var version: UInt16 = 0
    private(set) var messages: [TableMessage] = []
    private var types: [Substring: TableType] = [:]
    private var blocks: [TableBlock] = []

    /// The struct or block whose fields are being read.
    private var opened: [Substring] = []
    private var fields: [TableField] = []

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words[0].first == "." {
                fields.append(field(words))
            } else {
                close()
                read(words)
            }
        }
        close()
    }

    private mutating func read(_ words: [Substring]) {
        switch words[0] {
        case "linnet":
            precondition(words[1] == "1", "the table was written for another version of Linnet")
            name = String(words[2])
            version = number(words[3])
        case "enum":
            types[words[1]] = .enumeration(
                TableEnumeration(
                    name: String(words[1]),
                    isClosed: words[2] == "closed",
                    storage: integer(words[3]),
                    cases: members(words[4...]).map { ($0, number($1)) }
                )
            )
        case "flags", "bits":
            let names = TableNames(
                name: String(words[1]),
                storage: integer(words[2]),
                members: members(words[3...]).map { ($0, number($1)) }
            )
            types[words[1]] = words[0] == "bits" ? .bits(names) : .flags(names)
        case "union":
            let arms = members(words[3...]).map { name, value in
                let parts = value.split(separator: ":", maxSplits: 1)
                let type = parts[1] == "-" ? nil : type(parts[1])
                return TableUnion.Arm(name: name, tag: number(parts[0]), type: type)
            }
            let union = TableUnion(
                name: String(words[1]),
                tagByteCount: number(words[2]),
                arms: arms
            )
            types[words[1]] = .union(union)
        case "message":
            messages.append(message(words))
        case "struct", "block":
            opened = words
        default:
            preconditionFailure("a table has no line \(words[0])")
        }
    }

    private func message(_ words: [Substring]) -> TableMessage {
        TableMessage(
            name: String(words[1]),
            number: number(words[2]),
            since: number(words[4]),
            schemaVersion: version,
            endByteCount: number(words[5]),
            maxByteCount: number(words[6]),
            block: blocks[number(words[3])]
        )
    }

    /// All fields of the struct or block were read.
    private mutating func close() {
        guard let kind = opened.first else { return }
        if kind == "struct" {
            let structure = TableStructure(
                name: String(opened[1]),
                byteCount: number(opened[2]),
                fields: fields
            )
            types[opened[1]] = .structure(structure)
        } else {
            let shapes = opened.dropFirst().map { word in
                let parts = word.split(separator: ":")
                return TableBlock.Shape(
                    since: number(parts[0]),
                    fixedByteCount: number(parts[1]),
                    endCount: number(parts[2])
                )
            }
            blocks.append(TableBlock(fields: fields, shapes: shapes))
        }
        opened = []
        fields = []
    }

    private func field(_ words: [Substring]) -> TableField {
        let type = type(words[1])
        let place: TableField.Place =
            words[2].first == "e"
            ? .variable(endIndex: number(words[2].dropFirst()))
            : .fixed(offset: number(words[2]))
        var field = TableField(name: String(words[0].dropFirst()), type: type, place: place)
        for word in words[3...] {
            let rest = word.dropFirst()
            let parts = rest.split(separator: ":")
            switch word.first {
            case "@": field.since = number(rest)
            case "?": field.isOptional = true
            case "p":
                field.presence = TableField.PresenceBit(
                    offset: number(parts[0]),
                    mask: 1 << (number(parts[1]) as UInt8)
                )
            case "m": field.presence?.openedBits = number(rest)
            case "=": field.defaultBits = number(rest)
            case "r": field.range = range(parts, type)
            default: preconditionFailure("a field has no \(word)")
            }
        }
        return field
    }

    private func range(_ parts: [Substring], _ type: TableType) -> TableField.Range {
        if case .float = type {
            return .floats(
                Double(bitPattern: number(parts[0])),
                .init(bitPattern: number(parts[1]))
            )
        }
        return .integers(number(parts[0]), number(parts[1]))
    }

    private func type(_ word: Substring) -> TableType {
        let parts = word.split(separator: ":", maxSplits: 2)
        switch parts[0] {
        case "f32": return .float(byteCount: 4)
        case "f64": return .float(byteCount: 8)
        case "bool": return .bool
        case "decimal": return .decimal(integer(parts[1]), exponent: number(parts[2]))
        case "timestamp": return .timestamp(unit: String(parts[1]))
        case "duration": return .duration(unit: String(parts[1]))
        case "str": return .fixedText(byteCount: number(parts[1]))
        case "raw": return .fixedBytes(byteCount: number(parts[1]))
        case "array": return .array(type(parts[2]), count: number(parts[1]))
        case "string": return .text(maxByteCount: number(parts[1]))
        case "bytes": return .bytes(maxByteCount: number(parts[1]))
        case "list": return .list(type(parts[2]), maxCount: number(parts[1]))
        case "group": return .group(blocks[number(parts[2])], maxCount: number(parts[1]))
        case "map": return .map(blocks[number(parts[2])], maxCount: number(parts[1]))
        default: return types[word] ?? .integer(integer(word))
        }
    }

    private func integer(_ word: Substring) -> TableInteger {
        TableInteger(byteCount: number(word.dropFirst()) / 8, isSigned: word.first == "i")
    }

    private func members(_ words: ArraySlice<Substring>) -> [(String, Substring)] {
        words.map { word in
            let parts = word.split(separator: "=", maxSplits: 1)
            return (String(parts[0]), parts[1])
        }
    }

    private func number<T: FixedWidthInteger>(_ word: some StringProtocol) -> T {
        guard let number = T(word) else { preconditionFailure("a table has no number \(word)") }
        return number
    }
}
