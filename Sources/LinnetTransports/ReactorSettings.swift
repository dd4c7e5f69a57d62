// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
package import LinnetConnections
package import LinnetPollers

/// A block that is filled from front to back.
struct CurrentBlock: BitwiseCopyable {
    var block: Block?
    var offset = 0
}

/// What makes a reactor differ from others.
package struct ReactorSettings: Sendable {
    package var index: Int
    package var limits = TransportLimits()
    package var deadlines = ConnectionDeadlines()
    package var creditLimits = CreditLimits()
    package var balance = Balance.reusePort
    /// Workers that connections are given to, in turns; 0 if handlers run here.
    package var workerCount = 0

    package init(index: Int) {
        self.index = index
    }
}

/// A socket that a reactor accepts from.
package struct Listener: Sendable {
    package var descriptor: Descriptor
    /// Other reactors accept from the same socket.
    package var isShared: Bool
    var isSuspended = false

    package init(descriptor: Descriptor, isShared: Bool) {
        self.descriptor = descriptor
        self.isShared = isShared
    }
}
