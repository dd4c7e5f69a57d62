// SPDX-License-Identifier: Apache-2.0

/// Why a text is not the JSON of a message (Specs/schema.md §6).
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Of the field, such as `fills[3].note`. Empty for the whole text.
    public var path: String
    /// What is wrong, as a phrase: `longer than 32 bytes`.
    public var reason: String

    public init(_ reason: String, path: String = "") {
        self.path = path
        self.reason = reason
    }

    public var description: String {
        path.isEmpty ? reason : "\(path): \(reason)"
    }

    /// The same, seen from one level further out.
    func within(_ part: String) -> JSONError {
        JSONError(reason, path: part + (path.isEmpty || path.hasPrefix("[") ? "" : ".") + path)
    }
}
