// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension SchemaKit {
    /// What a fuzz target calls with the bytes that libFuzzer made: checks all that
    /// ``check(_:)`` does,
    /// and ends the process with `oracle:` and what does not hold.
    ///
    /// `LINNET_FUZZ_CANARY` in the environment plants a bug, to prove that the target would find
    /// one:
    /// `1` changes what is written of messages with more than 40 bytes, `overread` reads the byte
    /// behind the last one.
    ///
    /// - Precondition: `count` bytes are at `start`.
    @unsafe
    public func fuzz(start: UnsafePointer<UInt8>?, count: Int) {
        // SAFETY: the caller says that `count` bytes are there.
        let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
        if Self.canary == "overread", !bytes.isEmpty {
            consume(ExactBytes(bytes).overread())
        }
        do throws(KitFailure) {
            let outcome = try check(bytes)
            if Self.canary == "1", outcome.error == nil, bytes.count > 40 {
                fatalError("oracle: the planted bug was found")
            }
        } catch {
            fatalError("oracle: \(error)")
        }
    }

    private static let canary: String = {
        // SAFETY: getenv returns nil or a NUL-terminated string; nobody changes the environment.
        guard let value = unsafe getenv("LINNET_FUZZ_CANARY") else { return "" }
        // SAFETY: as above.
        return unsafe String(cString: value)
    }()
}

/// Uses the byte, so that reading it is not left out.
@inline(never)
@_optimize(none)
private func consume(_ byte: UInt8) {}
