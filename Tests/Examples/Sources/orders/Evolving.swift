// SPDX-License-Identifier: Apache-2.0

import Linnet

/// What a peer of version 1 gets, and what is read of what it sends.
func exchangeWithOlderPeer() throws {
    let order = Order(id: 7, account: "A-1", desk: 3, note: "careful")
    let bytes = try order.encoded(version: 1)  // without desk and note

    let old = try Order.View(verifying: bytes.span.bytes)
    precondition(old.id == 7)
    precondition(old.desk == 7)  // its default
    precondition(old[.note] == nil)
}

/// The order for another account. What a newer peer added, and we do not know, stays in it.
func forward(_ order: Order.View, into output: inout OutputRawSpan) throws(BuildError) {
    try Order.rebuild(order, into: &output) { order in
        order.side = .buy
        return order.put(.account, "B-2").done()
    }
}
