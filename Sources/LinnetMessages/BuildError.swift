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

/// What the writers of one message share: where the next region goes, and the first failure.
@safe
@frozen
@usableFromInline
struct BuildState {
    @usableFromInline
    enum Place {
        case fixed(offset: Int)
        case end(Int)
    }

    /// What failed, without text: so that the state is plain data and costs nothing at its end.
    @usableFromInline
    struct Failure {
        var cause: BuildError.Cause
        var owner: any Block.Type
        var place: Place
    }

    @usableFromInline var cursor: UnsafeMutableRawPointer
    /// Nothing is written from here on.
    @usableFromInline let limit: UnsafeMutableRawPointer
    /// Of the peer.
    @usableFromInline let version: UInt16
    @usableFromInline var failure: Failure?
    /// The message whose regions are taken where none are given: its fixed part, which is as long
    /// as the new one's, and its tail.
    @usableFromInline var source: (block: UnsafeRawPointer, tail: UnsafeRawPointer)?

    @unsafe
    @inlinable
    init(cursor: UnsafeMutableRawPointer, limit: UnsafeMutableRawPointer, version: UInt16) {
        // SAFETY: the caller's buffer has room from `cursor` to `limit`, and outlives the state.
        unsafe self.cursor = cursor
        unsafe self.limit = limit
        self.version = version
        failure = nil
        unsafe source = nil
    }

    @usableFromInline
    @inline(never)
    mutating func note<Owner: Block>(
        _ cause: BuildError.Cause,
        _ owner: Owner.Type,
        place: Place
    ) {
        guard failure == nil else { return }
        failure = Failure(cause: cause, owner: owner, place: place)
    }
}

extension BuildState.Failure {
    /// With the name of the field.
    @usableFromInline
    @inline(never)
    func error() -> BuildError {
        func path<Owner: Block>(_ owner: Owner.Type) -> String { place.path(in: owner) }
        return BuildError(cause, path: path(owner))
    }
}
