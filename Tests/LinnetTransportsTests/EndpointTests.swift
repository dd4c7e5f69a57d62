// SPDX-License-Identifier: Apache-2.0

import LinnetTransports
import Testing

struct EndpointTests {
    @Test(arguments: [
        ("127.0.0.1:7400", Endpoint.tcp(host: "127.0.0.1", port: 7400)),
        ("tcp:127.0.0.1:7400", .tcp(host: "127.0.0.1", port: 7400)),
        ("example.org:0", .tcp(host: "example.org", port: 0)),
        ("host:65535", .tcp(host: "host", port: 65535)),
        (":7400", .tcp(host: "", port: 7400)),
        ("tcp::7400", .tcp(host: "", port: 7400)),
        ("[::1]:7400", .tcp(host: "::1", port: 7400)),
        ("tcp:[fe80::1%eth0]:1", .tcp(host: "fe80::1%eth0", port: 1)),
        ("unix:/run/x.sock", .unix(path: "/run/x.sock")),
        ("unix:a b:1", .unix(path: "a b:1")),
    ])
    func `what people write is understood`(text: String, endpoint: Endpoint) throws {
        #expect(try Endpoint(parsing: text) == endpoint)
    }

    @Test(arguments: [
        ("", EndpointError.missingPort("")),
        ("host", .missingPort("host")),
        ("host:", .missingPort("host:")),
        ("tcp:7400", .missingPort("tcp:7400")),
        ("host:65536", .wrongPort("host:65536")),
        ("host:-1", .wrongPort("host:-1")),
        ("host:+1", .wrongPort("host:+1")),
        ("host:1 ", .wrongPort("host:1 ")),
        ("::1:7400", .wrongHost("::1:7400")),
        ("[host]:7400", .wrongHost("[host]:7400")),
        ("[]:7400", .wrongHost("[]:7400")),
        ("[::1:7400", .wrongHost("[::1:7400")),
        ("a b:7400", .wrongHost("a b:7400")),
        ("unix:", .missingPath("unix:")),
        ("unix:a\0b", .missingPath("unix:a\0b")),
    ])
    func `what cannot be understood is said`(text: String, error: EndpointError) {
        #expect(throws: error) { try Endpoint(parsing: text) }
        #expect("\(error)".contains("write "), "the text says what to do: \(error)")
    }

    @Test func `an endpoint prints what it is`() {
        #expect("\(Endpoint.tcp(host: "127.0.0.1", port: 7400))" == "tcp 127.0.0.1:7400")
        #expect("\(Endpoint.tcp(host: "::1", port: 1))" == "tcp [::1]:1")
        #expect("\(Endpoint.tcp(host: "", port: 1))" == "tcp :1")
        #expect("\(Endpoint.unix(path: "/run/x.sock"))" == "unix /run/x.sock")
    }
}
