// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections

/// Frames of 8 bytes, each a number, which is their metadata too.
struct NumberFraming: Framing {
    let initialState: UInt8 = 0
    let maxFrameByteCount = 8

    func nextFrame(
        in bytes: RawSpan,
        state: inout UInt8
    ) throws(Never) -> FrameStep<UInt64> {
        guard bytes.byteCount >= 8 else { return .incomplete }
        return .frame(byteCount: 8, payload: 0..<8, metadata: bytes.loadLittleEndian(at: 0))
    }

    func failure(atEndBehind bytes: RawSpan, state: UInt8) -> Never? { nil }

    /// One byte for each failure but the first.
    static func lastWords(failureIndex: Int) -> [UInt8] {
        failureIndex == 0 ? [] : [UInt8(clamping: failureIndex)]
    }
}

/// The pool of a test has run out of something.
struct Exhausted: Error {}

extension ConnectionTable {
    /// A connection that begins to open.
    func connect(reactorIndex: Int = 0, workerIndex: Int = 0) throws -> ConnectionID {
        let id = reserve(
            reactorIndex: reactorIndex,
            peer: .unknown,
            workerIndex: workerIndex,
            now: MonotonicInstant(nanoseconds: 0)
        )
        guard let id else { throw Exhausted() }
        return id
    }
}

extension PacketPool {
    /// A pool of blocks of 64 bytes.
    static func small(blockCount: Int, blockByteCount: Int = 64) throws -> PacketPool {
        try PacketPool(
            Configuration(
                blockClasses: [
                    BlockClass(
                        blockByteCount: blockByteCount,
                        blockCount: blockCount,
                        reserveCount: 0
                    )
                ],
                maxMagazineCount: 16
            )
        )
    }

    func magazine() throws -> Magazine {
        guard let magazine = makeMagazine() else { throw Exhausted() }
        return magazine
    }
}

extension PacketPool.Magazine {
    /// One byte to send.
    borrowing func payload() throws -> PacketLease {
        let lease = lease(byteCount: 1) { $0.storeBytes(of: 0, as: UInt8.self) }
        guard let lease else { throw Exhausted() }
        return lease
    }

    /// Reads a frame, as a reactor does: into a block that is its own until `body` returns.
    ///
    /// - Returns: false if the pool is exhausted.
    borrowing func withFrame(
        _ number: UInt64,
        _ body: (borrowing FrameView<NumberFraming>) -> Void
    ) -> Bool {
        let lease = lease(byteCount: 8) { $0.storeLittleEndian(number, at: 0) }
        guard let lease else { return false }
        let range = lease.range
        let block = lease.intoBlock()
        // SAFETY: this function holds the block while the view exists.
        let all = unsafe UnsafeRawBufferPointer(memory.bytes(of: block))
        let bytes = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all[range]))
        let home = FrameHome(
            memory: memory,
            block: block,
            offset: range.lowerBound,
            prefersOwnBlock: false
        )
        body(FrameView<NumberFraming>(payload: bytes, metadata: number, home: home))
        memory.release(block)
        return true
    }
}
