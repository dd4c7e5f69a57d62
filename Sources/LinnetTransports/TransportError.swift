// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import LinnetBytes

/// Why there is no socket at an endpoint. Its text says what to do.
public enum TransportError: Error, Hashable, Sendable {
    /// The name of the host was not found.
    case cannotResolve(Endpoint, reason: String)
    /// The path of a Unix socket is too long for the system, or cannot be one.
    case wrongPath(Endpoint, maxByteCount: Int)
    /// A system call has failed.
    case failed(Attempt, Endpoint, Errno)

    /// What was tried.
    public enum Attempt: String, Hashable, Sendable {
        case listen
        case connect
    }

    public var endpoint: Endpoint {
        switch self {
        case .cannotResolve(let endpoint, _), .wrongPath(let endpoint, _),
            .failed(_, let endpoint, _):
            endpoint
        }
    }
}

extension TransportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotResolve(let endpoint, let reason):
            "the host of \(endpoint) is not known (\(reason)): look for a typing mistake, or give "
                + "its address"
        case .wrongPath(let endpoint, let maxByteCount):
            "the path of \(endpoint) cannot be that of a socket: choose one of 1 to "
                + "\(maxByteCount) bytes"
        case .failed(let attempt, let endpoint, let error):
            "cannot \(attempt) \(attempt == .listen ? "at" : "to") \(endpoint): "
                + (advice(attempt, endpoint, error) ?? "\(error)")
        }
    }

    private func advice(_ attempt: Attempt, _ endpoint: Endpoint, _ error: Errno) -> String? {
        switch (attempt, endpoint, error.rawValue) {
        case (_, _, EMFILE):
            "the process has no descriptor left: raise its limit (ulimit -n)"
        case (_, _, ENFILE): "the system has no descriptor left: raise fs.file-max"
        case (.listen, .tcp(_, let port), EADDRINUSE):
            "another socket listens there: end its program (ss -ltnp 'sport = :\(port)' names it) "
                + "or choose another port"
        case (.listen, .unix, EADDRINUSE):
            "a program listens there, or the file is no socket: end that program, or choose "
                + "another path"
        case (.listen, .tcp, EADDRNOTAVAIL):
            "this machine has no such address: choose one that `ip address` shows, or :PORT"
        case (.listen, .tcp(_, 1..<1024), EACCES):
            "ports below 1024 are for privileged processes: choose a higher one, or grant "
                + "CAP_NET_BIND_SERVICE"
        case (.listen, .unix, EACCES):
            "the process may not create a file in that folder: choose another path"
        case (.listen, .unix, ENOENT):
            "its folder does not exist: create it, or choose another path"
        case (.connect, _, ECONNREFUSED): "nobody listens there: start the server first"
        case (.connect, .unix, ENOENT): "there is no such file: start the server first"
        case (.connect, .unix, EAGAIN): "the server's backlog is full: try again later"
        case (.connect, _, ETIMEDOUT):
            "nobody answered in time: is it the right address, and lets every firewall it through?"
        case (.connect, .unix, EACCES): "the process may not write to that file"
        default: nil
        }
    }
}
