// SPDX-License-Identifier: Apache-2.0

import CLinnet
import Glibc
import LinnetBytes
import LinnetEvents
import LinnetTestSupport
import Testing

/// A consumer that sleeps in a poller, with other things to wait for.
struct EventConsumerTests {
    @Test func `a consumer in a poller is woken through its descriptor, once for each sleep`()
        throws
    {
        let descriptor = linnet_eventfd_make()
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let queue = try EventQueue<Int>(
            capacity: 8,
            reserveCount: 1,
            wakeDescriptor: descriptor
        )
        var consumer = queue.makeConsumer()
        #expect(queue.push(1) == .queued)
        queue.wakeConsumer()
        #expect(signalCount(descriptor) == 0, "it was awake")

        let mayNot = consumer.prepareToSleep()
        #expect(!mayNot, "an item is there")
        consumer.didWake()
        #expect(consumer.pop() == 1)

        let may = consumer.prepareToSleep()
        #expect(may)
        #expect(queue.push(2) == .queued)
        #expect(queue.push(3) == .queued)
        queue.wakeConsumer()
        queue.wakeConsumer()
        #expect(signalCount(descriptor) == 1)
        consumer.didWake()
        let count = consumer.drain(maxCount: 8) { _ in }
        #expect(count == 2)
    }

    /// Ends only if no wake-up is lost.
    @Test func `two threads that sleep in polls pass an item to and fro`() throws {
        let descriptors = (0..<2).map { _ in linnet_eventfd_make() }
        defer { for descriptor in descriptors { close(descriptor) } }
        var queues: [EventQueue<Int>] = []
        for descriptor in descriptors {
            queues.append(
                try EventQueue(capacity: 2, reserveCount: 0, wakeDescriptor: descriptor)
            )
        }
        let ends = queues
        withThreads(2) { thread in
            var consumer = ends[thread].makeConsumer()
            for round in 0..<500 {
                if thread == 0 { pass(round, to: ends[1]) }
                while true {
                    if let item = consumer.pop() {
                        #expect(item == round)
                        break
                    }
                    if consumer.prepareToSleep() {
                        let own = descriptors[thread]
                        var poller = pollfd(fd: own, events: Int16(POLLIN), revents: 0)
                        // SAFETY: the system reads and writes the one structure during the call.
                        _ = unsafe poll(&poller, 1, -1)
                        _ = signalCount(own)
                    }
                    consumer.didWake()
                }
                consumer.publish()
                if thread == 1 { pass(round, to: ends[0]) }
            }
        }
    }
}

private func pass(_ item: Int, to queue: EventQueue<Int>) {
    #expect(queue.push(item) == .queued)
    queue.wakeConsumer()
}

/// How often the descriptor was signalled since the last look.
private func signalCount(_ descriptor: CInt) -> UInt64 {
    var count: UInt64 = 0
    // SAFETY: the system writes 8 bytes into the variable, or nothing.
    let byteCount = unsafe read(descriptor, &count, 8)
    return byteCount == 8 ? count : 0
}
