// SPDX-License-Identifier: Apache-2.0

import SchemaBench
import SwiftProtobuf

extension Bench_LogRecord: ProtobufMessage {
    static var bench: SchemaMessage { .log }
    static var records: [LogValues] { LogValues.all }

    init(_ values: LogValues) {
        self.init()
        address = .with {
            $0.x0 = UInt32(values.address.x0)
            $0.x1 = UInt32(values.address.x1)
            $0.x2 = UInt32(values.address.x2)
            $0.x3 = UInt32(values.address.x3)
        }
        identity = values.identity
        userid = values.userid
        date = values.date
        request = values.request
        code = UInt32(values.code)
        size = values.size
    }

    var sum: UInt64 {
        let address = address
        var sum = address.x0.term &+ address.x1.term &+ address.x2.term &+ address.x3.term
        sum &+= identity.term &+ userid.term &+ date.term &+ request.term
        sum &+= code.term &+ size
        return sum
    }
}
