// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetConnections
internal import LinnetPollers

/// What a reactor alone knows of one connection: a cache line. What others may know stands in the
/// table; the parser stands beside, since its type is the user's.
struct ReactorSlot: BitwiseCopyable {
    var machine: ConnectionMachine
    var credits = CreditAccount()
    var descriptor: Descriptor
    let generation: UInt32
    /// What waits to be written: pieces of ``OutboundPieces``, 0 where there is none.
    var firstPiece: UInt32 = 0
    var lastPiece: UInt32 = 0
    var outboundByteCount: UInt32 = 0
    /// What the kernel took since the write deadline was put off.
    var takenByteCount: UInt32 = 0
    let workerIndex: UInt16
    var flags: Flags

    struct Flags: OptionSet, BitwiseCopyable {
        let rawValue: UInt32

        /// A connection has the slot.
        static var isTaken: Flags { Flags(rawValue: 1 << 0) }
        /// Input may wait in the kernel, and nothing will say so again.
        static var hasInput: Flags { Flags(rawValue: 1 << 1) }
        /// The peer's FIN has arrived, perhaps behind bytes: read to the end.
        static var hasEnd: Flags { Flags(rawValue: 1 << 2) }
        /// The kernel takes no more output now; it will say when it does.
        static var isBlocked: Flags { Flags(rawValue: 1 << 3) }
        /// Outbound is above its high-water mark: no frames are delivered. Of connections that were
        /// accepted.
        static var isHeld: Flags { Flags(rawValue: 1 << 4) }
        /// Outbound has reached its limit: sends are refused.
        static var isFull: Flags { Flags(rawValue: 1 << 5) }
        /// The handler asked for a pause.
        static var isPaused: Flags { Flags(rawValue: 1 << 6) }
        /// Frames that were read wait in the parser.
        static var hasFrames: Flags { Flags(rawValue: 1 << 7) }
        static var isConnecting: Flags { Flags(rawValue: 1 << 8) }
        /// `inputEnded` or `closed` found no room with the worker, and is to be posted again.
        static var owesEnd: Flags { Flags(rawValue: 1 << 9) }
        /// The server stops, and the frames that were read are to be delivered before.
        static var isDraining: Flags { Flags(rawValue: 1 << 10) }
        /// The handler's side was told of the connection, and its parser is made.
        static var isOpened: Flags { Flags(rawValue: 1 << 15) }
        /// We began the connection: whoever did wants to hear what becomes of it.
        static var isOutgoing: Flags { Flags(rawValue: 1 << 16) }
        /// Our FIN was sent.
        static var hasShutDown: Flags { Flags(rawValue: 1 << 17) }
        // On which lists the slot stands. A list may keep a slot beyond the life of a connection,
        // so these outlive it.
        static var isDirty: Flags { Flags(rawValue: 1 << 11) }
        static var isReady: Flags { Flags(rawValue: 1 << 12) }
        static var isStalled: Flags { Flags(rawValue: 1 << 13) }
        static var isTimed: Flags { Flags(rawValue: 1 << 14) }

        static var lists: Flags { Flags(rawValue: 0b1111 << 11) }
        /// Why no frame may be delivered now.
        static var holds: Flags { Flags(rawValue: 1 << 4 | 1 << 6 | 1 << 13) }
    }

    /// A connection that begins.
    init(
        machine: ConnectionMachine,
        descriptor: Descriptor,
        id: ConnectionID,
        workerIndex: Int,
        keeping flags: Flags
    ) {
        self.machine = machine
        self.descriptor = descriptor
        generation = id.generation
        self.workerIndex = UInt16(truncatingIfNeeded: workerIndex)
        self.flags = flags.intersection(.lists).union(.isTaken)
    }

    /// Whether a frame may be delivered to the handler's side now.
    var mayDeliver: Bool {
        machine.mayRead && !credits.isPaused && flags.isDisjoint(with: .holds)
    }
}

/// Slots that something is to be done with, in order. A slot stands in a list at most once, which
/// its flag says; so no list is longer than there are slots.
@safe
struct SlotList {
    private let slots: UnsafeMutablePointer<UInt32>
    private let capacity: Int
    private(set) var count = 0

    /// - Parameter base: zeroed memory for `capacity` numbers, which outlives the list.
    @unsafe
    init(base: UnsafeMutableRawPointer, capacity: Int) {
        // SAFETY: the caller gives memory for so many.
        unsafe slots = base.bindMemory(to: UInt32.self, capacity: capacity)
        self.capacity = capacity
    }

    // SAFETY of all below: an index is below the count, which never exceeds the capacity.

    mutating func append(_ slotIndex: Int) {
        precondition(count < capacity, "a slot stands in a list once")
        unsafe (slots + count).initialize(to: UInt32(truncatingIfNeeded: slotIndex))
        count += 1
    }

    subscript(_ position: Int) -> Int {
        precondition(position >= 0 && position < count, "no such place in the list")
        return Int(unsafe slots[position])
    }

    /// Removes the first `removedCount`, which were dealt with; what came meanwhile stays.
    mutating func removeFirst(_ removedCount: Int) {
        precondition(removedCount >= 0 && removedCount <= count)
        let rest = count - removedCount
        if rest > 0 { unsafe slots.update(from: slots + removedCount, count: rest) }
        count = rest
    }

    /// Keeps those of which `isKept` says so.
    mutating func filter(_ isKept: (Int) -> Bool) {
        var keptCount = 0
        for position in 0..<count where isKept(Int(unsafe slots[position])) {
            unsafe slots[keptCount] = slots[position]
            keptCount += 1
        }
        count = keptCount
    }
}
