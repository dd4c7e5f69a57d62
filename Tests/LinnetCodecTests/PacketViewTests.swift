// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct PacketViewTests {
    @Test func `bytes behind the packet are left alone`() throws {
        let bytes = NaiveEncoder(payload: [1, 2]).bytes + [9, 9, 9]
        let view = try PacketView(checking: bytes.rawSpan)
        #expect(view.payload.byteCount == 2)
    }

    @Test func `a packet that is not all there is truncated`() {
        let bytes = NaiveEncoder(payload: [1, 2]).bytes
        for count in 0..<bytes.count {
            var code: PacketError.Code?
            do throws(PacketError) {
                _ = try PacketView(checking: bytes.rawSpan.extracting(0..<count))
            } catch {
                code = error.code
            }
            #expect(code == .truncated, "\(count) bytes")
        }
    }

    @Test func `a failed check leaves the direction's state as it was`() throws {
        var state = PacketFraming.State(nextSeq: 5)
        let before = state
        let bytes = NaiveEncoder(payload: [1], flags: 2, seq: 5).bytes
        var damaged = bytes
        damaged[24] ^= 1
        var code: PacketError.Code?
        do throws(PacketError) {
            _ = try PacketView(checking: damaged.rawSpan, state: &state)
        } catch {
            code = error.code
        }
        #expect(code == .badPayloadChecksum && state == before)
        _ = try PacketView(checking: bytes.rawSpan, state: &state)
        #expect(state.nextSeq == 6)
    }
}
