// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct NearestTests {
    @Test(arguments: [
        ("Sid", "Side"), ("Sied", "Side"), ("side", "Side"), ("Pont", "Point"), ("Qrice", "Price"),
        ("Unlike", nil), ("", nil), (String(repeating: "a", count: 65), nil),
    ])
    func `the nearest name is at most a third away`(name: String, nearest expected: String?) {
        let names = ["Side", "Point", "Price", String(repeating: "a", count: 66)]
        #expect(nearest(to: name, in: names) == expected)
    }

    @Test
    func `of two names that are as near the first by order is taken`() {
        #expect(nearest(to: "ab", in: ["ad", "ac"]) == "ac")
    }
}
