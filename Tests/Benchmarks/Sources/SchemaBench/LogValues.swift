// SPDX-License-Identifier: Apache-2.0

/// A line of a web server's log, as rust_serialization_benchmark's `log` has them: random, but the
/// same in all programs.
public struct LogValues: Sendable {
    public static let count = 1_000
    public static let all: [LogValues] = {
        var random = Random()
        return (0..<count).map { _ in LogValues(from: &random) }
    }()

    public var address: (x0: UInt8, x1: UInt8, x2: UInt8, x3: UInt8)
    public var identity = "-"
    public var userid: String
    public var date: String
    public var request: String
    public var code: UInt16
    public var size: UInt64

    private init(from random: inout Random) {
        func byte() -> UInt8 { UInt8(random.next(below: 256)) }
        func any<Value>(_ values: [Value]) -> Value { values[random.next(below: values.count)] }
        address = (byte(), byte(), byte(), byte())
        userid = any(Self.users)
        let day =
            "\(random.next(below: 28) + 1)/\(any(Self.months))/\(random.next(below: 52) + 1970)"
        let time = "\(random.next(below: 24)):\(random.next(below: 60)):\(random.next(below: 60))"
        date = "\(day):\(time) \(any(Self.zones))"
        request = "\(any(Self.methods)) \(any(Self.routes)) \(any(Self.protocols))"
        code = any(Self.codes)
        size = UInt64(random.next(below: 100_000_000))
    }

    private static let users = ["-", "anna", "ben", "carla", "dmitri", "eva", "felix", "hannah"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let zones = ["-0800", "-0500", "+0000", "+0100", "+0530", "+0900"]
    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    private static let routes = [
        "/index.html", "/styles/main.css", "/styles/fonts.min.css", "/images/logo-small.svg",
        "/images/title.jpg", "/account/login", "/account/logout",
    ]
    private static let protocols = ["HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/3"]
    private static let codes: [UInt16] = [
        200, 201, 204, 301, 302, 304, 400, 401, 403, 404, 500, 503,
    ]
}

/// Knuth's linear congruential generator (MMIX), its upper half.
private struct Random {
    private var state: UInt64 = 6

    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
