// SPDX-License-Identifier: Apache-2.0

/// Why a message was not edited.
public enum EditError: Error, Hashable, Sendable {
    /// The bytes are not a message.
    case invalid(MessageError)
    /// A value cannot be written. The fields before it were.
    case refused(BuildError)
}

extension Message {
    /// Changes fixed fields of a message where it stands. Verifies it first.
    ///
    /// ```swift
    /// try NewOrder.edit(&bytes) { order in order.quantity = 10 }
    /// ```
    ///
    /// Fields that the sender's version does not have are left alone. Whoever edits a packet's
    /// payload answers for its checksum.
    ///
    /// - Throws: ``EditError``.
    /// - Complexity: O(bytes) for verifying; allocates nothing.
    @inlinable
    public static func edit(
        _ bytes: inout MutableRawSpan,
        _ body: (borrowing MessageBuilder<Self, Editing>) -> Void
    ) throws(EditError) {
        do throws(MessageError) {
            _ = try MessageView<Self>(verifying: bytes.bytes)
        } catch {
            throw .invalid(error)
        }
        var failure: BuildState.Failure?
        // SAFETY: the bytes were verified: header and block lie within them. The state offers no
        // room: nothing but fixed fields can be written.
        unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            let header = unsafe UInt64(
                littleEndian: start.loadUnaligned(as: UInt64.self)
            )
            let end = unsafe start + buffer.count
            var state = unsafe BuildState(cursor: end, limit: end, version: version)
            unsafe withUnsafeMutablePointer(to: &state) { state in
                let memory = unsafe WriterMemory(
                    state: state,
                    block: start + headerByteCount,
                    tail: end,
                    shape: BlockShape(
                        fixedByteCount: Int(UInt16(truncatingIfNeeded: header >> 32)),
                        endCount: 0
                    )
                )
                body(MessageBuilder(MessageWriter<Self>(memory)))
            }
            failure = state.failure
        }
        if let failure { throw .refused(failure.error()) }
    }

    /// Writes a message again with some fields changed, and keeps all others, also those that a
    /// newer version added (Specs/schema.md §5.3).
    ///
    /// ```swift
    /// try NewOrder.rebuild(order, into: &output) { order in
    ///     order.quantity = 10
    ///     return order.put(.account, "B2").done()
    /// }
    /// ```
    ///
    /// Regions that are passed over stay as they are. Groups of a message of a newer version cannot
    /// be replaced, for the shape of its entries is not known.
    ///
    /// - Throws: as ``build(into:_:)``.
    /// - Complexity: O(bytes), allocates nothing.
    @inlinable
    public static func rebuild(
        _ message: MessageView<Self>,
        into output: inout OutputRawSpan,
        _ body: (consuming MessageBuilder<Self, Start>) -> Sealed<Self>
    ) throws(BuildError) {
        let shape = BlockShape(
            fixedByteCount: message.fixedByteCount,
            endCount: message.endCount
        )
        let blockByteCount = shape.fixedByteCount + shape.endCount * endByteCount
        guard output.freeCapacity >= headerByteCount + blockByteCount else {
            throw BuildError(.noRoom, path: "\(Self.self)")
        }
        var failure: BuildState.Failure?
        // SAFETY: the buffer has room for header and block; the source's block is as long as the
        // new one, and it and its tail live as long as the view.
        unsafe output.withUnsafeMutableBytes { buffer, initializedCount in
            guard let base = buffer.baseAddress else { return }
            let start = unsafe base + initializedCount
            let block = unsafe start + headerByteCount
            let tail = unsafe block + blockByteCount
            unsafe start.copyMemory(
                from: message.block - headerByteCount,
                byteCount: headerByteCount + shape.fixedByteCount
            )
            var state = unsafe BuildState(
                cursor: tail,
                // What a newer version added has no bound here, but ends must hold their place.
                limit: base
                    + min(
                        buffer.count,
                        tail - base + (isWide ? Int(UInt32.max) : Int(UInt16.max))
                    ),
                version: UInt16(
                    littleEndian: start.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
                )
            )
            unsafe state.source = (message.block, message.tail)
            unsafe withUnsafeMutablePointer(to: &state) { state in
                let memory = unsafe WriterMemory(
                    state: state,
                    block: block,
                    tail: tail,
                    shape: shape
                )
                let sealed = body(MessageBuilder(MessageWriter<Self>(memory)))
                precondition(unsafe sealed.block == block, "sealed by another builder")
            }
            failure = state.failure
            if failure == nil {
                unsafe initializedCount = state.cursor - base
            }
        }
        if let failure { throw failure.error() }
    }
}

extension MessageWriter {
    /// Copies the next region of the message that is rebuilt.
    @usableFromInline
    @_lifetime(self: copy self)
    mutating func copyRegion() {
        guard let source = unsafe memory.state.pointee.source else { return }
        let index = memory.endIndex
        // SAFETY: the source was verified, and has as many ends as the new block.
        let original = unsafe MessageView<Owner>(
            block: source.block,
            tail: source.tail,
            fixedByteCount: UInt16(truncatingIfNeeded: memory.fixedByteCount),
            endCount: UInt16(truncatingIfNeeded: memory.endCount),
            tailByteCount: .max
        )
        let begin = index == 0 ? 0 : original.end(index - 1)
        let count = original.end(index) - begin
        guard unsafe memory.limit - memory.cursor >= count else {
            return fail(.noRoom, end: index)
        }
        unsafe memory.cursor.copyMemory(from: source.tail + begin, byteCount: count)
        unsafe memory.cursor += count
    }
}
