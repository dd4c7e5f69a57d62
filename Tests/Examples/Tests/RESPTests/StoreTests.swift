// SPDX-License-Identifier: Apache-2.0

import Linnet
import Testing

@testable import resp

/// The store keeps what it is given, and no more than it may.
struct StoreTests {
    @Test func `keys are the same only if all their bytes are`() {
        let texts = [
            "", "\0", "a", "a\0", "b", "abcdefgh", "abcdefghi", String(repeating: "x", count: 63),
        ]
        let keys = texts.map { key($0) }
        #expect(Set(keys).count == texts.count)
        #expect(!keys.contains(nil))
        #expect(texts.map { key($0) } == keys)
        #expect(key(String(repeating: "x", count: 64)) == nil)
    }

    @Test func `values are replaced and removed, and their blocks go back`() throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var store = Store()
        let key = try key(1)
        for text in ["one", "", "another"] {
            let isKept = store.set(text.utf8.span.bytes, for: key, from: magazine)
            #expect(isKept)
            let found = store.withValue(of: key) { value in value.byteCount }
            #expect(found == text.utf8.count)
        }
        let counts = (store.count, store.contains(key), store.remove(key), store.remove(key))
        #expect(counts == (1, true, true, false))
        let isGone = store.withValue(of: key) { _ in 0 } == nil
        #expect(isGone)
    }

    @Test func `a full store refuses new keys, takes new values, and has room again`() throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var store = Store()
        let bytes: [UInt8] = [7]
        for number in 0..<Store.maxKeyCount {
            let isKept = store.set(bytes.span.bytes, for: try key(number), from: magazine)
            #expect(isKept)
        }
        let another = try key(Store.maxKeyCount)
        let known = try key(5)
        var answers = [store.set(bytes.span.bytes, for: another, from: magazine)]
        answers.append(store.set(bytes.span.bytes, for: known, from: magazine))
        answers.append(store.remove(known))
        answers.append(store.set(bytes.span.bytes, for: another, from: magazine))
        #expect(answers == [false, true, true, true])
        store.removeAll()
        let count = store.count
        #expect(count == 0)
    }

    @Test func `a pool without blocks refuses a value, and the old one stays`() throws {
        let classes = [PacketPool.BlockClass(blockByteCount: 64, blockCount: 2, reserveCount: 0)]
        let pool = try PacketPool(PacketPool.Configuration(blockClasses: classes))
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var store = Store()
        let bytes: [UInt8] = [1, 2, 3]
        for number in 0..<2 {
            let isKept = store.set(bytes.span.bytes, for: try key(number), from: magazine)
            #expect(isKept)
        }
        let first = try key(0)
        let isReplaced = store.set([UInt8]().span.bytes, for: first, from: magazine)
        #expect(!isReplaced)
        let found = store.withValue(of: first) { value in value.byteCount }
        #expect(found == 3)
    }

    private func key(_ text: String) -> Key? {
        Key(text.utf8.span.bytes)
    }

    private func key(_ number: Int) throws -> Key {
        let key = key(String(number))
        return try #require(key)
    }
}
