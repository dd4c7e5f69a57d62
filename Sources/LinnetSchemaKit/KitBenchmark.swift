// SPDX-License-Identifier: Apache-2.0

public import LinnetMessages

/// Measures the golden messages of today's version, and what hostile ones cost.
///
/// Each number is the median of rounds. It is generic code that is specialised where the
/// messages are:
/// call ``measure(_:)`` in their module.
public struct KitBenchmark {
    /// One message; times in ns per message.
    public struct Row: Sendable {
        public var message: String
        public var byteCount: Double
        public var encode: Double
        public var verify: Double
        public var read: Double
        public var hostile: [HostileCost]
    }

    public private(set) var rows: [Row] = []
    private let golden: GoldenFile
    private let roundCount: Int
    private let nanosecondsPerRound: Double
    private let maxHostileByteCount: Int

    /// - Parameters:
    ///   - isQuick: few short rounds, to see that it works.
    public init(_ golden: GoldenFile, isQuick: Bool = false) {
        self.golden = golden
        roundCount = isQuick ? 3 : 25
        nanosecondsPerRound = isQuick ? 100_000 : 2_000_000
        maxHostileByteCount = isQuick ? 16_384 : 1_048_576
    }

    /// Measures a message: writing a value, verifying, and reading every field of verified bytes.
    @inlinable
    public mutating func measure<Owner: KitMessage>(_ type: Owner.Type) {
        measure(
            KitSubject(
                schema: Owner.schema,
                number: Owner.number,
                version: Owner.version,
                encode: { KitLoops.encode(type, $0, $1) },
                verify: { KitLoops.verify(type, $0, $1) },
                read: { KitLoops.read(type, $0, $1) }
            )
        )
    }

    @usableFromInline
    mutating func measure(_ subject: KitSubject) {
        let vectors = golden.entries
            .filter { $0.message == subject.message.name && $0.version == subject.version }
            .flatMap(\.vectors).map(\.bytes)
            .filter { (try? subject.message.json(of: $0)) != nil }
        guard !vectors.isEmpty else { return }
        let byteCount = vectors.reduce(0) { $0 + $1.count }
        rows.append(
            Row(
                message: subject.message.name,
                byteCount: Double(byteCount) / Double(vectors.count),
                encode: median(vectors, subject.encode),
                verify: median(vectors, subject.verify),
                read: median(vectors, subject.read),
                hostile: HostileCost.measure(subject, maxByteCount: maxHostileByteCount)
            )
        )
    }

    private func median(_ vectors: [[UInt8]], _ loop: KitSubject.Loop) -> Double {
        var count = 1
        while loop(vectors, count) < nanosecondsPerRound, count < 1 << 24 { count *= 2 }
        let rounds = (0..<roundCount).map { _ in loop(vectors, count) }.sorted()
        return rounds[rounds.count / 2] / Double(count * vectors.count)
    }

    /// A table: a line for each message.
    public var text: String {
        var lines = [["message", "bytes", "encode ns", "verify ns", "read ns", "ns/byte at worst"]]
        for row in rows {
            let worst = row.hostile.map(\.nanosecondsPerByte).max() ?? 0
            lines.append(
                [row.message]
                    + [row.byteCount, row.encode, row.verify, row.read].map { oneDigit($0) }
                    + [oneDigit(worst)]
            )
        }
        return aligned(lines)
    }

    /// What hostile messages cost, a line for each message and size: the time grows as the bytes
    /// do.
    public var hostileText: String {
        var lines = [["message", "hostile bytes", "ns", "ns/byte", "the worst"]]
        for row in rows {
            for cost in row.hostile {
                lines.append([
                    row.message, "\(cost.byteCount)", oneDigit(cost.nanoseconds),
                    oneDigit(cost.nanosecondsPerByte), cost.kind,
                ])
            }
        }
        return aligned(lines)
    }
}

/// One message to be measured.
@usableFromInline
struct KitSubject {
    /// Runs over all messages so many times, and gives the time in ns.
    @usableFromInline typealias Loop = ([[UInt8]], Int) -> Double

    let message: TableMessage
    let version: UInt16
    let encode: Loop
    let verify: Loop
    let read: Loop

    @usableFromInline
    init(
        schema: SchemaTable,
        number: UInt16,
        version: UInt16,
        encode: @escaping Loop,
        verify: @escaping Loop,
        read: @escaping Loop
    ) {
        guard let message = schema.message(number: number) else {
            preconditionFailure("the table of message \(number) is that of another schema")
        }
        self.message = message
        self.version = version
        self.encode = encode
        self.verify = verify
        self.read = read
    }
}

private func oneDigit(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}

/// Columns, the first and texts on the left.
private func aligned(_ lines: [[String]]) -> String {
    guard let head = lines.first else { return "" }
    let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
        var text = ""
        for (column, cell) in line.enumerated() {
            let spaces = String(repeating: " ", count: widths[column] - cell.count)
            let isLeft = column == 0 || cell.first?.isLetter == true && head[column] == "the worst"
            text += (column > 0 ? "  " : "") + (isLeft ? cell + spaces : spaces + cell)
        }
        while text.last == " " { text.removeLast() }
        return text + "\n"
    }.joined()
}
