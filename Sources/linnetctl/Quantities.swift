// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Numbers as people read them. The same everywhere: no locale has a say.
package enum Quantities {
    /// `1,234,567`
    package static func grouped(_ count: Int) -> String {
        let digits = String(count.magnitude)
        var text = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return count < 0 ? "-" + text : text
    }

    /// `999 B`, `12.3 kB`, `4.6 MB`: steps of a thousand.
    package static func bytes(_ count: Int) -> String {
        let units = ["kB", "MB", "GB", "TB"]
        guard count >= 1_000 else { return "\(count) B" }
        var value = Double(count) / 1_000
        var unit = 0
        while value >= 999.95, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        return fixed(value, digitCount: 1) + " " + units[unit]
    }

    /// Three digits that count: `850 ns`, `12.3 µs`, `1.25 ms`, `2.00 s`.
    package static func duration(nanoseconds: UInt64) -> String {
        let units: [(text: String, nanoseconds: Double)] = [
            ("s", 1e9), ("ms", 1e6), ("µs", 1e3),
        ]
        for unit in units where Double(nanoseconds) >= unit.nanoseconds * 0.9995 {
            let value = Double(nanoseconds) / unit.nanoseconds
            let digitCount = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
            return fixed(value, digitCount: digitCount) + " " + unit.text
        }
        return "\(nanoseconds) ns"
    }

    /// `12.3 s`
    package static func seconds(_ seconds: Double, digitCount: Int = 1) -> String {
        fixed(seconds, digitCount: digitCount) + " s"
    }

    /// So many digits behind the point.
    package static func fixed(_ value: Double, digitCount: Int) -> String {
        String(format: "%.\(digitCount)f", value)
    }

    /// `part` for each of `whole`: `16.0`; `-` if there is nothing to divide by.
    package static func ratio(_ part: Int, _ whole: Int) -> String {
        whole == 0 ? "-" : fixed(Double(part) / Double(whole), digitCount: 1)
    }
}

extension Duration {
    /// As a floating-point number, for reports.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
