// SPDX-License-Identifier: Apache-2.0

package import Linnet
package import LinnetCodec

/// Why the text of an argument has no meaning, and what to write instead.
package struct ArgumentError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension UInt32 {
    /// A magic: `0x544E4E4C`.
    package init(magicArgument text: String) throws(ArgumentError) {
        guard let value = Self(prefixedHexadecimal: text) else {
            throw ArgumentError("Write 0x and one to eight hexadecimal digits, such as 0x544E4E4C.")
        }
        self = value
    }
}

extension Int {
    /// A maximum packet size within the bounds of Specs/protocol.md 3.
    package init(maxPacketArgument text: String) throws(ArgumentError) {
        guard let value = Int(text), (28...Int(UInt32.max)).contains(value) else {
            throw ArgumentError("Write a number of bytes from 28 to 4294967295.")
        }
        self = value
    }
}

extension ClosedRange<UInt16> {
    /// A range of versions, `2-4`, or one, `2`.
    package init(versionsArgument text: String) throws(ArgumentError) {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard
            (1...2).contains(bounds.count), let first = bounds[0],
            let last = bounds[bounds.count - 1], first <= last
        else {
            throw ArgumentError("Write the lowest and the highest version, as in 1-3, or one.")
        }
        self = first...last
    }
}

extension PacketFlags {
    /// Flags by name, `detach,application0`, or their number, `0x1001`.
    package init(flagsArgument text: String) throws(ArgumentError) {
        if let rawValue = UInt16(prefixedHexadecimal: text) {
            self.init(rawValue: rawValue)
            return
        }
        var flags: PacketFlags = []
        for word in text.split(separator: ",") {
            let name = word.trimming { $0 == " " }
            guard let bit = Self.bitNames.firstIndex(of: name) else {
                let known = PacketFlags.level0.names.joined(separator: ", ")
                let reason = "There is no flag \"\(name)\". Write 0xHHHH or any of \(known)."
                throw ArgumentError(reason)
            }
            flags.formUnion(PacketFlags(rawValue: 1 << UInt16(bit)))
        }
        self = flags
    }
}

extension LineFraming.Delimiter {
    /// `lf`, `crlf` or a byte, `0x00`.
    package init(delimiterArgument text: String) throws(ArgumentError) {
        switch text {
        case "lf": self = .lf
        case "crlf": self = .crlf
        default:
            guard let byte = UInt8(prefixedHexadecimal: text) else {
                throw ArgumentError("Write lf, crlf, or a byte such as 0x00.")
            }
            self = .byte(byte)
        }
    }
}

extension Endpoint {
    /// `HOST:PORT`, of TCP.
    package init(tcpArgument text: String) throws(ArgumentError) {
        guard !text.hasPrefix("unix:") else {
            throw ArgumentError("That is a Unix socket: use --unix PATH.")
        }
        try self.init(connectArgument: text)
    }

    /// The path of a Unix socket.
    package init(unixArgument text: String) throws(ArgumentError) {
        try self.init(connectArgument: text.hasPrefix("unix:") ? text : "unix:" + text)
    }

    /// `HOST:PORT` or `unix:PATH`.
    package init(connectArgument text: String) throws(ArgumentError) {
        do throws(EndpointError) {
            try self.init(parsing: text)
        } catch {
            throw ArgumentError("\(error).")
        }
    }
}

extension [Int] {
    /// Numbers of processors, `0,2`.
    package init(processorsArgument text: String) throws(ArgumentError) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.allSatisfy({ (0..<1_024).contains($0 ?? -1) }) else {
            throw ArgumentError("Write numbers of processors with commas between them, as in 0,2.")
        }
        self = numbers.compactMap(\.self)
    }
}

extension FixedWidthInteger {
    /// The number that `0x` and hexadecimal digits name, if it fits.
    fileprivate init?(prefixedHexadecimal text: String) {
        guard text.hasPrefix("0x") || text.hasPrefix("0X") else { return nil }
        let digits = text.dropFirst(2)
        guard digits.first?.isHexDigit == true else { return nil }
        self.init(digits, radix: 16)
    }
}

extension Substring {
    fileprivate func trimming(while isTrimmed: (Character) -> Bool) -> String {
        let front = drop(while: isTrimmed)
        return String(front.reversed().drop(while: isTrimmed).reversed())
    }
}
