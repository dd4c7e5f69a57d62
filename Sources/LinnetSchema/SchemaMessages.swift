// SPDX-License-Identifier: Apache-2.0

/// A message.
public struct Message: Sendable, Hashable {
    public var name: String
    public var documentation: [String] = []
    /// Its number on the wire.
    public var number: UInt16
    public var since: UInt16 = 1
    public var deprecation: Deprecation?
    /// Whether ends and counts have 4 bytes instead of 2.
    public var isWide: Bool
    public var block: Block
    /// Of the whole message, header included, by its bounds (§2.4).
    public var maxByteCount: Int

    public init(name: String, number: UInt16, isWide: Bool, block: Block, maxByteCount: Int) {
        self.name = name
        self.number = number
        self.isWide = isWide
        self.block = block
        self.maxByteCount = maxByteCount
    }

    /// Bytes of an end and of a count: 2 or 4.
    public var endByteCount: Int { isWide ? 4 : 2 }
}

/// Entries of a group or map.
public struct Group: Sendable, Hashable {
    public var maxCount: Int
    public var block: Block

    public init(maxCount: Int, block: Block) {
        self.maxCount = maxCount
        self.block = block
    }
}

/// What a message, or an entry of a group, consists of.
public struct Block: Sendable, Hashable {
    /// In the order of their declaration.
    public var fields: [Field]
    public var constants: [Constant] = []
    /// Its shape in each version that changed it, oldest first. The last one is that of today.
    public var shapes: [Shape]
    public var presenceBytes: [PresenceByte] = []

    public init(fields: [Field], shapes: [Shape]) {
        self.fields = fields
        self.shapes = shapes
    }

    /// Bytes of the fixed part today.
    public var fixedByteCount: Int { shapes.last?.fixedByteCount ?? 0 }

    /// Ends of a block today; of an entry with ends the first end included.
    public var endCount: Int { shapes.last?.endCount ?? 0 }
}

/// The shape of a block from a version on (§5.1).
public struct Shape: Sendable, Hashable {
    public var since: UInt16
    public var fixedByteCount: Int
    public var endCount: Int

    public init(since: UInt16, fixedByteCount: Int, endCount: Int) {
        self.since = since
        self.fixedByteCount = fixedByteCount
        self.endCount = endCount
    }
}

/// A byte of presence bits (§3.2).
public struct PresenceByte: Sendable, Hashable {
    public var offset: Int
    /// The bits that belong to fields.
    public var mask: UInt8
    public var since: UInt16

    public init(offset: Int, mask: UInt8, since: UInt16) {
        self.offset = offset
        self.mask = mask
        self.since = since
    }
}

/// A field of a struct, a message or a group.
public struct Field: Sendable, Hashable {
    public var name: String
    public var documentation: [String] = []
    public var type: FieldType
    public var isOptional = false
    public var defaultValue: Literal?
    /// Both ends included; integers or numbers.
    public var range: ValueRange?
    /// As it holds, not as written: at least that of what is around it.
    public var since: UInt16 = 1
    public var deprecation: Deprecation?
    public var place: Place
    /// Its presence bit, if it has one.
    public var presence: PresenceBit?

    public init(name: String, type: FieldType, place: Place) {
        self.name = name
        self.type = type
        self.place = place
    }
}

/// Where a field is.
public enum Place: Sendable, Hashable {
    /// In the fixed part.
    case fixed(offset: Int, byteCount: Int)
    /// Its end is that one of the block's ends. In the entries of a group the ends of fields begin
    /// at index 1: index 0 says where the entry begins.
    case variable(endIndex: Int)
}

/// A bit of a presence byte.
public struct PresenceBit: Sendable, Hashable {
    public var offset: Int
    /// 0 to 7.
    public var bit: Int

    public init(offset: Int, bit: Int) {
        self.offset = offset
        self.bit = bit
    }
}

/// The values that a field may have.
public struct ValueRange: Sendable, Hashable {
    public var lowest: Literal
    public var highest: Literal

    public init(lowest: Literal, highest: Literal) {
        self.lowest = lowest
        self.highest = highest
    }
}

/// A `protocol`: what packets carry (§2.5).
public struct ProtocolBinding: Sendable, Hashable {
    public enum Side: String, Sendable, Hashable { case client, server }

    /// A message that a side may send on its own.
    public struct Sending: Sendable, Hashable {
        public var side: Side
        public var message: String
        public var isControl = false

        public init(side: Side, message: String) {
            self.side = side
            self.message = message
        }
    }

    /// A request, its response and its errors, by the names of their messages.
    public struct Request: Sendable, Hashable {
        public var side: Side
        public var message: String
        public var response: String
        public var errors: [String]
        public var isControl = false
        public var isCorrelated = false

        public init(side: Side, message: String, response: String, errors: [String]) {
            self.side = side
            self.message = message
            self.response = response
            self.errors = errors
        }
    }

    public var name: String
    public var documentation: [String] = []
    public var magic: UInt32
    public var versions: ClosedRange<UInt16>
    /// Bytes of a packet, header included.
    public var maxPacketByteCount: Int
    public var sendings: [Sending] = []
    public var requests: [Request] = []

    public init(
        name: String,
        magic: UInt32,
        versions: ClosedRange<UInt16> = 1...1,
        maxPacketByteCount: Int = 1_048_576
    ) {
        self.name = name
        self.magic = magic
        self.versions = versions
        self.maxPacketByteCount = maxPacketByteCount
    }
}
