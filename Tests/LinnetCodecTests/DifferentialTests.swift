// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing

/// Random and mutated streams: our parser and the naive one agree on each. The environment variable
/// LINNET_DIFFERENTIAL_STREAMS sets how many; LINNET_DIFFERENTIAL_SEED with which the first begins.
@Suite struct DifferentialTests {
    private static func environment(_ name: String, default value: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? value
    }

    @Test func `both decoders agree on random and mutated streams`() throws {
        let count = Self.environment("LINNET_DIFFERENTIAL_STREAMS", default: 20_000)
        let seed = Self.environment("LINNET_DIFFERENTIAL_SEED", default: 1)
        var mutator = StreamMutator(seed: UInt64(seed))
        let drivers = try [
            PacketFraming(),
            PacketFraming(limits: PacketLimits(versions: 0...2, maxPacketByteCount: 60)),
            PacketFraming(limits: PacketLimits(sequencePolicy: .ignore)),
        ].map(PacketDriver.init)
        var errorCounts: [String: Int] = [:]
        for number in 0..<count {
            let stream = mutator.stream()
            let driver = drivers[number % drivers.count]
            let way = PacketDriver.Way.allCases[number / 3 % 3]
            let expected = NaiveDecoder(driver.framing).decode(stream)
            let cuts = randomCuts(of: stream.count, using: &mutator.random)
            let outcome = try driver.outcome(of: stream, cuts: cuts, way: way)
            errorCounts[expected.error?.name ?? "none", default: 0] += 1
            if outcome != expected {
                Issue.record(
                    """
                    stream \(number) of seed \(seed), cuts \(cuts), \(way): \(stream.hexadecimal)
                    ours: \(outcome)
                    naive: \(expected)
                    """
                )
                return
            }
        }
        let missing = PacketError.Code.allCases.filter { errorCounts[$0.rawValue] == nil }
        #expect(missing.isEmpty, "the streams reach every error: \(errorCounts)")
    }

    private func randomCuts(of byteCount: Int, using random: inout SeededRandom) -> [Int] {
        guard byteCount > 1 else { return [] }
        let count = Int.random(in: 0...4, using: &random)
        return (0..<count).map { _ in Int.random(in: 1..<byteCount, using: &random) }.sorted()
    }
}
