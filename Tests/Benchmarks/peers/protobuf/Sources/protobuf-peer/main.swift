// SPDX-License-Identifier: Apache-2.0

import SchemaBench

var program = SchemaProgram()
program.add(ProtobufBench<Bench_Car>.self)
program.add(ProtobufBench<Bench_MarketData>.self)
program.add(ProtobufBench<Bench_FooBarContainer>.self)
program.add(ProtobufBench<Bench_LogRecord>.self)
program.add(BuiltProtobufBench<Bench_Car>.self)
program.add(BuiltProtobufBench<Bench_MarketData>.self)
program.add(BuiltProtobufBench<Bench_FooBarContainer>.self)
program.add(BuiltProtobufBench<Bench_LogRecord>.self)
program.run()
