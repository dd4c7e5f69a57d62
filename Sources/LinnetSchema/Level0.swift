// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// What in the protocols of this file level 0 of the wire cannot do (§2.5.2), as sentences. A
    /// tool that binds level 0 generates nothing for them. ``CompileResult/level0Problems`` says
    /// where it stands.
    public var level0Problems: [String] {
        protocols.flatMap { binding in
            binding.level0Problems.map { "protocol `\(binding.name)`: \($0)" }
        }
    }
}

extension ProtocolBinding {
    /// The same, of one protocol.
    public var level0Problems: [String] {
        var problems: [String] = []
        for sending in sendings where sending.isControl {
            problems.append("`@control` at `\(sending.side.rawValue) sends \(sending.message)`")
        }
        for request in requests {
            let line = "`\(request.side.rawValue) requests \(request.message)`"
            if request.side == .server { problems.append(line) }
            if request.isControl { problems.append("`@control` at \(line)") }
            if request.isCorrelated { problems.append("`@correlated` at \(line)") }
        }
        return problems.map { "\($0) needs level 1" }
    }
}
