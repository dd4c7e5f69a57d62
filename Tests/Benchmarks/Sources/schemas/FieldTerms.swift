// SPDX-License-Identifier: Apache-2.0

import LinnetMessages

// What a field adds to the sum of all fields: see `SchemaBench`.

extension FixedWidthInteger {
    @inline(__always) var term: UInt64 { UInt64(truncatingIfNeeded: self) }
}

extension Float {
    @inline(__always) var term: UInt64 { Int64(self).term }
}

extension Double {
    @inline(__always) var term: UInt64 { Int64(self).term }
}

extension Bool {
    @inline(__always) var term: UInt64 { self ? 1 : 0 }
}

extension TextView {
    /// Its length, and its first byte.
    @inline(__always) var term: UInt64 { count.term &+ (isEmpty ? 0 : bytes.byte(at: 0).term) }
}
