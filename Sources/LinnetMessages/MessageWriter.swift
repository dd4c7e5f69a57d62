// SPDX-License-Identifier: Apache-2.0

/// Writes one block, and the regions of its fields in order, into the bytes that will be sent.
/// Generated code calls it; people use ``MessageBuilder`` or values.
///
/// What cannot be written (no room, a text beyond its bound) is remembered, nothing of it is
/// written, and the message's end throws it: so that no call needs a `try`.
@safe
@frozen
public struct MessageWriter<Owner: Block>: BitwiseCopyable, ~Escapable {
    @usableFromInline var memory: WriterMemory

    @inlinable
    @inline(__always)
    @_lifetime(immortal)
    init(_ memory: WriterMemory) {
        self.memory = memory
    }

    /// The caller has proved the invariants. The fixed part is made zero and given its defaults.
    @unsafe
    @inlinable
    @inline(__always)
    @_lifetime(immortal)
    init(
        state: UnsafeMutablePointer<BuildState>,
        block: UnsafeMutableRawPointer,
        tail: UnsafeMutableRawPointer,
        shape: BlockShape
    ) {
        memory = unsafe WriterMemory(state: state, block: block, tail: tail, shape: shape)
        // SAFETY: `block` has that many bytes.
        unsafe block.initializeMemory(
            as: UInt8.self,
            repeating: 0,
            count: shape.fixedByteCount
        )
        if Owner.isEntry && shape.endCount > 0 { finishEnd() }
        Owner.writeDefaults(&self)
    }
}

// MARK: - Fixed fields

extension MessageWriter {
    /// Stores a fixed field, unless the memory.version has none.
    @inlinable
    @inline(__always)
    public func store<T: InlineValue>(_ value: T, at offset: Int) {
        precondition(offset >= 0)
        guard offset <= memory.fixedByteCount - T.byteCount else { return }
        // SAFETY: checked above.
        var bytes = unsafe MutableRawSpan(
            _unsafeStart: memory.block + offset,
            byteCount: T.byteCount
        )
        value.write(to: &bytes, at: 0)
        if T.hasRange, !T.isValid(bytes.bytes) { fail(.range, fixedAt: offset) }
    }

    /// Stores a fixed field, or remembers that it is out of its range.
    @inlinable
    @inline(__always)
    public func store<T: InlineValue & Comparable>(
        _ value: T,
        at offset: Int,
        in range: ClosedRange<T>
    ) {
        guard range.contains(value) else { return fail(.range, fixedAt: offset) }
        store(value, at: offset)
    }

    /// Stores an optional field and its presence bit; without a value, zeros.
    @inlinable
    @inline(__always)
    public func store<T: InlineValue>(
        _ value: T?,
        at offset: Int,
        presenceOffset: Int,
        presenceBit: UInt8
    ) {
        if let value {
            store(value, at: offset)
        } else if offset <= memory.fixedByteCount - T.byteCount {
            // SAFETY: checked above.
            unsafe (memory.block + offset).initializeMemory(
                as: UInt8.self,
                repeating: 0,
                count: T.byteCount
            )
        }
        setPresence(value != nil, presenceOffset, presenceBit)
    }

    /// The fixed field as it was written, or what holds if the memory.version has none.
    @inlinable
    @inline(__always)
    public func load<T: InlineValue>(
        _ type: T.Type = T.self,
        at offset: Int,
        orElse absent: T
    ) -> T {
        precondition(offset >= 0)
        guard offset <= memory.fixedByteCount - T.byteCount else { return absent }
        // SAFETY: checked above.
        return unsafe T(
            reading: RawSpan(_unsafeStart: memory.block + offset, byteCount: T.byteCount)
        )
    }

    /// Whether the optional field with this presence bit is there.
    @inlinable
    @inline(__always)
    public func isPresent(_ offset: Int, bit: UInt8) -> Bool {
        load(UInt8.self, at: offset, orElse: 0) & bit != 0
    }

    @inlinable
    @inline(__always)
    func setPresence(_ isPresent: Bool, _ offset: Int, _ bit: UInt8) {
        let bits = load(UInt8.self, at: offset, orElse: 0)
        store(isPresent ? bits | bit : bits & ~bit, at: offset)
    }

    @inlinable
    @inline(__always)
    func fail(_ cause: BuildError.Cause, fixedAt offset: Int) {
        // SAFETY: the state lives as long as the writer.
        unsafe memory.state.pointee.note(cause, Owner.self, place: .fixed(offset: offset))
    }

    @inlinable
    @inline(__always)
    func fail(_ cause: BuildError.Cause, end: Int) {
        // SAFETY: as above.
        unsafe memory.state.pointee.note(cause, Owner.self, place: .end(end))
    }
}

// MARK: - Regions

extension MessageWriter {
    /// Writes the next end: its region ends at the memory.cursor.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func finishEnd() {
        let offset = unsafe memory.cursor - memory.tail
        let place =
            unsafe memory.block + memory.fixedByteCount + memory.endIndex * Owner.endByteCount
        // SAFETY: the index is below `endCount`; a message's bounds keep offsets within an end.
        if Owner.endByteCount == 2 {
            unsafe place.storeBytes(
                of: UInt16(truncatingIfNeeded: offset).littleEndian,
                as: UInt16.self
            )
        } else {
            unsafe place.storeBytes(
                of: UInt32(truncatingIfNeeded: offset).littleEndian,
                as: UInt32.self
            )
        }
        memory.endIndex += 1
    }

    /// Leaves the regions before that end empty. `false` if the memory.version has no such end.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func skip(to end: Int) -> Bool {
        guard end < memory.endCount else { return false }
        precondition(memory.endIndex <= end, "regions are written in order")
        while memory.endIndex < end { passOver() }
        return true
    }

    /// Leaves the next region empty, or as it is in the message that is rebuilt.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func passOver() {
        // SAFETY: the state lives as long as the writer.
        if !Owner.isEntry, unsafe memory.state.pointee.source != nil { copyRegion() }
        finishEnd()
    }

    /// Room for a region, or `nil`, remembered.
    @inlinable
    @inline(__always)
    func room(_ count: Int, max: Int, end: Int) -> Bool {
        guard count <= max else {
            fail(.tooLong, end: end)
            return false
        }
        // SAFETY: both point into one buffer.
        guard unsafe memory.limit - memory.cursor >= count else {
            fail(.noRoom, end: end)
            return false
        }
        return true
    }

    /// `string<=max` of that end.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func text(_ text: String, end: Int, max: Int) {
        guard skip(to: end) else { return }
        // SAFETY: the bytes of the string are there as long as the closure runs.
        let isWritten: Void? = unsafe text.utf8.withContiguousStorageIfAvailable {
            guard room($0.count, max: max, end: end), let first = $0.baseAddress else { return }
            // SAFETY: there is room for all bytes.
            unsafe memory.cursor.copyMemory(from: first, byteCount: $0.count)
            unsafe memory.cursor += $0.count
        }
        if isWritten == nil { foreignText(text, end: end, max: max) }
        finishEnd()
    }

    /// A text that is not UTF-8 in memory. Cold.
    @usableFromInline
    @inline(never)
    func foreignText(_ text: String, end: Int, max: Int) {
        guard room(text.utf8.count, max: max, end: end) else { return }
        for byte in text.utf8 {
            // SAFETY: there is room for all bytes.
            unsafe memory.cursor.storeBytes(of: byte, as: UInt8.self)
            unsafe memory.cursor += 1
        }
    }

    /// `string<=max` of that end, of bytes that are UTF-8 already.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func text(_ text: TextView, end: Int, max: Int) {
        bytes(text.bytes, end: end, max: max)
    }

    /// `bytes<=max` of that end.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func bytes(_ bytes: RawSpan, end: Int, max: Int) {
        guard skip(to: end) else { return }
        if room(bytes.byteCount, max: max, end: end) {
            append(bytes)
        }
        finishEnd()
    }

    /// Copies; there is room.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func append(_ bytes: RawSpan) {
        // SAFETY: the caller has looked for room.
        unsafe bytes.withUnsafeBytes {
            guard let first = $0.baseAddress else { return }
            unsafe memory.cursor.copyMemory(from: first, byteCount: $0.count)
            unsafe memory.cursor += $0.count
        }
    }

    /// `[T]<=max` of that end, its elements as the closure gives them.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func list<T: InlineValue>(
        count: Int,
        end: Int,
        max: Int,
        _ element: (Int) -> T
    ) {
        guard skip(to: end) else { return }
        // Products are of bounds of the schema only after the count was compared.
        if count <= max, count >= 0 {
            if room(count * T.byteCount, max: max * T.byteCount, end: end) {
                for index in 0..<count {
                    // SAFETY: there is room for all elements.
                    var bytes = unsafe MutableRawSpan(
                        _unsafeStart: memory.cursor,
                        byteCount: T.byteCount
                    )
                    element(index).write(to: &bytes, at: 0)
                    if T.hasRange, !T.isValid(bytes.bytes) { fail(.range, end: end) }
                    unsafe memory.cursor += T.byteCount
                }
            }
        } else {
            fail(.tooLong, end: end)
        }
        finishEnd()
    }

    /// A union of that end, or none.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func union<T: UnionValue>(_ value: T?, end: Int) {
        guard skip(to: end) else { return }
        if let value, room(T.tagByteCount, max: T.tagByteCount, end: end) {
            // SAFETY: there is room for the tag.
            if T.tagByteCount == 1 {
                unsafe memory.cursor.storeBytes(
                    of: UInt8(truncatingIfNeeded: value.tag),
                    as: UInt8.self
                )
            } else {
                unsafe memory.cursor.storeBytes(of: value.tag.littleEndian, as: UInt16.self)
            }
            var payload = unsafe UnionWriter(
                cursor: memory.cursor + T.tagByteCount,
                limit: memory.limit
            )
            value.write(to: &payload)
            if let cause = payload.failure {
                fail(cause, end: end)
            } else if unsafe isUnion(value, upTo: payload.cursor) {
                unsafe memory.cursor = payload.cursor
            } else {
                fail(.range, end: end)
            }
        }
        finishEnd()
    }

    /// Whether what was written from the cursor on is the union: an unknown arm may have been given
    /// the tag of a known one, and a struct may be out of a range.
    @unsafe
    @usableFromInline
    func isUnion<T: UnionValue>(_ value: T, upTo end: UnsafeMutableRawPointer) -> Bool {
        // SAFETY: the caller has written a tag and what follows it.
        let region = unsafe RawSpan(_unsafeStart: memory.cursor, byteCount: end - memory.cursor)
        let union = unsafe UnionView<T>(region)
        return union.tag == value.tag && union.tag != 0 && T.isValid(union)
    }
}

/// Where a writer is. Four words: what has more is passed in memory, and then costs as much as the
/// writing itself.
@safe
@frozen
@usableFromInline
struct WriterMemory: BitwiseCopyable {
    // Invariants: `block` has `fixedByteCount` bytes and `endCount` ends behind them; `block` <=
    // `tail` <= the state's cursor, all of one buffer; ends below `endIndex` are written; `state`
    // lives as long as the buffer is borrowed.
    @usableFromInline let state: UnsafeMutablePointer<BuildState>
    @usableFromInline let block: UnsafeMutableRawPointer
    @usableFromInline let tail: UnsafeMutableRawPointer
    @usableFromInline let storedFixedByteCount: UInt16
    @usableFromInline let storedEndCount: UInt16
    @usableFromInline var storedEndIndex: UInt16

    @unsafe
    @inlinable
    @inline(__always)
    init(
        state: UnsafeMutablePointer<BuildState>,
        block: UnsafeMutableRawPointer,
        tail: UnsafeMutableRawPointer,
        shape: BlockShape
    ) {
        // SAFETY: the caller has proved the invariants above.
        unsafe self.state = state
        unsafe self.block = block
        unsafe self.tail = tail
        storedFixedByteCount = UInt16(truncatingIfNeeded: shape.fixedByteCount)
        storedEndCount = UInt16(truncatingIfNeeded: shape.endCount)
        storedEndIndex = 0
    }

    @inlinable var fixedByteCount: Int { Int(storedFixedByteCount) }
    @inlinable var endCount: Int { Int(storedEndCount) }

    @inlinable var endIndex: Int {
        get { Int(storedEndIndex) }
        set { storedEndIndex = UInt16(truncatingIfNeeded: newValue) }
    }

    /// Where the next region goes.
    @inlinable var cursor: UnsafeMutableRawPointer {
        // SAFETY: the state lives as long as the writer.
        get { unsafe state.pointee.cursor }
        nonmutating set { unsafe state.pointee.cursor = newValue }
    }

    @inlinable var limit: UnsafeMutableRawPointer {
        // SAFETY: the state lives as long as the writer.
        unsafe state.pointee.limit
    }

    @inlinable var version: UInt16 {
        // SAFETY: the state lives as long as the writer.
        unsafe state.pointee.version
    }
}
