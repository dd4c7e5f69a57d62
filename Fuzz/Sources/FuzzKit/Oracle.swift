// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Traps, and prints both values, unless they are equal.
public func expectEqual<Value: Equatable>(
    _ found: Value,
    _ expected: Value,
    _ what: @autoclosure () -> String
) {
    guard found != expected else { return }
    fatalError("oracle: \(what())\n  found:    \(found)\n  expected: \(expected)")
}

/// Traps, and prints what should have been, unless it is so.
public func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
    guard !condition else { return }
    fatalError("oracle: \(what())")
}

/// Consumes a result that no oracle looks at. Without it the optimizer may remove the code that
/// makes the result, and the fuzzer runs an empty function.
@inline(never)
@_optimize(none)
public func blackHole<Value>(_ value: borrowing Value) {}

/// Whether the target plants a bug into its own view of the decoder, to prove that its oracles
/// work: `LINNET_FUZZ_CANARY=1` in the environment. `Fuzz/run canary` wants it found.
public let canaryIsPlanted = canary() == "1"

/// Whether the byte behind each allocation is read, to prove that AddressSanitizer is at work:
/// `LINNET_FUZZ_CANARY=overread`.
let overreadIsPlanted = canary() == "overread"

private func canary() -> String {
    // SAFETY: getenv returns nil or a NUL-terminated string; nobody changes the environment.
    guard let value = unsafe getenv("LINNET_FUZZ_CANARY") else { return "" }
    return unsafe String(cString: value)
}
