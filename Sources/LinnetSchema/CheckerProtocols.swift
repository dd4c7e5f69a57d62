// SPDX-License-Identifier: Apache-2.0

// Protocols (§2.5).

extension SchemaChecker {
    mutating func checkProtocol(_ declaration: SyntaxDeclaration) {
        guard case .binding(let items) = declaration.kind else { return }
        let name = declaration.name
        var binding = ProtocolBinding(name: name.text, magic: 0)
        binding.documentation = declaration.documentation
        var seen: Set<String> = []
        for item in items {
            if let word = item.settingName, !seen.insert(word).inserted {
                findings.report(
                    .duplicateItem,
                    at: item.span.start,
                    "`\(word)` stands in `\(name.text)` already",
                    fix: "remove one of them"
                )
            }
            check(item, &binding)
        }
        if !seen.contains("magic"), !hasSyntaxErrors {
            findings.report(
                .magicMissing,
                at: name.start,
                "`\(name.text)` does not say by which magic its packets are known",
                fix: "add a line such as `magic 0x4D4B5431`"
            )
        }
        checkNumbers(items)
        checkRoles(items)
        checkPacketSize(binding, items)
        set(.binding(binding), name)
    }

    private mutating func check(_ item: SyntaxItem, _ binding: inout ProtocolBinding) {
        switch item.kind {
        case .magic(let number):
            _ = check(item.attributes, allowed: [], at: "a magic")
            let value = checkedInteger(number, IntegerKind.u32.range, .protocolValue, "a magic")
            binding.magic = UInt32(value ?? 0)
        case .version(let first, let last):
            _ = check(item.attributes, allowed: [], at: "a version")
            checkVersions(first, last, &binding)
        case .max(let number):
            _ = check(item.attributes, allowed: [], at: "a size")
            let range = Int128(24)...Int128(UInt32.max)
            let value = checkedInteger(
                number,
                range,
                .protocolValue,
                "the largest packet, in bytes,"
            )
            binding.maxPacketByteCount = Int(value ?? 1_048_576)
        case .sends(let side, let messages):
            let attributes = check(item.attributes, allowed: [.control], at: "`sends`")
            for message in messages where isMessage(message) {
                var sending = ProtocolBinding.Sending(side: side, message: message.text)
                sending.isControl = attributes.isControl
                binding.sendings.append(sending)
            }
        case .requests(let side, let message, let response, let errors):
            let attributes = check(
                item.attributes,
                allowed: [.control, .correlated],
                at: "`requests`"
            )
            let isKnown = ([message, response] + errors).map { isMessage($0) }
            if isKnown.allSatisfy(\.self) {
                var request = ProtocolBinding.Request(
                    side: side,
                    message: message.text,
                    response: response.text,
                    errors: errors.map(\.text)
                )
                request.isControl = attributes.isControl
                request.isCorrelated = attributes.isCorrelated
                binding.requests.append(request)
            }
            if side == .server {
                findings.needsLevel1(
                    at: item.span.start,
                    "`server requests` needs level 1",
                    fix: "let the client request, or write `server sends`"
                )
            }
        }
        for attribute in item.attributes where [.control, .correlated].contains(attribute.kind) {
            findings.needsLevel1(
                at: attribute.start,
                "`@\(attribute.kind.rawValue)` needs level 1",
                fix: "remove it"
            )
        }
    }

    private mutating func checkVersions(
        _ first: SyntaxNumber,
        _ last: SyntaxNumber?,
        _ binding: inout ProtocolBinding
    ) {
        let what = "a version of a protocol"
        let range = IntegerKind.u16.range
        guard let lowest = checkedInteger(first, range, .protocolValue, what),
            let highest = checkedInteger(last ?? first, range, .protocolValue, what)
        else { return }
        guard lowest <= highest else {
            findings.report(
                .protocolValue,
                at: first.start,
                "no version lies in \(lowest)...\(highest)",
                fix: "write `version \(highest)...\(lowest)`"
            )
            return
        }
        binding.versions = UInt16(lowest)...UInt16(highest)
    }

    private mutating func isMessage(_ name: SyntaxName) -> Bool {
        let entry = names.entries[name.text]
        if let entry, entry.kind == .message || entry.kind == nil { return true }
        findings.report(
            .unknownMessage,
            at: name.start,
            entry?.kind.map { "`\(name.text)` is \($0.description) and no message" }
                ?? "there is no message `\(name.text)`",
            fix: nearestName(to: name.text) { $0 == .message }.map { "write `\($0)`" }
        )
        return false
    }

    /// Two messages of imported schemas may have one number; here they may not meet.
    private mutating func checkNumbers(_ items: [SyntaxItem]) {
        var numbers: [UInt16: String] = [:]
        for name in items.flatMap(\.messages) {
            guard let message = names.message(name.text) else { continue }
            let earlier = numbers.updateValue(message.name, forKey: message.number)
            guard let earlier, earlier != message.name else { continue }
            findings.report(
                .duplicateNumber,
                at: name.start,
                "`\(message.name)` and `\(earlier)` have the number \(message.number) both",
                fix: "give one of them another number"
            )
        }
    }

    /// No message of one side has two meanings.
    private mutating func checkRoles(_ items: [SyntaxItem]) {
        var roles: [ProtocolBinding.Side: [String: Role]] = [:]
        for item in items {
            for (side, name, role) in item.roles {
                let earlier = roles[side]?[name.text]
                guard let earlier, !(role == .answers && earlier == .answers) else {
                    roles[side, default: [:]][name.text] = role
                    continue
                }
                findings.report(
                    .ambiguousMessage,
                    at: name.start,
                    "the \(side.rawValue) \(earlier.rawValue) `\(name.text)` already, "
                        + "and nobody could tell which of the two it is",
                    fix: earlier == role ? "remove one of them" : "declare another message"
                )
            }
            for names in item.answers where Set(names.map(\.text)).count < names.count {
                findings.report(
                    .ambiguousMessage,
                    at: names[0].start,
                    "the response and the errors of a request are different messages",
                    fix: "remove one of them, or declare another message"
                )
            }
        }
    }

    private mutating func checkPacketSize(_ binding: ProtocolBinding, _ items: [SyntaxItem]) {
        var seen: Set<String> = []
        for name in items.flatMap(\.messages) where seen.insert(name.text).inserted {
            guard let message = names.message(name.text),
                message.maxByteCount + 28 > binding.maxPacketByteCount
            else { continue }
            findings.warn(
                .packetSize,
                at: name.start,
                "by its bounds `\(name.text)` has up to \(message.maxByteCount) bytes, "
                    + "and with header and trailer of a packet does not fit "
                    + "\(binding.maxPacketByteCount)",
                fix: "write `max \(message.maxByteCount + 28)`, or lower its bounds"
            )
        }
    }
}

/// What a side does with a message.
private enum Role: String {
    case sends, requests
    case answers = "answers with"
}

extension SyntaxItem {
    fileprivate var settingName: String? {
        switch kind {
        case .magic: "magic"
        case .version: "version"
        case .max: "max"
        case .sends, .requests: nil
        }
    }

    fileprivate var messages: [SyntaxName] { roles.map(\.1) }

    fileprivate var roles: [(ProtocolBinding.Side, SyntaxName, Role)] {
        switch kind {
        case .magic, .version, .max: []
        case .sends(let side, let messages): messages.map { (side, $0, .sends) }
        case .requests(let side, let message, let response, let errors):
            [(side, message, .requests)]
                + ([response] + errors).map { (side.other, $0, .answers) }
        }
    }

    /// Response and errors.
    fileprivate var answers: [[SyntaxName]] {
        guard case .requests(_, _, let response, let errors) = kind else { return [] }
        return [[response] + errors]
    }
}

extension ProtocolBinding.Side {
    public var other: Self { self == .client ? .server : .client }
}
