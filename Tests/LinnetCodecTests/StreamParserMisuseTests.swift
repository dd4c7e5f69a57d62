// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// What a wrong program does to the parser: it ends, in release builds too.
@Suite struct StreamParserMisuseTests {
    @Test func `a magazine of another pool is caught`() async {
        await #expect(processExitsWith: trap) {
            let own = try PacketPool()
            let other = try PacketPool()
            guard let magazine = other.makeMagazine() else { return }
            var parser = StreamParser(PacketFraming(), pool: own)
            _ = try parser.feed(PacketFraming(), [1].rawSpan, from: magazine) { _ in .next }
        }
    }

    @Test func `a range outside the block is caught`() async {
        await #expect(processExitsWith: trap) {
            let pool = try PacketPool()
            guard let magazine = pool.makeMagazine() else { return }
            guard let block = magazine.acquire(holding: 512) else { return }
            var parser = StreamParser(PacketFraming(), pool: pool)
            let range = 500..<600
            _ = try parser.parse(PacketFraming(), in: range, of: block, from: magazine) { _ in
                .next
            }
        }
    }

    @Test func `an end while frames wait is caught`() async {
        await #expect(processExitsWith: trap) {
            let pool = try PacketPool()
            guard let magazine = pool.makeMagazine() else { return }
            var parser = StreamParser(PacketFraming(), pool: pool)
            let bytes = NaiveEncoder().bytes
            _ = try parser.feed(PacketFraming(), bytes.rawSpan, from: magazine) { _ in .refuse }
            _ = parser.finish(PacketFraming())
        }
    }

    @Test func `a paused parser takes no bytes`() throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        let framing = PacketFraming()
        var parser = StreamParser(framing, pool: pool)
        let bytes = NaiveEncoder().bytes + NaiveEncoder(seq: 1).bytes
        let fed = try parser.feed(framing, bytes.rawSpan, from: magazine) { _ in .pause }
        let fedAgain = try parser.feed(framing, [1].rawSpan, from: magazine) { _ in .next }
        var isPaused = parser.isPaused
        #expect(fed == bytes.count && fedAgain == 0 && isPaused)
        isPaused = try parser.resume(framing, from: magazine) { _ in .next }
        #expect(!isPaused)
        let failure = parser.finish(framing)
        #expect(failure == nil)
    }
}
