// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LinnetBytes
import LinnetPollers
import LinnetTransports
import Testing

struct ListeningSocketTests {
    private let options = SocketOptions()

    @Test(arguments: ["127.0.0.1", "localhost", ""])
    func `port 0 becomes a port that can be connected to`(host: String) throws {
        let listener = try ListeningSocket(at: .tcp(host: host, port: 0), options: options)
        let endpoint = listener.endpoint
        guard case .tcp(host, let port) = endpoint else { throw Unexpected(endpoint) }
        #expect(port != 0)
        let client = try connect(to: .tcp(host: "127.0.0.1", port: port))
        defer { client.descriptor.close() }
        #expect(client.descriptor.waitUntilConnected() == nil)
        let accepted = try #require(listener.descriptor.accept())
        accepted.close()
    }

    @Test func `a port in use is an error that says so`() throws {
        let first = try ListeningSocket(at: .tcp(host: "127.0.0.1", port: 0), options: options)
        let endpoint = first.endpoint
        for isShared in [false, true] {
            let error = failure { () throws(TransportError) in
                _ = try ListeningSocket(at: endpoint, options: options, isShared: isShared)
            }
            #expect(error == .failed(.listen, endpoint, Errno(rawValue: EADDRINUSE)))
            #expect(error.map { "\($0)" }?.contains("choose another port") == true)
        }
    }

    @Test func `a port in use is not evaded by another address of the host`() throws {
        let first = try ListeningSocket(at: .tcp(host: "localhost", port: 0), options: options)
        let endpoint = first.endpoint
        let error = failure { () throws(TransportError) in
            _ = try ListeningSocket(at: endpoint, options: options)
        }
        #expect(error == .failed(.listen, endpoint, Errno(rawValue: EADDRINUSE)))
    }

    @Test func `siblings share a port`() throws {
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let first = try ListeningSocket(at: endpoint, options: options, isShared: true)
        let second = try first.makeSibling()
        let third = try second.makeSibling()
        let endpoints = [first.endpoint, second.endpoint, third.endpoint]
        #expect(Set(endpoints).count == 1)
    }

    @Test func `the port is free again when the socket is closed`() throws {
        var endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        for _ in 0..<2 {
            let listener = try ListeningSocket(at: endpoint, options: options)
            endpoint = listener.endpoint
            let client = try connect(to: endpoint)
            let accepted = try #require(listener.descriptor.accept())
            // The server's side closes first, and so its connection lingers in the system.
            accepted.close()
            client.descriptor.close()
        }
    }

    @Test func `an address that this machine does not have is an error`() {
        let endpoint = Endpoint.tcp(host: "192.0.2.1", port: 0)
        let error = failure { () throws(TransportError) in
            _ = try ListeningSocket(at: endpoint, options: options)
        }
        #expect(error == .failed(.listen, endpoint, Errno(rawValue: EADDRNOTAVAIL)))
    }

    @Test func `the file of a Unix socket goes with it`() throws {
        let path = makeSocketPath()
        do {
            let listener = try ListeningSocket(at: .unix(path: path), options: options)
            #expect(FileManager.default.fileExists(atPath: path))
            let client = try connect(to: listener.endpoint)
            #expect(client.isConnected)
            client.descriptor.close()
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a file that another has put in its place stays`() throws {
        let path = makeSocketPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            let listener = try ListeningSocket(at: .unix(path: path), options: options)
            try FileManager.default.moveItem(atPath: path, toPath: path + "-moved")
            try Data().write(to: URL(fileURLWithPath: path))
            #expect(listener.endpoint == .unix(path: path))
        }
        #expect(FileManager.default.fileExists(atPath: path))
        try FileManager.default.removeItem(atPath: path + "-moved")
    }

    @Test func `a file at which nobody listens any more is replaced`() throws {
        let path = makeSocketPath()
        try leaveSocketFile(at: path)
        #expect(FileManager.default.fileExists(atPath: path))
        let listener = try ListeningSocket(at: .unix(path: path), options: options)
        let client = try connect(to: listener.endpoint)
        #expect(client.isConnected)
        client.descriptor.close()
    }

    @Test func `neither a socket in use nor a plain file is replaced`() throws {
        let path = makeSocketPath()
        let live = try ListeningSocket(at: .unix(path: path), options: options)
        let file = makeSocketPath()
        try Data([1]).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        for endpoint in [live.endpoint, .unix(path: file)] {
            let error = failure { () throws(TransportError) in
                _ = try ListeningSocket(at: endpoint, options: options)
            }
            #expect(error == .failed(.listen, endpoint, Errno(rawValue: EADDRINUSE)))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data([1]))
        let client = try connect(to: live.endpoint)
        #expect(client.isConnected)
        client.descriptor.close()
    }

    @Test func `a path is as long as the system allows, and no longer`() throws {
        let folder = makeSocketPath()
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: false
        )
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let room = SocketAddress.maxPathByteCount - folder.utf8.count - 1
        let longest = folder + "/" + String(repeating: "a", count: room)
        let listener = try ListeningSocket(at: .unix(path: longest), options: options)
        #expect(FileManager.default.fileExists(atPath: longest))
        let client = try connect(to: listener.endpoint)
        #expect(client.isConnected)
        client.descriptor.close()

        let tooLong = Endpoint.unix(path: longest + "a")
        let error = failure { () throws(TransportError) in
            _ = try ListeningSocket(at: tooLong, options: options)
        }
        #expect(error == .wrongPath(tooLong, maxByteCount: 107))
    }

    /// What a process leaves that was killed: a bound file, and nobody who listens.
    private func leaveSocketFile(at path: String) throws {
        let listener = try ListeningSocket(at: .unix(path: path), options: options)
        // Under another name the file is not found when the socket is closed.
        try FileManager.default.moveItem(atPath: path, toPath: path + "-moved")
        _ = consume listener
        try FileManager.default.moveItem(atPath: path + "-moved", toPath: path)
    }
}

private struct Unexpected: Error {
    let endpoint: Endpoint

    init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
    }
}
