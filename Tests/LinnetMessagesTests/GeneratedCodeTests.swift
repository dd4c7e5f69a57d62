// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

/// The generated code reads and writes what the test vectors say (Specs/schema.md §8).
@Suite
struct GeneratedCodeTests {
    @Test
    func `the test vectors hold`() throws {
        var count = 0
        for vector in try EverythingTable.vectors() where vector.reader == nil {
            switch vector.message {
            case "Fixed": try check(Fixed.self, vector)
            case "Defaults": try check(Defaults.self, vector)
            case "Optionals": try check(Optionals.self, vector)
            case "Variables": try check(Variables.self, vector)
            case "Wide": try check(Wide.self, vector)
            case "Ping": try check(Ping.self, vector)
            case "Pong": try check(Pong.self, vector)
            case "Late": try check(Late.self, vector)
            case "Refused": try check(Refused.self, vector)
            default: Issue.record("\(vector.message) is not generated")
            }
            count += 1
        }
        #expect(count > 400)
    }

    @Test
    func `names that are in the way of Swift stand for their fields`() throws {
        let names = Names(
            init_: 1,
            self_: 2,
            class: 3,
            view: 4,
            fields: 5,
            fileprivate: .init_,
            get: .none,
            place: .init(bytes: 1, offset: 2, init_: true, place: .some),
            text: "t",
            for: "f",
            value: .unknown_(.init()),
            list: [.init(view: "v", value: .self_(1), list: [.init()])],
            map: ["a": .a]
        )
        try survives(names)
        let bytes = try names.encoded()
        let view = try Names.View(verifying: bytes.rawSpan)
        #expect(view.init_ == 1)
        #expect(view.fields == 5)
        let found = String(copying: view[.text])
        #expect(found == "t")
    }

    @Test
    func `what is deprecated is read and written as everything else`() throws {
        let json = #"""
            {"a":1,"b":2,"c":"c","d":"d","e":"00","f":"01","g":[1],"h":[],"i":{"old":1},\#
            "j":{"oldText":"t"},"k":[{"a":1,"b":"b"}],"l":{"3":4},"m":{"m":5},"n":1,"o":5,"p":-5}
            """#
        let value = try Old(json: json)
        try survives(value)
        #expect(try value.json() == json)
    }

    private func check<Value: Message>(_ type: Value.Type, _ vector: MessageVector) throws {
        if let input = vector.input {
            guard let expected = vector.hex else { return }
            let written = try Value(json: input).encoded(version: vector.for ?? Value.version)
            #expect(written.hexadecimal == expected, "\(vector.id)")
            return
        }
        let hex = try #require(vector.hex, "\(vector.id)")
        let bytes = try #require([UInt8](hexadecimal: hex), "\(vector.id)")
        do throws(MessageError) {
            let view = try MessageView<Value>(verifying: bytes.rawSpan)
            #expect(vector.error == nil, "\(vector.id)")
            let json = view.json()
            #expect(json == vector.json, "\(vector.id)")
            let version = UInt16(bytes[2]) | UInt16(bytes[3]) << 8
            guard version <= Value.version, vector.readOnly != true else { return }
            let written = try? Value(view).encoded(version: version)
            #expect(written == bytes, "\(vector.id)")
        } catch {
            #expect(error.cause.rawValue == vector.error?.cause, "\(vector.id)")
            #expect(error.offset == vector.error?.offset, "\(vector.id)")
            #expect(error.path == vector.error?.path, "\(vector.id)")
        }
    }
}
