// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import Testing

struct HTTP1FailureTests {
    @Test func `each cause has its name, its number, its sentence and its last words`() {
        let all = HTTP1Failure.allCases
        #expect(HTTP1Framing.failureNames == all.map(\.rawValue))
        #expect(Set(all.map(\.description)).count == all.count)
        for (index, failure) in all.enumerated() {
            #expect(HTTP1Framing.failureIndex(failure) == index)
            #expect(failure.description.hasPrefix("\(failure.rawValue): "))
            let words = String(decoding: HTTP1Framing.lastWords(failureIndex: index), as: UTF8.self)
            if failure == .bytesBehindLastRequest {
                #expect(words.isEmpty, "the answer before has said that it is the last")
                continue
            }
            let text = "\(failure.description)\n"
            #expect(words.hasPrefix("HTTP/1.1 \(failure.status) "))
            let rest =
                "\r\nContent-Length: \(text.utf8.count)\r\nContent-Type: text/plain\r\n"
                + "Connection: close\r\n\r\n\(text)"
            #expect(words.hasSuffix(rest))
        }
    }

    @Test func `what a peer is told is a whole response`() {
        let index = HTTP1Framing.failureIndex(.missingHost)
        let words = String(decoding: HTTP1Framing.lastWords(failureIndex: index), as: UTF8.self)
        #expect(
            words == """
                HTTP/1.1 400 Bad Request\r
                Content-Length: 51\r
                Content-Type: text/plain\r
                Connection: close\r
                \r
                missing-host: HTTP/1.1 needs a Host (RFC 9112 3.2)

                """
        )
    }
}
