// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
package import Foundation
internal import LinnetBytes

/// Reads what a command works on: all of a file or of the standard input, at most so many bytes.
package struct CaptureInput {
    /// A capture is held in memory, some structures beside it; so it ends somewhere.
    package static let maxByteCount = 1 << 30

    /// A path, or `-` for the standard input.
    let path: String

    /// All bytes of the file.
    func read() throws(InputError) -> Data {
        do {
            let handle =
                path == "-"
                ? FileHandle.standardInput
                : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            return try Self.bytes(of: handle)
        } catch let error as InputError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: Self.words(for: error))
        }
    }

    private static func bytes(of handle: FileHandle) throws -> Data {
        var bytes = Data()
        while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
            bytes += chunk
            guard bytes.count <= maxByteCount else { throw InputError.tooLong }
        }
        return bytes
    }

    /// What the system says: Foundation wraps it, and says less.
    private static func words(for error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        guard cause.domain == NSPOSIXErrorDomain else { return cause.localizedDescription }
        return Errno(rawValue: CInt(truncatingIfNeeded: cause.code)).description
    }
}

/// Why there is nothing to work on.
package enum InputError: Error, Hashable {
    case unreadable(path: String, reason: String)
    case tooLong
    case notHexadecimal(HexadecimalError)

    /// As sysexits.h has them: EX_DATAERR and EX_NOINPUT.
    package var exitCode: Int32 {
        switch self {
        case .notHexadecimal: 65
        case .unreadable, .tooLong: 66
        }
    }
}

extension InputError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\"\(path)\" cannot be read: \(reason). Check the path; - is the standard input."
        case .tooLong:
            "The input is longer than \(CaptureInput.maxByteCount) bytes. Cut it, as with head -c."
        case .notHexadecimal(let error):
            error.description
        }
    }
}

/// What the bytes of an input are.
package enum InputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// Hexadecimal text if all of it can be that, raw bytes otherwise.
    case auto
    case raw
    case hex

    /// The bytes that `input` stands for.
    package func decode(_ input: Data) throws(InputError) -> Data {
        guard self == .hex || (self == .auto && Data.isHexadecimal(input)) else { return input }
        do throws(HexadecimalError) {
            return try Data(hexadecimal: input)
        } catch {
            throw .notHexadecimal(error)
        }
    }
}
