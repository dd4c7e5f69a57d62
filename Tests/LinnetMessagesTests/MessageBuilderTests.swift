// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct MessageBuilderTests {
    @Test
    func `a message that is built in place has the bytes of its value`() throws {
        let bytes = try [UInt8].built { output throws(BuildError) in
            try Car.build(into: &output) { car in
                car.engine = Car.sample.engine
                car.serialNumber = 1234
                car.modelYear = 2013
                car.available = true
                car.code = .a
                car.someNumbers = [1, 2, 3, 4, 5]
                car.vehicleCode = "abcdef"
                car.extras = [.cruiseControl, .sportsPack]
                let figures = Car.sample.performanceFigures
                return car.put(.fuelFigures, Car.sample.fuelFigures)
                    .put(.performanceFigures, count: figures.count) { figure, index in
                        figure.octaneRating = figures[index].octaneRating
                        let acceleration = figures[index].acceleration
                        return figure.put(.acceleration, count: acceleration.count) {
                            entry,
                            index in
                            entry.mph = acceleration[index].mph
                            entry.seconds = acceleration[index].seconds
                            return entry.done()
                        }
                        .done()
                    }
                    .put(.manufacturer, "Honda")
                    .put(.model, "Civic VTi")
                    .done()
            }
        }
        #expect(try bytes == Car.sample.encoded())
    }

    @Test
    func `what is passed over is empty, and fixed fields have their defaults`() throws {
        let bytes = try [UInt8].built { output throws(BuildError) in
            try Car.build(into: &output) { $0.put(.model, "M").done() }
        }
        #expect(try read(bytes) == Car(model: "M"))
        let defaults = try [UInt8].built { output throws(BuildError) in
            try Defaults.build(into: &output) { builder in
                let isDefault = builder.a == 200 && builder.q == .low
                #expect(isDefault)
                return builder.done()
            }
        }
        #expect(try read(defaults) == Defaults())
    }

    @Test
    func `optional fields are set, and set back`() throws {
        let bytes = try [UInt8].built { output throws(BuildError) in
            try Optionals.build(into: &output) { builder in
                builder.a = 7
                builder.b = 5
                builder.s = 9
                builder.b = nil
                let isAbsent = builder.b == nil && builder.v == nil && builder.a == 7
                #expect(isAbsent)
                return builder.put(.o, "").put(.q, [1, 2]).put(.r, .nothing).done()
            }
        }
        #expect(try read(bytes) == Optionals(a: 7, o: "", q: [1, 2], r: .nothing, s: 9))
    }

    @Test
    func `the first thing that cannot be written is the error, and nothing is appended`() throws {
        let long = String(repeating: "x", count: 65)
        #expect(throws: BuildError(.tooLong, path: "Car.manufacturer")) {
            _ = try [UInt8].built { output throws(BuildError) in
                try Car.build(into: &output) { $0.put(.manufacturer, long).done() }
            }
        }
        #expect(throws: BuildError(.range, path: "Defaults.c")) {
            _ = try [UInt8].built { output throws(BuildError) in
                try Defaults.build(into: &output) { builder in
                    builder.c = 9
                    return builder.done()
                }
            }
        }
    }

    @Test
    func `a message that does not fit is an error, wherever the room ends`() throws {
        let whole = try Car.sample.encoded()
        for room in 0..<whole.count {
            #expect(throws: BuildError.self) {
                _ = try [UInt8].built(room: room) { output throws(BuildError) in
                    try Car.sample.encode(into: &output)
                }
            }
        }
        let bytes = try [UInt8].built(room: whole.count) { output throws(BuildError) in
            try Car.sample.encode(into: &output)
        }
        #expect(bytes == whole)
    }
}

extension [UInt8] {
    /// What the closure appends to an output with that much room.
    static func built(
        room: Int = 4_096,
        _ body: (inout OutputRawSpan) throws(BuildError) -> Void
    ) throws(BuildError) -> [UInt8] {
        var failure: BuildError?
        // SAFETY: the output spans the buffer, and says how much of it was written.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            var output = unsafe OutputRawSpan(
                buffer: UnsafeMutableRawBufferPointer(buffer),
                initializedCount: 0
            )
            do throws(BuildError) { try body(&output) } catch { failure = error }
            count = unsafe output.finalize(for: UnsafeMutableRawBufferPointer(buffer))
        }
        if let failure { throw failure }
        return bytes
    }
}
