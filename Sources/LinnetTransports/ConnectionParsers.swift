// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
internal import LinnetConnections
public import LinnetEvents

/// The two directions of each connection of a reactor, for one framing: the parser of what comes in
/// and the state of what goes out. Mapped once, committed as it is used.
///
/// Thread: the reactor's.
@safe
@usableFromInline
package struct ConnectionParsers<F: Framing>: ~Copyable {
    @usableFromInline let framing: F
    @usableFromInline let directions: UnsafeMutablePointer<Directions>
    @usableFromInline let slotCount: Int
    @usableFromInline let pool: PacketPool
    private let region: MappedRegion

    @usableFromInline
    struct Directions: ~Copyable {
        @usableFromInline var parser: StreamParser<F>
        /// One more than the number of the failure that has ended the input; 0 if none has. Here it
        /// stands in the padding of the parser.
        @usableFromInline var failureNumber: UInt8 = 0
        @usableFromInline var sendState: F.SendState

        @usableFromInline
        init(parser: consuming StreamParser<F>, sendState: F.SendState) {
            self.parser = parser
            self.sendState = sendState
        }
    }

    /// Traps if the pool has no block for the longest frame.
    ///
    /// - Throws: `Errno` when the system refuses the address space.
    @usableFromInline
    package init(_ framing: F, slotCount: Int, pool: PacketPool) throws(Errno) {
        // What a parser asks of both is asked for here, not when the first peer connects.
        _ = StreamParser(framing, pool: pool)
        let region = try MappedRegion(byteCount: slotCount * MemoryLayout<Directions>.stride)
        self.framing = framing
        self.slotCount = slotCount
        self.pool = pool
        self.region = region
        // SAFETY: the region has room for the directions of all slots. A slot's are initialized
        // from `open` to `forget`, which the reactor pairs.
        unsafe directions = self.region.base.bindMemory(to: Directions.self, capacity: slotCount)
    }

    /// Bytes that each connection takes here.
    @usableFromInline
    package static var strideByteCount: Int { MemoryLayout<Directions>.stride }

    // SAFETY of all below: the reactor passes the index of a slot between `open` and `forget`, and
    // the index is checked.

    @inlinable
    @inline(__always)
    func at(_ slotIndex: Int) -> UnsafeMutablePointer<Directions> {
        precondition(slotIndex >= 0 && slotIndex < slotCount, "no such slot")
        return unsafe directions + slotIndex
    }

    @inlinable
    func open(_ slotIndex: Int) {
        let parser = StreamParser(framing, pool: pool)
        unsafe at(slotIndex).initialize(
            to: Directions(parser: parser, sendState: framing.initialSendState)
        )
    }

    @inlinable
    func forget(_ slotIndex: Int) {
        unsafe at(slotIndex).deinitialize(count: 1)
    }

    @inlinable
    func readSpace(
        _ slotIndex: Int,
        from magazine: borrowing PacketPool.Magazine
    ) -> StreamTail.ReadSpace {
        unsafe at(slotIndex).pointee.parser.readSpace(from: magazine)
    }

    /// Cuts bytes into frames and gives them to `body`.
    @inlinable
    @inline(__always)
    func parse(
        _ slotIndex: Int,
        _ source: DeliverySource,
        from magazine: borrowing PacketPool.Magazine,
        _ body: (borrowing FrameView<F>) -> FrameVerdict
    ) -> Delivery {
        var delivery = Delivery()
        let directions = unsafe at(slotIndex)
        do throws(F.Failure) {
            let isPaused: Bool
            switch source {
            case .block(let block, let range):
                isPaused = try unsafe directions.pointee.parser.parse(
                    framing,
                    in: range,
                    of: block,
                    from: magazine,
                    body
                )
            case .tail(let addedByteCount):
                isPaused = try unsafe directions.pointee.parser.parseTail(
                    framing,
                    adding: addedByteCount,
                    from: magazine,
                    body
                )
            }
            if isPaused { delivery.outcome = .paused }
        } catch {
            delivery.outcome = .failed(noteFailure(slotIndex, error))
        }
        return delivery
    }

    @usableFromInline
    func noteFailure(_ slotIndex: Int, _ failure: F.Failure) -> Int {
        let index = F.failureIndex(failure)
        unsafe at(slotIndex).pointee.failureNumber = UInt8(clamping: index + 1)
        return index
    }

    /// The event, which ends a connection's input, with the failure that did.
    @usableFromInline
    func explained(_ event: Event) -> Event {
        guard event.kind == .inputEnded else { return event }
        let number = unsafe at(event.id.slotIndex).pointee.failureNumber
        return number == 0 ? event : .inputEnded(event.id, event.reason, failure: Int(number) - 1)
    }

    /// Bytes of the block that an incomplete frame stands in.
    @inlinable
    func heldByteCount(_ slotIndex: Int) -> Int {
        unsafe at(slotIndex).pointee.parser.heldByteCount
    }

    /// Gives back what is kept of frames that nobody wants.
    @inlinable
    func dropInput(_ slotIndex: Int) {
        unsafe at(slotIndex).pointee.parser.end()
    }

    /// The peer's FIN came. Returns the number of the failure that it is, or `nil` for a clean end.
    @inlinable
    func endInput(_ slotIndex: Int) -> Int? {
        unsafe at(slotIndex).pointee.parser.finish(framing).map { noteFailure(slotIndex, $0) }
    }

    /// Writes what stands before and behind a payload.
    @inlinable
    func writeFrame(
        _ slotIndex: Int,
        _ payload: UnsafeRawBufferPointer,
        flags: UInt16,
        front: UnsafeMutableRawBufferPointer,
        back: UnsafeMutableRawBufferPointer
    ) -> FrameEnds {
        let payload = unsafe RawSpan(_unsafeBytes: payload)
        var front = unsafe MutableRawSpan(_unsafeBytes: front)
        let directions = unsafe at(slotIndex)
        let frontByteCount = unsafe framing.writeFront(
            of: payload,
            flags: flags,
            state: &directions.pointee.sendState,
            into: &front
        )
        guard back.count > 0 else {
            return FrameEnds(frontByteCount: frontByteCount, backByteCount: 0)
        }
        var behind = unsafe MutableRawSpan(_unsafeBytes: back)
        let backByteCount = framing.writeBack(of: payload, flags: flags, into: &behind)
        return FrameEnds(frontByteCount: frontByteCount, backByteCount: backByteCount)
    }

    /// Makes a frame of a payload that has room around it. Behind a front that is shorter than its
    /// room the payload moves up.
    ///
    /// - Returns: the length of the frame, which begins where the room does.
    @unsafe
    @inlinable
    @inline(__always)
    func completeFrame(
        _ slotIndex: Int,
        in bytes: UnsafeMutableRawBufferPointer,
        payload: Range<Int>,
        flags: UInt16,
        room: Range<Int>
    ) -> Int {
        // SAFETY: a command holds a reference of the block, whose bytes in `room` are this frame's.
        let ends = unsafe writeFrame(
            slotIndex,
            UnsafeRawBufferPointer(rebasing: bytes[payload]),
            flags: flags,
            front: UnsafeMutableRawBufferPointer(
                rebasing: bytes[room.lowerBound..<payload.lowerBound]
            ),
            back: UnsafeMutableRawBufferPointer(
                rebasing: bytes[payload.upperBound..<room.upperBound]
            )
        )
        let rest = payload.count &+ ends.backByteCount
        let gap = payload.lowerBound &- room.lowerBound &- ends.frontByteCount
        if gap > 0 {
            let source = unsafe bytes[payload.lowerBound..<payload.lowerBound + rest]
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[(payload.lowerBound - gap)...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
        }
        return ends.frontByteCount &+ rest
    }
}
