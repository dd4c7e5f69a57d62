// SPDX-License-Identifier: Apache-2.0

// error: type 'RawSpan' does not conform to protocol 'Escapable'

import Linnet

struct Hoarder {
    var payloads: [RawSpan] = []
}
