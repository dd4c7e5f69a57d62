// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// What headers that are sent may consist of.
package enum HTTP1Header {
    /// Whether a header of that name may go out as the handler's: a token, RFC 9110 5.1, and not
    /// one that says how long the response is or what becomes of the connection.
    package static func canSend(name: RawSpan) -> Bool {
        guard !name.isEmpty else { return false }
        for offset in 0..<name.byteCount where !name.byte(at: offset).isTokenCharacter {
            return false
        }
        let all = 0..<name.byteCount
        return !name.equals("content-length", at: all)
            && !name.equals("transfer-encoding", at: all) && !name.equals("connection", at: all)
    }

    /// Whether the byte may stand in a value. RFC 9110 5.5.
    package static func canSend(byteOfValue byte: UInt8) -> Bool {
        !byte.isControl || byte == .tab
    }
}
