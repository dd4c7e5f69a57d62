// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import linnetctl

@Suite("The payloads of a load")
struct LoadPayloadTests {
    private static let lengths = [0, 1, 7, 8, 9, 15, 16, 17, 23, 24, 25, 40, 1_000]

    @Test("what was sent is found right", arguments: lengths)
    func right(length: Int) {
        var payload = LoadPayload(byteCount: length)
        payload.stamp(number: .max - 5, time: 0x0102_0304_0506_0708)
        #expect(payload.bytes.count == length)
        let fault = payload.fault(
            in: payload.bytes.bytes,
            number: .max - 5,
            time: 0x0102_0304_0506_0708
        )
        #expect(fault == nil)
    }

    @Test("each wrong bit is found", arguments: lengths)
    func wrongBits(length: Int) {
        var payload = LoadPayload(byteCount: length)
        payload.stamp(number: 1, time: 2)
        for index in 0..<length {
            var reply = payload.bytes
            reply[index] ^= 0x10
            let fault = payload.fault(in: reply.bytes, number: 1, time: 2)
            // Without the rest of the number nobody can tell the two apart.
            #expect(fault == (index < 8 ? .wrongOrder : .wrongBytes), "byte \(index)")
        }
    }

    @Test("another length is found", arguments: lengths)
    func wrongLength(length: Int) {
        var payload = LoadPayload(byteCount: length)
        payload.stamp(number: 1, time: 2)
        let longer = payload.bytes + [0]
        #expect(payload.fault(in: longer.bytes, number: 1, time: 2) == .wrongLength)
        guard length > 0 else { return }
        let shorter = payload.bytes.dropLast()
        #expect(payload.fault(in: Data(shorter).bytes, number: 1, time: 2) == .wrongLength)
    }

    @Test("the reply to another packet is found", arguments: lengths.filter { $0 > 0 })
    func wrongOrder(length: Int) {
        var payload = LoadPayload(byteCount: length)
        payload.stamp(number: 1, time: 100)
        let other = payload.bytes
        payload.stamp(number: 2, time: 200)
        #expect(payload.fault(in: other.bytes, number: 2, time: 200) == .wrongOrder)
    }

    @Test("a reply from another time is found, if the payload has room for the time")
    func wrongTime() {
        var payload = LoadPayload(byteCount: 16)
        payload.stamp(number: 1, time: 100)
        #expect(payload.fault(in: payload.bytes.bytes, number: 1, time: 101) == .wrongBytes)
    }
}
