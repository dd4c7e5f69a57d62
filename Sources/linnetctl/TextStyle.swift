// SPDX-License-Identifier: Apache-2.0

/// Colours of a terminal, or none.
package struct TextStyle: Sendable {
    /// What a piece of text is to the reader.
    enum Role: String {
        case heading = "1"
        case quiet = "2"
        case wrong = "31"
        case right = "32"
        case hint = "33"
    }

    private let isColored: Bool

    package init(isColored: Bool) {
        self.isColored = isColored
    }

    /// `text` between the escape sequences of ECMA-48 (SGR) for its role.
    func callAsFunction(_ text: String, _ role: Role) -> String {
        isColored ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
    }
}
