// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

@Suite
struct BlockLayoutTests {
    @Test
    func `every field is where the second implementation has it`() throws {
        // `linnet_schema.py layout everything.linnet`, imports first.
        let file = caseFolder.appending(path: "layout.txt")
        var found = ""
        for name in ["common.linnet", "everything.linnet"] {
            found += layout(of: try #require(compileCase(name).schema))
        }
        let expected = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let lines = found.split(separator: "\n")
        for (line, other) in zip(lines, expected) { #expect(line == other) }
        #expect(lines.count == expected.count)
    }

    @Test
    func `the presence bytes of a block are known`() throws {
        let schema = try #require(compileCase("everything.linnet").schema)
        let block = try #require(schema.messages.first { $0.name == "Optionals" }).block
        #expect(block.presenceBytes.map(\.mask) == [0xFF, 0xFF, 0x01, 0x03, 0x03])
        #expect(block.presenceBytes.map(\.since) == [1, 1, 1, 2, 3])
        for field in block.fields {
            guard let presence = field.presence else { continue }
            #expect(block.presenceBytes.contains { $0.offset == presence.offset })
        }
    }
}

// As the second implementation prints it: of versions that a block is not in, it knows no shape of
// their own, and it says `since` where a field says so itself.

private func layout(of schema: Schema) -> String {
    var text = ""
    for message in schema.messages {
        text += "\(message.name) = \(message.number): at most \(message.maxByteCount) bytes, "
        text += "ends of \(message.endByteCount)\n"
        text += layout(of: message.block, message.name, schema.version)
    }
    return text
}

private func layout(of block: Block, _ name: String, _ version: UInt16) -> String {
    let shapes = (1...version).map { version in
        let shape = block.shapes.last { $0.since <= version } ?? block.shapes.first
        return "v\(version) \(shape?.fixedByteCount ?? 0) + \(shape?.endCount ?? 0)"
    }
    var text = "\(name): fixed + ends \(shapes.joined(separator: ", "))\n"
    for field in block.fields {
        text += "  \(field.name): "
        switch field.place {
        case .fixed(let offset, let byteCount): text += "offset \(offset), \(byteCount) bytes"
        case .variable(let endIndex): text += "end \(endIndex)"
        }
        if let bit = field.presence { text += ", presence bit \(bit.bit) of byte \(bit.offset)" }
        if field.since > block.shapes[0].since { text += ", since \(field.since)" }
        text += "\n"
    }
    for field in block.fields {
        switch field.type {
        case .group(let group), .map(let group):
            text += layout(of: group.block, "\(name).\(field.name)", version)
        default: break
        }
    }
    return text
}
