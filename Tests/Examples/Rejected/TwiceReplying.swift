// SPDX-License-Identifier: Apache-2.0

// error: 'reply' consumed more than once

import Linnet

func answer<Wire: WireProtocol, Request: Message>(
    _ reply: consuming Reply<Wire, Request>,
    with message: Request,
    outbox: inout Outbox
) -> Replied {
    _ = reply.send(message: message, through: &outbox)
    return reply.send(message: message, through: &outbox)
}
