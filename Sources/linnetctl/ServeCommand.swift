// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
internal import Foundation
public import Linnet
internal import Logging

/// `linnetctl serve`: a server that answers.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves connections over TCP and Unix sockets until it is told to stop.",
        discussion: """
            Prints a line for each socket when it listens. SIGINT and SIGTERM stop it: it answers \
            what it has read, says goodbye to each peer, and prints a summary. The exit code is 0 \
            then, 64 for wrong usage, 69 if an address cannot be had, and 71 if the system refuses \
            memory, descriptors or threads.

            EXAMPLES
              linnetctl serve --tcp 127.0.0.1:7400
              linnetctl serve --tcp :7400 --unix /tmp/linnet.sock --execution inline --reactors 2
              linnetctl serve --tcp 127.0.0.1:8080 --handler http
            """
    )

    /// Where handlers run.
    enum ExecutionChoice: String, CaseIterable, ExpressibleByArgument {
        case inline, workers
    }

    @Option(
        help: ArgumentHelp(
            "Listen there; can be repeated. Port 0 takes a free one, which is printed.",
            valueName: "host:port"
        ),
        transform: Endpoint.init(tcpArgument:)
    )
    var tcp: [Endpoint] = []

    @Option(
        help: ArgumentHelp("Listen at a Unix socket; can be repeated.", valueName: "path"),
        transform: Endpoint.init(unixArgument:)
    )
    var unix: [Endpoint] = []

    @Option(
        help: """
            echo: send each frame back. discard: answer nothing. broadcast: send each frame to all \
            other connections. http: answer requests of HTTP/1.1, GET with a short text, POST with \
            its body; the framing is that of HTTP then. prices: the typed service of the demo, of \
            Tests/Examples/Sources/prices/prices.linnet; the framing is that of its protocol then.
            """
    )
    var handler = ServeBehavior.echo

    @Option(
        help: """
            inline: handlers run where packets are read, with the best latency. workers: they run \
            on threads of their own.
            """
    )
    var execution = ExecutionChoice.workers

    @Option(help: ArgumentHelp("Threads that own sockets, 1 to 255.", valueName: "count"))
    var reactors = 1

    @Option(
        help: ArgumentHelp(
            "Threads for handlers, 1 to 1024; by default one for each processor but one.",
            valueName: "count"
        )
    )
    var workers: Int?

    @Option(
        help: """
            How connections find their reactor. reuse-port: the kernel chooses. round-robin: in \
            turns. fd-hash: by the number of the socket. least-connections: who has fewest.
            """
    )
    var balance = Balance.reusePort

    @OptionGroup var wireOptions: WireOptions

    @OptionGroup var framingOptions: FramingOptions

    @Option(
        help: ArgumentHelp(
            "The one processor that each reactor may use, in order, such as 0,2.",
            valueName: "numbers"
        ),
        transform: [Int].init(processorsArgument:)
    )
    var pinReactors: [Int] = []

    @Option(
        help: ArgumentHelp(
            "How long it may take to say goodbye; what is left then is cut off.",
            valueName: "seconds"
        )
    )
    var drainSeconds = 25.0

    @Flag(help: "Stop also when the standard input ends, as it does when the parent process ends.")
    var untilInputEnds = false

    @Flag(help: "Print the summary as one line of JSON.")
    var json = false

    @Option(help: "Colours. auto: if the output is a terminal and NO_COLOR is not set.")
    var color = ColorChoice.auto

    func validate() throws {
        if tcp.isEmpty, unix.isEmpty {
            throw ValidationError("Say where to listen: --tcp 127.0.0.1:7400, or --unix PATH.")
        }
        if !(1...255).contains(reactors) {
            throw ValidationError("--reactors is a number from 1 to 255.")
        }
        if let workers, !(1...1_024).contains(workers) {
            throw ValidationError("--workers is a number from 1 to 1024.")
        }
        if workers != nil, execution == .inline {
            throw ValidationError("--workers has no meaning with --execution inline: leave it out.")
        }
        if framingOptions.maxPacket > PacketPool.Configuration.maxPacketByteCount {
            throw ValidationError("A server takes packets of at most 1073741824 bytes.")
        }
        if wireOptions.framing != .packet, framingOptions.magic != PacketHeader.defaultMagic {
            throw ValidationError("--magic has no meaning without --framing packet: leave it out.")
        }
        if [.http, .prices].contains(handler),
            wireOptions.framing != .packet || !framingOptions.areDefault
        {
            throw ValidationError(
                "--framing, --magic and --max-packet have no meaning with --handler \(handler): "
                    + "leave them out."
            )
        }
        if !(0...86_400).contains(drainSeconds) {
            throw ValidationError("--drain-seconds is a number from 0 to 86400.")
        }
    }

    func run() throws {
        let server = Server(serverConfiguration)
        let clock = ServeClock()
        let rejections = MessageRejections()
        let maxByteCount = framingOptions.maxPacket
        switch wireOptions.framing {
        case _ where handler == .http:
            try run(server, HTTP1Framing()) { HTTPHandler(clock: clock) }
        case _ where handler == .prices:
            try run(server, Prices.framing) {
                ServiceHandler(PriceService(clock: clock, rejections: rejections))
            }
        case .packet: try run(server, framingOptions.framing(versions: 1...1), clock)
        case .bytes: try run(server, BytesFraming(maxFrameByteCount: maxByteCount), clock)
        case .line: try run(server, wireOptions.lines(maxByteCount: maxByteCount), clock)
        case .length: try run(server, wireOptions.lengths(maxByteCount: maxByteCount), clock)
        }
        let (serving, stopping) = clock.durations
        var report = ServeReport(server.statistics, serving: serving, stopping: stopping)
        report.messageRejections = rejections.counts
        if json {
            printNow(try report.json() + "\n")
        } else {
            printNow(report.text(style: TextStyle(isColored: color.isColored)))
        }
    }

    private func run<F: EchoedFraming>(
        _ server: Server,
        _ framing: F,
        _ clock: ServeClock
    ) throws {
        switch handler {
        case .echo: try run(server, framing) { EchoHandler(clock: clock) }
        case .discard: try run(server, framing) { DiscardHandler(clock: clock) }
        case .broadcast: try run(server, framing) { BroadcastHandler(clock: clock) }
        case .http, .prices: preconditionFailure("\(handler) has a framing of its own")
        }
    }

    private func run<H: Handler>(
        _ server: Server,
        _ framing: H.F,
        makeHandler: @escaping @Sendable () -> H
    ) throws {
        try connected {
            try server.run(
                framing: framing,
                stoppingWithin: .seconds(drainSeconds),
                started: { endpoints in
                    for endpoint in endpoints { printNow("listening on \(endpoint)\n") }
                    if untilInputEnds { Self.stopWhenInputEnds() }
                },
                makeHandler: { _ in makeHandler() }
            )
        }
    }

    /// From a thread that blocks the signals as all others do, since it starts behind them.
    private static func stopWhenInputEnds() {
        Thread.detachNewThread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            kill(getpid(), SIGTERM)
        }
    }

    private var serverConfiguration: ServerConfiguration {
        var configuration = ServerConfiguration(
            endpoints: tcp + unix,
            execution: execution == .inline ? .inline : workers.map { .workers($0) }
        )
        configuration.reactorCount = reactors
        configuration.balance = balance
        configuration.reactorProcessors = pinReactors
        configuration.pool = PacketPool.Configuration(holding: framingOptions.maxPacket)
        // Room for the answers to what may be under way.
        configuration.transport.maxOutboundByteCount = max(
            configuration.transport.maxOutboundByteCount,
            min(4 * framingOptions.maxPacket, 1 << 30)
        )
        configuration.logger = Logger(label: "linnetctl") {
            StreamLogHandler.standardError(label: $0)
        }
        configuration.logger.logLevel = .warning
        return configuration
    }
}

extension ServeBehavior: ExpressibleByArgument {}
extension Balance: ExpressibleByArgument {}
