// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport

extension SpecCase {
    var framing: PacketFraming {
        let magic = settings.magic.flatMap { UInt32($0.dropFirst(2), radix: 16) }
        let versions = settings.versions.map { $0[0]...$0[1] }
        return PacketFraming(
            magic: magic ?? PacketHeader.defaultMagic,
            limits: PacketLimits(
                versions: versions ?? 1...1,
                maxPacketByteCount: settings.maxPacketByteCount ?? 1_048_576,
                sequencePolicy: settings.sequence == "ignore" ? .ignore : .strict
            )
        )
    }
}
