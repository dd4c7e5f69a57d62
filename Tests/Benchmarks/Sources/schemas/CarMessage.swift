// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import SchemaBench

extension Car: BenchedMessage {
    static var bench: SchemaMessage { .car }
    static var records: [CarValues] { [CarValues()] }

    struct Prepared: Sendable {
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
        _ held: borrowing Held<Prepared>,
        into output: inout OutputRawSpan
    ) throws(BuildError) {
        try build(into: &output) { car in
            car.serialNumber = held.values.values.serialNumber
            car.modelYear = held.values.values.modelYear
            car.available = held.values.values.available
            car.code = Model(rawValue: held.values.values.code)
            car.someNumbers = held.values.someNumbers
            car.vehicleCode = held.values.vehicleCode
            car.extras = Extras(rawValue: held.values.values.extras)
            car.engine = held.values.engine
            return
                car
                .put(.fuelFigures, count: held.values.values.fuelFigures.count) { entry, index in
                    entry.speed = held.values.values.fuelFigures[index].speed
                    entry.mpg = held.values.values.fuelFigures[index].mpg
                    return entry.done()
                }
                .put(.performanceFigures, count: held.values.values.performanceFigures.count) {
                    entry,
                    index in
                    entry.octaneRating = held.values.values.performanceFigures[index].octaneRating
                    return
                        entry
                        .put(
                            .acceleration,
                            count: held.values.values.performanceFigures[index].accelerations.count
                        ) { entry, second in
                            entry.mph =
                                held.values.values.performanceFigures[index].accelerations[second]
                                .mph
                            entry.seconds =
                                held.values.values.performanceFigures[index].accelerations[second]
                                .seconds
                            return entry.done()
                        }
                        .done()
                }
                .put(.manufacturer, held.values.values.manufacturer)
                .put(.model, held.values.values.model)
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
