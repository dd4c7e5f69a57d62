// SPDX-License-Identifier: Apache-2.0

import CLinnet
import Foundation
import Testing

/// How a process ends that a precondition has stopped: by the signal of an illegal instruction,
/// which is not how one ends that threw an error. The address sanitizer turns signals into an exit
/// status.
let trap: ExitTest.Condition = linnet_has_address_sanitizer() ? .failure : .signal(SIGILL)
