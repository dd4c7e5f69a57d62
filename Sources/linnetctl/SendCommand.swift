// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import Linnet

/// `linnetctl send`: one packet, and its reply.
struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Sends one packet to a server and explains the reply.",
        discussion: """
            The reply is printed as `dump` does. Without an option for it the payload is read from \
            the standard input. The exit code is 0 if a right packet came back (or if none was \
            waited for), 1 if not, 64 for wrong usage, 65 for wrong hexadecimal text, 66 if a file \
            cannot be read, and 69 if the server cannot be reached.

            EXAMPLES
              linnetctl send --connect 127.0.0.1:7400 --payload hello --flags payloadChecksum
              linnetctl send --connect unix:/tmp/linnet.sock --no-reply < message.bin
            """
    )

    @OptionGroup var connectOptions: ConnectOptions
    @OptionGroup var payloadOptions: PayloadOptions
    @OptionGroup var framingOptions: FramingOptions

    @Option(
        help: ArgumentHelp("How long all of it may take, 0.001 to 86400.", valueName: "seconds")
    )
    var timeout = 10.0

    @Flag(help: "Wait for no reply: send, say goodbye, and see that the server does too.")
    var noReply = false

    @Flag(help: "Print the reply as one JSON object.")
    var json = false

    @Option(help: "Colours. auto: if the output is a terminal and NO_COLOR is not set.")
    var color = ColorChoice.auto

    func validate() throws {
        if !(0.001...86_400).contains(timeout) {
            throw ValidationError("--timeout is a number of seconds from 0.001 to 86400.")
        }
    }

    func run() throws {
        let framing = framingOptions.framing(versions: 1...1)
        let payload = try explained { () throws(InputError) in
            try payloadOptions.bytes(orFile: "-")
        }
        let packet = try payloadOptions.packet(with: payload, framing: framing)
        let deadline = MonotonicInstant.now() + .seconds(timeout)
        let socket = try connected {
            try StreamSocket(to: connectOptions.connect, before: deadline)
        }
        var exchange = PacketExchange(framing: framing, waitsForReply: !noReply)
        do throws(Errno) {
            try socket.send(packet, before: deadline)
            if noReply { socket.endSending() }
            while !exchange.isOver {
                exchange.take(try socket.receive(before: deadline))
            }
        } catch {
            try report(exchange)
            throw stop(words(for: error), exitCode: 1)
        }
        try report(exchange)
        if let complaint = exchange.complaint { throw stop(complaint, exitCode: 1) }
    }

    /// What came back, right or wrong.
    private func report(_ exchange: PacketExchange) throws {
        guard !exchange.received.isEmpty else { return }
        let analysis = exchange.analysis
        if json {
            print(try JSONReport(analysis).text())
        } else {
            let report = TextReport(analysis, style: TextStyle(isColored: color.isColored))
            for block in report.blocks { print(block) }
        }
    }

    private func words(for error: Errno) -> String {
        switch error.rawValue {
        case ETIMEDOUT:
            """
            No whole reply came within \(timeout) s. Raise --timeout, or give --no-reply if the \
            server sends none.
            """
        case ECONNRESET, EPIPE:
            "The server broke the connection. Look for what it says of the reason."
        default: "The connection failed: \(error)."
        }
    }
}
