// SPDX-License-Identifier: Apache-2.0

extension MessageWriter {
    /// A group or map of that end: the closure writes each entry, in order.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func group<Entry: Block>(
        _ type: Entry.Type,
        count: Int,
        end: Int,
        max: Int,
        _ body: (consuming MessageWriter<Entry>, Int) -> Sealed<Entry>
    ) {
        guard skip(to: end) else { return }
        if count > 0 { entries(type, count: count, end: end, max: max, body) }
        finishEnd()
    }

    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func entries<Entry: Block>(
        _ type: Entry.Type,
        count: Int,
        end: Int,
        max: Int,
        _ body: (consuming MessageWriter<Entry>, Int) -> Sealed<Entry>
    ) {
        guard count <= max else { return fail(.tooLong, end: end) }
        // Of a newer version's entries we do not know the shape.
        guard memory.version <= Owner.Root.version else { return fail(.version, end: end) }
        let shape = Entry.shape(for: memory.version)
        let stride = shape.fixedByteCount + shape.endCount * Entry.endByteCount
        let blocksByteCount = GroupHeader<Entry>.byteCount + count * stride
        guard unsafe memory.limit - memory.cursor >= blocksByteCount else {
            return fail(.noRoom, end: end)
        }
        // SAFETY: there is room for header and blocks.
        unsafe GroupHeader<Entry>.write(count: count, shape: shape, to: memory.cursor)
        let blocks = unsafe memory.cursor + GroupHeader<Entry>.byteCount
        let tail = unsafe memory.cursor + blocksByteCount
        unsafe memory.cursor = tail
        for index in 0..<count {
            let block = unsafe blocks + index * stride
            let writer = unsafe MessageWriter<Entry>(
                state: memory.state,
                block: block,
                tail: tail,
                shape: shape
            )
            let sealed = body(writer, index)
            // A closure may have kept what another entry's builder returned.
            precondition(unsafe sealed.block == block, "an entry is sealed by its own builder")
            if Entry.isMap && index > 0 {
                unsafe check(Entry.self, block, stride, shape, tail, end: end)
            }
        }
    }

    /// Remembers it if an entry's key is not above that of the entry before.
    @unsafe
    @usableFromInline
    func check<Entry: Block>(
        _ type: Entry.Type,
        _ block: UnsafeMutableRawPointer,
        _ stride: Int,
        _ shape: BlockShape,
        _ tail: UnsafeMutableRawPointer,
        end: Int
    ) {
        // SAFETY: both entries and the tail up to the cursor were written.
        let previous = unsafe MessageView<Entry>(
            block: block - stride,
            tail: tail,
            fixedByteCount: UInt16(truncatingIfNeeded: shape.fixedByteCount),
            endCount: UInt16(truncatingIfNeeded: shape.endCount),
            tailByteCount: UInt32(truncatingIfNeeded: memory.cursor - tail)
        )
        let next = unsafe MessageView<Entry>(
            block: block,
            tail: tail,
            fixedByteCount: UInt16(truncatingIfNeeded: shape.fixedByteCount),
            endCount: UInt16(truncatingIfNeeded: shape.endCount),
            tailByteCount: UInt32(truncatingIfNeeded: memory.cursor - tail)
        )
        if !Entry.isAscending(previous, next) { fail(.order, end: end) }
    }

    /// The entries of a group or map, from values.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func group<Entry: Block>(_ entries: [Entry], end: Int, max: Int) {
        group(Entry.self, count: entries.count, end: end, max: max) { writer, index in
            var writer = writer
            entries[index].write(to: &writer)
            return MessageBuilder<Entry, Never>(writer).done()
        }
    }

    /// Writes the ends that are left, and looks whether all that must be there is.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func finish() {
        while memory.endIndex < memory.endCount { passOver() }
        if Owner.requiredEnds != 0 { checkRequired() }
    }

    @usableFromInline
    func checkRequired() {
        for index in 0..<min(memory.endCount, 64)
        where Owner.requiredEnds & (1 << UInt64(index)) != 0 {
            if isEmpty(index) { fail(.missing, end: index) }
        }
    }

    private func isEmpty(_ index: Int) -> Bool {
        let begin = index == 0 ? 0 : end(index - 1)
        return end(index) == begin
    }

    private func end(_ index: Int) -> Int {
        // SAFETY: all ends were written.
        unsafe Owner.endByteCount == 2
            ? Int(
                UInt16(
                    littleEndian: (memory.block + memory.fixedByteCount + index * 2)
                        .loadUnaligned(as: UInt16.self)
                )
            )
            : Int(
                UInt32(
                    littleEndian: (memory.block + memory.fixedByteCount + index * 4)
                        .loadUnaligned(as: UInt32.self)
                )
            )
    }
}

extension GroupHeader {
    /// The caller has room for ``byteCount`` bytes.
    @unsafe
    @inlinable
    @inline(__always)
    static func write(count: Int, shape: BlockShape, to place: UnsafeMutableRawPointer) {
        // SAFETY: the caller's room.
        if Entry.endByteCount == 2 {
            unsafe place.storeBytes(of: UInt16(count).littleEndian, as: UInt16.self)
        } else {
            unsafe place.storeBytes(of: UInt32(count).littleEndian, as: UInt32.self)
        }
        let shapePlace = unsafe place + Entry.endByteCount
        unsafe shapePlace.storeBytes(
            of: UInt16(shape.fixedByteCount).littleEndian,
            as: UInt16.self
        )
        unsafe (shapePlace + 2).storeBytes(of: UInt16(shape.endCount).littleEndian, as: UInt16.self)
    }
}

extension Block {
    /// The shape to write for a peer of that version.
    @inlinable
    @inline(__always)
    static func shape(for version: UInt16) -> BlockShape {
        version >= Root.version
            ? BlockShape(fixedByteCount: fixedByteCount, endCount: endCount)
            : shape(ofVersion: version)
    }
}

/// Writes what follows a union's tag. Generated code calls it.
@safe
@frozen
public struct UnionWriter: ~Copyable, ~Escapable {
    @usableFromInline var cursor: UnsafeMutableRawPointer
    @usableFromInline let limit: UnsafeMutableRawPointer
    @usableFromInline var failure: BuildError.Cause?

    @unsafe
    @inlinable
    @_lifetime(immortal)
    init(cursor: UnsafeMutableRawPointer, limit: UnsafeMutableRawPointer) {
        // SAFETY: the caller's buffer has room from `cursor` to `limit`, and outlives the writer.
        unsafe self.cursor = cursor
        unsafe self.limit = limit
        failure = nil
    }

    /// A fixed type.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func put<T: InlineValue>(_ value: T) {
        guard unsafe limit - cursor >= T.byteCount else { return failure = .noRoom }
        // SAFETY: there is room.
        var bytes = unsafe MutableRawSpan(_unsafeStart: cursor, byteCount: T.byteCount)
        value.write(to: &bytes, at: 0)
        unsafe cursor += T.byteCount
    }

    /// A text or bytes.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func put(_ bytes: some Collection<UInt8>, max: Int = .max) {
        guard bytes.count <= max else { return failure = .tooLong }
        guard unsafe limit - cursor >= bytes.count else { return failure = .noRoom }
        for byte in bytes {
            // A collection could have more elements than it says.
            guard unsafe cursor < limit else { return failure = .noRoom }
            // SAFETY: there is room.
            unsafe cursor.storeBytes(of: byte, as: UInt8.self)
            unsafe cursor += 1
        }
    }
}
