// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import LinnetCodec

/// What comes back after one packet was sent: bytes go in, and it says whether more are needed.
package struct PacketExchange: Sendable {
    private let framing: PacketFraming
    private let waitsForReply: Bool
    private var hasEnded = false
    /// All bytes that came.
    package private(set) var received = Data()

    package init(framing: PacketFraming, waitsForReply: Bool = true) {
        self.framing = framing
        self.waitsForReply = waitsForReply
    }

    /// Takes bytes that arrived; none if the peer has ended.
    package mutating func take(_ bytes: Data) {
        if bytes.isEmpty { hasEnded = true }
        received += bytes
    }

    /// Whether nothing more is to be waited for: a whole packet or what cannot become one, or the
    /// end. Who waits for no reply waits for the end.
    package var isOver: Bool {
        hasEnded || (waitsForReply && judgement != .incomplete)
    }

    private enum Judgement: Hashable {
        case incomplete, packet, wrong
    }

    private var judgement: Judgement {
        guard !received.isEmpty else { return .incomplete }
        var state = framing.initialState
        do throws(PacketError) {
            switch try framing.nextFrame(in: received.bytes, state: &state) {
            case .incomplete: return .incomplete
            case .frame: return .packet
            }
        } catch {
            return .wrong
        }
    }

    /// What is not as it should be, in a sentence; `nil` if all is well.
    package var complaint: String? {
        if !waitsForReply { return nil }
        switch judgement {
        case .packet: return nil
        case .wrong: return "The reply is not right; see above."
        case .incomplete:
            return received.isEmpty
                ? "The server ended the connection without a reply." : "The reply is incomplete."
        }
    }

    /// The bytes explained.
    package var analysis: CaptureAnalysis { CaptureAnalysis(of: received, framing: framing) }
}
