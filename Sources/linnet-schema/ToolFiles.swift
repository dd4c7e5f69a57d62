// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Reads and writes whole files of text.
enum ToolFiles {
    /// What a schema may have is much less.
    private static let maxByteCount = 64 * 1_048_576

    /// The text of a file, or `nil` if it cannot be read. What is not UTF-8 becomes U+FFFD, so that
    /// the compiler points at it.
    static func text(_ path: String) -> String? {
        // SAFETY: the path is NUL-terminated for the call.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= maxByteCount {
            // SAFETY: the buffer has `count` bytes and outlives the call.
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in
                unsafe read(file, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
        return nil
    }

    static func isThere(_ path: String) -> Bool {
        // SAFETY: the path is NUL-terminated for the call.
        unsafe access(path, F_OK) == 0
    }

    /// Writes a file unless it has the text already.
    static func write(_ text: String, to path: String) throws(ToolFailure) {
        if self.text(path) == text { return }
        // SAFETY: the path is NUL-terminated for the call.
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0, write(Array(text.utf8), to: file) else {
            throw ToolFailure(exitCode: 73, "\(path): error: the file cannot be written\n")
        }
        guard close(file) == 0 else {
            throw ToolFailure(exitCode: 73, "\(path): error: the file cannot be written\n")
        }
    }

    /// Makes the folders of a path that are not there yet. What cannot be made shows when the file
    /// is written.
    static func makeFolders(for path: String) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            folder += part + "/"
            // SAFETY: the path is NUL-terminated for the call.
            _ = unsafe mkdir(folder, 0o755)
        }
    }

    /// Lets people run a file.
    static func makeExecutable(_ path: String) {
        // SAFETY: the path is NUL-terminated for the call.
        _ = unsafe chmod(path, 0o755)
    }

    static func print(_ text: String, toStandardError: Bool = false) {
        // Nobody is left to be told if this fails.
        _ = write(Array(text.utf8), to: toStandardError ? STDERR_FILENO : STDOUT_FILENO)
    }

    private static func write(_ bytes: [UInt8], to file: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            // SAFETY: the buffer has `count` bytes and outlives the call.
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(file, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
