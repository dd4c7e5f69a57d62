// SPDX-License-Identifier: Apache-2.0

import LinnetBytes

/// Writes the JSON of bytes that were verified (Specs/schema.md §6). O(bytes).
struct TablePrinter: ~Escapable {
    let bytes: RawSpan
    let message: TableMessage
    private let version: UInt16
    private(set) var output: JSONWriter

    /// The bytes have a header.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, _ message: TableMessage, isPretty: Bool) {
        self.bytes = bytes
        self.message = message
        version = bytes.loadLittleEndian(at: 2)
        output = JSONWriter(isPretty: isPretty)
    }

    var text: String { output.text }

    @_lifetime(self: copy self)
    mutating func printMessage() {
        let place = BlockPlace(messageIn: bytes, endByteCount: message.endByteCount)
        printBlock(message.block, at: place)
    }

    @_lifetime(self: copy self)
    private mutating func printBlock(_ block: TableBlock, at place: BlockPlace) {
        output.open("{")
        for field in block.fields {
            if isAbsent(field, at: place) { continue }
            output.name(field.name)
            printValue(of: field, at: place)
        }
        output.close("}")
    }

    private func isAbsent(_ field: TableField, at place: BlockPlace) -> Bool {
        guard field.since <= version else { return field.isOptional }
        if let presence = field.presence {
            return bytes.byte(at: place.fixed + presence.offset) & presence.mask == 0
        }
        // A union says by its region whether it is there.
        guard field.isOptional, case .variable(let index) = field.place else { return false }
        return place.region(index, in: bytes).isEmpty
    }

    @_lifetime(self: copy self)
    private mutating func printValue(of field: TableField, at place: BlockPlace) {
        let isKnown = field.since <= version
        switch field.place {
        case .fixed(let offset):
            if isKnown {
                printFixed(field.type, at: place.fixed + offset)
            } else {
                printInitial(field)
            }
        case .variable(let index):
            printRegion(field.type, isKnown ? place.region(index, in: bytes) : 0..<0)
        }
    }

    /// The value of a field that the sender's version does not have (§5.2).
    @_lifetime(self: copy self)
    private mutating func printInitial(_ field: TableField) {
        var initial = [UInt8](repeating: 0, count: max(field.type.byteCount, 8))
        for index in 0..<8 {
            initial[index] = UInt8(truncatingIfNeeded: field.defaultBits >> UInt64(index * 8))
        }
        // The printer of these bytes writes on where this one is.
        var printer = TablePrinter(value: initial.rawSpan, message, output)
        printer.printFixed(field.type, at: 0)
        output = printer.output
    }

    @_lifetime(copy value)
    private init(value: RawSpan, _ message: TableMessage, _ output: JSONWriter) {
        bytes = value
        self.message = message
        version = message.schemaVersion
        self.output = output
    }

    // MARK: - Regions

    @_lifetime(self: copy self)
    mutating func printRegion(_ type: TableType, _ region: Range<Int>) {
        switch type {
        case .text: output.quoted(bytes.extracting(region))
        case .bytes: output.hexadecimal(bytes.extracting(region))
        case .list(let element, _):
            printElements(element, region.count / element.byteCount, at: region.lowerBound)
        case .union(let union): printUnion(union, region)
        case .group(let block, _): printEntries(block, region, isMap: false)
        case .map(let block, _): printEntries(block, region, isMap: true)
        default: printFixed(type, at: region.lowerBound)
        }
    }

    @_lifetime(self: copy self)
    private mutating func printUnion(_ union: TableUnion, _ region: Range<Int>) {
        output.open("{")
        // A union that came later is optional, so the region is there.
        let tag = UInt16(bytes.bits(at: region.lowerBound, union.tagByteCount))
        let value = region.lowerBound + union.tagByteCount..<region.upperBound
        if let arm = union.arm(tagged: tag) {
            output.name(arm.name)
            if let type = arm.type { printRegion(type, value) } else { output.plain("null") }
        } else {
            output.name("#\(tag)")
            output.hexadecimal(bytes.extracting(value))
        }
        output.close("}")
    }

    @_lifetime(self: copy self)
    private mutating func printEntries(
        _ block: TableBlock,
        _ region: Range<Int>,
        isMap: Bool
    ) {
        output.open(isMap ? "{" : "[")
        if !region.isEmpty {
            let group = GroupPlace(region, in: bytes, endByteCount: message.endByteCount)
            var place = BlockPlace(firstOf: group)
            for _ in 0..<group.count {
                output.separate()
                if isMap {
                    printKey(block.fields[0], at: place)
                    output.colon()
                    printValue(of: block.fields[1], at: place)
                } else {
                    printBlock(block, at: place)
                }
                place.fixed += group.stride
            }
        }
        output.close(isMap ? "}" : "]")
    }

    /// The name of a member of a map: integers in decimal.
    @_lifetime(self: copy self)
    private mutating func printKey(_ key: TableField, at place: BlockPlace) {
        if case .integer(let kind) = key.type, case .fixed(let offset) = key.place {
            let bits = bytes.bits(at: place.fixed + offset, kind.byteCount)
            output.quoted("\(kind.value(bits))")
        } else {
            printValue(of: key, at: place)
        }
    }

    // MARK: - Fixed types

    @_lifetime(self: copy self)
    mutating func printFixed(_ type: TableType, at offset: Int) {
        switch type {
        case .fixedText(let byteCount):
            let text = bytes.extracting(offset..<offset + byteCount)
            output.quoted(text.extracting(0..<text.usedByteCount))
        case .fixedBytes(let byteCount):
            output.hexadecimal(bytes.extracting(offset..<offset + byteCount))
        case .array(let element, let count):
            printElements(element, count, at: offset)
        case .structure(let type):
            output.open("{", isInline: type.fields.count <= 4)
            for field in type.fields {
                guard case .fixed(let fieldOffset) = field.place else { continue }
                output.name(field.name)
                printFixed(field.type, at: offset + fieldOffset)
            }
            output.close("}")
        default:
            printNumber(type, bytes.bits(at: offset, type.byteCount))
        }
    }

    @_lifetime(self: copy self)
    private mutating func printElements(_ type: TableType, _ count: Int, at offset: Int) {
        output.open("[", isInline: !type.isStructure)
        for index in 0..<count {
            output.separate()
            printFixed(type, at: offset + index * type.byteCount)
        }
        output.close("]")
    }

    @_lifetime(self: copy self)
    private mutating func printNumber(_ type: TableType, _ bits: UInt64) {
        switch type {
        case .bool: output.plain(bits == 0 ? "false" : "true")
        case .float(4): printFloat(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .float: printFloat(Double(bitPattern: bits))
        case .decimal(let kind, let exponent):
            output.quoted(decimalText(kind.value(bits), exponent: exponent))
        case .enumeration(let type):
            if let name = type.names[bits] {
                output.quoted(name)
            } else {
                printInteger(type.storage, bits)
            }
        case .flags(let type): printFlags(type, bits)
        case .bits(let type):
            output.open("{", isInline: true)
            var bits = bits
            for (name, width) in type.members {
                output.name(name)
                printInteger(type.storage, width == 64 ? bits : bits & (1 << UInt64(width) - 1))
                bits = bits >> UInt64(width)
            }
            output.close("}")
        default:
            if let kind = type.integer { printInteger(kind, bits) }
        }
    }

    @_lifetime(self: copy self)
    private mutating func printFlags(_ type: TableNames, _ bits: UInt64) {
        var bits = bits
        output.open("[", isInline: true)
        for (name, bit) in type.members where bits & 1 << UInt64(bit) != 0 {
            output.separate()
            output.quoted(name)
            bits &= ~(1 << UInt64(bit))
        }
        if bits != 0 {
            output.separate()
            printInteger(type.storage, bits)
        }
        output.close("]")
    }

    @_lifetime(self: copy self)
    private mutating func printInteger(_ kind: TableInteger, _ bits: UInt64) {
        let text = "\(kind.value(bits))"
        if kind.byteCount == 8 { output.quoted(text) } else { output.plain(text) }
    }

    @_lifetime(self: copy self)
    private mutating func printFloat(_ value: some BinaryFloatingPoint & CustomStringConvertible) {
        if value.isNaN {
            output.quoted("NaN")
        } else if value.isInfinite {
            output.quoted(value < 0 ? "-Infinity" : "Infinity")
        } else {
            // The shortest digits, in the notation of §6.
            output.plain(value.description)
        }
    }
}

/// A mantissa times a power of ten, without exponent and without zeros at the end.
func decimalText(_ mantissa: Int128, exponent: Int) -> String {
    var digits = String(mantissa.magnitude)
    if mantissa == 0 { return "0" }
    if exponent >= 0 {
        digits += String(repeating: "0", count: exponent)
    } else {
        let missing = max(0, 1 - exponent - digits.utf8.count)
        digits = String(repeating: "0", count: missing) + digits
        let whole = digits.dropLast(-exponent)
        var fraction = digits.suffix(-exponent)
        while fraction.last == "0" { fraction.removeLast() }
        digits = whole + (fraction.isEmpty ? "" : "." + fraction)
    }
    return (mantissa < 0 ? "-" : "") + digits
}
