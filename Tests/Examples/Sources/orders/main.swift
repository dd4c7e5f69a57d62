// SPDX-License-Identifier: Apache-2.0

// What the pages on messages in Sources/Linnet/Linnet.docc show, put to use and checked.

import Linnet

var order = sale(of: [30, 12])
let bytes = try order.encoded()
precondition(quantity(inFile: bytes) == "42")
precondition(quantity(inFile: Array(bytes.dropLast())).hasPrefix("no order: "))
let view = try Order.View(verifying: bytes.span.bytes)
precondition(summary(of: view) == "order 1 of A-1, sells, limit 12.5")

// JSON and dumps.
let json = view.json()
let read = try Order(json: json)
precondition(read == order)
print(json)
print(view.hexDump())

// Edited in place.
var edited = bytes
try raise(&edited, to: 13.75)
order.limit = 13.75
let encoded = try order.encoded()
precondition(edited == encoded)

// What cannot be written is said.
order.account = "an account with a long name"
do {
    _ = try order.encoded()
    preconditionFailure("the account is too long")
} catch {
    precondition(error.cause == .tooLong)
    print(error)
}

try exchangeWithOlderPeer()
let pool = try PacketPool()
func forwarded(_ order: Order.View) throws -> MessageLease<Order> {
    let packet = PacketLease(atMost: Order.maxByteCount, in: pool) { output in
        do {
            try forward(order, into: &output)
        } catch {
            preconditionFailure("\(error)")
        }
    }
    guard let packet else { preconditionFailure("the pool is empty") }
    return try MessageLease(verifying: packet)
}
let copy = try forwarded(view)
precondition(summary(of: copy.view) == "order 1 of B-2, limit 12.5")
precondition(filledQuantity(of: copy.view, at: "XETR") == 42)
let ledger = Ledger()
await ledger.keep(copy)
let kept = await ledger.last(of: "B-2")
precondition(kept == copy.value)
