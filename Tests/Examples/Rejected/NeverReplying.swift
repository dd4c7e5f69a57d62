// SPDX-License-Identifier: Apache-2.0

// error: 'Replied' initializer is inaccessible due to 'internal' protection level

import Linnet

func pretend<Wire: WireProtocol, Request: Message>(
    _ reply: consuming Reply<Wire, Request>
) -> Replied {
    Replied(Request.number, .queued)
}
