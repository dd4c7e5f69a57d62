// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import Testing

@Suite
struct MessagesTests {}
