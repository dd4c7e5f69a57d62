// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// All connections of a server, for all threads to look at: mapped once, never unmapped while the
/// table lives, never grown.
///
/// Each reactor has a part of the slots, and each slot one line of facts that its owner alone
/// writes. Everyone else holds a ``ConnectionID`` and gets the facts of one moment, or nothing when
/// the name is old: nobody follows another thread's pointer. Address space is reserved up front; a
/// page of it costs memory from the first connection that uses it, 104 bytes for each connection.
///
/// Invariants:
/// 1. A slot is free, or taken; its generation is odd exactly while it is taken.
/// 2. A slot belongs to one reactor for ever. While it is taken it has one owner: the thread that
///    reserved it, then its reactor.
/// 3. A name that was released never becomes current again, until its slot was taken 2^31 times.
///
/// Thread: all public members, any thread; a reader waits for a writer only while that changes the
/// one slot that the reader looks at.
public final class ConnectionTable: Sendable {
    @usableFromInline package let memory: TableMemory
    private let region: MappedRegion

    /// - Parameters:
    ///   - reactorCount: 1 to ``ConnectionID/maxReactorCount``.
    ///   - maxConnectionCount: of each reactor, 1 to ``ConnectionID/maxSlotCount``.
    /// - Throws: `Errno` when the system refuses the address space.
    public init(reactorCount: Int, maxConnectionCount: Int) throws(Errno) {
        precondition(
            (1...ConnectionID.maxReactorCount).contains(reactorCount),
            "a table has 1 to \(ConnectionID.maxReactorCount) reactors"
        )
        precondition(
            (1...ConnectionID.maxSlotCount).contains(maxConnectionCount),
            "a reactor has 1 to \(ConnectionID.maxSlotCount) slots"
        )
        let partByteCount = TableMemory.partByteCount(slotCount: maxConnectionCount)
        region = try MappedRegion(byteCount: reactorCount * partByteCount)
        // SAFETY: the region has `reactorCount` parts and lives as long as the table.
        memory = unsafe TableMemory(
            base: region.base,
            reactorCount: reactorCount,
            slotCount: maxConnectionCount
        )
        memory.initialize()
    }

    /// How many connections there are. Exact only while none comes or goes.
    public var count: Int {
        (0..<memory.reactorCount).reduce(0) { $0 + memory.connectionCount(ofReactor: $1) }
    }

    /// How many connections there can be.
    public var slotCount: Int { memory.reactorCount * memory.slotCount }

    /// How many connections a reactor has.
    public func count(ofReactor reactorIndex: Int) -> Int {
        precondition(reactorIndex >= 0 && reactorIndex < memory.reactorCount, "no such reactor")
        return memory.connectionCount(ofReactor: reactorIndex)
    }

    /// The most memory that the table can commit, in bytes.
    public var maxByteCount: Int { region.byteCount }

    /// Whether the connection exists: two comparisons and one load. A name that never was one is
    /// answered like one that is gone.
    public func contains(_ id: ConnectionID) -> Bool {
        memory.contains(id)
    }

    /// The facts of one moment, or `nil` if the connection is gone. About twenty loads.
    public func facts(of id: ConnectionID) -> ConnectionFacts? {
        memory.facts(of: id)
    }

    /// Calls `body` with the facts of each connection, in the order of reactors and slots.
    ///
    /// Connections may come and go meanwhile: each that stays is visited once, each that comes or
    /// goes at most once, and each visit sees one moment of one connection. O(slots ever used).
    public func forEach<Failure: Error>(
        _ body: (ConnectionFacts) throws(Failure) -> Void
    ) throws(Failure) {
        for reactorIndex in 0..<memory.reactorCount {
            for slotIndex in 0..<memory.usedSlotCount(ofReactor: reactorIndex) {
                guard let facts = memory.facts(reactorIndex, slotIndex) else { continue }
                try body(facts)
            }
        }
    }
}

// MARK: - For transports

extension ConnectionTable {
    /// Takes a free slot of a reactor for a connection that is opening. O(1), lock-free.
    ///
    /// The caller owns the slot until it hands the name over to the reactor; from then on the
    /// reactor does, for as long as the connection lives.
    ///
    /// - Returns: `nil` when all slots of the reactor are taken.
    public func reserve(
        reactorIndex: Int,
        peer: PeerAddress,
        workerIndex: Int,
        now: MonotonicInstant
    ) -> ConnectionID? {
        memory.reserve(reactorIndex: reactorIndex, peer: peer, workerIndex: workerIndex, now: now)
    }

    /// Changes facts of a connection: readers see all of the change or nothing of it. Owner only.
    ///
    /// Cost: two stores, and one for each fact. Readers of this slot wait for `change`.
    @inlinable
    public func update(_ id: ConnectionID, _ change: (SlotWriter) -> Void) {
        memory.update(id, change)
    }

    /// Ends the name: from now on it names nothing, and the slot can be taken again. Owner only,
    /// once; a name that was released already traps.
    public func release(_ id: ConnectionID) {
        memory.release(id)
    }
}
