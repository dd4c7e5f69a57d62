// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Linnet

/// What the demo does with one server, step by step.
///
/// Thread: one, which waits. Each step has an end: a deadline, or a duration.
struct DemoRun {
    /// How much of everything.
    struct Settings {
        var connectionCount = 64
        var depth = 16
        var deepSeconds = 3.0
        var shallowSeconds = 2.0
        var typedSeconds = 1.5
        var idleCount = 3_000
        /// How long the load runs that is under way when the server is told to stop.
        var lastSeconds = 0.3
    }

    let settings: Settings
    /// Told of each step as it begins or ends.
    let say: (String) -> Void
    private let framing = PacketFraming()

    init(_ settings: Settings, say: @escaping (String) -> Void) {
        self.settings = settings
        self.say = say
    }

    func run(execution: String) -> DemoResult {
        var result = DemoResult(execution: execution)
        do {
            let server = try ServerProcess(["--execution", execution])
            say("\(execution): a server listens on \(server.endpoint)")
            try load(server, &result)
            try damage(server, &result)
            let peers = try hold(server, &result)
            try stop(server, peers, &result)
            try talk(&result)
        } catch let error as Errno {
            result.faults.append("the system says: \(error)")
        } catch {
            result.faults.append("\(error)")
        }
        return result
    }

    // MARK: Load

    private func load(_ server: ServerProcess, _ result: inout DemoResult) throws {
        result.deep = try load(server, depth: settings.depth, seconds: settings.deepSeconds)
        result.shallow = try load(server, depth: 1, seconds: settings.shallowSeconds)
    }

    private func load(
        _ server: ServerProcess,
        depth: Int,
        seconds: Double
    ) throws -> LoadReport {
        let plan = plan(server, depth: depth, seconds: seconds)
        let connections = counted(plan.connectionCount, "connection")
        say("  \(connections), \(counted(depth, "packet")) under way on each, \(seconds) s")
        let report = try LoadRun(plan).run { progress in
            let rate = Double(progress.packetCount) / progress.interval.inSeconds
            say("    \(Quantities.grouped(Int(rate))) packets/s")
        }
        return report
    }

    private func plan(_ server: ServerProcess, depth: Int, seconds: Double) -> LoadPlan {
        var plan = LoadPlan(endpoint: server.endpoint)
        plan.connectionCount = settings.connectionCount
        plan.depth = depth
        plan.duration = .seconds(seconds)
        plan.warmup = .milliseconds(300)
        return plan
    }

    // MARK: Damage

    /// Each kind of damage on a connection of its own, while another goes on undisturbed.
    private func damage(_ server: ServerProcess, _ result: inout DemoResult) throws {
        say("  damaged packets of \(PacketError.Code.allCases.count) kinds, one connection each")
        var witness = try DemoPeer(to: server.endpoint, framing: framing)
        for code in PacketError.Code.allCases {
            try witness.exchange(Data("before \(code.rawValue)".utf8))
            result.otherReplyCount += 1
            result.damageNames.append(code.rawValue)
            do {
                let stream = DamagedStream(code, framing: framing)
                var peer = try DemoPeer(to: server.endpoint, framing: framing)
                if let fault = try peer.send(stream) { result.damageFaults.append(fault) }
                result.otherReplyCount += stream.validPacketCount
            } catch {
                result.damageFaults.append("\(code.rawValue): \(error)")
            }
        }
        try witness.exchange(Data("after all of it".utf8))
        result.otherReplyCount += 1
    }

    // MARK: Typed messages

    /// A server of a schema's protocol, its typed clients, and peers that break it.
    private func talk(_ result: inout DemoResult) throws {
        let server = try ServerProcess(["--execution", result.execution, "--handler", "prices"])
        var load = TypedLoad(endpoint: server.endpoint)
        load.duration = .seconds(settings.typedSeconds)
        let clients = counted(load.connectionCount, "typed client")
        say("  \(clients), \(counted(load.depth, "request")) under way on each")
        result.typed = try load.runBlocking()
        say("  valid packets with damaged messages of \(DamagedMessage.allCases.count) kinds")
        for message in DamagedMessage.allCases {
            result.typed.damageNames.append(message.rawValue)
            do {
                var peer = try DemoPeer(to: server.endpoint, framing: Prices.framing)
                if let fault = try peer.send(message) { result.typed.damageFaults.append(fault) }
            } catch {
                result.typed.damageFaults.append("\(message.rawValue): \(error)")
            }
        }
        server.beginStopping()
        result.typed.server = try server.finish(within: .seconds(10))
    }

    // MARK: Idle connections, and the end

    private func hold(
        _ server: ServerProcess,
        _ result: inout DemoResult
    ) throws -> [DemoPeer.Box] {
        let limit = raiseDescriptorLimit().soft
        // The load at the end, and the rest of the process, need some too.
        let spareCount = settings.connectionCount + 128
        result.idle.wantedCount = min(settings.idleCount, max(1, limit - spareCount))
        if result.idle.wantedCount < settings.idleCount {
            say("  this process may have only \(limit) descriptors (ulimit -n)")
        }
        say("  \(Quantities.grouped(result.idle.wantedCount)) idle connections")
        result.idle.byteCountBefore = try server.residentByteCount
        var peers: [DemoPeer.Box] = []
        for _ in 0..<result.idle.wantedCount {
            let peer = try DemoPeer.Box(to: server.endpoint, framing: framing)
            try peer.exchange(Data("one packet".utf8))
            peers.append(peer)
            result.idle.count += 1
        }
        result.idle.byteCountWith = try server.residentByteCount
        return peers
    }

    /// Tells the server to stop while it is loaded, and sees that each connection learns of it and
    /// that each packet that was read is answered.
    private func stop(
        _ server: ServerProcess,
        _ peers: [DemoPeer.Box],
        _ result: inout DemoResult
    ) throws {
        say("  SIGTERM, with all of them open and another load under way")
        let load = try BackgroundLoad(plan(server, depth: settings.depth, seconds: 10))
        sleepThread(for: .seconds(settings.lastSeconds))
        let start = MonotonicInstant.now()
        server.beginStopping()
        result.goodbye.openCount = peers.count + settings.connectionCount
        for peer in peers where peer.waitForEnd() { result.goodbye.toldCount += 1 }
        result.goodbye.load = try load.report()
        result.goodbye.toldCount += result.goodbye.load.errors[LoadReport.endedByPeer] ?? 0
        result.report = try server.finish(within: .seconds(10))
        result.goodbye.seconds = start.duration(to: MonotonicInstant.now()).inSeconds
    }
}
