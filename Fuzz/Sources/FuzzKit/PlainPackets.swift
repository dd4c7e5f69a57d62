// SPDX-License-Identifier: Apache-2.0

public import LinnetCodec
public import LinnetTestSupport

// The settings of the naive decoder for the one under test, and what that delivers in the plain
// arrays of the naive one.

extension PacketSettings {
    /// The same settings for the decoder under test.
    public var framing: PacketFraming {
        let limits = PacketLimits(
            versions: naive.versions,
            maxPacketByteCount: naive.maxPacketByteCount,
            sequencePolicy: naive.isStrict ? .strict : .ignore
        )
        return PacketFraming(magic: naive.magic, limits: limits)
    }
}

extension NaivePacket {
    /// A copy of all that the view shows.
    public init(_ view: borrowing PacketView) {
        self.init(
            version: view.header.version,
            flags: view.header.flags.rawValue,
            size: view.header.size,
            seq: view.header.seq,
            payload: [UInt8](view.payload)
        )
    }
}

extension NaiveError {
    public init(_ error: PacketError) {
        self.init(error.code.rawValue, error.field.rawValue, error.byteOffset)
    }
}

extension NaiveOutcome {
    /// Decodes a whole direction in place, packet by packet.
    ///
    /// - Parameter seq: number of its first packet.
    public init(
        decodingInPlace stream: RawSpan,
        framing: PacketFraming,
        startingAt seq: UInt64 = 0
    ) {
        self.init()
        var state = PacketFraming.State(nextSeq: seq)
        var start = 0
        do throws(PacketError) {
            while start < stream.byteCount {
                let rest = stream.extracting(start..<stream.byteCount)
                let view = try PacketView(checking: rest, framing: framing, state: &state)
                packets.append(NaivePacket(view))
                start += Int(view.header.size)
            }
        } catch {
            self.error = NaiveError(error)
        }
    }
}
