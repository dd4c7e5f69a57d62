// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import Linnet

/// `linnetctl load`: measures a server that echoes.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Loads an echo server, verifies each reply, and measures how long it took.",
        discussion: """
            Without --rate each connection has --depth packets under way, and sends the next when \
            a reply comes. With --rate packets go out at even distances whatever the server does, \
            and each is measured from the moment when it was to be sent, so that a server that \
            stops cannot hide it. The exit code is 0 if all replies were right, 1 if not, 64 for \
            wrong usage, 69 if the server cannot be reached, and 71 if the system refuses memory, \
            descriptors or threads.

            EXAMPLES
              linnetctl load --connect 127.0.0.1:7400 --connections 64 --depth 16 --payload 40
              linnetctl load --connect unix:/tmp/linnet.sock --rate 50000 --duration 30 --json
            """
    )

    @OptionGroup var connectOptions: ConnectOptions

    @Option(help: ArgumentHelp("Connections, 1 to 1000000.", valueName: "count"))
    var connections = 64

    @Option(
        help: ArgumentHelp(
            "Packets of each connection under way at a time, 1 to 65536; not with --rate.",
            valueName: "count"
        )
    )
    var depth: Int?

    @Option(help: ArgumentHelp("The length of each payload.", valueName: "bytes"))
    var payload = 40

    @Option(help: ArgumentHelp("How long it is measured.", valueName: "seconds"))
    var duration = 10.0

    @Option(help: ArgumentHelp("How long it runs before that.", valueName: "seconds"))
    var warmup = 0.5

    @Option(
        help: ArgumentHelp(
            "Packets a second of all connections together, sent whatever comes back.",
            valueName: "packets"
        )
    )
    var rate: Double?

    @Option(help: ArgumentHelp("Threads that receive, 1 to 255.", valueName: "count"))
    var threads = 1

    @OptionGroup var framingOptions: FramingOptions

    @Flag(help: "Print the report as one line of JSON.")
    var json = false

    @Flag(
        inversion: .prefixedNo,
        help: "Say each second how it goes, on the standard error; by default if it is a terminal."
    )
    var progress: Bool?

    @Option(help: "Colours. auto: if the output is a terminal and NO_COLOR is not set.")
    var color = ColorChoice.auto

    func validate() throws {
        try check((1...1_000_000).contains(connections), "--connections is 1 to 1000000.")
        try check(depth == nil || rate == nil, "--depth has no meaning with --rate: leave one out.")
        try check((1...65_536).contains(depth ?? 1), "--depth is 1 to 65536.")
        try check((1...255).contains(threads), "--threads is 1 to 255.")
        try check((0.01...86_400).contains(duration), "--duration is 0.01 to 86400 seconds.")
        try check((0...3_600).contains(warmup), "--warmup is 0 to 3600 seconds.")
        try check((0.001...100_000_000).contains(rate ?? 1), "--rate is 0.001 to 100000000.")
        let largest = framingOptions.maxPacket - PacketHeader.byteCount
        try check(
            framingOptions.maxPacket <= PacketPool.Configuration.maxPacketByteCount,
            "A client takes packets of at most 1073741824 bytes."
        )
        try check(
            (0...largest).contains(payload),
            "--payload is 0 to \(largest) bytes; raise --max-packet for more if the server does."
        )
        try check(
            (depth ?? 1) * (payload + PacketHeader.byteCount) <= 1 << 30,
            "A connection has at most a gigabyte under way: lower --depth or --payload."
        )
    }

    private func check(_ isRight: Bool, _ advice: String) throws {
        if !isRight { throw ValidationError(advice) }
    }

    func run() throws {
        let plan = plan
        let says = progress ?? (isatty(STDERR_FILENO) == 1)
        let report = try connected {
            try LoadRun(plan).run { if says { Self.show($0) } }
        }
        if json {
            printNow(try jsonLine(report) + "\n")
        } else {
            printNow(report.text(style: TextStyle(isColored: color.isColored)))
        }
        if report.errorCount > 0 { throw ExitCode(1) }
    }

    private var plan: LoadPlan {
        var plan = LoadPlan(endpoint: connectOptions.connect)
        plan.framing = framingOptions.framing(versions: 1...1)
        plan.connectionCount = connections
        plan.depth = depth ?? plan.depth
        plan.payloadByteCount = payload
        plan.duration = .seconds(duration)
        plan.warmup = .seconds(warmup)
        plan.rate = rate
        plan.threadCount = threads
        return plan
    }

    private static func show(_ progress: LoadRun.Progress) {
        let rate = Double(progress.packetCount) / progress.interval.inSeconds
        let time = Quantities.fixed(progress.elapsed.inSeconds, digitCount: 0)
        let errors = progress.errorCount == 0 ? "" : ", \(counted(progress.errorCount, "error"))"
        let line = "\(time) s  \(Quantities.grouped(Int(rate))) packets/s\(errors)\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
