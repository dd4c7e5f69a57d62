// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import SchemaBench

extension Car: BenchedMessage {
    static var bench: SchemaMessage { .car }
    static var records: [CarValues] { [CarValues()] }

    struct Prepared {
        var values: CarValues
        var someNumbers: FixedArray<5, Int32>
        var vehicleCode: FixedText<6>
        var engine: Engine
    }

    static func prepare(_ values: CarValues) -> Prepared {
        Prepared(
            values: values,
            someNumbers: FixedArray { values.someNumbers[$0] },
            vehicleCode: FixedText(values.vehicleCode) ?? "",
            engine: Engine(
                capacity: values.engine.capacity,
                numCylinders: values.engine.cylinderCount,
                manufacturerCode: FixedText(values.engine.manufacturerCode) ?? ""
            )
        )
    }

    static func build(
        _ prepared: Prepared,
        into output: inout OutputRawSpan
    ) throws(BuildError) {
        let values = prepared.values
        try build(into: &output) { car in
            car.serialNumber = values.serialNumber
            car.modelYear = values.modelYear
            car.available = values.available
            car.code = Model(rawValue: values.code)
            car.someNumbers = prepared.someNumbers
            car.vehicleCode = prepared.vehicleCode
            car.extras = Extras(rawValue: values.extras)
            car.engine = prepared.engine
            return
                car
                .put(.fuelFigures, count: values.fuelFigures.count) { entry, index in
                    entry.speed = values.fuelFigures[index].speed
                    entry.mpg = values.fuelFigures[index].mpg
                    return entry.done()
                }
                .put(.performanceFigures, count: values.performanceFigures.count) { entry, index in
                    let figure = values.performanceFigures[index]
                    entry.octaneRating = figure.octaneRating
                    return
                        entry
                        .put(.acceleration, count: figure.accelerations.count) { entry, index in
                            entry.mph = figure.accelerations[index].mph
                            entry.seconds = figure.accelerations[index].seconds
                            return entry.done()
                        }
                        .done()
                }
                .put(.manufacturer, values.manufacturer)
                .put(.model, values.model)
                .done()
        }
    }

    @inline(__always)
    static func sum(_ car: MessageView<Car>) -> UInt64 {
        var sum = car.serialNumber.term &+ car.modelYear.term &+ car.available.term
        sum &+= car.code.rawValue.term &+ car.extras.rawValue.term
        let numbers = car.someNumbers
        for index in numbers.indices { sum &+= numbers[index].term }
        let engine = car.engine
        sum &+= car.vehicleCode.term &+ engine.manufacturerCode.term
        sum &+= engine.capacity.term &+ engine.numCylinders.term
        car[.fuelFigures].forEach { sum &+= $0.speed.term &+ $0.mpg.term }
        car[.performanceFigures].forEach { figure in
            sum &+= figure.octaneRating.term
            figure[.acceleration].forEach { sum &+= $0.mph.term &+ $0.seconds.term }
        }
        return sum &+ car[.manufacturer].term &+ car[.model].term
    }
}

extension FixedText {
    /// Its length, and its first byte.
    @inline(__always) fileprivate var term: UInt64 {
        count.term &+ (isEmpty ? 0 : self[0].term)
    }
}
