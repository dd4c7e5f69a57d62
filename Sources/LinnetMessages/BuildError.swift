// SPDX-License-Identifier: Apache-2.0

/// Why a message could not be written.
public struct BuildError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Cause: String, Sendable, Hashable {
        /// The bytes that were offered are too few.
        case noRoom
        /// A text, bytes, a list or a group is beyond its bound.
        case tooLong
        /// A number is out of its range.
        case range
        /// The keys of a map do not rise.
        case order
        /// A union without `?` was not given.
        case missing
        /// The message does not exist in the version of the peer.
        case version
    }

    public var cause: Cause
    /// The message or entry, and the field: `NewOrder.fills`.
    public var path: String

    public init(_ cause: Cause, path: String) {
        self.cause = cause
        self.path = path
    }

    public var description: String {
        switch cause {
        case .noRoom: "no room for \(path)"
        case .tooLong: "\(path) is beyond its bound"
        case .range: "\(path) is out of its range"
        case .order: "the keys of \(path) do not rise"
        case .missing: "\(path) is missing"
        case .version: "\(path) does not exist in the peer's version"
        }
    }
}

/// The first failure of a message that is being written.
@usableFromInline
struct BuildStatus {
    @usableFromInline
    enum Place {
        case fixed(offset: Int)
        case end(Int)
    }

    @usableFromInline var error: BuildError?

    @inlinable
    init() {}

    @usableFromInline
    mutating func note<Owner: Block>(
        _ cause: BuildError.Cause,
        _ owner: Owner.Type,
        place: Place
    ) {
        guard error == nil else { return }
        error = BuildError(cause, path: "\(Owner.self)")
    }
}
