// SPDX-License-Identifier: Apache-2.0

/// Where a server listens, or a client connects to.
///
/// Prints as `tcp 127.0.0.1:7400`, `tcp [::1]:7400`, `tcp :7400` or `unix /run/linnet.sock`.
public enum Endpoint: Sendable, Hashable {
    /// A host's name or address, which may be empty: every address of this machine to listen at,
    /// this machine itself to connect to. Port 0 lets the system choose one to listen at.
    case tcp(host: String, port: UInt16)
    /// A Unix socket: the path of its file, at most 107 bytes.
    case unix(path: String)

    /// Reads what people write: `HOST:PORT`, `[IPV6]:PORT`, `:PORT`, each of them behind `tcp:` as
    /// well, or `unix:PATH`.
    ///
    /// Whether the host exists turns out later. Throws an ``EndpointError`` that says how to put it
    /// right.
    public init(parsing text: String) throws(EndpointError) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            guard !path.isEmpty, !path.utf8.contains(0) else { throw .missingPath(text) }
            self = .unix(path: String(path))
            return
        }
        let address = text.hasPrefix("tcp:") ? text.dropFirst("tcp:".count) : text[...]
        guard let colon = address.lastIndex(of: ":") else { throw .missingPort(text) }
        let host = address[..<colon]
        let digits = address[address.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits)
        else { throw digits.isEmpty ? .missingPort(text) : .wrongPort(text) }
        self = .tcp(host: try Self.host(host, of: text), port: port)
    }

    /// Without brackets, which are for addresses of IPv6 only.
    private static func host(
        _ host: Substring,
        of text: String
    ) throws(EndpointError) -> String {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let name = isBracketed ? host.dropFirst().dropLast() : host
        let hasStranger = name.utf8.contains { [0, 0x20, 0x5B, 0x5D].contains($0) }
        guard isBracketed == name.contains(":"), !hasStranger else { throw .wrongHost(text) }
        return String(name)
    }
}

extension Endpoint: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tcp(let host, let port): "tcp \(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix(let path): "unix \(path)"
        }
    }
}

/// What is wrong with the text of an ``Endpoint``, which each case holds.
public enum EndpointError: Error, Hashable, Sendable {
    case missingPort(String)
    case wrongPort(String)
    case wrongHost(String)
    case missingPath(String)
}

extension EndpointError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingPort(let text):
            "\"\(text)\" names no port: write HOST:PORT, or :PORT for all addresses"
        case .wrongPort(let text):
            "\"\(text)\" does not end with a port: write a number from 0 to 65535 there"
        case .wrongHost(let text):
            """
            "\(text)" names no host that can be understood: write HOST:PORT, and an address of \
            IPv6 in brackets, as in [::1]:7400
            """
        case .missingPath(let text):
            "\"\(text)\" names no file: write unix:PATH, as in unix:/run/linnet.sock"
        }
    }
}
