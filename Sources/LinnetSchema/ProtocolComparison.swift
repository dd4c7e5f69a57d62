// SPDX-License-Identifier: Apache-2.0

extension SchemaComparer {
    mutating func compareProtocol(_ old: ProtocolBinding) {
        guard let new = counterpart(of: old) else {
            let message = "protocol `\(old.name)` is gone: code that uses it no longer compiles"
            report(.sourceDeclarationRemoved, [], message)
            return
        }
        let path = [new.name]
        reportName("protocol", from: old.name, path, isInJSON: false)
        if old.magic != new.magic {
            report(
                .wireProtocolMagic,
                path + ["magic"],
                "the magic was \(hexadecimal(old.magic)) and is \(hexadecimal(new.magic))"
            )
        }
        compareVersions(old, new, path)
        if old.maxPacketByteCount != new.maxPacketByteCount {
            let was = "the largest packet had \(old.maxPacketByteCount) bytes"
            report(.acceptProtocolMax, path + ["max"], "\(was) and has \(new.maxPacketByteCount)")
        }
        compareSendings(old, new, path)
        compareRequests(old, new, path)
    }

    /// By name, or else a new name for the same magic.
    private func counterpart(of binding: ProtocolBinding) -> ProtocolBinding? {
        if let same = new.protocols.first(where: { $0.name == binding.name }) { return same }
        return new.protocols.first { candidate in
            candidate.magic == binding.magic
                && !old.protocols.contains { $0.name == candidate.name }
        }
    }

    private mutating func compareVersions(
        _ old: ProtocolBinding,
        _ new: ProtocolBinding,
        _ path: [String]
    ) {
        guard old.versions != new.versions else { return }
        let isRaised =
            old.versions.lowerBound == new.versions.lowerBound
            && old.versions.upperBound < new.versions.upperBound
            && self.old.version < self.new.version
        if isRaised { return }
        let was = "the protocol's versions were \(old.versions.schemaText)"
        report(
            .acceptProtocolVersions,
            path + ["version"],
            "\(was) and are \(new.versions.schemaText)"
        )
    }

    private mutating func compareSendings(
        _ old: ProtocolBinding,
        _ new: ProtocolBinding,
        _ path: [String]
    ) {
        for sending in old.sendings {
            let other = new.sendings.first {
                $0.side == sending.side && isSame(sending.message, $0.message)
            }
            guard let other else {
                let says = "the \(sending.side) no longer sends `\(sending.message)`"
                report(.acceptSendingRemoved, path, "\(says): peers may still do so")
                continue
            }
            if other.isControl != sending.isControl {
                let message = "@control of `\(other.message)` is not as it was"
                report(.wirePlaneChanged, path + [other.message], message)
            }
        }
        for sending in new.sendings {
            let isKnown = old.sendings.contains {
                $0.side == sending.side && isSame($0.message, sending.message)
            }
            if isKnown { continue }
            checkSent(sending.message, "the \(sending.side) sends `\(sending.message)`", path)
        }
    }

    private mutating func compareRequests(
        _ old: ProtocolBinding,
        _ new: ProtocolBinding,
        _ path: [String]
    ) {
        for request in old.requests {
            let other = new.requests.first {
                $0.side == request.side && isSame(request.message, $0.message)
            }
            guard let other else {
                let says = "the \(request.side) no longer requests `\(request.message)`"
                report(.acceptSendingRemoved, path, "\(says): peers may still do so")
                continue
            }
            if !isSame(request.response, other.response) {
                let was = "the response to `\(other.message)` was `\(request.response)`"
                report(
                    .wireResponseChanged,
                    path + [other.message],
                    "\(was) and is `\(other.response)`"
                )
            }
            let isEqual =
                request.errors.allSatisfy { error in
                    other.errors.contains { isSame(error, $0) }
                } && request.errors.count == other.errors.count
            if !isEqual {
                let before = request.errors.isEmpty ? "none" : list(request.errors)
                let after = other.errors.isEmpty ? "none" : list(other.errors)
                let was = "the errors of `\(other.message)` were \(before)"
                let path = path + [other.message]
                report(.acceptErrorsChanged, path, "\(was) and are \(after)")
            }
            if request.isControl != other.isControl || request.isCorrelated != other.isCorrelated {
                let message = "@control or @correlated of `\(other.message)` is not as it was"
                report(.wirePlaneChanged, path + [other.message], message)
            }
        }
        for request in new.requests {
            let isKnown = old.requests.contains {
                $0.side == request.side && isSame($0.message, request.message)
            }
            if isKnown { continue }
            // What comes back goes only to those who know the request.
            checkSent(request.message, "the \(request.side) requests `\(request.message)`", path)
        }
    }

    /// What a side newly sends is a message that older peers cannot know either.
    private mutating func checkSent(_ name: String, _ says: String, _ path: [String]) {
        guard case .message(let message)? = new.declaration(named: name) else { return }
        let isOld = old.messages.contains { $0.number == message.number }
        let isImported = !new.messages.contains { $0.name == name }
        if isOld || isImported {
            report(.acceptSendingAdded, path + [name], "\(says), which it did not before")
        }
    }

    /// Whether two names are of the same message.
    private func isSame(_ oldName: String, _ newName: String) -> Bool {
        guard case .message(let oldMessage)? = old.declaration(named: oldName),
            case .message(let newMessage)? = new.declaration(named: newName)
        else { return oldName == newName }
        return oldMessage.number == newMessage.number
    }

    private func list(_ names: [String]) -> String {
        names.map { "`\($0)`" }.joined(separator: ", ")
    }

    private func hexadecimal(_ value: UInt32) -> String {
        "0x\(String(value, radix: 16, uppercase: true))"
    }
}
