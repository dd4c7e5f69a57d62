// SPDX-License-Identifier: Apache-2.0

// The compiler of schemas: no text crashes it, what it accepts has the layout that the spec says,
// formatting changes nothing, and all tools take what it accepts.
//
// Input: the text of main.linnet; behind the first byte 0 that of b.linnet, behind the next one
// that of c.linnet, and so on.

import FuzzKit
import LinnetSchema
import LinnetTestSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzSchema(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: libFuzzer passes `count` bytes at `start` that stay until this returns.
    var input = unsafe FuzzInput(start: start, count: count)
    let placed = PlacedBytes(input.takeRest(), in: .heap)
    let bytes = [UInt8](placed.bytes)
    let texts = bytes.split(separator: 0, maxSplits: 5, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    let names = ["main.linnet", "b.linnet", "c.linnet", "d.linnet", "e.linnet", "f.linnet"]
    check(Dictionary(zip(names, texts), uniquingKeysWith: { first, _ in first }))
    return 0
}

private func check(_ files: [String: String]) {
    let result = SchemaCompiler.compile("main.linnet") { files[$0] }
    blackHole(result.rendered(result.diagnostics + result.level0Problems))
    for source in result.sources {
        let newline = UInt8(ascii: "\n")
        let lines = source.text.utf8.split(separator: newline, omittingEmptySubsequences: false)
        for diagnostic in result.diagnostics + result.level0Problems
        where diagnostic.path == source.path {
            expect(!diagnostic.message.isEmpty, "a diagnostic says something")
            expect((1...lines.count).contains(diagnostic.line), "\(diagnostic) is in the file")
            let count = lines[diagnostic.line - 1].count
            expect((1...count + 1).contains(diagnostic.column), "\(diagnostic) is in the line")
        }
    }
    let hasErrors = result.diagnostics.contains { $0.severity == .error }
    expect(hasErrors == (result.schema == nil), "a schema without errors, or errors")
    guard var schema = result.schema else { return }
    schema.messages.forEach(checkLayout)
    let formatted = files.mapValues { SchemaFormatter.format($0, path: "a").text ?? $0 }
    let again = SchemaCompiler.compile("main.linnet") { formatted[$0] }
    if canaryIsPlanted, schema.messages.contains(where: \.isWide) { schema.version += 1 }
    expectEqual(again.schema, schema, "the model of the formatted schema")
    for text in formatted.values {
        guard let twice = SchemaFormatter.format(text, path: "a").text else { continue }
        expectEqual(twice, text, "text that was formatted before")
    }
    checkTools(schema, files)
}

/// What works on schemas takes all of them, and the gate minds nothing that did not change.
private func checkTools(_ schema: Schema, _ files: [String: String]) {
    let set = SchemaSet(["main.linnet"]) { files[$0] }
    let lock = set.lock(at: "schema.lock")
    let parsed = try? SchemaLock(parsing: lock.text, path: "schema.lock")
    expectEqual(parsed, lock, "the lock that was written")
    expectEqual(set.findings(against: lock, at: "schema.lock") { _ in true }, [], "findings")
    expectEqual(set.unlocked(in: lock, at: "schema.lock", isError: true), [], "unlocked schemas")
    for version in [1, schema.version / 2, schema.version - 1] where version > 0 {
        let old = schema.asOf(version: version)
        expectEqual(SchemaComparison(from: old, to: schema).changes, [], "changes since then")
        blackHole(SchemaComparison(from: schema, to: old).changes)
    }
    blackHole(JSONEmitter(schema).text())
    blackHole(MarkdownEmitter(schema).text())
    blackHole(LayoutEmitter(schema).text())
    expect(!HTMLEmitter(schema).text().contains("<script"), "no text becomes markup")
}

private func checkLayout(_ message: Message) {
    expect(
        message.maxByteCount <= (message.isWide ? 16_777_216 : 65_535),
        "\(message.name) has bounds"
    )
    expect(message.block.fixedByteCount <= 32_767, "a fixed part has bounds")
    checkLayout(message.block, isEntry: false, depth: 0)
}

/// Fields and presence bytes tile the fixed part, ends are counted, shapes only grow.
private func checkLayout(_ block: Block, isEntry: Bool, depth: Int) {
    expect(depth <= 8, "groups are at most 8 deep")
    expect(block.fields.count <= 255, "a block has at most 255 fields")
    var owners = [Int](repeating: 0, count: block.fixedByteCount)
    for byte in block.presenceBytes { owners[byte.offset] += 1 }
    var masks: [Int: UInt8] = [:]
    var endIndex = isEntry ? 1 : 0
    var since: UInt16 = 0
    for field in block.fields {
        expect(field.since >= since, "fields of later versions come later")
        since = field.since
        if let bit = field.presence {
            expect(masks[bit.offset, default: 0] & 1 << bit.bit == 0, "a bit has one field")
            masks[bit.offset, default: 0] |= 1 << bit.bit
        }
        switch field.place {
        case .fixed(let offset, let byteCount):
            for position in offset..<offset + byteCount { owners[position] += 1 }
        case .variable(let index):
            expectEqual(index, endIndex, "the end of \(field.name)")
            endIndex += 1
        }
        switch field.type {
        case .group(let group), .map(let group):
            checkLayout(group.block, isEntry: true, depth: depth + 1)
        default: break
        }
    }
    expect(owners.allSatisfy { $0 == 1 }, "every byte has one owner")
    for byte in block.presenceBytes { expectEqual(masks[byte.offset], byte.mask, "a mask") }
    expectEqual(block.endCount, isEntry && endIndex == 1 ? 0 : endIndex, "the number of ends")
    for (shape, next) in zip(block.shapes, block.shapes.dropFirst()) {
        expect(shape.since < next.since, "shapes are sorted")
        expect(shape.fixedByteCount <= next.fixedByteCount, "shapes grow")
        expect(shape.endCount <= next.endCount, "shapes grow")
    }
}
