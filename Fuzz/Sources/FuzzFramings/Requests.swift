// SPDX-License-Identifier: Apache-2.0

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

/// What a view says of each request is what the naive decoder has found.
func checkRequests(_ framing: HTTP1Framing, _ expected: [NaiveRequest]) {
    for request in expected {
        let placed = PlacedBytes(request.bytes, in: .guardedMapping)
        do throws(HTTP1Failure) {
            let view = try HTTP1Request(checking: placed.bytes, framing: framing)
            expectEqual(NaiveRequest(view), request, "a request by itself")
            expectEqual(view.bodyByteCount, request.body.count, "the length of its body")
            checkHeaders(view, request.headers)
        } catch {
            expect(false, "a request by itself is refused: \(error)")
        }
    }
}

/// Those that are looked for by name, in small letters.
private func checkHeaders(_ view: borrowing HTTP1Request, _ headers: [NaiveHeader]) {
    let names: [StaticString] = ["host", "connection", "content-length", "x"]
    for name in names {
        let wanted = headers.first { $0.name.lowercased() == "\(name)" }?.value
        var found: String?
        if let value = view.header(name) { found = text(value) }
        expectEqual(found, wanted, "the header \(name)")
    }
}

extension NaiveRequest {
    init(_ view: borrowing HTTP1Request) {
        self.init()
        method = text(view.methodBytes)
        target = text(view.target)
        minorVersion = view.minorVersion
        keepsAlive = view.keepsAlive
        bytes = [UInt8](view.payload)
        var headers: [NaiveHeader] = []
        view.forEachHeader { headers.append(NaiveHeader(name: text($0), value: text($1))) }
        self.headers = headers
        var body: [UInt8] = []
        view.forEachBodyPiece { body += [UInt8]($0) }
        self.body = body
    }
}

/// A character for each byte.
private func text(_ bytes: RawSpan) -> String {
    String(String.UnicodeScalarView([UInt8](bytes).map { Unicode.Scalar($0) }))
}
