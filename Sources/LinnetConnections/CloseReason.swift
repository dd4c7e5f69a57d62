// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// Why a connection ended: the first thing that ended it, whatever came later.
///
/// A graceful end loses nothing: the frames that were delivered before it are handled, and what
/// their handler sends is written before the socket is closed. An abortive end releases the
/// connection at once: what was not handled or not written by then is dropped. Specs/protocol.md 6.
public enum CloseReason: BitwiseCopyable, Hashable, Sendable {
    // MARK: The peer ends it

    /// The peer sent FIN between two frames: the clean end. Graceful.
    case peerClosed
    /// The peer sent FIN inside a frame. Graceful: the frames before it count.
    case truncated
    /// The framing found bytes that cannot be a frame. Graceful: the frames before them count.
    case framingError
    /// The peer sent RST, whichever call learned of it. Abortive.
    case peerReset

    // MARK: We end it

    /// The connection's handler closed it, with a code that means what the application likes.
    /// Graceful.
    case closedByHandler(code: UInt32)
    /// Another part of the application closed it by its id, from any thread. Graceful.
    case closedByApplication(code: UInt32)
    /// The server stops and takes leave of its connections. Graceful.
    case serverStopping

    // MARK: Time ends it

    /// Nothing came in or went out for too long. Graceful: answers can still get through.
    case idleTimeout
    /// A frame that had begun was not complete in time. Graceful: answers can still get through.
    case frameTimeout
    /// The connection was not usable in time: connecting or shaking hands took too long. Abortive,
    /// and no handler is told, since none knows of the connection.
    case openingTimeout
    /// The peer did not take what was to be sent: the connection had as much outbound as it may
    /// have, for too long. Abortive.
    case writeTimeout
    /// The server stopped at once, without taking leave. Abortive. (When a server that takes leave
    /// runs out of patience, the reason stays ``serverStopping``: the first one counts.)
    case serverStopped

    // MARK: The system ends it

    /// The connection could not be made. Abortive, and no handler is told.
    case connectFailed(Errno)
    /// Reading failed, and not because the peer reset the connection. Abortive.
    case readFailed(Errno)
    /// Writing failed, and not because the peer reset the connection. Abortive.
    case writeFailed(Errno)
}

extension CloseReason {
    /// Whether frames delivered before the end are handled and answered.
    public var isGraceful: Bool {
        switch self {
        case .peerClosed, .truncated, .framingError, .closedByHandler, .closedByApplication,
            .serverStopping, .idleTimeout, .frameTimeout:
            true
        case .peerReset, .openingTimeout, .writeTimeout, .serverStopped, .connectFailed,
            .readFailed,
            .writeFailed:
            false
        }
    }

    /// Whether the peer's FIN was read: nothing can come behind it.
    package var sawFIN: Bool { self == .peerClosed || self == .truncated }
}

extension CloseReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .peerClosed: "the peer closed the connection"
        case .truncated: "the peer closed the connection inside a frame"
        case .framingError: "the peer sent what cannot be a frame"
        case .peerReset: "the peer reset the connection"
        case .closedByHandler(let code): "the handler closed the connection (code \(code))"
        case .closedByApplication(let code): "the application closed the connection (code \(code))"
        case .serverStopping: "the server is stopping"
        case .idleTimeout: "the connection was idle for too long"
        case .frameTimeout: "the peer took too long to complete a frame"
        case .openingTimeout: "the connection took too long to open"
        case .writeTimeout: "the peer took too long to read what was sent"
        case .serverStopped: "the server stopped at once"
        case .connectFailed(let error): "connecting failed: \(error)"
        case .readFailed(let error): "reading failed: \(error)"
        case .writeFailed(let error): "writing failed: \(error)"
        }
    }
}

// MARK: - As one word

extension CloseReason {
    /// The reason as a word, for event cells and atomics: its kind in the lowest byte, its code or
    /// error in the upper 32 bits, zero between them. No reason is the word 0.
    package var rawValue: UInt64 {
        let (kind, detail) = kindAndDetail
        return UInt64(detail) << 32 | UInt64(kind.rawValue)
    }

    /// The reason that the word is, or `nil` if it is none.
    package init?(rawValue: UInt64) {
        let detail = UInt32(truncatingIfNeeded: rawValue >> 32)
        guard let byte = UInt8(exactly: rawValue & 0xFFFF_FFFF), let kind = Kind(rawValue: byte)
        else { return nil }
        self.init(kind, detail)
        guard self.rawValue == rawValue else { return nil }
    }

    private enum Kind: UInt8 {
        case peerClosed = 1
        case truncated, framingError, peerReset
        case closedByHandler, closedByApplication, serverStopping
        case idleTimeout, frameTimeout, openingTimeout, writeTimeout, serverStopped
        case connectFailed, readFailed, writeFailed
    }

    private var kindAndDetail: (Kind, UInt32) {
        switch self {
        case .peerClosed: (.peerClosed, 0)
        case .truncated: (.truncated, 0)
        case .framingError: (.framingError, 0)
        case .peerReset: (.peerReset, 0)
        case .closedByHandler(let code): (.closedByHandler, code)
        case .closedByApplication(let code): (.closedByApplication, code)
        case .serverStopping: (.serverStopping, 0)
        case .idleTimeout: (.idleTimeout, 0)
        case .frameTimeout: (.frameTimeout, 0)
        case .openingTimeout: (.openingTimeout, 0)
        case .writeTimeout: (.writeTimeout, 0)
        case .serverStopped: (.serverStopped, 0)
        case .connectFailed(let error): (.connectFailed, UInt32(bitPattern: error.rawValue))
        case .readFailed(let error): (.readFailed, UInt32(bitPattern: error.rawValue))
        case .writeFailed(let error): (.writeFailed, UInt32(bitPattern: error.rawValue))
        }
    }

    private init(_ kind: Kind, _ detail: UInt32) {
        let error = Errno(rawValue: CInt(bitPattern: detail))
        self =
            switch kind {
            case .peerClosed: .peerClosed
            case .truncated: .truncated
            case .framingError: .framingError
            case .peerReset: .peerReset
            case .closedByHandler: .closedByHandler(code: detail)
            case .closedByApplication: .closedByApplication(code: detail)
            case .serverStopping: .serverStopping
            case .idleTimeout: .idleTimeout
            case .frameTimeout: .frameTimeout
            case .openingTimeout: .openingTimeout
            case .writeTimeout: .writeTimeout
            case .serverStopped: .serverStopped
            case .connectFailed: .connectFailed(error)
            case .readFailed: .readFailed(error)
            case .writeFailed: .writeFailed(error)
            }
    }

    /// The words for each kind of reason, by the lowest byte of its word, with no code or error.
    package static var kindsInWords: [(kind: Int, words: String)] {
        (1...Kind.writeFailed.rawValue).compactMap { number in
            guard let kind = Kind(rawValue: number) else { return nil }
            return (Int(number), CloseReason(kind, 0).words)
        }
    }

    /// The description without code or error.
    private var words: String {
        switch self {
        case .closedByHandler: "the handler closed the connection"
        case .closedByApplication: "the application closed the connection"
        case .connectFailed: "connecting failed"
        case .readFailed: "reading failed"
        case .writeFailed: "writing failed"
        default: description
        }
    }
}
