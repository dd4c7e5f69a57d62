// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import Linnet

/// `linnetctl demo`: the main job in one command.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Starts a server and shows what it can take, in about 25 seconds.",
        discussion: """
            Starts `serve` as a process of its own, first with workers, then inline. Each is \
            loaded with verified packets, gets damaged packets of all kinds, holds thousands of \
            idle connections, and is told to stop; a second one answers typed clients, and gets \
            messages that its schema does not allow. Nothing but ports of 127.0.0.1 is used. The \
            exit code is 0 only if all of it worked.

            EXAMPLES
              linnetctl demo
              linnetctl demo --seconds 0.5 --idle 200
            """
    )

    @Option(help: ArgumentHelp("How long each of the four loads takes.", valueName: "seconds"))
    var seconds: Double?

    @Option(help: ArgumentHelp("Idle connections to hold, 1 to 1000000.", valueName: "count"))
    var idle = 3_000

    @Option(help: "Colours. auto: if the output is a terminal and NO_COLOR is not set.")
    var color = ColorChoice.auto

    func validate() throws {
        if let seconds, !(0.05...3_600).contains(seconds) {
            throw ValidationError("--seconds is a number from 0.05 to 3600.")
        }
        if !(1...1_000_000).contains(idle) {
            throw ValidationError("--idle is a number from 1 to 1000000.")
        }
    }

    func run() throws {
        let start = MonotonicInstant.now()
        let style = TextStyle(isColored: color.isColored)
        var settings = DemoRun.Settings()
        settings.deepSeconds = seconds ?? settings.deepSeconds
        settings.shallowSeconds = seconds ?? settings.shallowSeconds
        settings.typedSeconds = seconds ?? settings.typedSeconds
        settings.idleCount = idle
        let demo = DemoRun(settings) { line in
            let time = start.duration(to: MonotonicInstant.now()).inSeconds
            let column = Quantities.fixed(time, digitCount: 1)
            let padding = String(repeating: " ", count: max(0, 5 - column.count))
            printNow(style("\(padding)\(column) s  ", .quiet) + line + "\n")
        }
        let results = ["workers", "inline"].map { demo.run(execution: $0) }
        let time = start.duration(to: MonotonicInstant.now()).inSeconds
        printNow(DemoText(results, seconds: time, style: style).text)
        if results.contains(where: { !$0.complaints.isEmpty }) { throw ExitCode(1) }
    }
}
