// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

struct HTTP1TextTests {
    private func firstControl(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        bytes.rawSpan.firstControl(from: start, to: end)
    }

    @Test func `the first control is found at each place, behind anything`() {
        for count in 0...25 {
            for place in 0..<max(count, 1) {
                for filler in [0x20, 0x7E, 0x80, 0xFF] as [UInt8] {
                    for control in [0, 9, 13, 0x1F, 0x7F] as [UInt8] {
                        var bytes = [UInt8](repeating: filler, count: count)
                        #expect(firstControl(bytes, 0, count) == count)
                        guard count > 0 else { continue }
                        bytes[place] = control
                        #expect(firstControl(bytes, 0, count) == place)
                        #expect(firstControl(bytes, place, count) == place)
                        #expect(firstControl(bytes, place + 1, count) == count)
                        #expect(firstControl(bytes, 0, place) == place)
                    }
                }
            }
        }
    }

    @Test func `each byte is of the kinds that it is of`() {
        let tokens = Set(
            "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
        )
        let hosts = Set(
            "-._~%!$&'()*+,;=:[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
        )
        for byte in UInt8.min...UInt8.max {
            #expect(byte.isTokenCharacter == tokens.contains(byte), "\(byte)")
            #expect(byte.isHostCharacter == hosts.contains(byte), "\(byte)")
            #expect(byte.isControl == (byte < 32 || byte == 127), "\(byte)")
            let character = Character(Unicode.Scalar(byte))
            #expect(byte.hexadecimalValue == (byte < 128 ? character.hexDigitValue : nil))
        }
    }

    @Test func `names are equal in capitals or not, and in nothing else`() {
        for byte in UInt8.min...UInt8.max {
            for other in UInt8.min...UInt8.max {
                let isLetter = (0x61...0x7A).contains(byte | 0x20)
                let isEqual = byte == other || isLetter && byte ^ other == 0x20
                // Once within eight bytes and once behind them.
                let left = [byte, 1, 2, 3, 4, 5, 6, 7, byte]
                let right = [other, 1, 2, 3, 4, 5, 6, 7, other]
                if left.rawSpan.equals(right.rawSpan, at: 0..<9) != isEqual
                    || left.rawSpan.equals(right.rawSpan.extracting(8..<9), at: 8..<9) != isEqual
                {
                    Issue.record("\(byte) and \(other)")
                }
            }
        }
        let areEqual = ([1, 2] as [UInt8]).rawSpan.equals([1].rawSpan, at: 0..<2)
        #expect(!areEqual)
    }
}
