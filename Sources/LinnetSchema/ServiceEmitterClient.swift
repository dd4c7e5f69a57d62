// SPDX-License-Identifier: Apache-2.0

// What a client of a protocol calls.

extension ServiceEmitter {
    func emitClient(to text: inout SwiftText) {
        text.line("")
        text.line("/// A connection to a server of `\(name)`.")
        let head = "public typealias \(name)Client = Linnet.TypedClient<"
        if text.fits("\(head)\(name)>") {
            text.line("\(head)\(name)>")
        } else {
            text.line(head)
            text.indented { $0.line(name) }
            text.line(">")
        }
        emitEvent(to: &text)
        guard !binding.clientSends.isEmpty || !binding.clientRequests.isEmpty || hasEvents else {
            return
        }
        text.line("")
        text.extensionOf("Linnet.TypedClient", where: ["Wire == \(typeName(name))"]) { text in
            var isFirst = true
            func separate() {
                if !isFirst { text.line("") }
                isFirst = false
            }
            for message in binding.clientSends {
                separate()
                emitSend(message, to: &text)
            }
            for request in binding.clientRequests {
                separate()
                emitAsk(request, to: &text)
            }
            if hasEvents {
                separate()
                emitNext(to: &text)
            }
        }
    }

    /// What users call says that the message is deprecated; its type does not, since generated code
    /// names it.
    private func deprecate(_ name: String, _ text: inout SwiftText) {
        SwiftEmitter.emit(message(name)?.deprecation, to: &text)
    }

    private var hasEvents: Bool { !binding.events.isEmpty }

    // MARK: - Sends

    private func emitSend(_ message: String, to text: inout SwiftText) {
        let (type, method) = (typeName(message), method(message))
        let tail = " throws(Linnet.BuildError) -> Linnet.SendResult {"
        document("Sends `\(message)`.", message, to: &text)
        deprecate(message, &text)
        text.line("@inlinable")
        text.call("public func \(method)", ["_ message: \(type)"], tail)
        text.indented { $0.line("try send(message: message)") }
        text.line("}")
        text.line("")
        text.line("/// Sends `\(message)`, built in place.")
        deprecate(message, &text)
        text.line("@inlinable")
        text.call(
            "public func \(method)",
            [Self.builder(of: type)],
            tail
        )
        text.indented { $0.line("try send(building: \(type).self, build)") }
        text.line("}")
    }

    // MARK: - Requests

    private func emitAsk(_ request: ProtocolBinding.Request, to text: inout SwiftText) {
        let (type, method) = (typeName(request.message), method(request.message))
        let callee = callee(request.message)
        let response = "Linnet.MessageLease<\(typeName(request.response))>"
        let throwing =
            "- Throws: "
            + (request.errors.map { "`\($0)`" } + ["what ends the connection."])
            .joined(separator: ", or ")
        let head = "public nonisolated(nonsending) func \(method)"
        let tail = " async throws -> \(response) {"

        document(
            "Asks `\(request.message)`, and waits for `\(request.response)`.",
            request.message,
            to: &text
        )
        text.documentation(["", throwing])
        deprecate(request.message, &text)
        text.line("@inlinable")
        text.call(head, ["_ request: \(type)"], tail)
        text.indented { $0.call("try \(callee)", ["reply: try await ask(request: request)"]) }
        text.line("}")
        text.line("")
        text.documentation([
            "Asks `\(request.message)`, built in place, and waits for `\(request.response)`.",
            "", throwing,
        ])
        deprecate(request.message, &text)
        text.line("@inlinable")
        text.call(
            head,
            [Self.builder(of: type)],
            tail
        )
        text.indented {
            $0.call("try \(callee)", ["reply: try await ask(building: \(type).self, build)"])
        }
        text.line("}")
        text.line("")
        text.line("@usableFromInline")
        text.call(
            "func \(method)",
            ["reply: consuming Linnet.ServerMessage"],
            " throws -> \(response) {"
        )
        text.indented { emitReplyCases(request, to: &$0) }
        text.line("}")
    }

    private func emitReplyCases(_ request: ProtocolBinding.Request, to text: inout SwiftText) {
        guard !request.errors.isEmpty else { return text.line("try message(in: reply)") }
        text.line("switch reply.number {")
        for error in request.errors {
            let type = typeName(error)
            text.line("case \(type).number:")
            text.indented { $0.line("throw try error(in: reply, as: \(type).self)") }
        }
        text.line("default:")
        text.indented { $0.line("return try message(in: reply)") }
        text.line("}")
    }

    // MARK: - Events

    private func emitEvent(to text: inout SwiftText) {
        guard hasEvents else { return }
        text.line("")
        text.line("/// What a server of `\(name)` sends on its own.")
        text.block("public enum \(name)Event: Sendable") { text in
            for event in binding.events {
                text.documentation(message(event)?.documentation ?? [])
                text.line("case \(method(event))(Linnet.MessageLease<\(typeName(event))>)")
            }
        }
    }

    private func emitNext(to text: inout SwiftText) {
        text.documentation([
            "What the server sends next on its own. Waits for it; one task at a time.",
            "",
            "- Throws: `ClientError.closed` at the end; `CancellationError`, and none is lost.",
        ])
        text.block("public func next() async throws -> \(name)Event") { text in
            text.line("let event = try await nextEvent()")
            text.line("switch event.number {")
            for event in binding.events {
                let type = typeName(event)
                text.line("case \(type).number:")
                text.indented { text in
                    text.line("return .\(method(event))(try message(in: event))")
                }
            }
            text.line("default:")
            text.indented { $0.line("throw leave(because: .unknownMessage(event.number))") }
            text.line("}")
        }
    }
}
