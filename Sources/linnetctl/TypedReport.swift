// SPDX-License-Identifier: Apache-2.0

/// What came of a ``TypedLoad``, and of damaged messages. Pure data.
package struct TypedReport: Sendable {
    package var connectionCount = 0
    package var depth = 0
    package var seconds = 0.0
    /// Each answered a request and had the right values, but for `faults`.
    package var replyCount = 0
    /// Of these, errors that the protocol has.
    package var errorReplyCount = 0
    package var quoteCount = 0
    package var latency = LatencySummary()
    /// By kind, in words.
    package var faults: [String: Int] = [:]
    /// Names of damaged messages that were sent, and what went wrong.
    package var damageNames: [String] = []
    package var damageFaults: [String] = []
    /// What the server says.
    package var server: ServeReport?

    package init() {}

    package var repliesPerSecond: Double { seconds > 0 ? Double(replyCount) / seconds : 0 }
}

extension TypedReport {
    /// What did not work, each in a sentence; none if all did.
    package var complaints: [String] {
        var all: [String] = []
        if replyCount == 0 { all.append("no typed replies") }
        if errorReplyCount == 0 { all.append("no typed error replies") }
        if quoteCount == 0 { all.append("no quotes") }
        all += faults.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        all += damageFaults
        guard let server else { return all + ["the typed server gave no summary"] }
        if damageNames.isEmpty { all.append("no damaged message was sent") }
        let rejections = server.messageRejections
        for name in damageNames where rejections[name] != 1 {
            all.append("\(name) was rejected \(rejections[name] ?? 0) times and not once")
        }
        for (name, count) in rejections.sorted(by: { $0.key < $1.key })
        where !damageNames.contains(name) {
            all.append("\(count) right messages were rejected as \(name)")
        }
        if server.connections.left > 0 {
            all.append("\(server.connections.left) typed connections left")
        }
        return all
    }
}
