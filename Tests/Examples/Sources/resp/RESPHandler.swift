// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Obeys the commands. PING, GET, and SET of a key that is there, allocate nothing.
struct RESPHandler: Handler, ~Copyable {
    private var store = Store()

    mutating func received(
        _ frame: borrowing FrameView<RESPFraming>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        let payload = frame.payload
        let count = frame.metadata.argumentCount
        var arguments = frame.metadata.arguments
        switch frame.metadata.name {
        case "PING" where count == 1:
            outbox.reply("+PONG\r\n", to: id)
        case "PING" where count == 2, "ECHO" where count == 2:
            guard let text = arguments.next(in: payload) else { return }
            outbox.reply(bulk: payload.extracting(text), to: id)
        case "GET" where count == 2:
            get(nextKey(&arguments, payload), id, &outbox)
        case "SET" where count == 3:
            let key = nextKey(&arguments, payload)
            guard let value = arguments.next(in: payload) else { return }
            set(payload.extracting(value), for: key, id, &outbox)
        case "INCR" where count == 2:
            increment(nextKey(&arguments, payload), id, &outbox)
        case "EXISTS" where count > 1:
            var found = 0
            for _ in 1..<count {
                if let key = nextKey(&arguments, payload), store.contains(key) { found += 1 }
            }
            outbox.reply(integer: found, to: id)
        case "DEL" where count > 1:
            var removed = 0
            for _ in 1..<count {
                if let key = nextKey(&arguments, payload), store.remove(key) { removed += 1 }
            }
            outbox.reply(integer: removed, to: id)
        default:
            manage(frame.metadata, payload, id, &outbox)
        }
    }

    /// What is not about keys.
    private mutating func manage(
        _ command: RESPFraming.Metadata,
        _ payload: RawSpan,
        _ id: ConnectionID,
        _ outbox: inout Outbox
    ) {
        switch command.name {
        case _ where command.argumentCount == 0:
            break  // an empty line
        case "DBSIZE":
            outbox.reply(integer: store.count, to: id)
        case "FLUSHALL":
            store.removeAll()
            outbox.reply("+OK\r\n", to: id)
        case "CLIENT":
            outbox.reply("+OK\r\n", to: id)
        case "COMMAND":
            outbox.reply("*0\r\n", to: id)
        case "CONFIG" where command.argumentCount == 3:
            var arguments = command.arguments
            _ = arguments.next(in: payload)
            guard let name = arguments.next(in: payload) else { return }
            // Every setting is empty, which means of those that benchmarks ask for: off.
            _ =
                outbox.reply("*2\r\n", to: id)
                && outbox.reply(bulk: payload.extracting(name), to: id)
                && outbox.reply("$0\r\n\r\n", to: id)
        case "QUIT":
            outbox.reply("+OK\r\n", to: id)
            outbox.close(id)
        case "PING", "ECHO", "GET", "SET", "INCR", "EXISTS", "DEL", "CONFIG":
            outbox.reply("-ERR wrong number of arguments\r\n", to: id)
        default:
            outbox.reply("-ERR unknown command\r\n", to: id)
        }
    }

    /// The next argument as a key; `nil` if it is too long for one.
    private func nextKey(_ arguments: inout Arguments, _ payload: RawSpan) -> Key? {
        arguments.next(in: payload).flatMap { Key(payload.extracting($0)) }
    }
}

// MARK: - Keys

extension RESPHandler {
    private func get(_ key: Key?, _ id: ConnectionID, _ outbox: inout Outbox) {
        let answered = key.flatMap { key in
            store.withValue(of: key) { value in outbox.reply(bulk: value, to: id) }
        }
        if answered == nil { outbox.reply("$-1\r\n", to: id) }
    }

    private mutating func set(
        _ value: RawSpan,
        for key: Key?,
        _ id: ConnectionID,
        _ outbox: inout Outbox
    ) {
        guard let key else {
            outbox.reply("-ERR key too long\r\n", to: id)
            return
        }
        guard store.set(value, for: key, from: outbox.magazine) else {
            outbox.reply("-OOM there is no room for another value\r\n", to: id)
            return
        }
        outbox.reply("+OK\r\n", to: id)
    }

    private mutating func increment(_ key: Key?, _ id: ConnectionID, _ outbox: inout Outbox) {
        guard let key else {
            outbox.reply("-ERR key too long\r\n", to: id)
            return
        }
        let old = store.withValue(of: key) { value in value.withBytes { integer($0) } }
        let (new, isTooLarge) = (old ?? 0)?.addingReportingOverflow(1) ?? (0, true)
        guard !isTooLarge else {
            outbox.reply("-ERR value is not an integer or out of range\r\n", to: id)
            return
        }
        let digits = String(new)
        guard store.set(digits.utf8.span.bytes, for: key, from: outbox.magazine) else {
            outbox.reply("-OOM there is no room for another value\r\n", to: id)
            return
        }
        outbox.reply(integer: new, to: id)
    }

    /// The number that the bytes are the text of.
    private func integer(_ bytes: RawSpan) -> Int? {
        guard bytes.byteCount <= 20 else { return nil }
        let text = (0..<bytes.byteCount).map { bytes.loadLittleEndian(at: $0) as UInt8 }
        return Int(String(decoding: text, as: UTF8.self))
    }
}
