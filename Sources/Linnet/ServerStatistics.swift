// SPDX-License-Identifier: Apache-2.0

internal import LinnetConnections
internal import LinnetTransports

/// What a server has done since it started: sums over its reactors, each of its last turn.
public struct ServerStatistics: Sendable, Hashable {
    /// Connections that were accepted; that were accepted and could not be kept; that their handler
    /// learned of; that have ended; that are there now.
    public var acceptedConnectionCount = 0
    public var refusedConnectionCount = 0
    public var openedConnectionCount = 0
    public var closedConnectionCount = 0
    public var openConnectionCount = 0
    /// Bytes, frames and system calls, in and out.
    public var receivedByteCount = 0
    public var receivedFrameCount = 0
    public var readCount = 0
    public var sentByteCount = 0
    public var sentFrameCount = 0
    public var writeCount = 0
    /// Bytes that came behind the end of a connection and were thrown away.
    public var discardedByteCount = 0
    /// Sends that were dropped because their connection had ended.
    public var droppedSendCount = 0
    /// Connections that were closed because the pool ran dry and their peers did not read.
    public var shedConnectionCount = 0
    /// Frames of broadcasts that a connection missed because it had as much to write as it may.
    public var missedBroadcastCount = 0
    /// Times that a connection waited for room in a queue or for a block, and that accepting waited
    /// for descriptors or for room.
    public var stallCount = 0
    public var acceptStallCount = 0
    /// Times that a reactor woke or looked for work.
    public var turnCount = 0
    /// What the framing rejected, by the names that it has for causes; only those that happened.
    public var rejectionCounts: [String: Int] = [:]
    /// Connections that ended, by the reason in words; only those that happened.
    public var endCounts: [String: Int] = [:]

    public init() {}
}

extension ServerStatistics {
    init(_ engine: Engine, failureNames: [String]) {
        let all = engine.parts.hosts.map(\.counters)
        func sum(_ counter: ReactorCounters.Counter) -> Int {
            all.reduce(0) { $0 + $1.value(counter) }
        }
        acceptedConnectionCount = sum(.accepted)
        refusedConnectionCount = sum(.refused)
        openedConnectionCount = sum(.opened)
        closedConnectionCount = sum(.released)
        openConnectionCount = engine.parts.table.count
        receivedByteCount = sum(.receivedBytes)
        receivedFrameCount = sum(.receivedFrames)
        readCount = sum(.reads)
        sentByteCount = sum(.sentBytes)
        sentFrameCount = sum(.sentFrames)
        writeCount = sum(.writes)
        discardedByteCount = sum(.discardedBytes)
        droppedSendCount = sum(.droppedSends)
        shedConnectionCount = sum(.shed)
        missedBroadcastCount = sum(.missedBroadcasts)
        stallCount = sum(.stalls)
        acceptStallCount = sum(.acceptStalls)
        turnCount = sum(.turns)
        for (index, name) in failureNames.prefix(ReactorCounters.maxFailureCount).enumerated() {
            let count = all.reduce(0) { $0 + $1.failureCount(index) }
            if count > 0 { rejectionCounts[name] = count }
        }
        for (kind, words) in CloseReason.kindsInWords {
            let count = all.reduce(0) { $0 + $1.endCount(kind: kind) }
            if count > 0 { endCounts[words] = count }
        }
    }
}
