// SPDX-License-Identifier: Apache-2.0

/// What a change does to those who have the schema as it was (Specs/schema.md §5.5).
public enum ChangeCategory: String, Sendable, Hashable, CaseIterable {
    /// Peers misread each other.
    case wire = "WIRE"
    /// Peers refuse what they accepted, or the reverse.
    case accept = "ACCEPT"
    /// Code that uses what is generated no longer compiles, or does something else.
    case source = "SOURCE"
    /// JSON that was written before is read otherwise or refused.
    case json = "JSON"
}

/// A rule of the compatibility gate. Its raw value stays the same from release to release.
public enum ChangeRule: String, Sendable, Hashable, CaseIterable {
    case wireVersionNotRaised = "WIRE-VERSION-NOT-RAISED"
    case wireVersionLowered = "WIRE-VERSION-LOWERED"
    case wireSinceMissing = "WIRE-SINCE-MISSING"
    case wireSinceChanged = "WIRE-SINCE-CHANGED"
    case wireSchemaRemoved = "WIRE-SCHEMA-REMOVED"
    case wireMessageRemoved = "WIRE-MESSAGE-REMOVED"
    case wireMessageNumberChanged = "WIRE-MESSAGE-NUMBER-CHANGED"
    case wireEndWidth = "WIRE-END-WIDTH"
    case wireFieldRemoved = "WIRE-FIELD-REMOVED"
    case wireFieldInserted = "WIRE-FIELD-INSERTED"
    case wireFieldMoved = "WIRE-FIELD-MOVED"
    case wireTypeChanged = "WIRE-TYPE-CHANGED"
    case wireOptionalChanged = "WIRE-OPTIONAL-CHANGED"
    case wireDefaultChanged = "WIRE-DEFAULT-CHANGED"
    case wireStructChanged = "WIRE-STRUCT-CHANGED"
    case wireStorageChanged = "WIRE-STORAGE-CHANGED"
    case wireCaseValueChanged = "WIRE-CASE-VALUE-CHANGED"
    case wireBitsChanged = "WIRE-BITS-CHANGED"
    case wireArmTagChanged = "WIRE-ARM-TAG-CHANGED"
    case wireProtocolMagic = "WIRE-PROTOCOL-MAGIC"
    case wireResponseChanged = "WIRE-RESPONSE-CHANGED"
    case wirePlaneChanged = "WIRE-PLANE-CHANGED"

    case acceptSinceChanged = "ACCEPT-SINCE-CHANGED"
    case acceptTypeChanged = "ACCEPT-TYPE-CHANGED"
    case acceptOptionalChanged = "ACCEPT-OPTIONAL-CHANGED"
    case acceptBoundWidened = "ACCEPT-BOUND-WIDENED"
    case acceptBoundNarrowed = "ACCEPT-BOUND-NARROWED"
    case acceptRangeWidened = "ACCEPT-RANGE-WIDENED"
    case acceptRangeNarrowed = "ACCEPT-RANGE-NARROWED"
    case acceptEnumOpened = "ACCEPT-ENUM-OPENED"
    case acceptEnumClosed = "ACCEPT-ENUM-CLOSED"
    case acceptClosedEnumCaseAdded = "ACCEPT-CLOSED-ENUM-CASE-ADDED"
    case acceptClosedEnumCaseRemoved = "ACCEPT-CLOSED-ENUM-CASE-REMOVED"
    case acceptBitsFieldAdded = "ACCEPT-BITS-FIELD-ADDED"
    case acceptBitsFieldRemoved = "ACCEPT-BITS-FIELD-REMOVED"
    case acceptProtocolVersions = "ACCEPT-PROTOCOL-VERSIONS"
    case acceptProtocolMax = "ACCEPT-PROTOCOL-MAX"
    case acceptSendingAdded = "ACCEPT-SENDING-ADDED"
    case acceptSendingRemoved = "ACCEPT-SENDING-REMOVED"
    case acceptErrorsChanged = "ACCEPT-ERRORS-CHANGED"

    case sourceRenamed = "SOURCE-RENAMED"
    case sourceSchemaRenamed = "SOURCE-SCHEMA-RENAMED"
    case sourceDeclarationRemoved = "SOURCE-DECLARATION-REMOVED"
    case sourceCaseRemoved = "SOURCE-CASE-REMOVED"
    case sourceTypeChanged = "SOURCE-TYPE-CHANGED"
    case sourceDefaultChanged = "SOURCE-DEFAULT-CHANGED"
    case sourceConstantChanged = "SOURCE-CONSTANT-CHANGED"

    case jsonNameChanged = "JSON-NAME-CHANGED"
    case jsonTypeChanged = "JSON-TYPE-CHANGED"

    /// The first word of the rule's name.
    public var category: ChangeCategory {
        ChangeCategory.allCases.first { rawValue.hasPrefix($0.rawValue + "-") } ?? .wire
    }

    /// What to do instead.
    public var hint: String {
        switch self {
        case .wireVersionNotRaised: "raise the version in the schema line"
        case .wireVersionLowered: "let the version in the schema line only rise"
        case .wireSinceMissing: "mark it @since with the schema's new version"
        case .wireSinceChanged, .acceptSinceChanged: "leave @since as it was released"
        case .wireSchemaRemoved: "keep the file as long as a peer has it; if it moved, lock again"
        case .wireMessageRemoved: "keep the message and mark it @deprecated"
        case .wireMessageNumberChanged: "give the message its number back; numbers are for ever"
        case .wireEndWidth: "leave @wide as it was, or add a new message"
        case .wireFieldRemoved: "keep the field and mark it @deprecated"
        case .wireFieldInserted: "append new fields to the end of the block, with @since"
        case .wireFieldMoved: "put the field back: the order of fields is their order in bytes"
        case .wireTypeChanged, .acceptTypeChanged, .sourceTypeChanged, .jsonTypeChanged:
            "leave the type, and append a field of the new type with @since"
        case .wireOptionalChanged, .acceptOptionalChanged:
            "leave the `?` as it was, or append another field with @since"
        case .wireDefaultChanged: "leave the default: older messages are read with it"
        case .wireStructChanged: "structs never change: declare a new one and use it in a new field"
        case .wireStorageChanged: "leave the type that holds the values"
        case .wireCaseValueChanged: "give the case its value back, and the new meaning a new value"
        case .wireBitsChanged: "leave names and widths as they were; append new ones"
        case .wireArmTagChanged: "give the arm its tag back, and the new meaning a new tag"
        case .wireProtocolMagic: "leave the magic, or declare another protocol"
        case .wireResponseChanged: "leave the response, or add a request with a message of its own"
        case .wirePlaneChanged: "leave @control and @correlated as they were"
        case .acceptBoundWidened: "leave the bound: older peers refuse what is longer"
        case .acceptBoundNarrowed: "leave the bound: what older peers send may be longer"
        case .acceptRangeWidened: "leave the range: older peers refuse what is outside"
        case .acceptRangeNarrowed: "leave the range: what older peers send may be outside"
        case .acceptEnumOpened: "leave `closed`: older peers refuse other numbers"
        case .acceptEnumClosed: "leave it open: older peers may send other numbers"
        case .acceptClosedEnumCaseAdded: "older peers refuse it: use an open enum in a new field"
        case .acceptClosedEnumCaseRemoved: "keep the case and mark it @deprecated"
        case .acceptBitsFieldAdded: "older peers refuse the bits: declare another bits type"
        case .acceptBitsFieldRemoved: "keep the bits: older peers may set them"
        case .acceptProtocolVersions:
            "only let the highest version rise, together with the schema's version"
        case .acceptProtocolMax: "leave `max`: one side refuses packets that the other may send"
        case .acceptSendingAdded: "older peers refuse it: send a new message, marked @since"
        case .acceptSendingRemoved: "keep it as long as an older peer may send it"
        case .acceptErrorsChanged: "leave the errors of a request as they were"
        case .sourceRenamed: "keep the name"
        case .sourceSchemaRenamed: "keep the name and the id of the schema"
        case .sourceDeclarationRemoved: "keep the declaration"
        case .sourceCaseRemoved: "keep it and mark it @deprecated"
        case .sourceDefaultChanged: "leave the default"
        case .sourceConstantChanged: "leave the constant, or declare another one"
        case .jsonNameChanged: "keep the name"
        }
    }
}
