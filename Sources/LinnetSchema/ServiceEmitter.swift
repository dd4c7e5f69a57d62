// SPDX-License-Identifier: Apache-2.0

/// Writes the Swift of a `protocol` (Specs/schema.md §2.5), which runs on the module Linnet: for
/// `Prices` the facts of its packets (`Prices`), what a server implements (`PricesService`), the
/// replies to requests, and what a client calls (`PricesClient`, `PricesEvent`).
///
/// Names of Linnet are written with their module, so that types of the user's module may have them.
/// What needs level 1 is not written: the checker has refused it.
///
/// Cost: O(schema). Thread: any.
struct ServiceEmitter {
    let binding: ProtocolBinding
    let schema: Schema
    /// How a message of that name is written where names of Linnet's types may hide it.
    let typeName: (String) -> String
    private let messages: [String: Message]
    private let usesWholeWords: Bool

    init(_ binding: ProtocolBinding, of schema: Schema, typeName: @escaping (String) -> String) {
        self.binding = binding
        self.schema = schema
        self.typeName = typeName
        let names = Set(binding.messageNames)
        var messages: [String: Message] = [:]
        for case .message(let message) in schema.declarations + schema.imported
        where names.contains(message.name) {
            messages[message.name] = message
        }
        self.messages = messages
        usesWholeWords = Set(names.map(ServiceNames.method)).count == names.count
    }

    /// Types that are declared for the protocol.
    static func typeNames(_ binding: ProtocolBinding) -> [String] {
        let name = binding.name
        return [name, name + "Service", name + "Client"]
            + (binding.events.isEmpty ? [] : [name + "Event"])
    }

    var name: String { binding.name }

    func message(_ name: String) -> Message? { messages[name] }

    /// The method, case or label of a message.
    func method(_ message: String) -> String {
        usesWholeWords ? ServiceNames.method(message) : ServiceNames.plainMethod(message)
    }

    /// The method of a message, to be called where a parameter may have its name.
    func callee(_ message: String) -> String {
        let name = method(message)
        return ["id", "message", "outbox", "request", "reply", "build", "event"].contains(name)
            ? "self." + name : name
    }

    func emit(to text: inout SwiftText) {
        emitFacts(to: &text)
        emitService(to: &text)
        emitDispatch(to: &text)
        for request in binding.clientRequests { emitReplies(to: request, &text) }
        emitClient(to: &text)
    }

    // MARK: - Facts

    private func emitFacts(to text: inout SwiftText) {
        text.line("")
        text.documentation(binding.documentation)
        text.block("public enum \(name): Linnet.WireProtocol") { text in
            let magic = ServiceNames.hexadecimal(binding.magic)
            let (first, last) = (binding.versions.lowerBound, binding.versions.upperBound)
            let size = SwiftNames.number(Int128(binding.maxPacketByteCount))
            text.line("public static var magic: UInt32 { \(magic) }")
            text.line("public static var versions: ClosedRange<UInt16> { \(first)...\(last) }")
            text.line("public static var maxPacketByteCount: Int { \(size) }")
            emitNumbers("public static var events: [UInt16]", binding.events, &text)
            emitExchanges(to: &text)
        }
    }

    private func emitNumbers(_ head: String, _ names: [String], _ text: inout SwiftText) {
        let items = names.map { "\(typeName($0)).number" }
        let whole = "\(head) { [\(items.joined(separator: ", "))] }"
        if text.fits(whole) { return text.line(whole) }
        text.block(head) { Self.emitArray(items, to: &$0) }
    }

    private func emitExchanges(to text: inout SwiftText) {
        let head = "public static var exchanges: [Linnet.Exchange]"
        if binding.clientRequests.isEmpty { return text.line("\(head) { [] }") }
        text.block(head) { text in
            text.line("[")
            text.indented { text in
                for request in binding.clientRequests {
                    let replies = request.replies.map { "\(typeName($0)).number" }
                    text.line("Linnet.Exchange(")
                    text.indented { text in
                        text.line("request: \(typeName(request.message)).number,")
                        let whole = "replies: [\(replies.joined(separator: ", "))]"
                        if text.fits(whole) {
                            text.line(whole)
                        } else {
                            Self.emitArray(replies, "replies: ", to: &text)
                        }
                    }
                    // The formatter takes none behind a single element.
                    text.line(binding.clientRequests.count > 1 ? ")," : ")")
                }
            }
            text.line("]")
        }
    }

    /// An element on each line.
    private static func emitArray(
        _ items: [String],
        _ label: String = "",
        to text: inout SwiftText
    ) {
        text.line(label + "[")
        let end = items.count > 1 ? "," : ""
        text.indented { text in for item in items { text.line(item + end) } }
        text.line("]")
    }

    // MARK: - What a server implements

    private func emitService(to text: inout SwiftText) {
        text.line("")
        text.line("/// What a server of `\(name)` does with the messages of its clients.")
        let head = "public protocol \(name)Service: Linnet.Service, ~Copyable"
        let clause = "where Wire == \(typeName(name))"
        let isOneLine = text.fits("\(head) \(clause) {")
        if !isOneLine { text.line(head) }
        text.block(isOneLine ? "\(head) \(clause)" : clause) { text in
            var isFirst = true
            for message in binding.clientSends {
                if !isFirst { text.line("") }
                isFirst = false
                document("The client sends `\(message)`.", message, to: &text)
                text.call(
                    "mutating func \(method(message))",
                    ["_ message: \(typeName(message)).View"] + Self.context
                )
            }
            for request in binding.clientRequests {
                if !isFirst { text.line("") }
                isFirst = false
                document(request.sentence("The client asks"), request.message, to: &text)
                let reply = "Linnet.Reply<\(typeName(name)), \(typeName(request.message))>"
                text.call(
                    "mutating func \(method(request.message))",
                    ["_ request: \(typeName(request.message)).View", Self.context[0]]
                        + ["reply: consuming \(reply)", Self.context[1]],
                    " -> Linnet.Replied"
                )
            }
        }
    }

    private static let context = ["from id: Linnet.ConnectionID", "outbox: inout Linnet.Outbox"]

    /// The sentence, and what the schema says of the message.
    func document(_ sentence: String, _ name: String, to text: inout SwiftText) {
        let words = messages[name]?.documentation ?? []
        text.documentation([sentence] + (words.isEmpty ? [] : [""] + words))
    }

    // MARK: - Dispatch

    private func emitDispatch(to text: inout SwiftText) {
        text.line("")
        text.extensionOf("\(name)Service", where: ["Self: ~Copyable"]) { text in
            text.line("@inlinable")
            text.call(
                "public mutating func received",
                ["_ message: Linnet.ReceivedMessage"] + Self.context,
                " throws(Linnet.ProtocolError) {"
            )
            text.indented { text in
                text.line("switch message.number {")
                emitCases(to: &text)
                text.line("}")
            }
            text.line("}")
        }
    }

    private func emitCases(to text: inout SwiftText) {
        let arguments = ["from: id", "outbox: &outbox"]
        for message in binding.clientSends {
            text.line("case \(typeName(message)).number:")
            let view = "try message.view(of: \(typeName(message)).self)"
            text.indented { $0.call(callee(message), [view] + arguments) }
        }
        for request in binding.clientRequests {
            text.line("case \(typeName(request.message)).number:")
            text.indented { text in
                text.line("let request = try message.view(of: \(typeName(request.message)).self)")
                text.call(
                    "try \(callee(request.message))",
                    ["request", arguments[0], "reply: message.reply(to: id)", arguments[1]],
                    ".check()"
                )
            }
        }
        let foreign = binding.serverMessages.map { "\(typeName($0)).number" }
        if !foreign.isEmpty {
            let whole = "case \(foreign.joined(separator: ", ")):"
            if text.fits(whole) {
                text.line(whole)
            } else {
                for (index, number) in foreign.enumerated() {
                    let end = index < foreign.count - 1 ? "," : ":"
                    text.line((index == 0 ? "case " : "    ") + number + end)
                }
            }
            text.indented { $0.line("throw .wrongSide(message.number)") }
        }
        text.line("default:")
        text.indented { $0.line("throw .unknownMessage(message.number)") }
    }

    // MARK: - Replies

    /// The parameter that builds a message of that type, of a function of an extension.
    static func builder(of type: String) -> String {
        let (front, back) = ("_ build: (consuming \(type).Builder) ->", "Linnet.Sealed<\(type)>")
        let isOneLine = 8 + front.count + 1 + back.count <= SwiftText.maxColumns
        return front + (isOneLine ? " " : "\n            ") + back
    }

    private func emitReplies(to request: ProtocolBinding.Request, _ text: inout SwiftText) {
        text.line("")
        let requirements = [
            "Wire == \(typeName(name))", "Request == \(typeName(request.message))",
        ]
        text.extensionOf("Linnet.Reply", where: requirements) { text in
            for (index, reply) in request.replies.enumerated() {
                if index > 0 { text.line("") }
                let what = index == 0 ? "with `\(reply)`" : "with the error `\(reply)`"
                emitReply(reply, what, &text)
            }
        }
    }

    private func emitReply(_ reply: String, _ what: String, _ text: inout SwiftText) {
        let (type, method) = (typeName(reply), method(reply))
        text.line("/// Answers \(what), built in place.")
        text.line("@inlinable")
        text.call(
            "public consuming func \(method)",
            [
                "through outbox: inout Linnet.Outbox",
                Self.builder(of: type),
            ],
            " -> Linnet.Replied {"
        )
        text.indented { $0.line("send(building: \(type).self, through: &outbox, build)") }
        text.line("}")
        text.line("")
        text.line("/// Answers \(what).")
        text.line("@inlinable")
        text.call(
            "public consuming func \(method)",
            ["_ message: \(type)", "through outbox: inout Linnet.Outbox"],
            " -> Linnet.Replied {"
        )
        text.indented { $0.line("send(message: message, through: &outbox)") }
        text.line("}")
    }
}
