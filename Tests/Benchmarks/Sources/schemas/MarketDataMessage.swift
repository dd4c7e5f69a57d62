// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import SchemaBench

extension MarketData: BenchedMessage {
    static var bench: SchemaMessage { .marketData }
    static var records: [MarketDataValues] { [MarketDataValues()] }

    static func prepare(_ values: MarketDataValues) -> MarketDataValues { values }

    static func build(
        _ held: borrowing Held<MarketDataValues>,
        into output: inout OutputRawSpan
    ) throws(BuildError) {
        try build(into: &output) { data in
            data.transactTime = held.values.transactTime
            data.eventTimeDelta = held.values.eventTimeDelta
            data.matchEventIndicator = held.values.matchEventIndicator
            return
                data
                .put(.entries, count: held.values.entries.count) { entry, index in
                    entry.tradeId = held.values.entries[index].tradeId
                    entry.securityId = held.values.entries[index].securityId
                    entry.price = FixedDecimal(mantissa: held.values.entries[index].price)
                    entry.size = held.values.entries[index].size
                    entry.numberOfOrders = held.values.entries[index].orderCount
                    entry.updateAction = UpdateAction(
                        rawValue: held.values.entries[index].updateAction
                    )
                    entry.rptSeq = held.values.entries[index].rptSeq
                    entry.aggressorSide = held.values.entries[index].aggressorSide
                    return entry.done()
                }
                .done()
        }
    }

    @inline(__always)
    static func sum(_ data: MessageView<MarketData>) -> UInt64 {
        var sum = data.transactTime.term &+ data.eventTimeDelta.term
        sum &+= data.matchEventIndicator.term
        data[.entries].forEach { entry in
            sum &+= entry.tradeId.term &+ entry.securityId.term &+ entry.price.mantissa.term
            sum &+= entry.size.term &+ entry.numberOfOrders.term
            sum &+= entry.updateAction.rawValue.term &+ entry.rptSeq.term
            sum &+= entry.aggressorSide.term
        }
        return sum
    }
}
