// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import SchemaBench

extension LogRecord: BenchedMessage {
    static var bench: SchemaMessage { .log }
    static var records: [LogValues] { LogValues.all }

    static func prepare(_ values: LogValues) -> LogValues { values }

    static func build(
        _ held: borrowing Held<LogValues>,
        into output: inout OutputRawSpan
    ) throws(BuildError) {
        try build(into: &output) { record in
            record.address = Address(
                x0: held.values.address.x0,
                x1: held.values.address.x1,
                x2: held.values.address.x2,
                x3: held.values.address.x3
            )
            record.code = held.values.code
            record.size = held.values.size
            return
                record
                .put(.identity, held.values.identity)
                .put(.userid, held.values.userid)
                .put(.date, held.values.date)
                .put(.request, held.values.request)
                .done()
        }
    }

    @inline(__always)
    static func sum(_ record: MessageView<LogRecord>) -> UInt64 {
        let address = record.address
        var sum = address.x0.term &+ address.x1.term &+ address.x2.term &+ address.x3.term
        sum &+= record[.identity].term &+ record[.userid].term
        sum &+= record[.date].term &+ record[.request].term
        return sum &+ record.code.term &+ record.size.term
    }
}
