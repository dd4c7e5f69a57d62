// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetCodec

/// Writes headers of a response in place.
///
/// Nothing that is written here can end a header before its end: a name that is no token, a value
/// with CR, LF or another control, a header that the response writes itself (`Content-Length`,
/// `Transfer-Encoding`, `Connection`), and what does not fit, are refused; then nothing of the
/// response is sent.
public struct HTTP1HeaderWriter: ~Copyable, ~Escapable {
    var output: OutputRawSpan
    private var freeByteCount: Int
    private(set) var hasRefused = false

    @_lifetime(copy output)
    init(_ output: consuming OutputRawSpan, maxByteCount: Int) {
        self.output = output
        freeByteCount = maxByteCount
    }

    /// Appends a header. O(bytes), no allocation.
    ///
    /// - Parameters:
    ///   - name: a token of RFC 9110 5.6.2.
    ///   - value: without controls but tabs; other than ASCII goes out as UTF-8, which recipients
    ///     need not understand. RFC 9110 5.5.
    @_lifetime(self: copy self)
    public mutating func append(_ name: StaticString, _ value: String) {
        guard begin(name, valueByteCount: value.utf8.count) else { return }
        for byte in value.utf8 { append(byte) }
        end()
    }

    /// As ``append(_:_:)``.
    @_lifetime(self: copy self)
    public mutating func append(_ name: StaticString, copying value: RawSpan) {
        guard begin(name, valueByteCount: value.byteCount) else { return }
        for offset in 0..<value.byteCount { append(value.loadLittleEndian(at: offset)) }
        end()
    }

    /// Appends a header whose value is a number.
    @_lifetime(self: copy self)
    public mutating func append(_ name: StaticString, decimal value: Int) {
        // A sign and 19 digits.
        guard begin(name, valueByteCount: 20) else { return }
        output.append(decimal: value)
        end()
    }

    /// - Returns: false if the header is refused.
    @_lifetime(self: copy self)
    private mutating func begin(_ name: StaticString, valueByteCount: Int) -> Bool {
        let name = RawSpan(text: name)
        // A colon, a space, and CRLF.
        freeByteCount -= name.byteCount + valueByteCount + 4
        hasRefused = hasRefused || freeByteCount < 0 || !HTTP1Header.canSend(name: name)
        guard !hasRefused else { return false }
        output.append(copying: name)
        output.append(text: ": ")
        return true
    }

    @_lifetime(self: copy self)
    private mutating func append(_ byte: UInt8) {
        hasRefused = hasRefused || !HTTP1Header.canSend(byteOfValue: byte)
        output.append(byte)
    }

    @_lifetime(self: copy self)
    private mutating func end() {
        output.append(text: "\r\n")
    }
}
