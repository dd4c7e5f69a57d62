// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetTestSupport
import Testing

/// Sends each number as a packet of 8 bytes and more, and waits while there is no room.
///
/// - Returns: how many were sent.
func sendNumbers(
    _ client: Client,
    _ numbers: Range<Int>,
    byteCount: Int = 8
) async throws -> Int {
    var payload = [UInt8](repeating: 0, count: byteCount)
    var count = 0
    for number in numbers {
        for index in 0..<8 { payload[index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
        if case .queued = try await client.sendWhenRoom(copying: payload.rawSpan) { count += 1 }
    }
    return count
}

func receiveNumber(_ client: Client) async throws -> Int {
    try await client.receive().withBytes { Int($0.loadLittleEndian(at: 0) as UInt64) }
}

/// Receives just these.
func expectNumbers(
    _ client: Client,
    _ numbers: Range<Int>,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    for number in numbers {
        let found = try await receiveNumber(client)
        guard found == number else {
            Issue.record("\(found) came instead of \(number)", sourceLocation: sourceLocation)
            return
        }
    }
}
