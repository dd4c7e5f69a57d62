// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("An input is raw bytes or hexadecimal text")
struct CaptureInputTests {
    @Test(
        "hexadecimal text is recognised, with separators and prefixes",
        arguments: [
            "4c4e01", "4C 4E 01\n", "4c:4e:01", "0x4c, 0x4e, 0x01", "0x4c4e 01", "4 c4e0 1",
            "0X4C4E01",
        ]
    )
    func hexadecimal(text: String) throws {
        #expect(try InputFormat.auto.decode(Data(text.utf8)) == Data([0x4C, 0x4E, 0x01]))
        #expect(try InputFormat.hex.decode(Data(text.utf8)) == Data([0x4C, 0x4E, 0x01]))
    }

    @Test("anything else is raw", arguments: ["LNNT", "4c 4e .", "4c\u{0}", "GET "])
    func raw(text: String) throws {
        #expect(try InputFormat.auto.decode(Data(text.utf8)) == Data(text.utf8))
    }

    @Test("the option overrides what the input looks like")
    func override() throws {
        #expect(try InputFormat.raw.decode(Data("4c4e".utf8)) == Data("4c4e".utf8))
        #expect(throws: InputError.notHexadecimal(.foreignCharacter(0x54, offset: 4))) {
            try InputFormat.hex.decode(Data("4c 0T".utf8))
        }
    }

    @Test("no bytes are no bytes in either form")
    func empty() throws {
        for format in InputFormat.allCases {
            #expect(try format.decode(Data()).isEmpty)
        }
    }

    @Test("a digit without a partner is an error, with advice")
    func oddDigits() {
        let error = #expect(throws: InputError.self) {
            try InputFormat.auto.decode(Data("4c4".utf8))
        }
        #expect(error == .notHexadecimal(.oddDigitCount(3)))
        #expect(error?.description.contains("3 hexadecimal digits") == true)
        #expect(error?.exitCode == 65)
        #expect(throws: InputError.notHexadecimal(.oddNumber("0x1"))) {
            try InputFormat.auto.decode(Data("0x1, 0x2".utf8))
        }
    }

    @Test("an x that is no prefix is an error")
    func lateX() {
        #expect(throws: InputError.notHexadecimal(.foreignCharacter(0x78, offset: 2))) {
            try InputFormat.auto.decode(Data("10x1".utf8))
        }
    }

    @Test("bytes become the text that they are read from")
    func roundTrip() throws {
        let bytes = Data(0...255)
        #expect(try Data(hexadecimal: Data(bytes.hexadecimal().utf8)) == bytes)
    }
}
