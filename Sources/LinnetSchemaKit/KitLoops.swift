// SPDX-License-Identifier: Apache-2.0

public import LinnetMessages

/// The loops that are timed. Each runs over all messages so many times, and gives the time in ns.
@usableFromInline
enum KitLoops {
    @inlinable
    @inline(never)
    static func encode<Owner: KitMessage>(
        _ type: Owner.Type,
        _ messages: [[UInt8]],
        _ count: Int
    ) -> Double {
        let values = messages.map { bytes in
            // SAFETY: the caller has verified the messages.
            Owner(unsafe MessageView<Owner>(unverified: bytes.span.bytes))
        }
        let longest = messages.map(\.count).max() ?? 0
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: longest, alignment: 8)
        defer { unsafe room.deallocate() }
        return nanoseconds {
            for _ in 0..<count {
                for value in values {
                    // SAFETY: the output does not outlive the room, and holds no object.
                    var output = unsafe OutputRawSpan(buffer: room, initializedCount: 0)
                    try? value.encode(into: &output)
                    consume(UInt64(truncatingIfNeeded: output.byteCount))
                }
            }
        }
    }

    @inlinable
    @inline(never)
    static func verify<Owner: KitMessage>(
        _ type: Owner.Type,
        _ messages: [[UInt8]],
        _ count: Int
    ) -> Double {
        let all = messages.flatMap { $0 }
        let ends = ends(of: messages)
        return nanoseconds {
            // One span of all: an array that is taken from an array is retained.
            // SAFETY: the bytes of a span of bytes.
            let span = unsafe all.span.bytes
            for _ in 0..<count {
                var begin = 0
                for end in ends {
                    consume(isValid(type, span.extracting(begin..<end)) ? 1 : 0)
                    begin = end
                }
            }
        }
    }

    @inlinable
    @inline(never)
    static func read<Owner: KitMessage>(
        _ type: Owner.Type,
        _ messages: [[UInt8]],
        _ count: Int
    ) -> Double {
        let all = messages.flatMap { $0 }
        let ends = ends(of: messages)
        return nanoseconds {
            // SAFETY: the bytes of a span of bytes.
            let span = unsafe all.span.bytes
            for _ in 0..<count {
                var begin = 0
                for end in ends {
                    var walk = KitWalk()
                    // SAFETY: the caller has verified the messages.
                    let view = unsafe MessageView<Owner>(unverified: span.extracting(begin..<end))
                    Owner.kitWalk(view, into: &walk)
                    consume(walk.sum)
                    begin = end
                }
            }
        }
    }

    /// Where each message ends, if they stand back to back.
    @usableFromInline
    static func ends(of messages: [[UInt8]]) -> [Int] {
        var end = 0
        return messages.map { message in
            end += message.count
            return end
        }
    }

    @inlinable
    @inline(__always)
    static func isValid<Owner: KitMessage>(_ type: Owner.Type, _ bytes: RawSpan) -> Bool {
        do throws(MessageError) {
            let view = try MessageView<Owner>(verifying: bytes)
            return view.bytes.byteCount > 0
        } catch {
            return false
        }
    }

    @inlinable
    static func nanoseconds(_ body: () -> Void) -> Double {
        let time = ContinuousClock().measure(body)
        let (seconds, attoseconds) = time.components
        return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
    }

    /// Uses the number, so that what made it is not left out.
    @inline(never)
    @_optimize(none)
    @usableFromInline
    static func consume(_ number: UInt64) {}
}
