// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport
import Testing

/// One literal packet, taken apart and put together. Specs/protocol.md 2.1.
@Suite struct PacketHeaderTests {
    private static let bytes: [UInt8] = [
        0x4C, 0x4E, 0x4E, 0x54,  // magic
        0x01, 0x00,  // version
        0x02, 0x10,  // flags
        0x1E, 0x00, 0x00, 0x00,  // size
        0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01,  // seq
        0xDD, 0x75, 0x5C, 0x66,  // checksum
        0x68, 0x69,  // payload
        0xAC, 0x2A, 0x93, 0xD8,  // trailer
    ]
    private static let header = PacketHeader(
        version: 1,
        flags: [.payloadChecksum, .application(0)],
        size: 30,
        seq: 0x0102_0304_0506_0708
    )

    @Test func `a packet is taken apart`() throws {
        var state = PacketFraming.State(nextSeq: Self.header.seq)
        let view = try PacketView(checking: Self.bytes.rawSpan, state: &state)
        #expect(view.header == Self.header)
        #expect([UInt8](view.payload) == Array("hi".utf8))
        #expect(state.nextSeq == Self.header.seq + 1)
    }

    @Test func `a packet is put together`() throws {
        var bytes = [UInt8](repeating: 0, count: 30)
        try bytes.withMutableRawSpan { span in
            var writer = PacketWriter(
                into: span._mutatingExtracting(0..<30),
                startingAt: Self.header.seq
            )
            try writer.append(Array("hi".utf8).rawSpan, flags: Self.header.flags)
        }
        #expect(bytes == Self.bytes)
    }

    @Test func `a header is small enough for the cell of an event`() {
        #expect(MemoryLayout<PacketHeader>.size <= maxFrameMetadataByteCount)
        #expect(PacketHeader.byteCount == 24)
    }

    @Test func `the smallest size follows the flags`() {
        #expect(PacketHeader(size: 0, seq: 0).minSize == 24)
        #expect(PacketHeader(flags: .payloadChecksum, size: 0, seq: 0).minSize == 28)
    }
}
