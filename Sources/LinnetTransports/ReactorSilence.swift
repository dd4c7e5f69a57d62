// SPDX-License-Identifier: Apache-2.0

internal import LinnetConnections
internal import LinnetPollers

/// Peers that begin a frame and do not end it, and peers that are silent.
///
/// Nothing is done for it when bytes come: the connections are looked at one after another, all of
/// them once in a sixteenth of the shortest limit, a few at a time.
extension Reactor where P: ~Copyable {
    /// How often all connections are looked at, at most and at least.
    private static var roundLimits: ClosedRange<Duration> { .milliseconds(100)...(.seconds(4)) }
    /// Parts of a round, so that no turn looks at many connections.
    private static var partCount: Int { 16 }

    /// A connection has opened: begins to look, if any silence is too long.
    mutating func watchSilence() {
        guard nextLook == .distantFuture, let interval = lookInterval else { return }
        nextLook = now + interval
    }

    private var lookInterval: Duration? {
        // Without an array: this is asked many times a second.
        let (frame, idle) = (settings.deadlines.frame, settings.deadlines.idle)
        guard let one = frame ?? idle else { return nil }
        let shortest = min(one, idle ?? one)
        let round = min(
            max(shortest / 16, Self.roundLimits.lowerBound),
            Self.roundLimits.upperBound
        )
        return round / Self.partCount
    }

    /// Looks at the next few connections.
    mutating func lookForSilence(_ driver: ReactorDriver) {
        let slotCount = table.usedSlotCount(ofReactor: index)
        let end = min(slotCount, nextLookIndex + (slotCount + Self.partCount - 1) / Self.partCount)
        for slotIndex in nextLookIndex..<max(nextLookIndex, end) {
            let flags: ReactorSlot.Flags = [.isTaken, .isOpened]
            if slots[slotIndex].flags.contains(flags), slots[slotIndex].machine.mayRead {
                look(slotIndex, driver)
            }
        }
        nextLookIndex = end < slotCount ? end : 0
        nextLook = .distantFuture
        if openCount > 0 { watchSilence() }
    }

    private mutating func look(_ slotIndex: Int, _ driver: ReactorDriver) {
        guard let facts = table.facts(of: id(of: slotIndex)) else { return }
        if let limit = settings.deadlines.frame, driver.heldByteCount(slotIndex) > 0 {
            let frame = BegunFrame(
                generation: slots[slotIndex].generation,
                number: UInt32(truncatingIfNeeded: facts.receivedFrameCount),
                start: now
            )
            // Bytes may wait because we do not read them, or do not deliver the frame.
            let waitsForUs =
                !slots[slotIndex].mayDeliver
                || !slots[slotIndex].flags.isDisjoint(with: [.hasFrames, .hasInput])
            if waitsForUs || !begunFrames[slotIndex].isSame(as: frame) {
                begunFrames[slotIndex] = frame
            } else if begunFrames[slotIndex].start.duration(to: now) >= limit {
                return requestClose(slotIndex, .frameTimeout, driver)
            }
        }
        if let limit = settings.deadlines.idle, facts.lastActivity.duration(to: now) >= limit,
            slots[slotIndex].credits.frameCount == 0, slots[slotIndex].firstPiece == 0
        {
            requestClose(slotIndex, .idleTimeout, driver)
        }
    }
}
