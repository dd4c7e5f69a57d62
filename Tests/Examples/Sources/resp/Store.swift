// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Keys and their values. The values are leases: they stand in the packet pool, each in a block of
/// its own, and so can be sent from where they are.
///
/// Bounded: so many keys, and as many blocks as the pool has. To replace a value allocates nothing.
struct Store: ~Copyable {
    static let maxKeyCount = 16_384

    /// Where each key's value is.
    private var places: [Key: Int] = [:]
    private var freePlaces = Array((0..<Store.maxKeyCount).reversed())
    private var values = InlineArray<16_384, PacketLease?> { _ in nil }

    init() {
        places.reserveCapacity(Store.maxKeyCount)
    }

    var count: Int { places.count }

    func contains(_ key: Key) -> Bool {
        places[key] != nil
    }

    /// Lends a key's value to `body`; `nil` if there is none.
    func withValue<Result>(of key: Key, _ body: (borrowing PacketLease) -> Result) -> Result? {
        guard let place = places[key] else { return nil }
        switch values[place] {
        case .some(let value): return body(value)
        case .none: return nil
        }
    }

    /// Keeps a copy of the value: the bytes stand in a block of 64 KiB that was read, which a lease
    /// of them would hold.
    ///
    /// - Returns: false if there is no room, and then nothing has changed.
    mutating func set(
        _ value: RawSpan,
        for key: Key,
        from magazine: borrowing PacketPool.Magazine
    ) -> Bool {
        let known = places[key]
        guard let place = known ?? freePlaces.last, let lease = magazine.lease(copying: value)
        else { return false }
        if let old = values[place].take() { magazine.release(old) }
        values[place] = consume lease
        if known == nil {
            freePlaces.removeLast()
            places[key] = place
        }
        return true
    }

    /// - Returns: whether it was there.
    mutating func remove(_ key: Key) -> Bool {
        guard let place = places.removeValue(forKey: key) else { return false }
        values[place] = nil
        freePlaces.append(place)
        return true
    }

    mutating func removeAll() {
        for key in Array(places.keys) { _ = remove(key) }
    }
}

/// The bytes of a key, copied but not allocated: at most 63.
struct Key: Hashable {
    static let maxByteCount = 63

    private var words = SIMD8<UInt64>()

    /// `nil` if the key is too long.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount <= Key.maxByteCount else { return nil }
        let wordCount = bytes.byteCount / 8
        for index in 0..<wordCount { words[index] = bytes.loadLittleEndian(at: index * 8) }
        for offset in wordCount * 8..<bytes.byteCount {
            let byte: UInt8 = bytes.loadLittleEndian(at: offset)
            words[wordCount] |= UInt64(byte) << (offset % 8 * 8)
        }
        // The byte behind the longest key says how long this one is.
        words[7] |= UInt64(bytes.byteCount) << 56
    }

    /// The hasher's seed is random: no peer can choose keys that collide.
    func hash(into hasher: inout Hasher) {
        hasher.combine(words[7])
        for index in 0..<Int(words[7] >> 56 + 7) / 8 { hasher.combine(words[index]) }
    }
}
