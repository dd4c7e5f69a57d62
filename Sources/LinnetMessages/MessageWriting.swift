// SPDX-License-Identifier: Apache-2.0

extension Message {
    /// Builds the message at the end of the output, in place: see ``MessageBuilder``.
    ///
    /// - Throws: the first thing that could not be written; then nothing was appended.
    /// - Complexity: O(bytes), allocates nothing.
    @inlinable
    @inline(__always)
    public static func build(
        into output: inout OutputRawSpan,
        _ body: (consuming MessageBuilder<Self, Start>) -> Sealed<Self>
    ) throws(BuildError) {
        try append(to: &output, version: version) { writer in
            body(MessageBuilder<Self, Start>(writer))
        }
    }

    /// Appends the message to the output.
    ///
    /// - Parameter version: that of the peer. Fields that it does not know are left out.
    /// - Throws: as ``build(into:_:)``; `.version` if the message does not exist in that version.
    /// - Complexity: O(bytes), allocates nothing.
    @inlinable
    public func encode(
        into output: inout OutputRawSpan,
        version: UInt16 = Self.version
    ) throws(BuildError) {
        try Self.append(to: &output, version: version) { writer in
            var writer = writer
            write(to: &writer)
            return MessageBuilder<Self, Never>(writer).done()
        }
    }

    /// The bytes of the message. Allocates.
    ///
    /// - Throws: as ``encode(into:version:)``.
    public func encoded(version: UInt16 = Self.version) throws(BuildError) -> [UInt8] {
        // Most messages are far from their bounds.
        var capacity = min(512, Self.maxByteCount)
        while true {
            do throws(BuildError) {
                return try encoded(capacity: capacity, version: version)
            } catch {
                guard error.cause == .noRoom, capacity < Self.maxByteCount else { throw error }
                capacity = min(capacity * 16, Self.maxByteCount)
            }
        }
    }

    private func encoded(capacity: Int, version: UInt16) throws(BuildError) -> [UInt8] {
        var failure: BuildError?
        // SAFETY: the output spans the buffer, and says how much of it was written.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var output = unsafe OutputRawSpan(
                buffer: UnsafeMutableRawBufferPointer(buffer),
                initializedCount: 0
            )
            do throws(BuildError) {
                try encode(into: &output, version: version)
            } catch {
                failure = error
            }
            count = unsafe output.finalize(for: UnsafeMutableRawBufferPointer(buffer))
        }
        if let failure { throw failure }
        return bytes
    }

    @inlinable
    @inline(__always)
    static func append(
        to output: inout OutputRawSpan,
        version: UInt16,
        _ body: (consuming MessageWriter<Self>) -> Sealed<Self>
    ) throws(BuildError) {
        guard version >= oldestVersion else { throw BuildError(.version, path: "\(Self.self)") }
        let shape = shape(for: version)
        let blockByteCount = shape.fixedByteCount + shape.endCount * endByteCount
        guard output.freeCapacity >= headerByteCount + blockByteCount else {
            throw BuildError(.noRoom, path: "\(Self.self)")
        }
        var failure: BuildState.Failure?
        // SAFETY: the buffer has room for header and block; the writer stays within it, and ends
        // with the closure.
        unsafe output.withUnsafeMutableBytes { buffer, initializedCount in
            guard let base = buffer.baseAddress else { return }
            let start = unsafe base + initializedCount
            let header =
                UInt64(number) | UInt64(min(version, Self.version)) << 16
                | UInt64(shape.fixedByteCount) << 32 | UInt64(shape.endCount) << 48
            unsafe start.storeBytes(of: header.littleEndian, as: UInt64.self)
            let block = unsafe start + headerByteCount
            let tail = unsafe block + blockByteCount
            var state = unsafe BuildState(
                cursor: tail,
                // Unknown arms of unions have no bound, but ends must hold their place.
                limit: min(base + buffer.count, start + maxByteCount),
                version: min(version, Self.version)
            )
            unsafe withUnsafeMutablePointer(to: &state) { state in
                let sealed = unsafe body(
                    MessageWriter<Self>(state: state, block: block, tail: tail, shape: shape)
                )
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
