// SPDX-License-Identifier: Apache-2.0

import LinnetBytes

/// Puts a text of JSON together, in one line or indented (Specs/schema.md §6).
struct JSONWriter {
    private let isPretty: Bool
    private var output: [UInt8] = []
    private var depth = 0
    /// How many of the objects and arrays that are open stand in one line.
    private var inlineDepth = 0
    /// Whether the object or array that is open has no member yet.
    private var isFirst = true

    init(isPretty: Bool) {
        self.isPretty = isPretty
    }

    var text: String { String(decoding: output, as: UTF8.self) }

    /// An object or an array begins: in one line, or a line for each member.
    mutating func open(_ bracket: Unicode.Scalar, isInline: Bool = false) {
        output.append(UInt8(ascii: bracket))
        depth += 1
        if isInline || inlineDepth > 0 { inlineDepth += 1 }
        isFirst = true
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        depth -= 1
        if inlineDepth > 0 {
            inlineDepth -= 1
        } else if !isFirst {
            breakLine()
        }
        output.append(UInt8(ascii: bracket))
        isFirst = false
    }

    /// Before each element, and before the name of each member.
    mutating func separate() {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        if inlineDepth == 0 {
            breakLine()
        } else if isPretty, !isFirst {
            output.append(UInt8(ascii: " "))
        }
        isFirst = false
    }

    mutating func name(_ name: String) {
        separate()
        quoted(name)
        colon()
    }

    mutating func colon() {
        output.append(UInt8(ascii: ":"))
        if isPretty { output.append(UInt8(ascii: " ")) }
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    mutating func plain(_ text: String) {
        output += text.utf8
    }

    mutating func quoted(_ text: String) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 { append(escaping: byte) }
        output.append(UInt8(ascii: "\""))
    }

    /// A text of bytes that are UTF-8.
    mutating func quoted(_ bytes: RawSpan) {
        output.append(UInt8(ascii: "\""))
        for offset in 0..<bytes.byteCount { append(escaping: bytes.byte(at: offset)) }
        output.append(UInt8(ascii: "\""))
    }

    mutating func hexadecimal(_ bytes: RawSpan) {
        output.append(UInt8(ascii: "\""))
        for offset in 0..<bytes.byteCount { append(hexadecimal: bytes.byte(at: offset)) }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): output += "\\\"".utf8
        case UInt8(ascii: "\\"): output += "\\\\".utf8
        case 0x08: output += "\\b".utf8
        case 0x09: output += "\\t".utf8
        case 0x0A: output += "\\n".utf8
        case 0x0C: output += "\\f".utf8
        case 0x0D: output += "\\r".utf8
        case ..<0x20:
            output += "\\u00".utf8
            append(hexadecimal: byte)
        default: output.append(byte)
        }
    }

    private mutating func append(hexadecimal byte: UInt8) {
        for digit in [byte >> 4, byte & 15] {
            output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
