// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import LinnetCodec

/// What both ends of a connection are configured with. Specs/protocol.md 3.
struct FramingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The number that names the protocol; 0x544E4E4C by default.",
            discussion: "Its lowest byte comes first on the wire, so that is \"LNNT\".",
            valueName: "0xHHHHHHHH"
        ),
        transform: UInt32.init(magicArgument:)
    )
    var magic = PacketHeader.defaultMagic

    @Option(
        help: ArgumentHelp(
            "The longest packet, 28 to 4294967295; 1048576 by default. Header and trailer count.",
            valueName: "bytes"
        ),
        transform: Int.init(maxPacketArgument:)
    )
    var maxPacket = PacketLimits().maxPacketByteCount

    var areDefault: Bool {
        magic == PacketHeader.defaultMagic && maxPacket == PacketLimits().maxPacketByteCount
    }

    /// - Parameter versions: as ``PacketLimits/versions``.
    func framing(
        versions: ClosedRange<UInt16>,
        sequencePolicy: PacketLimits.SequencePolicy = .strict
    ) -> PacketFraming {
        PacketFraming(
            magic: magic,
            limits: PacketLimits(
                versions: versions,
                maxPacketByteCount: maxPacket,
                sequencePolicy: sequencePolicy
            )
        )
    }
}

// The conformance of a public type is public, and so must be the imports that it names.
extension PacketLimits.SequencePolicy: ExpressibleByArgument {}
