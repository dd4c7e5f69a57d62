// SPDX-License-Identifier: Apache-2.0

// One import gives a user what handlers, servers and clients are made of.

@_exported public import LinnetBytes
@_exported public import LinnetCodec
@_exported public import LinnetConnections
@_exported public import LinnetEvents
@_exported public import LinnetMessages
@_exported public import LinnetTransports
