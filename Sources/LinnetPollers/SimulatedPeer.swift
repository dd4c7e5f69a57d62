// SPDX-License-Identifier: Apache-2.0

/// A test's end of a connection in memory, and what it does to the other end.
///
/// Thread: any.
package struct SimulatedPeer: Sendable {
    package let descriptor: Descriptor
    private let network: SimulatedNetwork

    init(_ descriptor: Descriptor, in network: SimulatedNetwork) {
        self.descriptor = descriptor
        self.network = network
    }

    /// Sends as much as there is room for, which is what it returns; 0 if the connection is broken.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Int {
        // SAFETY: the bytes live through the call.
        let transfer = unsafe bytes.withUnsafeBytes { buffer -> Transfer in
            guard let base = buffer.baseAddress else { return .bytes(0) }
            let piece = unsafe SendPiece(base: base, byteCount: buffer.count)
            return unsafe withUnsafePointer(to: piece) { pieces in
                withStream { unsafe $0.send(UnsafeBufferPointer(start: pieces, count: 1)) }
            }
        }
        guard case .bytes(let count) = transfer else { return 0 }
        return count
    }

    /// Takes all that is there.
    package func receive() -> [UInt8] {
        withStream { $0.takeIncoming() }
    }

    /// Waits until so many bytes are there, or no more will come, and takes all.
    package func receive(atLeast byteCount: Int) -> [UInt8] {
        network.waitUntil {
            let stream = network.stream(descriptor)
            return stream.incomingByteCount >= byteCount || stream.hasReceivedFIN || stream.isBroken
        }
        return receive()
    }

    /// Waits until the other end has sent FIN or RST.
    package func waitForEnd() {
        network.waitUntil {
            let stream = network.stream(descriptor)
            return stream.hasReceivedFIN || stream.isBroken
        }
    }

    /// Whether FIN has come, maybe behind bytes that were not taken yet.
    package var hasReceivedFIN: Bool { withStream { $0.hasReceivedFIN } }

    /// Whether RST has come, or was sent.
    package var isBroken: Bool { withStream { $0.isBroken } }

    /// Sends FIN.
    package func finish() {
        withStream { $0.finish() }
    }

    /// Sends RST.
    package func reset() {
        withStream { $0.reset() }
    }

    /// Gives the end back: with RST if not all was taken, else with FIN.
    package func close() {
        network.withLock { network.close(descriptor) }
    }

    /// Sets how many bytes may wait here to be taken: with 0 the other end can send none.
    package func setWindow(_ byteCount: Int) {
        withStream { $0.capacity = byteCount }
    }

    /// What becomes of the other end's next attempts to receive.
    package func script(receiving steps: SimulatedNetwork.TransferStep...) {
        withStream { $0.other?.receiveScript += steps }
    }

    /// What becomes of the other end's next attempts to send.
    package func script(sending steps: SimulatedNetwork.TransferStep...) {
        withStream { $0.other?.sendScript += steps }
    }

    private func withStream<Result>(_ body: (SimulatedStream) -> Result) -> Result {
        network.withLock { body(network.stream(descriptor)) }
    }
}
