// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetConnections
import LinnetPollers

/// Any poller, for tests that hold for all of them.
protocol PollerBox: AnyObject {
    var now: MonotonicInstant { get }
    func watch(_ descriptor: Descriptor, as kind: WatchKind, token: UInt64) throws
    func setListening(_ listens: Bool, _ descriptor: Descriptor, token: UInt64) throws
    func forget(_ descriptor: Descriptor)
    /// What one wait has found, by token.
    func wait(atMost limit: Duration?) -> [UInt64: Completion.Kinds]
    func receive(from descriptor: Descriptor, atMost byteCount: Int) -> Received
    func send(_ pieces: [[UInt8]], to descriptor: Descriptor) -> Transfer
    func accept(from listener: Descriptor) -> Acceptance
    func connectionError(of descriptor: Descriptor) -> Errno?
    func shutDownSending(_ descriptor: Descriptor)
    func close(_ descriptor: Descriptor)
}

/// A transfer with its bytes.
enum Received: Equatable {
    case bytes([UInt8])
    case wouldBlock
    case failed(Errno)
}

extension PollerBox {
    /// Waits until all of `kinds` were reported for a token, with whatever came before and beside.
    func waitFor(_ kinds: Completion.Kinds, of token: UInt64) -> Completion.Kinds {
        var reported: Completion.Kinds = []
        while !reported.isSuperset(of: kinds) {
            let found = wait(atMost: .seconds(60))
            if found.isEmpty { break }
            reported.formUnion(found[token] ?? [])
        }
        return reported
    }

    /// What is reported now.
    func reports() -> [UInt64: Completion.Kinds] {
        wait(atMost: .zero)
    }

    /// Receives as a loop does: until nothing is left. 0 bytes, or an error, are in the end.
    func receiveAll(from descriptor: Descriptor) -> (bytes: [UInt8], end: Received) {
        var bytes: [UInt8] = []
        while true {
            let received = receive(from: descriptor, atMost: 1000)
            guard case .bytes(let more) = received, !more.isEmpty else { return (bytes, received) }
            bytes += more
        }
    }
}

final class Boxed<P: Poller & ~Copyable>: PollerBox {
    private var poller: P

    init(_ poller: consuming P) {
        self.poller = poller
    }

    var now: MonotonicInstant { poller.now }

    func watch(_ descriptor: Descriptor, as kind: WatchKind, token: UInt64) throws {
        try poller.watch(descriptor, as: kind, token: token)
    }

    func setListening(_ listens: Bool, _ descriptor: Descriptor, token: UInt64) throws {
        try poller.setListening(listens, descriptor, token: token)
    }

    func forget(_ descriptor: Descriptor) {
        poller.forget(descriptor)
    }

    func wait(atMost limit: Duration?) -> [UInt64: Completion.Kinds] {
        var kinds: [UInt64: Completion.Kinds] = [:]
        for index in 0..<poller.wait(atMost: limit) {
            let completion = poller.completion(index)
            kinds[completion.token, default: []].formUnion(completion.kinds)
        }
        return kinds
    }

    func receive(from descriptor: Descriptor, atMost byteCount: Int) -> Received {
        var buffer = [UInt8](repeating: 0, count: byteCount)
        // SAFETY: the buffer lives through the call.
        let transfer = unsafe buffer.withUnsafeMutableBytes {
            unsafe poller.receive(from: descriptor, into: $0)
        }
        return switch transfer {
        case .bytes(let count): .bytes(Array(buffer.prefix(count)))
        case .wouldBlock: .wouldBlock
        case .failed(let error): .failed(error)
        }
    }

    func send(_ pieces: [[UInt8]], to descriptor: Descriptor) -> Transfer {
        let bytes = Array(pieces.joined())
        // SAFETY: the bytes live through the call, and the pieces are ranges of them.
        return unsafe bytes.withUnsafeBytes { buffer -> Transfer in
            guard var base = buffer.baseAddress else { return .bytes(0) }
            var list: [SendPiece] = []
            for piece in pieces {
                unsafe list.append(SendPiece(base: base, byteCount: piece.count))
                unsafe base += piece.count
            }
            return unsafe list.withUnsafeBufferPointer { unsafe poller.send($0, to: descriptor) }
        }
    }

    func accept(from listener: Descriptor) -> Acceptance { poller.accept(from: listener) }

    func connectionError(of descriptor: Descriptor) -> Errno? {
        poller.connectionError(of: descriptor)
    }

    func shutDownSending(_ descriptor: Descriptor) {
        poller.shutDownSending(descriptor)
    }

    func close(_ descriptor: Descriptor) {
        poller.close(descriptor)
    }
}
