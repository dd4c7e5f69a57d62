// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs `body` on `count` threads at a time and returns when all have. Unlike a concurrent loop of
/// Dispatch it starts all of them on a machine with one core too, so that they may wait for each
/// other.
public func withThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        let thread = Thread {
            body(index)
            group.leave()
        }
        thread.start()
    }
    group.wait()
}
