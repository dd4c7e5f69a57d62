// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetSchemaKit

/// What claims to read `Tick` as of version 1, looks at no more than four bytes, and forgets the
/// price: wrong code, for tests of what finds it.
struct ForgetfulTick: KitMessage {
    typealias Root = ForgetfulTick
    enum Start {}

    private var isFinal = false

    init() {}

    static var schema: SchemaTable { LinnetOldTickSchema.table }
    static var number: UInt16 { 7 }
    static var version: UInt16 { 1 }
    static var oldestVersion: UInt16 { 1 }
    static var isWide: Bool { false }
    static var maxByteCount: Int { 64 }
    static var fixedByteCount: Int { 9 }
    static var endCount: Int { 2 }
    static var oldestFixedByteCount: Int { 9 }
    static var oldestEndCount: Int { 2 }

    static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 9, endCount: 2)
    }

    static func verify(_ fields: BlockVerifier<Self>) -> Int {
        var begin = fields.begin
        guard
            fields.holds(Bool.self, at: 8),
            fields.text(end: 0, max: 4, &begin),
            fields.bytes(end: 1, max: 64, &begin)
        else { return -1 }
        return begin
    }

    init(_ view: MessageView<Self>) {
        isFinal = view.load(at: 8)
    }

    func write(to fields: inout MessageWriter<Self>) {
        fields.store(isFinal, at: 8)
    }

    static func kitWalk(_ view: MessageView<Self>, into walk: inout KitWalk) {}
}
