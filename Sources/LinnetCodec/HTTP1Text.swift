// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

// The characters of HTTP, and searches for them. Bounds are checked by each load.

extension UInt8 {
    static var tab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var comma: UInt8 { 0x2C }
    static var colon: UInt8 { 0x3A }
    static var semicolon: UInt8 { 0x3B }

    /// `tchar` of RFC 9110 5.6.2.
    package var isTokenCharacter: Bool {
        isMember(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    }

    /// What `uri-host [ ":" port ]` of RFC 9110 7.2 is made of.
    package var isHostCharacter: Bool {
        isMember(low: 0x2FFF_7FF2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE)
    }

    /// - Parameters:
    ///   - low: a bit for each of the characters from 0 to 63.
    ///   - high: likewise from 64 to 127.
    private func isMember(low: UInt64, high: UInt64) -> Bool {
        self < 128 && (self < 64 ? low : high) >> (self & 63) & 1 != 0
    }

    package var isControl: Bool { self < 0x20 || self == 0x7F }

    /// `OWS` of RFC 9110 5.6.3.
    var isWhiteSpace: Bool { self == .space || self == .tab }

    /// Of a letter its small form.
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit.
    package var hexadecimalValue: Int? {
        switch self {
        case 0x30...0x39: Int(self &- 0x30)
        case 0x41...0x46, 0x61...0x66: Int((self | 0x20) &- 0x57)
        default: nil
        }
    }
}

extension UInt64 {
    /// Each of the eight bytes is 1.
    fileprivate static var ones: UInt64 { 0x0101_0101_0101_0101 }

    /// Of each byte that is a letter its small form.
    fileprivate var lowercased: UInt64 {
        let low = self & (Self.ones &* 0x7F)
        let isFromA = low &+ Self.ones &* (0x80 - 0x41)
        let isBehindZ = low &+ Self.ones &* (0x80 - 0x5B)
        let isCapital = isFromA & ~isBehindZ & ~self & (Self.ones &* 0x80)
        return self | isCapital &>> 2
    }
}

extension RawSpan {
    private func loadWord(at offset: Int) -> UInt64 { loadLittleEndian(at: offset) }

    /// Where the first control byte in `offset..<end` stands; `end` if there is none. Eight bytes
    /// at a time.
    @inline(__always)
    package func firstControl(from start: Int, to end: Int) -> Int {
        let ones = UInt64.ones
        var offset = start
        while offset &+ 8 <= end {
            let word = loadWord(at: offset)
            // A byte's highest bit is set if it is less than 0x20, or 0x7F. Borrows make others
            // look so, but only above the first.
            let isLow = (word &- ones &* 0x20) & ~word
            let deleteIsZero = word ^ (ones &* 0x7F)
            let isDelete = (deleteIsZero &- ones) & ~deleteIsZero
            let marks = (isLow | isDelete) & (ones &* 0x80)
            if marks != 0 { return offset &+ marks.trailingZeroBitCount >> 3 }
            offset &+= 8
        }
        while offset < end, !byte(at: offset).isControl { offset &+= 1 }
        return offset
    }

    /// Where the line ends that `offset` lies in: its CR. The head was searched: the only controls
    /// in it are CR and tabs.
    func endOfLine(from start: Int) -> Int {
        var offset = firstControl(from: start, to: byteCount)
        while offset < byteCount, byte(at: offset) != .carriageReturn {
            offset = firstControl(from: offset &+ 1, to: byteCount)
        }
        return offset
    }

    /// The range without the white space around it.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, byte(at: start).isWhiteSpace { start &+= 1 }
        while start < end, byte(at: end &- 1).isWhiteSpace { end &-= 1 }
        return start..<end
    }

    /// Whether these bytes are those of `text`, in capitals or not. Eight bytes at a time.
    package func equals(_ text: RawSpan, at range: Range<Int>) -> Bool {
        guard range.count == text.byteCount else { return false }
        let start = range.lowerBound
        var offset = 0
        while offset &+ 8 <= text.byteCount {
            let (left, right) = (loadWord(at: start &+ offset), text.loadWord(at: offset))
            guard left == right || left.lowercased == right.lowercased else { return false }
            offset &+= 8
        }
        if offset &+ 4 <= text.byteCount {
            let left: UInt32 = loadLittleEndian(at: start &+ offset)
            let right: UInt32 = text.loadLittleEndian(at: offset)
            let areEqual = left == right || UInt64(left).lowercased == UInt64(right).lowercased
            guard areEqual else { return false }
            offset &+= 4
        }
        while offset < text.byteCount {
            let (left, right) = (byte(at: start &+ offset), text.byte(at: offset))
            guard left == right || left.lowercased == right.lowercased else { return false }
            offset &+= 1
        }
        return true
    }

    func equals(_ text: StaticString, at range: Range<Int>) -> Bool {
        equals(RawSpan(text: text), at: range)
    }
}
