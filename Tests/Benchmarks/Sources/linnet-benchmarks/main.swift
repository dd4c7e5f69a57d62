// SPDX-License-Identifier: Apache-2.0

let arguments = CommandLine.arguments.dropFirst()
if arguments.contains("--help") || arguments.contains("-h") {
    print(
        """
        usage: linnet-benchmarks [--quick] [FILTER]
        Prints a Markdown table: nanoseconds per operation, median (least to most) of 9 rounds,
        ours and the base in turns, and the median of the ratios. FILTER keeps the rows whose
        name contains it.
        """
    )
} else {
    run(
        filter: arguments.first { !$0.hasPrefix("-") } ?? "",
        seconds: arguments.contains("--quick") ? 0.02 : 0.2
    )
}
