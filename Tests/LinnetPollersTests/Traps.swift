// SPDX-License-Identifier: Apache-2.0

import CLinnet
import Glibc
import Testing

/// How a process ends that a precondition has stopped; the address sanitizer turns signals into an
/// exit status.
let trap: ExitTest.Condition = linnet_has_address_sanitizer() ? .failure : .signal(SIGILL)
