// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct MessageEditingTests {
    /// An empty car of a version that we do not know: with one more end, and its region.
    private static func newerCar(unknown: [UInt8]) throws -> [UInt8] {
        var bytes = try Car().encoded()
        bytes[2] += 1
        bytes[6] += 1
        bytes += [UInt8(unknown.count & 0xFF), UInt8(unknown.count >> 8)]
        return bytes + unknown
    }

    @Test
    func `a rebuilt message of a newer version keeps what is not known`() throws {
        let bytes = try Self.newerCar(unknown: [1, 2, 3])
        let view = try Car.View(verifying: bytes.rawSpan)
        let rebuilt = try [UInt8].built { output throws(BuildError) in
            try Car.rebuild(view, into: &output) { car in
                car.serialNumber = 7
                return car.put(.model, "Civic").done()
            }
        }
        let again = try Car.View(verifying: rebuilt.rawSpan)
        #expect(again.serialNumber == 7)
        #expect(String(copying: again[.model]) == "Civic")
        #expect(rebuilt.suffix(8) == Array("Civic".utf8) + [1, 2, 3])
    }

    @Test
    func `a rebuilt message whose ends would not hold their place is refused`() throws {
        let bytes = try Self.newerCar(unknown: [UInt8](repeating: 9, count: 65_520))
        let view = try Car.View(verifying: bytes.rawSpan)
        func rebuilt(_ count: Int) throws(BuildError) -> [UInt8] {
            try [UInt8].built(room: 70_000) { output throws(BuildError) in
                try Car.rebuild(view, into: &output) { car in
                    car.put(.model, String(repeating: "x", count: count)).done()
                }
            }
        }
        let longest = try rebuilt(15)
        #expect(String(copying: try Car.View(verifying: longest.rawSpan)[.model]).count == 15)
        #expect(throws: BuildError.self) { try rebuilt(16) }
    }
}
