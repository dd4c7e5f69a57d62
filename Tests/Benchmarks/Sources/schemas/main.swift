// SPDX-License-Identifier: Apache-2.0

import SchemaBench

// Linnet's side of ../../schemas: one file for each message, and one `add` here.
SchemaProgram().run()
