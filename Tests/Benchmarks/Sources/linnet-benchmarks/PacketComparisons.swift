// SPDX-License-Identifier: Apache-2.0

import CBaseline
import LinnetBytes
import LinnetCodec

/// Keeps results alive, so that the optimizer cannot remove what is measured.
@inline(never)
func consume(_ value: some FixedWidthInteger) {
    withExtendedLifetime(value) {}
}

/// Parsing, encoding, and the stream parser, for packets of one size.
func packetComparisons(packetByteCount: Int) -> [Comparison] {
    let payload = [UInt8](repeating: 0x5A, count: packetByteCount - 24)
    let packetCount = 262_144 / packetByteCount
    var stream = [UInt8](repeating: 0, count: packetByteCount * packetCount)
    fill(&stream, payload: payload, packetCount: packetCount)
    return [
        parse(stream, packetCount: packetCount, packetByteCount: packetByteCount),
        streamParser(stream, packetCount: packetCount, packetByteCount: packetByteCount),
        encode(payload, packetByteCount: packetByteCount),
        surround(payload, packetByteCount: packetByteCount),
    ]
}

private func fill(_ stream: inout [UInt8], payload: [UInt8], packetCount: Int) {
    var elements = stream.mutableSpan
    var writer = PacketWriter(into: elements.mutableBytes)
    for _ in 0..<packetCount {
        do { try writer.append(payload.span.bytes) } catch { preconditionFailure("\(error)") }
    }
}

private func parse(_ stream: [UInt8], packetCount: Int, packetByteCount: Int) -> Comparison {
    let framing = PacketFraming()
    return Comparison(
        "parse and verify, \(packetByteCount) B packets",
        operations: packetCount,
        ours: {
            var state = framing.initialState
            var offset = 0
            var payloadByteCount = 0
            let bytes = stream.span.bytes
            while offset < bytes.byteCount {
                let rest = bytes.extracting(offset..<bytes.byteCount)
                guard
                    case .frame(let byteCount, let payload, _)? = try? framing.nextFrame(
                        in: rest,
                        state: &state
                    )
                else { preconditionFailure("the stream is valid") }
                payloadByteCount &+= payload.count
                offset += byteCount
            }
            precondition(state.nextSeq == UInt64(packetCount))
            consume(payloadByteCount)
        },
        baseName: "C, slicing-by-8",
        base: {
            var payloadByteCount: UInt64 = 0
            let count = baseline_parse(stream, stream.count, 0x544E_4E4C, &payloadByteCount)
            precondition(count == packetCount)
            consume(payloadByteCount)
        }
    )
}

private func streamParser(_ stream: [UInt8], packetCount: Int, packetByteCount: Int) -> Comparison {
    let framing = PacketFraming(limits: PacketLimits(sequencePolicy: .ignore))
    guard let pool = try? PacketPool() else { preconditionFailure("the pool cannot be mapped") }
    return Comparison(
        "stream parser with views, copied in, \(packetByteCount) B packets",
        operations: packetCount,
        ours: {
            guard let magazine = pool.makeMagazine() else { preconditionFailure("no magazine") }
            var parser = StreamParser(framing, pool: pool)
            var payloadByteCount = 0
            let fed = try? parser.feed(framing, stream.span.bytes, from: magazine) { packet in
                payloadByteCount &+= packet.payload.byteCount
                return .next
            }
            precondition(fed == stream.count)
            consume(payloadByteCount)
        }
    )
}

/// Header and trailer apart from the payload, which is not copied.
private func surround(_ payload: [UInt8], packetByteCount: Int) -> Comparison {
    let packetCount = 16_384 / packetByteCount
    let framing = PacketFraming()
    // SAFETY: the closure runs on one thread.
    nonisolated(unsafe) var bytes = [UInt8](repeating: 0, count: 32)
    return Comparison(
        "write what stands around a payload, \(packetByteCount) B packets",
        operations: packetCount,
        ours: {
            var elements = bytes.mutableSpan
            var room = elements.mutableBytes
            var state = framing.initialSendState
            var byteCount = 0
            for _ in 0..<packetCount {
                guard framing.canSend(byteCount: payload.count, flags: 0) else {
                    preconditionFailure("the payload is short enough")
                }
                byteCount &+= framing.writeFront(
                    of: payload.span.bytes,
                    flags: 0,
                    state: &state,
                    into: &room
                )
                byteCount &+= framing.writeBack(of: payload.span.bytes, flags: 0, into: &room)
            }
            consume(byteCount)
        }
    )
}

private func encode(_ payload: [UInt8], packetByteCount: Int) -> Comparison {
    let packetCount = 16_384 / packetByteCount
    // SAFETY: the closures run one after the other, on one thread.
    nonisolated(unsafe) var ours = [UInt8](repeating: 0, count: 16_384)
    nonisolated(unsafe) var base = ours
    return Comparison(
        "encode, \(packetByteCount) B packets",
        operations: packetCount,
        ours: {
            var elements = ours.mutableSpan
            var writer = PacketWriter(into: elements.mutableBytes)
            for _ in 0..<packetCount {
                do { try writer.append(payload.span.bytes) } catch {
                    preconditionFailure("\(error)")
                }
            }
            consume(writer.byteCount)
        },
        baseName: "C, slicing-by-8",
        base: {
            var offset = 0
            base.withUnsafeMutableBufferPointer { bytes in
                for seq in 0..<packetCount {
                    offset += baseline_encode(
                        bytes.baseAddress.map { $0 + offset },
                        0x544E_4E4C,
                        UInt64(seq),
                        payload,
                        payload.count
                    )
                }
            }
            consume(offset)
        }
    )
}
