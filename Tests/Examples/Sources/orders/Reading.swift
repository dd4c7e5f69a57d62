// SPDX-License-Identifier: Apache-2.0

import Linnet

/// What an order comes to, read where it stands.
func filledQuantity(of order: Order.View, at venue: String) -> UInt64 {
    var sum: UInt64 = 0
    let fills = order[.fills]
    for index in fills.indices {
        let fill = fills[index]
        if fill[.venue] == venue { sum += UInt64(fill.quantity) }
    }
    return sum
}

func summary(of order: Order.View) -> String {
    var text = "order \(order.id) of \(order[.account])"
    if order.side == .sell { text += ", sells" }
    if let limit = order.limit { text += ", limit \(limit)" }
    if let trigger = order[.trigger], let time = trigger[.at] { text += ", at \(time.count) s" }
    if let note = order[.note] { text += " (\(note))" }
    return text
}

/// The quantity of bytes that came from anywhere, or why they are not an order.
func quantity(inFile bytes: [UInt8]) -> String {
    do {
        let order = try Order.View(verifying: bytes.span.bytes)
        return "\(filledQuantity(of: order, at: "XETR"))"
    } catch {
        return "no order: \(error.cause) in \"\(error.path)\" at byte \(error.offset)"
    }
}

/// Keeps the last order of each account: the lease holds the bytes, the value is a copy.
actor Ledger {
    private var orders: [String: MessageLease<Order>] = [:]

    func keep(_ order: MessageLease<Order>) {
        orders[String(copying: order.view[.account])] = order
    }

    func last(of account: String) -> Order? {
        orders[account]?.value
    }
}
