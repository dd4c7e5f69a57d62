// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// The fuzzer's seeds, and inputs that once broke something, in debug and release builds alike. See
/// Fuzz/regressions/README.md.
@Suite struct RegressionTests {
    @Test(arguments: FuzzedStream.all)
    func `both decoders agree on what the fuzzer found`(file: FuzzedStream) throws {
        for stream in [file.stream, file.streamWithRightChecksums] {
            let expected = NaiveDecoder(file.framing).decode(stream)
            #expect(outcomeInPlace(of: stream, file.framing) == expected)
            let driver = try PacketDriver(file.framing)
            let everywhere = Array(1..<max(stream.count, 1))
            for way in PacketDriver.Way.allCases {
                for cuts in [[], everywhere, file.cuts(of: stream.count)] {
                    let outcome = try driver.outcome(of: stream, cuts: cuts, way: way)
                    #expect(outcome == expected, "\(way), cut at \(cuts)")
                }
            }
            #expect(driver.pool.statistics.allSatisfy { $0.inUseCount == 0 })
        }
    }

    private func outcomeInPlace(of stream: [UInt8], _ framing: PacketFraming) -> NaiveOutcome {
        var outcome = NaiveOutcome()
        var state = framing.initialState
        var start = 0
        do throws(PacketError) {
            while start < stream.count {
                let rest = stream.rawSpan.extracting(start..<stream.count)
                let packet = try PacketView(checking: rest, framing: framing, state: &state)
                outcome.packets.append(NaivePacket(packet))
                start += Int(packet.header.size)
            }
        } catch {
            let field = error.field.rawValue
            outcome.error = NaiveError(error.code.rawValue, field, error.byteOffset)
        }
        return outcome
    }
}

/// An input of the target FuzzStream: a byte of settings, nine bytes of script, a stream.
struct FuzzedStream: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let framing: PacketFraming
    let stream: [UInt8]
    private let segmentByteCounts: [Int]

    static let all = files(in: "corpus/FuzzStream") + files(in: "regressions")

    private static func files(in folder: String) -> [FuzzedStream] {
        let fuzz = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fuzz")
        do {
            let path = fuzz.appending(path: folder).path
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            return try names.filter { $0 != "README.md" }.sorted().map { name in
                let data = try Data(contentsOf: fuzz.appending(path: "\(folder)/\(name)"))
                return FuzzedStream("\(folder)/\(name)", [UInt8](data))
            }
        } catch {
            preconditionFailure("Fuzz/\(folder) cannot be read: \(error)")
        }
    }

    /// The choices of Fuzz/Sources/FuzzKit/PacketSettings.swift and of Script.swift.
    private init(_ name: String, _ bytes: [UInt8]) {
        testDescription = name
        let settings = bytes.first ?? 0
        let limits = PacketLimits(
            versions: [1...1, 2...4, 0...UInt16.max, 1...1][Int(settings >> 2 & 3)],
            maxPacketByteCount: [1_048_576, 32, 28, 4_096][Int(settings >> 5 & 3)],
            sequencePolicy: settings & 16 == 0 ? .strict : .ignore
        )
        let magic: UInt32 = settings & 2 == 0 ? PacketHeader.defaultMagic : 0x3150_4B43
        framing = PacketFraming(magic: magic, limits: limits)
        segmentByteCounts = bytes.dropFirst(2).prefix(4).map {
            $0 < 128 ? Int($0) + 1 : Int($0 - 127) * 16
        }
        stream = Array(bytes.dropFirst(10))
    }

    /// Where a stream of that length is cut into segments.
    func cuts(of byteCount: Int) -> [Int] {
        var cuts: [Int] = []
        while let count = segmentByteCounts.dropFirst(cuts.count % 4).first {
            let cut = (cuts.last ?? 0) + count
            if cut >= byteCount { break }
            cuts.append(cut)
        }
        return cuts
    }

    /// The stream with the checksum of each header and payload made right, as far as the sizes
    /// lead.
    var streamWithRightChecksums: [UInt8] {
        var bytes = stream
        func setChecksum(of covered: [UInt8], at offset: Int) {
            for index in 0..<4 {
                let byte = NaiveDecoder.crc32(covered) >> (8 * index)
                bytes[offset + index] = UInt8(truncatingIfNeeded: byte)
            }
        }
        var start = 0
        while bytes.count - start >= PacketHeader.byteCount {
            setChecksum(of: Array(bytes[start..<start + 20]) + [0, 0, 0, 0], at: start + 20)
            let size = (0..<4).reduce(0) { $0 | Int(bytes[start + 8 + $1]) << (8 * $1) }
            let hasTrailer = bytes[start + 6] & 2 != 0
            let end = start + size
            if size < (hasTrailer ? 28 : 24) || end > bytes.count { break }
            if hasTrailer {
                setChecksum(of: Array(bytes[start + 24..<end - 4]), at: end - 4)
            }
            start = end
        }
        return bytes
    }
}
