// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// Every case of the spec, in every segmentation, against our parser and the naive one.
@Suite struct SpecCasesTests {
    @Test(arguments: SpecCase.all)
    func `the naive decoder agrees with the spec`(specCase: SpecCase) {
        #expect(NaiveDecoder(specCase.framing).decode(specCase.bytes) == specCase.outcome)
    }

    @Test(arguments: SpecCase.all, PacketDriver.Way.allCases)
    func `a case gives the same in every segmentation`(
        specCase: SpecCase,
        way: PacketDriver.Way
    ) throws {
        let driver = try PacketDriver(specCase.framing)
        let stream = specCase.bytes
        let expected = specCase.outcome
        #expect(try driver.outcome(of: stream, way: way) == expected)
        let everywhere = Array(1..<max(stream.count, 1))
        #expect(try driver.outcome(of: stream, cuts: everywhere, way: way) == expected)
        for cut in 0...stream.count {
            #expect(
                try driver.outcome(of: stream, cuts: [cut], way: way) == expected,
                "cut at \(cut)"
            )
        }
        #expect(driver.pool.statistics.allSatisfy { $0.inUseCount == 0 })
    }

    /// Packets with their last byte, errors when they are due: 4.1.2 and 4.1.4.
    @Test(arguments: SpecCase.all)
    func `nothing comes late or early`(specCase: SpecCase) throws {
        let framing = specCase.framing
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var parser = StreamParser(framing, pool: pool)
        var ends: [Int] = []
        for packet in specCase.packets { ends.append((ends.last ?? 0) + Int(packet.size)) }
        for (index, byte) in specCase.bytes.enumerated() {
            let byteCount = index + 1
            var deliveredCount = 0
            do {
                _ = try parser.feed(framing, [byte].rawSpan, from: magazine) { _ in
                    deliveredCount += 1
                    return .next
                }
            } catch {
                #expect(byteCount == specCase.error?.after)
                return
            }
            #expect(deliveredCount == ends.count { $0 == byteCount })
            #expect(byteCount != specCase.error?.after)
        }
        #expect(specCase.error?.after == nil)
    }

    @Test(arguments: SpecCase.all.filter { $0.error != nil })
    func `errors name the section of the spec`(specCase: SpecCase) throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var parser = StreamParser(specCase.framing, pool: pool)
        let bytes = specCase.bytes
        var failure: PacketError?
        do throws(PacketError) {
            _ = try parser.feed(specCase.framing, bytes.rawSpan, from: magazine) { _ in .next }
            failure = parser.finish(specCase.framing)
        } catch {
            failure = error
        }
        #expect(failure?.section == specCase.error?.section)
        #expect(
            failure?.description.contains("Specs/protocol.md \(specCase.error?.section ?? "")")
                == true
        )
    }

    @Test(arguments: SpecCase.all.filter { $0.error == nil && $0.settings.sequence == nil })
    func `encoding the packets gives the bytes of the case`(specCase: SpecCase) throws {
        var bytes = [UInt8](repeating: 0xEE, count: specCase.bytes.count + 8)
        let written = try bytes.withMutableRawSpan { span in
            var writer = PacketWriter(
                into: span._mutatingExtracting(0..<span.byteCount),
                framing: specCase.framing,
                version: specCase.packets.first?.version
            )
            for packet in specCase.outcome.packets {
                try writer.append(
                    packet.payload.rawSpan,
                    flags: PacketFlags(rawValue: packet.flags)
                )
            }
            return writer.byteCount
        }
        if specCase.id != "payload-damaged-unprotected" {
            #expect(Array(bytes[..<written]) == specCase.bytes)
        }
        #expect(bytes[written...].allSatisfy { $0 == 0xEE })
    }
}
