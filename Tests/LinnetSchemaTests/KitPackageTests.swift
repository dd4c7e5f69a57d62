// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

struct KitPackageTests {
    private static func kit(_ texts: [String: String], of paths: [String]) -> KitPackage {
        let set = SchemaSet(paths) { texts[$0] }
        #expect(!set.hasErrors, "\(set.rendered(set.diagnostics))")
        return KitPackage(set.files, linnet: "../linnet")
    }

    private static let text = """
        schema a.prices version 3
        import "types.linnet"
        enum Kind: u8 { first = 1 @deprecated(2) }
        message Quote = 1 @deprecated(2) {
            kind: Kind
            size: Size
            note: string<=8 @since(2)
            levels: group<=2 { price: i64 @deprecated(3) } @since(3)
        }
        protocol Prices { magic 1 client sends Quote }
        """
    private static let types = "schema a.types version 1\nstruct Size { value: u32 }"

    @Test func `there is a module of each version, with the messages and walks of each file`() {
        let kit = Self.kit(["a.linnet": Self.text, "types.linnet": Self.types], of: ["a.linnet"])
        #expect(kit.name == "prices-kit")
        #expect(kit.problems.isEmpty)
        for module in ["Messages", "MessagesV1", "MessagesV2"] {
            for file in ["a", "aWalk", "types", "typesWalk", "KitMessages"] {
                #expect(kit.files["Sources/\(module)/\(file).swift"] != nil, "\(module)/\(file)")
            }
        }
        #expect(kit.files["Sources/MessagesV3/a.swift"] == nil)
        #expect(kit.files["Package.swift"]?.contains(#"path: "../linnet""#) == true)
        #expect(kit.files["Sources/Messages/aWalk.swift"]?.contains("view[.levels]") == true)
        #expect(kit.files["Sources/MessagesV2/aWalk.swift"]?.contains("view[.note]") == true)
        #expect(kit.files["Sources/MessagesV2/aWalk.swift"]?.contains("view[.levels]") == false)
        #expect(kit.files["Sources/MessagesV1/aWalk.swift"]?.contains("view[.note]") == false)
    }

    @Test func `nothing in a kit is deprecated, and no line is too long`() {
        let kit = Self.kit(["a.linnet": Self.text, "types.linnet": Self.types], of: ["a.linnet"])
        for (path, text) in kit.files where path.hasSuffix(".swift") {
            #expect(!text.contains("deprecated"), "\(path)")
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(path)")
        }
    }

    @Test func `a kit has no service or client, which need more than messages`() {
        let kit = Self.kit(["a.linnet": Self.text, "types.linnet": Self.types], of: ["a.linnet"])
        for module in ["Messages", "MessagesV1"] {
            let text = kit.files["Sources/\(module)/a.swift"] ?? ""
            #expect(text.contains("public import LinnetMessages\n"))
            #expect(!text.contains("Handler"))
        }
    }

    @Test func `a location with a scheme is a URL`() {
        let set = SchemaSet(["a.linnet"]) { _ in "schema a version 1" }
        let kit = KitPackage(set.files, linnet: "https://example.com/linnet")
        #expect(
            kit.files["Package.swift"]?.contains(#"url: "https://example.com/linnet""#) == true
        )
    }

    @Test func `names that a kit needs, and names of two files, are problems`() {
        let texts = [
            "a.linnet": "schema a version 1\nstruct KitWalk { a: u8 }\nstruct Two { a: u8 }",
            "b.linnet": "schema b version 1\nstruct Two { a: u8 }",
        ]
        let kit = Self.kit(texts, of: ["a.linnet", "b.linnet"])
        #expect(kit.problems.count == 2)
    }
}
