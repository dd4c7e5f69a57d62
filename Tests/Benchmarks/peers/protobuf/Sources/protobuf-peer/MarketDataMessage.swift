// SPDX-License-Identifier: Apache-2.0

import SchemaBench
import SwiftProtobuf

extension Bench_MarketData: ProtobufMessage {
    static var bench: SchemaMessage { .marketData }
    static var records: [MarketDataValues] { [MarketDataValues()] }

    init(_ values: MarketDataValues) {
        self.init()
        transactTime = values.transactTime
        eventTimeDelta = UInt32(values.eventTimeDelta)
        matchEventIndicator = UInt32(values.matchEventIndicator)
        entries = values.entries.map { entry in
            .with {
                $0.tradeID = entry.tradeId
                $0.securityID = entry.securityId
                $0.price = entry.price
                $0.size = entry.size
                $0.numberOfOrders = UInt32(entry.orderCount)
                $0.updateAction = UInt32(entry.updateAction)
                $0.rptSeq = UInt32(entry.rptSeq)
                $0.aggressorSide = UInt32(entry.aggressorSide)
            }
        }
    }

    var sum: UInt64 {
        var sum = transactTime &+ eventTimeDelta.term &+ matchEventIndicator.term
        for entry in entries {
            sum &+= entry.tradeID &+ entry.securityID &+ entry.price.term &+ entry.size.term
            sum &+= entry.numberOfOrders.term &+ entry.updateAction.term
            sum &+= entry.rptSeq.term &+ entry.aggressorSide.term
        }
        return sum
    }
}
