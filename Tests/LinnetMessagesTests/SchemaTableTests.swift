// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetMessages
import LinnetSchema
import LinnetTestSupport
import Testing

@Suite
struct SchemaTableTests {
    @Test
    func `messages are found by number and by name`() throws {
        let table = EverythingTable.shared.table
        #expect(table.name == "linnet.everything")
        #expect(table.version == 3)
        let wide = try #require(table.message(number: 5))
        #expect(wide.name == "Wide")
        #expect(wide.endByteCount == 4)
        #expect(table.message(named: "Late")?.since == 2)
        #expect(table.message(named: "Refused") == nil)
        #expect(table.message(number: 8) == nil)
    }

    /// Each vector as it is read, and as it is written.
    @Test
    func `the test vectors hold`() throws {
        var tables: [UInt16: EverythingTable] = [:]
        let vectors = try EverythingTable.vectors()
        #expect(vectors.count > 400)
        for vector in vectors {
            let reader = vector.reader ?? .max
            let table = tables[reader] ?? EverythingTable(asOf: reader)
            tables[reader] = table
            let message = try #require(table.message(vector.message), "\(vector.id)")
            if let input = vector.input {
                let written = try? message.bytes(json: input, version: vector.for).hexadecimal
                #expect(written == vector.hex, "\(vector.id)")
            } else {
                try check(vector, message)
            }
        }
    }

    private func check(_ vector: MessageVector, _ message: TableMessage) throws {
        let hex = try #require(vector.hex, "\(vector.id)")
        let bytes = try #require([UInt8](hexadecimal: hex), "\(vector.id)")
        do throws(MessageError) {
            let json = try message.json(of: bytes)
            #expect(json == vector.json, "\(vector.id)")
            #expect(vector.error == nil, "\(vector.id)")
            let version = bytes.rawSpan.loadLittleEndian(at: 2, as: UInt16.self)
            guard version <= message.schemaVersion, vector.readOnly != true else { return }
            let written = try? message.bytes(json: json, version: version)
            #expect(written == bytes, "\(vector.id)")
        } catch {
            #expect(error.cause.rawValue == vector.error?.cause, "\(vector.id)")
            #expect(error.offset == vector.error?.offset, "\(vector.id)")
            #expect(error.path == vector.error?.path, "\(vector.id)")
        }
    }
}
