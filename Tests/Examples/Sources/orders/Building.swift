// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Sells what is listed, built in the bytes that leave.
func sell(
    _ quantities: [UInt32],
    to id: ConnectionID,
    outbox: inout Outbox
) throws(BuildError) -> SendResult {
    try outbox.send(Order.self, to: id) { order in
        order.side = .sell
        order.limit = 12.5
        return order.put(.account, "A-1")
            .put(.trigger, .event("opening"))
            .put(.fills, count: quantities.count) { fill, index in
                fill.quantity = quantities[index]
                return fill.put(.venue, "XETR").done()
            }
            .done()
    }
}

/// The same as a value: in any order, at leisure.
func sale(of quantities: [UInt32]) -> Order {
    var order = Order(id: 1, account: "A-1")
    order.fills = quantities.map { Order.FillsEntry(quantity: $0, venue: "XETR") }
    order.trigger = .event("opening")
    order.limit = 12.5
    order.side = .sell
    return order
}

/// Changes fixed fields where they stand.
func raise(_ bytes: inout [UInt8], to limit: FixedDecimal<Int64, -4>) throws(EditError) {
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    try Order.edit(&raw) { order in order.limit = limit }
}
