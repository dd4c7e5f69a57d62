// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Linnet

/// What no client of `Prices` may send, in packets that are valid.
enum DamagedMessage: String, CaseIterable {
    case unknownMessage = "unknown-message"
    case wrongSide = "wrong-side"
    case truncated = "invalid-truncated"
    case version = "invalid-version"
    case shape = "invalid-shape"
    case ends = "invalid-ends"

    /// The payload of the packet.
    func payload() throws(BuildError) -> Data {
        var bytes = try Lookup(instrument: 7).encoded()
        switch self {
        case .unknownMessage: bytes[0] = 99
        case .wrongSide: bytes = try PriceService.quote(7, index: 0).encoded()
        case .truncated: bytes.removeLast()
        case .version: bytes[2] = 0
        case .shape: bytes[4] += 1
        case .ends: bytes.append(0)
        }
        return Data(bytes)
    }

    /// A valid request, and what answers it.
    static func request() throws(BuildError) -> (request: Data, reply: Data) {
        let reply = PriceService.instrument(7) ?? Instrument()
        return (Data(try Lookup(instrument: 7).encoded()), Data(try reply.encoded()))
    }
}
