// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import LinnetBytes

/// The memory of a ``ConnectionTable``: where each slot stands. Plain data to be copied at will.
///
/// For each reactor: its free slots, then one line of facts per slot, then origins, then links.
///
/// Thread: any, except where a member says that it is the owner's.
@frozen
@safe
@usableFromInline
package struct TableMemory: BitwiseCopyable, @unchecked Sendable {
    // Sendable: the words never change; what they lead to is made of atomics, and each depot too.

    @usableFromInline let base: UnsafeMutableRawPointer
    /// Slots of each reactor.
    @usableFromInline package let slotCount: Int
    @usableFromInline package let reactorCount: Int
    @usableFromInline let partByteCount: Int

    // SAFETY of all below: the table keeps the region mapped; the layout placed all of it apart;
    // the indices come from names that `isPlace` has checked, from depots, or from loops over
    // the counts.

    @unsafe
    init(base: UnsafeMutableRawPointer, reactorCount: Int, slotCount: Int) {
        unsafe self.base = base
        self.slotCount = slotCount
        self.reactorCount = reactorCount
        partByteCount = Self.partByteCount(slotCount: slotCount)
    }

    /// A depot and a count, each on lines of its own (processors fetch lines in pairs).
    @usableFromInline static var frontByteCount: Int { 256 }
    private static var linkByteCount: Int { MemoryLayout<AtomicWord>.stride }
    @inlinable static var originByteCount: Int { MemoryLayout<ConnectionOrigin>.stride }
    /// Bytes of all that belongs to one slot.
    static var slotByteCount: Int {
        MemoryLayout<ConnectionSlot>.stride + originByteCount + linkByteCount
    }

    /// Bytes of one reactor's part, in whole pages so that parts share none.
    static func partByteCount(slotCount: Int) -> Int {
        let page = MappedRegion.pageByteCount
        let byteCount = frontByteCount + slotCount * slotByteCount
        return (byteCount + page - 1) / page * page
    }

    @inlinable
    @inline(__always)
    func slot(_ reactorIndex: Int, _ slotIndex: Int) -> UnsafeMutablePointer<ConnectionSlot> {
        unsafe (base + reactorIndex &* partByteCount + Self.frontByteCount
            + slotIndex &* MemoryLayout<ConnectionSlot>.stride)
            .assumingMemoryBound(to: ConnectionSlot.self)
    }

    @inlinable
    @inline(__always)
    func origin(_ reactorIndex: Int, _ slotIndex: Int) -> UnsafeMutablePointer<ConnectionOrigin> {
        unsafe (base + reactorIndex &* partByteCount + Self.frontByteCount
            + slotCount &* MemoryLayout<ConnectionSlot>.stride
            + slotIndex &* Self.originByteCount)
            .assumingMemoryBound(to: ConnectionOrigin.self)
    }

    private func links(_ reactorIndex: Int) -> IndexLinks {
        let others = MemoryLayout<ConnectionSlot>.stride + Self.originByteCount
        return unsafe IndexLinks(
            firstLink: base + reactorIndex &* partByteCount + Self.frontByteCount
                + slotCount &* others,
            strideByteCount: Self.linkByteCount
        )
    }

    private func depot(_ reactorIndex: Int) -> UnsafeMutablePointer<IndexDepot> {
        unsafe (base + reactorIndex &* partByteCount).assumingMemoryBound(to: IndexDepot.self)
    }

    /// How many slots of the reactor are taken.
    private func takenCount(_ reactorIndex: Int) -> UnsafeMutablePointer<AtomicWord> {
        unsafe (base + reactorIndex &* partByteCount + Self.frontByteCount / 2)
            .assumingMemoryBound(to: AtomicWord.self)
    }

    /// Writes the free slots of all reactors; the rest begins as the zeros that the kernel maps.
    func initialize() {
        for reactorIndex in 0..<reactorCount {
            unsafe depot(reactorIndex).initialize(to: IndexDepot(indices: 0..<slotCount))
        }
    }

    /// Slots that were ever taken: those behind them hold nothing to look at.
    package func usedSlotCount(ofReactor reactorIndex: Int) -> Int {
        unsafe depot(reactorIndex).pointee.freshIndex
    }

    package func connectionCount(ofReactor reactorIndex: Int) -> Int {
        Int(truncatingIfNeeded: unsafe takenCount(reactorIndex).pointee.load(.relaxed))
    }
}

// MARK: - Taking and freeing

extension TableMemory {
    /// Takes a free slot of a reactor for a connection that is opening. O(1), any thread,
    /// lock-free.
    ///
    /// The caller is the slot's owner until it hands the name to the reactor.
    ///
    /// - Returns: `nil` when all slots are taken.
    package func reserve(
        reactorIndex: Int,
        peer: PeerAddress,
        workerIndex: Int,
        now: MonotonicInstant
    ) -> ConnectionID? {
        precondition(reactorIndex >= 0 && reactorIndex < reactorCount, "no such reactor")
        precondition(
            workerIndex >= 0 && workerIndex <= UInt16.max,
            "workers are numbered from 0 to 65,535"
        )
        let links = links(reactorIndex)
        guard let taken = unsafe depot(reactorIndex).pointee.pop(maxCount: 1, in: links) else {
            return nil
        }
        _ = unsafe takenCount(reactorIndex).pointee.wrappingAdd(1, .relaxed)
        let index = Int(taken.first)
        let slot = unsafe slot(reactorIndex, index)
        // The last owner's stores are visible: it pushed the slot, which releases, and the pop
        // acquires.
        let old = unsafe slot.pointee.stamp.load(.relaxed)
        let generation = ConnectionSlot.generation(of: old) &+ 1
        unsafe change(slot, generation: generation) { writer in
            writer.reset(workerIndex: workerIndex, now: now)
            unsafe origin(reactorIndex, index).pointee.setPeer(peer)
        }
        return ConnectionID(generation: generation, reactorIndex: reactorIndex, slotIndex: index)
    }

    /// Ends the name: from now on it names nothing, and the slot can be taken again. Owner only,
    /// once.
    package func release(_ id: ConnectionID) {
        let slot = unsafe ownedSlot(of: id)
        let stamp = unsafe slot.pointee.stamp.load(.relaxed)
        unsafe slot.pointee.stamp.store(
            ConnectionSlot.stamp(generation: id.generation &+ 1, version: stamp &+ 2),
            .releasing
        )
        _ = unsafe takenCount(id.reactorIndex).pointee.wrappingAdd(0 &- 1, .relaxed)
        unsafe depot(id.reactorIndex).pointee.push(
            IndexChain(UInt32(truncatingIfNeeded: id.slotIndex)),
            in: links(id.reactorIndex)
        )
    }

    /// Changes facts of a connection: readers see all of the change or nothing of it. Owner only.
    ///
    /// Cost: two stores, and one for each fact. `change` must not take long: readers wait for it.
    @inlinable
    @inline(__always)
    package func update(_ id: ConnectionID, _ change: (SlotWriter) -> Void) {
        unsafe self.change(ownedSlot(of: id), generation: id.generation, change)
    }

    /// A change of a slot that the caller owns, as ``ConnectionSlot`` says.
    @inlinable
    @inline(__always)
    func change(
        _ slot: UnsafeMutablePointer<ConnectionSlot>,
        generation: UInt32,
        _ body: (SlotWriter) -> Void
    ) {
        let old = unsafe slot.pointee.stamp.load(.relaxed)
        unsafe slot.pointee.stamp.store(
            ConnectionSlot.stamp(generation: generation, version: old &+ 1),
            .releasing
        )
        body(unsafe SlotWriter(slot: slot))
        unsafe slot.pointee.stamp.store(
            ConnectionSlot.stamp(generation: generation, version: old &+ 2),
            .releasing
        )
    }

    /// The slot of a connection that the caller owns.
    @inlinable
    @inline(__always)
    func ownedSlot(of id: ConnectionID) -> UnsafeMutablePointer<ConnectionSlot> {
        precondition(isPlace(id), "no such slot")
        let slot = unsafe slot(id.reactorIndex, id.slotIndex)
        let stamp = unsafe slot.pointee.stamp.load(.relaxed)
        precondition(
            ConnectionSlot.generation(of: stamp) == id.generation && id.generation & 1 == 1,
            "the owner used the name of a connection that it has released"
        )
        return unsafe slot
    }
}

// MARK: - Looking

extension TableMemory {
    @inlinable
    @inline(__always)
    func isPlace(_ id: ConnectionID) -> Bool {
        id.reactorIndex < reactorCount && id.slotIndex < slotCount
    }

    /// Whether the connection exists. One load.
    @inlinable
    @inline(__always)
    package func contains(_ id: ConnectionID) -> Bool {
        guard isPlace(id), id.generation & 1 == 1 else { return false }
        // Acquires what the owner wrote before it took the slot or freed it.
        let stamp = unsafe slot(id.reactorIndex, id.slotIndex).pointee.stamp.load(.acquiring)
        return ConnectionSlot.generation(of: stamp) == id.generation
    }

    /// The facts of one moment, or `nil` if the connection is gone.
    package func facts(of id: ConnectionID) -> ConnectionFacts? {
        guard isPlace(id), id.generation & 1 == 1 else { return nil }
        return facts(id.reactorIndex, id.slotIndex, generation: id.generation)
    }

    /// The facts of whatever connection has the slot, or only of that with the `generation`.
    func facts(
        _ reactorIndex: Int,
        _ slotIndex: Int,
        generation expected: UInt32? = nil
    ) -> ConnectionFacts? {
        let slot = unsafe slot(reactorIndex, slotIndex)
        let origin = unsafe origin(reactorIndex, slotIndex)
        var attemptCount = 0
        while true {
            // Pairs with the store that ends a change; see ``ConnectionSlot``.
            let before = unsafe slot.pointee.stamp.load(.acquiring)
            let generation = ConnectionSlot.generation(of: before)
            guard generation & 1 == 1, generation == expected ?? generation else { return nil }
            if !ConnectionSlot.isChanging(before) {
                let id = ConnectionID(
                    generation: generation,
                    reactorIndex: reactorIndex,
                    slotIndex: slotIndex
                )
                let facts = unsafe slot.pointee.facts(
                    of: id,
                    peer: origin.pointee.loadPeer()
                )
                if unsafe slot.pointee.stamp.load(.acquiring) == before { return facts }
            }
            attemptCount += 1
            announceRetry()
            // The owner may have lost its processor in the middle of a change.
            if attemptCount % 64 == 0 { sched_yield() }
        }
    }

    /// The worker of a connection, or `nil` if the connection is gone.
    package func workerIndex(of id: ConnectionID) -> Int? {
        guard contains(id) else { return nil }
        // It never changes while the connection lives. If this is that of a later connection, the
        // load acquires the later stamp too, and the second look finds the name old.
        let role = unsafe slot(id.reactorIndex, id.slotIndex).pointee.role.load(.acquiring)
        return contains(id) ? Int(UInt16(truncatingIfNeeded: role >> 16)) : nil
    }

    /// Whether the connection has as much to write as it may. False if it is gone.
    @inlinable
    package func outboundIsFull(of id: ConnectionID) -> Bool {
        guard contains(id) else { return false }
        // Relaxed: a hint, which may be of the moment before.
        let role = unsafe slot(id.reactorIndex, id.slotIndex).pointee.role.load(.relaxed)
        return ConnectionSlot.outboundIsFull(role: role)
    }

    /// How far the handler's side has come. `closed` if the connection is gone. Any thread.
    @inlinable
    package func handlingStage(of id: ConnectionID) -> HandlingStage {
        guard contains(id) else { return .closed }
        // Pairs with the release in `setHandlingStage`.
        let word = unsafe origin(id.reactorIndex, id.slotIndex).pointee.handling.load(.acquiring)
        guard UInt32(truncatingIfNeeded: word >> 32) == id.generation else {
            // Nothing stands there of this connection; but if it is the stage of a later one, what
            // stood there of this one was `closing` or `closed`. The load acquires the later stamp.
            return contains(id) ? .handling : .closed
        }
        return HandlingStage(rawValue: UInt32(truncatingIfNeeded: word)) ?? .handling
    }

    /// Says how far the handler's side has come. Only the connection's worker.
    ///
    /// The connection may be gone by then, and its slot another's: a newer connection's stage
    /// stays.
    @usableFromInline
    package func setHandlingStage(_ stage: HandlingStage, of id: ConnectionID) {
        guard isPlace(id) else { return }
        let handling = unsafe origin(id.reactorIndex, id.slotIndex)
        let word = UInt64(id.generation) << 32 | UInt64(stage.rawValue)
        var seen = unsafe handling.pointee.handling.load(.relaxed)
        while true {
            let distance = UInt32(truncatingIfNeeded: seen >> 32) &- id.generation
            guard Int32(bitPattern: distance) <= 0 else { return }
            // Releases what the handler did before to who finds the stage.
            let (exchanged, original) = unsafe handling.pointee.handling.compareExchange(
                expected: seen,
                desired: word,
                .releasing
            )
            if exchanged { return }
            seen = original
        }
    }
}
