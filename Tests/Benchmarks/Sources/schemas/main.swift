// SPDX-License-Identifier: Apache-2.0

import SchemaBench

// Linnet's side of ../../schemas: one file for each message, and one `add` here.
var program = SchemaProgram()
program.add(LinnetBench<Car>.self)
program.add(LinnetBench<MarketData>.self)
program.add(LinnetBench<FooBarContainer>.self)
program.add(LinnetBench<LogRecord>.self)
program.run()
