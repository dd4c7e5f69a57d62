// SPDX-License-Identifier: Apache-2.0

import SchemaBench
import SwiftProtobuf

extension Bench_Car: ProtobufMessage {
    static var bench: SchemaMessage { .car }
    static var records: [CarValues] { [CarValues()] }

    init(_ values: CarValues) {
        self.init()
        serialNumber = values.serialNumber
        modelYear = UInt32(values.modelYear)
        available = values.available
        code = Model(rawValue: Int(values.code)) ?? .unspecified
        someNumbers = values.someNumbers
        vehicleCode = values.vehicleCode
        extras = UInt32(values.extras)
        engine = .with {
            $0.capacity = UInt32(values.engine.capacity)
            $0.numCylinders = UInt32(values.engine.cylinderCount)
            $0.manufacturerCode = values.engine.manufacturerCode
        }
        fuelFigures = values.fuelFigures.map { figure in
            .with {
                $0.speed = UInt32(figure.speed)
                $0.mpg = figure.mpg
            }
        }
        performanceFigures = values.performanceFigures.map { figure in
            .with {
                $0.octaneRating = UInt32(figure.octaneRating)
                $0.acceleration = figure.accelerations.map { acceleration in
                    .with {
                        $0.mph = UInt32(acceleration.mph)
                        $0.seconds = acceleration.seconds
                    }
                }
            }
        }
        manufacturer = values.manufacturer
        model = values.model
    }

    var sum: UInt64 {
        let engine = engine
        var sum = serialNumber.term &+ modelYear.term &+ available.term &+ code.rawValue.term
        for number in someNumbers { sum &+= number.term }
        sum &+= vehicleCode.term &+ extras.term
        sum &+= engine.capacity.term &+ engine.numCylinders.term
        sum &+= engine.manufacturerCode.term
        for figure in fuelFigures { sum &+= figure.speed.term &+ figure.mpg.term }
        for figure in performanceFigures {
            sum &+= figure.octaneRating.term
            for acceleration in figure.acceleration {
                sum &+= acceleration.mph.term &+ acceleration.seconds.term
            }
        }
        return sum &+ manufacturer.term &+ model.term
    }
}
