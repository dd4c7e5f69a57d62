// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A case of packets.json, as far as it is compared.
struct Case: Decodable {
    struct Failure: Decodable {
        var name: String
        var field: String
        var offset: Int
        var section: String
    }

    private enum CodingKeys: CodingKey {
        case id, section, stream, error
    }

    var id: String
    var section: String
    /// Hexadecimal, with spaces anywhere.
    var stream: String
    var error: Failure?
    /// Where it stands in the file.
    var line = 1

    static func all(in text: String) throws -> [Case] {
        var cases = try JSONDecoder().decode([Case].self, from: Data(text.utf8))
        let lines = text.numberedLines
        for index in cases.indices {
            let entry = "\"id\": \"\(cases[index].id)\""
            cases[index].line = lines.first { $0.text.contains(entry) }?.number ?? 1
        }
        return cases
    }

    /// The stream in hexadecimal without spaces.
    var hexadecimal: String { stream.filter { $0 != " " } }

    /// The flags of the first packet, if its bytes 6 and 7 are there.
    var flags: UInt16? {
        guard hexadecimal.count >= 16 else { return nil }
        return UInt16(hexadecimal.dropFirst(12).prefix(4), radix: 16)?.byteSwapped
    }

    /// How section 9 says it.
    var ending: String {
        guard let error else { return "Then a clean end" }
        let place = "`\(error.name)` in `\(error.field)` at offset \(error.offset)"
        return "Then \(place) (§\(error.section))"
    }
}

/// What the rules know of protocol.md.
struct Specification {
    struct Vector {
        var line: Int
        var text = ""
        /// The bytes in hexadecimal, if there is a block of them.
        var hexadecimal = ""

        mutating func append(_ line: Substring, isBytes: Bool) {
            text += line + "\n"
            if isBytes { hexadecimal += line.filter { $0 != " " } }
        }
    }

    private(set) var sections: Set<String> = []
    private(set) var errorNames: [String] = []
    private(set) var vectors: [String: Vector] = [:]

    init(_ text: String) {
        var section = ""
        var id: String?
        var isInBlock = false
        for (number, line) in text.numberedLines {
            if line.hasPrefix("```") { isInBlock.toggle() }
            if let heading = line.prefixMatch(of: #/(?:#+ |- \*\*)(\d+(?:\.\d+)*)/#) {
                section = String(heading.1)
                sections.insert(section)
                id = nil
            } else if line.hasPrefix("#### ") {
                let name = String(line.dropFirst(5))
                vectors[name] = Vector(line: number)
                id = name
            } else if let id {
                vectors[id]?.append(line, isBytes: isInBlock && !line.hasPrefix("```"))
            } else if section == "4.2", let row = line.prefixMatch(of: #/\| `([a-z-]+)`/#) {
                errorNames.append(String(row.1))
            }
        }
    }
}
