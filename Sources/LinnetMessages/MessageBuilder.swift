// SPDX-License-Identifier: Apache-2.0

/// Builds a message in the bytes that will be sent: fixed fields in any order, at any time; then
/// what has a region, in the order of the schema. The phases are types: a wrong order does not
/// compile.
///
/// ```swift
/// let sealed = try NewOrder.build(into: &output) { order in
///     order.quantity = 5
///     return order.put(.account, "A1")
///         .put(.fills, count: 2) { fill, index in
///             fill.quantity = quantities[index]
///             return fill.done()
///         }
///         .done()
/// }
/// ```
///
/// Regions that are passed over are empty. Who wants any order makes a value: `NewOrder()`.
///
/// Cost: what it writes; nothing is allocated. Thread: that of the call.
@frozen
public struct MessageBuilder<Owner: Block, Phase>: ~Copyable, ~Escapable {
    @usableFromInline let memory: WriterMemory

    @inlinable
    @inline(__always)
    @_lifetime(copy writer)
    init(_ writer: consuming MessageWriter<Owner>) {
        memory = writer.memory
    }

    /// For generated code: fixed fields.
    @inlinable public var writer: MessageWriter<Owner> {
        @inline(__always)
        @_lifetime(borrow self)
        get { MessageWriter(memory) }
    }

    /// Nothing more comes. What a building closure returns.
    @inlinable
    @inline(__always)
    public consuming func done() -> Sealed<Owner> {
        var writer = intoWriter()
        writer.finish()
        // SAFETY: the pointer only tells blocks apart; nothing is read through it.
        return unsafe Sealed(block: writer.memory.block)
    }

    // Nothing is to be done at the end of a builder; that it has a `deinit` lets it be discarded,
    // which costs nothing, where the end of a value that cannot be copied is a call.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    consuming func intoWriter() -> MessageWriter<Owner> {
        let memory = self.memory
        discard self
        return MessageWriter(memory)
    }

    @inlinable
    deinit {}
}

/// Says that a message or an entry was written to its end. Only ``MessageBuilder/done()`` makes
/// one.
@safe
@frozen
public struct Sealed<Owner: Block>: ~Copyable {
    @usableFromInline let block: UnsafeMutableRawPointer

    @inlinable
    @inline(__always)
    init(block: UnsafeMutableRawPointer) {
        // SAFETY: it only tells blocks apart; nothing is read through it.
        unsafe self.block = block
    }
}

/// The phase of a message that exists: only its fixed fields can be changed.
public enum Editing {}

/// What kind of region a ``BuildStep`` writes.
public enum TextRegion {}
/// See ``TextRegion``.
public enum BytesRegion {}
/// See ``TextRegion``.
public enum ListRegion<Element: InlineValue> {}
/// See ``TextRegion``.
public enum UnionRegion<Value: UnionValue> {}
/// See ``TextRegion``. Groups and maps.
public enum GroupRegion<Entry: Block> {}

/// The name of a region in `put` of ``MessageBuilder``: generated as static members.
@frozen
public struct BuildStep<Owner: Block, Phase, Next, Region>: Sendable {
    @usableFromInline let end: Int
    @usableFromInline let max: Int
    @usableFromInline let presenceOffset: Int
    @usableFromInline let presenceBit: UInt8

    @inlinable
    @inline(__always)
    public init(end: Int, max: Int, presenceOffset: Int = -1, presenceBit: UInt8 = 0) {
        self.end = end
        self.max = max
        self.presenceOffset = presenceOffset
        self.presenceBit = presenceBit
    }
}

extension MessageBuilder {
    @inlinable
    @inline(__always)
    func setPresence<Next, Region>(_ step: BuildStep<Owner, Phase, Next, Region>) {
        if step.presenceOffset >= 0 {
            writer.setPresence(true, step.presenceOffset, step.presenceBit)
        }
    }

    /// A text.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public consuming func put<Next>(
        _ step: BuildStep<Owner, Phase, Next, TextRegion>,
        _ text: String
    ) -> MessageBuilder<Owner, Next> {
        setPresence(step)
        var writer = intoWriter()
        writer.text(text, end: step.end, max: step.max)
        return MessageBuilder<Owner, Next>(writer)
    }

    /// A text, copied from another message or from where else it stands.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public consuming func put<Next>(
        _ step: BuildStep<Owner, Phase, Next, TextRegion>,
        _ text: TextView
    ) -> MessageBuilder<Owner, Next> {
        setPresence(step)
        var writer = intoWriter()
        writer.text(text, end: step.end, max: step.max)
        return MessageBuilder<Owner, Next>(writer)
    }

    /// Bytes.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public consuming func put<Next>(
        _ step: BuildStep<Owner, Phase, Next, BytesRegion>,
        _ bytes: RawSpan
    ) -> MessageBuilder<Owner, Next> {
        setPresence(step)
        var writer = intoWriter()
        writer.bytes(bytes, end: step.end, max: step.max)
        return MessageBuilder<Owner, Next>(writer)
    }

    /// A list, from what the closure gives for each index.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public consuming func put<Next, Element>(
        _ step: BuildStep<Owner, Phase, Next, ListRegion<Element>>,
        count: Int,
        _ element: (Int) -> Element
    ) -> MessageBuilder<Owner, Next> {
        setPresence(step)
        var writer = intoWriter()
        writer.list(count: count, end: step.end, max: step.max, element)
        return MessageBuilder<Owner, Next>(writer)
    }

    /// A list.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public consuming func put<Next, Element>(
        _ step: BuildStep<Owner, Phase, Next, ListRegion<Element>>,
        _ elements: [Element]
    ) -> MessageBuilder<Owner, Next> {
        setPresence(step)
        var writer = intoWriter()
        writer.list(count: elements.count, end: step.end, max: step.max) { elements[$0] }
        return MessageBuilder<Owner, Next>(writer)
    }

    /// A union.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public consuming func put<Next, Value>(
        _ step: BuildStep<Owner, Phase, Next, UnionRegion<Value>>,
        _ value: Value
    ) -> MessageBuilder<Owner, Next> {
        var writer = intoWriter()
        writer.union(value, end: step.end)
        return MessageBuilder<Owner, Next>(writer)
    }

    /// A group or map: the closure builds each entry.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public consuming func put<Next, Entry>(
        _ step: BuildStep<Owner, Phase, Next, GroupRegion<Entry>>,
        count: Int,
        _ body: (consuming MessageBuilder<Entry, Entry.Start>, Int) -> Sealed<Entry>
    ) -> MessageBuilder<Owner, Next> {
        var writer = intoWriter()
        writer.group(Entry.self, count: count, end: step.end, max: step.max) { entry, index in
            body(MessageBuilder<Entry, Entry.Start>(entry), index)
        }
        return MessageBuilder<Owner, Next>(writer)
    }

    /// A group or map, from values.
    @inlinable
    @_lifetime(copy self)
    public consuming func put<Next, Entry>(
        _ step: BuildStep<Owner, Phase, Next, GroupRegion<Entry>>,
        _ entries: [Entry]
    ) -> MessageBuilder<Owner, Next> {
        var writer = intoWriter()
        writer.group(entries, end: step.end, max: step.max)
        return MessageBuilder<Owner, Next>(writer)
    }
}
