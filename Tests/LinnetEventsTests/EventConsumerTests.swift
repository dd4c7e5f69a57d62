// SPDX-License-Identifier: Apache-2.0

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
        let queue = try EventQueue<Int>(
            capacity: 8,
            reserveCount: 1,
            wakesThroughDescriptor: true
        )
        let descriptor = try #require(queue.wakeDescriptor)
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

    @Test func `a queue without a poller has no descriptor`() throws {
        let queue = try EventQueue<Int>(capacity: 2, reserveCount: 0)
        #expect(queue.wakeDescriptor == nil)
    }

    /// In a process of its own, where nobody else opens a descriptor of the same number.
    @Test func `the descriptor is open as long as the queue`() async {
        await #expect(processExitsWith: .success) {
            var queue = try EventQueue<Int>(
                capacity: 2,
                reserveCount: 0,
                wakesThroughDescriptor: true
            )
            let descriptor = try #require(queue.wakeDescriptor)
            #expect(isOpen(descriptor))
            queue = try EventQueue<Int>(capacity: 2, reserveCount: 0)
            #expect(!isOpen(descriptor))
        }
    }

    /// Ends only if no wake-up is lost.
    @Test func `two threads that sleep in polls pass an item to and fro`() throws {
        let ends = try (0..<2).map { _ in
            try EventQueue<Int>(capacity: 2, reserveCount: 0, wakesThroughDescriptor: true)
        }
        let descriptors = try ends.map { try #require($0.wakeDescriptor) }
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

private func isOpen(_ descriptor: CInt) -> Bool {
    fcntl(descriptor, F_GETFD) >= 0
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
