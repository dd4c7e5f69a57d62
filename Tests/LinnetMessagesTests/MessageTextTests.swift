// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct MessageTextTests {
    private static let json = """
        {"serialNumber":1234,"modelYear":2013,"available":true,"code":"a",\
        "someNumbers":[0,1,2,3,4],\
        "vehicleCode":"abcdef","extras":["sportsPack","cruiseControl"],\
        "engine":{"capacity":2000,"numCylinders":4,"manufacturerCode":"123"},\
        "fuelFigures":[{"speed":30,"mpg":35.9}],\
        "performanceFigures":[{"octaneRating":95,"acceleration":[{"mph":30,"seconds":4.0}]}],\
        "manufacturer":"Honda","model":"Civic"}
        """

    @Test
    func `a message is read from JSON and written as the same`() throws {
        let car = try Car(json: Self.json)
        #expect(car.fuelFigures[0].mpg == 35.9)
        #expect(try car.json() == Self.json)
        #expect(car.description == "Car " + Self.json)
        let bytes = try car.encoded()
        let view = try Car.View(verifying: bytes.rawSpan)
        let text = view.json()
        #expect(text == Self.json)
        #expect(try Car(json: view.json(pretty: true)) == car)
    }

    @Test
    func `pretty JSON has a line for each member, and short values in one`() throws {
        let text = try Car(json: Self.json).json(pretty: true)
        #expect(text.hasPrefix("{\n  \"serialNumber\": 1234,\n"))
        #expect(text.contains("  \"someNumbers\": [0, 1, 2, 3, 4],\n"))
        #expect(text.contains("  \"engine\": {\"capacity\": 2000, \"numCylinders\": 4, "))
        #expect(text.contains("\"fuelFigures\": [\n    {\n      \"speed\": 30,\n"))
        #expect(text.hasSuffix("  \"model\": \"Civic\"\n}"))
    }

    @Test
    func `a description is one line of bounded length`() throws {
        var car = Car()
        car.manufacturer = String(repeating: "\n", count: 64)
        car.fuelFigures = Array(repeating: Car.FuelFiguresEntry(), count: 16)
        car.performanceFigures = Array(repeating: Car.PerformanceFiguresEntry(), count: 16)
        #expect(!car.description.contains("\n"))
        #expect(car.description.count == 1_005)
        car.model = String(repeating: "x", count: 65)
        #expect(car.description == "Car: Car.model is beyond its bound")
    }

    @Test
    func `what could not be written is named`() throws {
        var car = Car()
        var entry = Car.PerformanceFiguresEntry()
        entry.acceleration = Array(repeating: .init(), count: 17)
        car.performanceFigures = [Car.PerformanceFiguresEntry(), entry]
        let expected = BuildError(.tooLong, path: "Car.performanceFigures.acceleration")
        #expect(throws: expected) { try car.encoded() }
    }

    @Test
    func `what is wrong with bytes is named`() throws {
        var bytes = try Car(json: Self.json).encoded()
        bytes[8 + 6] = 2
        let error = MessageError(.bool, path: "available", offset: 14)
        #expect(throws: error) { _ = try Car.View(verifying: bytes.rawSpan).serialNumber }
        #expect(
            error.description == "available: neither 0 nor 1, at byte 14 (Specs/schema.md §4.2)"
        )
        #expect(throws: MessageError(.truncated, offset: 3)) {
            _ = try Car.View(verifying: Array(bytes[..<3]).rawSpan).serialNumber
        }
    }
}
