// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import SchemaBench

extension MarketData: BenchedMessage {
    static var bench: SchemaMessage { .marketData }
    static var records: [MarketDataValues] { [MarketDataValues()] }

    static func prepare(_ values: MarketDataValues) -> MarketDataValues { values }

    static func build(
        _ values: MarketDataValues,
        into output: inout OutputRawSpan
    ) throws(BuildError) {
        try build(into: &output) { data in
            data.transactTime = values.transactTime
            data.eventTimeDelta = values.eventTimeDelta
            data.matchEventIndicator = values.matchEventIndicator
            return
                data
                .put(.entries, count: values.entries.count) { entry, index in
                    let value = values.entries[index]
                    entry.tradeId = value.tradeId
                    entry.securityId = value.securityId
                    entry.price = FixedDecimal(mantissa: value.price)
                    entry.size = value.size
                    entry.numberOfOrders = value.orderCount
                    entry.updateAction = UpdateAction(rawValue: value.updateAction)
                    entry.rptSeq = value.rptSeq
                    entry.aggressorSide = value.aggressorSide
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
