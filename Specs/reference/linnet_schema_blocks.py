# SPDX-License-Identifier: Apache-2.0
"""Blocks, groups and messages of Specs/schema.md: layout (§3), verifying (§4), evolution (§5)."""

import struct
from typing import NamedTuple

from linnet_schema_json import Refused, integer_of, members_of, parsed, quoted, utf8_of
from linnet_schema_regions import Union
from linnet_schema_types import Fixed, Integer, Str, Wrong

HEADER = struct.Struct("<HHHH")  # §3.1: message, version, fixed, ends


class Context(NamedTuple):
    """What holds for all of one message."""

    version: int  # of the message
    known: int  # of the reader's schema (§1.5)
    width: int  # bytes of ends and counts (§2.4)

    def accepts(self, block, fixed: int, ends: int, entry: bool) -> bool:
        """Whether a block may have this shape (§5.1)."""
        expected = block.shape(min(self.version, self.known), entry)
        if self.version <= self.known:
            return (fixed, ends) == expected
        return fixed >= expected[0] and ends >= expected[1]


class Field:
    """A field of a block or of a struct; the block that takes it gives it a place."""

    def __init__(self, name, type, optional=False, since=1, limits=None, default=None):
        self.name, self.type, self.optional, self.since = name, type, optional, since
        self.limits, self.default = limits, default  # the default in bytes
        self.is_fixed = isinstance(type, Fixed)
        self.has_bit = optional and not isinstance(type, Union)  # §3.2
        self.offset = self.end = self.byte = None  # in the fixed part; number of the end; presence byte
        self.mask = 0  # of the presence bit
        self.opens: int | None = None  # the bits in use, at the first field of a presence byte

    def check_fixed(self, data, at):
        """§4.2"""
        self.type.check(data, at)
        if self.limits and not self.limits[0] <= self.type.read(data, at) <= self.limits[1]:
            raise Wrong("range", at)  # a NaN is neither above nor below

    def is_present(self, data, block_at) -> bool:
        return not self.has_bit or bool(data[block_at + self.byte] & self.mask)

    def initial(self) -> bytes:
        """The value where nothing is said (§2.3.6)."""
        return self.default if self.default is not None else self.type.zero()


class Block:
    """Fields with their places (§3.2, §3.3)."""

    def __init__(self, fields: list[Field]):
        self.fields, self.ends, self.size = fields, 0, 0
        self.shapes = {}  # by version
        opener = None  # the first field of the presence byte that is being filled
        for field in fields:
            if field.has_bit:
                if opener is None or opener.opens == 0xFF or field.since > opener.since:
                    opener, field.opens, opener_byte = field, 0, self.size
                    self.size += 1
                field.byte, field.mask = opener_byte, opener.opens + 1
                opener.opens |= field.mask
            if field.is_fixed:
                field.offset = self.size
                self.size += field.type.size
            else:
                field.end = self.ends
                self.ends += 1
        self.variable = [field for field in fields if not field.is_fixed]

    def shape(self, version: int, entry: bool) -> tuple[int, int]:
        """Bytes of the fixed part and number of ends in that version (§5.1)."""
        if version not in self.shapes:
            known = [field for field in self.fields if field.since <= version]
            fixed = sum(field.type.size for field in known if field.is_fixed)
            self.shapes[version] = (fixed + sum(field.opens is not None for field in known),
                                    sum(not field.is_fixed for field in known))
        fixed, ends = self.shapes[version]
        return fixed, ends + (entry and ends > 0)  # §3.5

    def known_variable(self, version: int) -> list[Field]:
        return [field for field in self.variable if field.since <= version]

    def largest(self, width: int, entry: bool) -> int:
        """The size of the block and its regions that the bounds permit (§2.4)."""
        ends = self.ends + (entry and self.ends > 0)
        return self.size + ends * width + sum(field.type.largest(width) for field in self.variable)

    def check_fixed_part(self, data, at, context):
        """Step 3 of §4.1."""
        for field in self.fields:
            if field.since > context.version:
                break
            try:
                if field.opens is not None and data[at + field.byte] & ~field.opens:
                    raise Wrong("reserved", at + field.byte)
                if not field.is_fixed:
                    continue
                start = at + field.offset
                if field.is_present(data, at):
                    field.check_fixed(data, start)
                elif any(data[start : start + field.type.size]):
                    raise Wrong("presence", start)
            except Wrong as wrong:
                raise wrong.inside(field.name)

    def check_regions(self, data, at, starts, context):
        """Step 5 of §4.1; `starts` are the offsets at which regions start, then that at which the last one ends."""
        for field in self.known_variable(context.version):
            start, end = starts[field.end], starts[field.end + 1]
            try:
                if field.is_present(data, at):
                    if start < end or not (field.optional and isinstance(field.type, Union)):
                        field.type.check(data, start, end, context)
                elif start < end:
                    raise Wrong("presence", start)
            except Wrong as wrong:
                raise wrong.inside(field.name)

    def members(self, data, at, starts, context) -> list[tuple[str, str]]:
        """Names and JSON of the fields that are not absent (§5.2, §6)."""
        result = []
        for field in self.fields:
            if field.since > context.version:
                if not field.optional:
                    text = field.type.text(field.initial(), 0) if field.is_fixed else field.type.empty_text
                    result.append((field.name, text))
            elif not field.is_present(data, at):
                continue
            elif field.is_fixed:
                result.append((field.name, field.type.text(data, at + field.offset)))
            else:
                start, end = starts[field.end], starts[field.end + 1]
                if start < end or not isinstance(field.type, Union):
                    result.append((field.name, field.type.text(data, start, end, context)))
        return result

    def encoded(self, value, context) -> tuple[bytes, list[bytes]]:
        """The fixed part and the regions (§5.4)."""
        given = members_of(value, {field.name for field in self.fields})
        fixed, regions = bytearray(), []
        for field in self.fields:
            if field.since > context.version:
                break
            if field.opens is not None:
                fixed.append(0)
            if field.has_bit and field.name in given:
                fixed[field.byte] |= field.mask
            if field.is_fixed:
                absent = bytes(field.type.size) if field.optional else field.initial()
                fixed += field.type.encoded(given[field.name]) if field.name in given else absent
            elif field.name in given:
                regions.append(field.type.encoded(given[field.name], context))
            elif isinstance(field.type, Union) and not field.optional:
                raise Refused(f"{field.name} is missing")
            else:
                regions.append(b"")
        return bytes(fixed), regions


def object_text(members) -> str:
    return "{" + ",".join(f'"{name}":{text}' for name, text in members) + "}"


class Group:
    """group<=N { } and, with keys, [K: V]<=N (§3.5, §3.6)."""

    def __init__(self, block: Block, bound: int, is_map: bool = False):
        self.block, self.bound, self.is_map = block, bound, is_map
        self.empty_text = "{}" if is_map else "[]"

    def largest(self, width) -> int:
        return width + 4 + self.bound * self.block.largest(width, entry=True)

    def entries(self, data, start, context):
        """For each entry where its block is, and its ends as offsets from the start of the message."""
        width = context.width
        count = int.from_bytes(data[start : start + width], "little")
        fixed, ends = struct.unpack_from("<HH", data, start + width)
        at, tail = start + width + 4, start + width + 4 + count * (fixed + ends * width)
        for _ in range(count):
            yield at, [tail + int.from_bytes(data[at + fixed + k * width : at + fixed + (k + 1) * width], "little")
                       for k in range(ends)]
            at += fixed + ends * width

    def check(self, data, start, end, context):
        if start == end:
            return
        width, known = context.width, self.block.known_variable(context.version)
        if end - start < width + 4:
            raise Wrong("truncated", start)
        count = int.from_bytes(data[start : start + width], "little")
        fixed, ends = struct.unpack_from("<HH", data, start + width)
        if not 0 < count <= self.bound:
            raise Wrong("count", start)
        if not context.accepts(self.block, fixed, ends, entry=True):
            raise Wrong("shape", start + width)
        tail = start + width + 4 + count * (fixed + ends * width)
        if tail > end:
            raise Wrong("truncated", start)
        last, key = tail, None  # where the entry before ends, and its key
        for index, (at, starts) in enumerate(self.entries(data, start, context)):
            try:
                self.block.check_fixed_part(data, at, context)
                if known:
                    if starts[0] != last:
                        raise Wrong("ends", at + fixed)
                    for k in range(1, len(starts)):
                        if not starts[k - 1] <= starts[k] <= end:
                            raise Wrong("ends", at + fixed + k * width, known[k - 1].name if k <= len(known) else "")
                    last = starts[-1]
                    self.block.check_regions(data, at, starts, context)
                if self.is_map:
                    above = self.key(data, at, starts)
                    if key is not None and not key < above:
                        raise Wrong("order", at, "key")
                    key = above
            except Wrong as wrong:
                raise wrong.inside(f"[{index}]")
        if (known or not ends) and last != end:
            raise Wrong("ends", tail)

    def key(self, data, at, starts):
        """The key of an entry in the form in which keys are compared (§3.6)."""
        key = self.block.fields[0].type
        if isinstance(key, Integer):
            return key.read(data, at)
        return bytes(data[at : at + key.size] if isinstance(key, Str) else data[starts[0] : starts[1]])

    def text(self, data, start, end, context) -> str:
        if start == end:
            return self.empty_text
        members = [self.block.members(data, at, starts, context) for at, starts in self.entries(data, start, context)]
        if not self.is_map:
            return "[" + ",".join(map(object_text, members)) + "]"
        items = [f'{key if key[0] == quoted("")[0] else quoted(key)}:{value}' for (_, key), (_, value) in members]
        return "{" + ",".join(items) + "}"

    def encoded(self, value, context) -> bytes:
        if type(value) is not (dict if self.is_map else list):
            raise Refused(f"not a {'map' if self.is_map else 'group'}: {value!r}")
        if self.is_map:
            value = [dict(key=key, value=item) for key, item in sorted(value.items(), key=lambda item: self.sort_key(item[0]))]
        if not value:
            return b""
        width, (fixed, ends) = context.width, self.block.shape(context.version, entry=True)
        blocks, tail = bytearray(), bytearray()
        for entry in value:
            part, regions = self.block.encoded(entry, context)
            blocks += part
            if ends:
                blocks += len(tail).to_bytes(width, "little")
            for region in regions:
                tail += region
                blocks += len(tail).to_bytes(width, "little")
        return len(value).to_bytes(width, "little") + struct.pack("<HH", fixed, ends) + blocks + tail

    def sort_key(self, key: str):
        return integer_of(key) if isinstance(self.block.fields[0].type, Integer) else utf8_of(key)


class Message:
    """A message of a schema of one version; the reader knows no more than that."""

    def __init__(self, name: str, number: int, since: int, version: int, wide: bool, block: Block):
        self.name, self.number, self.since, self.version, self.block = name, number, since, version, block
        self.width = 4 if wide else 2

    def largest(self) -> int:
        return HEADER.size + self.block.largest(self.width, entry=False)

    def opened(self, data):
        """The context, and the offsets at which regions start, with that of the end of the last one."""
        _, version, fixed, ends = HEADER.unpack_from(data)
        first = HEADER.size + fixed
        tail = first + ends * self.width
        starts = [tail] + [tail + int.from_bytes(data[at : at + self.width], "little")
                           for at in range(first, tail, self.width)]
        return Context(version, self.version, self.width), starts

    def verify(self, data: bytes):
        """Raise Wrong for the first thing that is wrong, in the order of §4.1."""
        if len(data) < HEADER.size:
            raise Wrong("truncated", len(data))
        number, version, fixed, ends = HEADER.unpack_from(data)
        if number != self.number:
            raise Wrong("message", 0)
        if version < self.since:
            raise Wrong("version", 2)
        context, known = Context(version, self.version, self.width), self.block.known_variable(version)
        if not context.accepts(self.block, fixed, ends, entry=False):
            raise Wrong("shape", 4)
        tail = HEADER.size + fixed + ends * self.width
        if tail > len(data):
            raise Wrong("truncated", len(data))
        self.block.check_fixed_part(data, HEADER.size, context)
        context, starts = self.opened(data)
        for k in range(1, len(starts)):
            falls, is_last = starts[k] < starts[k - 1], k == len(starts) - 1
            if falls or is_last and starts[k] != len(data):
                path = known[k - 1].name if k <= len(known) else ""
                raise Wrong("ends", HEADER.size + fixed + (k - 1) * self.width, path)
        if not ends and tail != len(data):
            raise Wrong("ends", tail)
        self.block.check_regions(data, HEADER.size, starts, context)

    def decoded(self, data: bytes) -> str:
        """The message as JSON (§6), after verifying it."""
        self.verify(data)
        context, starts = self.opened(data)
        return object_text(self.block.members(data, HEADER.size, starts, context))

    def encoded(self, text: str, version: int | None = None, is_checked: bool = True) -> bytes:
        """The bytes of a JSON text, for a peer of that version (§5.4)."""
        version = self.version if version is None else version
        if not self.since <= version <= self.version:
            raise Refused(f"there is no {self.name} in version {version}")
        try:
            fixed, regions = self.block.encoded(parsed(text), Context(version, self.version, self.width))
            header = HEADER.pack(self.number, version, *self.block.shape(version, entry=False))
            ends, last = b"", 0
            for region in regions:
                last += len(region)
                ends += last.to_bytes(self.width, "little")
        except OverflowError:
            raise Refused("it does not fit") from None
        data = header + fixed + ends + b"".join(regions)
        if is_checked:
            try:
                self.verify(data)
            except Wrong as wrong:
                raise Refused(f"{wrong.path}: {wrong.cause}") from None
        return data
