// SPDX-License-Identifier: Apache-2.0

// Maps as values. Texts of any length are the keys of an array of entries and not of a dictionary:
// different texts can be equal `String`s.

extension MessageWriter {
    /// A map of that end, its entries in any order.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func map<Entry: MapEntry>(_ entries: [Entry], end: Int, max: Int) {
        let sorted = entries.sorted { Entry.compare($0.key, $1.key) < 0 }
        group(sorted, end: end, max: max)
    }

    /// A map of that end.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func map<Entry: MapEntry>(
        _ type: Entry.Type,
        _ values: [Entry.Key: Entry.Value],
        end: Int,
        max: Int
    ) {
        map(values.map { Entry(key: $0.key, value: $0.value) }, end: end, max: max)
    }
}

extension MapView {
    /// A copy of all entries, in the order of their keys. Allocates.
    @inlinable
    public func values() -> [Entry] {
        entries.values()
    }

    /// A copy of all entries. Allocates. Of keys that are equal the first one counts: only texts
    /// `string<=N` can be.
    @inlinable
    public func dictionary() -> [Entry.Key: Entry.Value] {
        var values: [Entry.Key: Entry.Value] = [:]
        values.reserveCapacity(count)
        for entry in entries.values() where values[entry.key] == nil {
            values[entry.key] = entry.value
        }
        return values
    }
}
