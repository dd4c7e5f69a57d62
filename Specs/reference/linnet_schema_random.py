# SPDX-License-Identifier: Apache-2.0
"""Random messages of a schema, good and damaged, in order to compare implementations of Specs/schema.md."""

import math
import random
import struct

from linnet_schema_blocks import HEADER, Context, Group
from linnet_schema_regions import Blob, List, Text, Union
from linnet_schema_types import Array, Bits, Bool, DecimalNumber, Enum, Fixed, Flags, Float, Integer, Str, Struct

LETTERS = ["a", "Z", "0", " ", '"', "\\", "/", "\n", "\t", "\x01", "\x1f", "\x7f", "é", "ß", "€", "\u2028", "\ufeff",
           "\uffff", "語", "🐦", "\U0010ffff", "\ud7ff", "\ue000"]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.1, 0.0001, 0.00009, 1e16, 2.0**24, 2.0**24 + 2, 2.0**53, 2.0**53 + 2, 3.4028234663852886e38,
          1e-45, 1.1754943508222875e-38, 2.0**-44, math.nan, math.inf, -math.inf]
DOUBLES = FLOATS + [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e22, 1e23]
SMALL = [0, 0, 1, 1, 1, 2, 2, 3, 4]


class Messages:
    """Messages from a seed. `wild` ones break the rules for single values now and then."""

    def __init__(self, schema, seed: int):
        self.random, self.messages, self.wild = random.Random(seed), list(schema.messages.values()), False

    def next(self):
        """A message of any version that the schema has, and its bytes."""
        message = self.random.choice(self.messages)
        kind = self.random.random()
        self.wild = kind > 0.85
        data = self.message(message, self.random.randint(min(message.since, message.version), message.version))
        return message, data if kind < 0.5 or self.wild else self.damaged(data, message.width)

    def next_json(self):
        """A message, the version to write it for, and JSON, which is damaged in one of four."""
        self.wild, message = False, self.random.choice(self.messages)
        version = self.random.randint(min(message.since, message.version), message.version)
        text = message.decoded(self.message(message, self.random.randint(version, message.version)))
        if self.random.random() < 0.25:
            start = self.random.randrange(len(text))
            other = self.random.choice(["", "0", "1", "9", "-", ".", "e", '"', ",", ":", "[]", "{}", "null", "true", "#", "é"])
            text = text[:start] + other + text[start + self.random.randint(0, 1) :]
        return message, version, text

    def is_wild(self) -> bool:
        return self.wild and self.random.random() < 0.1

    def message(self, message, version) -> bytes:
        context = Context(version, message.version, message.width)
        fixed, regions = self.block(message.block, context)
        ends, last = b"", 0
        for region in regions:
            last += len(region)
            ends += struct.pack("<I", last)[: message.width]
        header = HEADER.pack(message.number, version, *message.block.shape(version, entry=False))
        return header + fixed + ends + b"".join(regions)

    def block(self, block, context) -> tuple[bytearray, list[bytes]]:
        fixed, regions = bytearray(), []
        for field in block.fields:
            if field.since > context.version:
                break
            fixed += b"\0" * (field.opens is not None)
            present = not field.optional or self.random.random() < 0.6
            if present and field.has_bit:
                fixed[field.byte] |= field.mask
            if field.is_fixed:
                fixed += self.field(field) if present or self.is_wild() else bytes(field.type.size)
            else:
                regions.append(self.region(field.type, context) if present or self.is_wild() else b"")
        return fixed, regions

    # Fixed types

    def field(self, field) -> bytes:
        if not field.limits or self.is_wild():
            return self.fixed(field.type)
        low, high = field.limits
        if isinstance(field.type, Integer):
            return field.type.codec.pack(self.random.choice([low, high, self.random.randint(low, high)]))
        value = self.random.choice([low, high, self.random.uniform(low, high)])
        return field.type.codec.pack(min(max(value, low), high))

    def fixed(self, type) -> bytes:
        pick = self.random
        if isinstance(type, Integer):
            edges = [0, 1, type.lowest, type.highest, pick.randint(type.lowest, type.highest), pick.randint(0, 100)]
            return type.codec.pack(pick.choice(edges))
        if isinstance(type, Float):
            if pick.random() < 0.5:
                return pick.randbytes(type.size)
            return type.codec.pack(pick.choice(FLOATS if type.single else DOUBLES))
        if isinstance(type, Bool):
            return bytes([pick.randint(0, 1) + 2 * self.is_wild()])
        if isinstance(type, DecimalNumber):
            return self.fixed(type.mantissa)
        if isinstance(type, Str):
            text = pick.randbytes(type.size) if self.is_wild() else self.utf8(pick.choice([0, 2, type.size]), type.size)
            return text.ljust(type.size, b"\0")
        if isinstance(type, Array):
            return b"".join(self.fixed(type.element) for _ in range(type.count))
        if isinstance(type, Enum):
            if type.names and pick.random() < 0.7 or type.closed and not self.is_wild():
                return type.base.codec.pack(pick.choice(list(type.names)))
            return self.fixed(type.base)
        if isinstance(type, Flags):
            named = sum(1 << bit for bit in type.bits.values())
            number = type.base.read(self.fixed(type.base), 0)
            return type.base.codec.pack(number & named if pick.random() < 0.5 else number)
        if isinstance(type, Bits) and not self.is_wild():
            return type.base.codec.pack(pick.choice([0, -1, pick.getrandbits(64)]) & (1 << type.count) - 1)
        if isinstance(type, Struct):
            return b"".join(self.field(field) for _, field, _ in type.fields)
        return pick.randbytes(type.size)

    def utf8(self, count: int, limit: int) -> bytes:
        """A text of about `count` characters, of at most `limit` bytes."""
        text = b""
        for _ in range(count):
            letter = self.random.choice(LETTERS).encode()
            text += letter if len(text) + len(letter) <= limit else b""
        return text

    # Regions

    def region(self, type, context) -> bytes:
        pick, excess = self.random, self.is_wild()
        if isinstance(type, Union):
            return self.union(type, context)
        if isinstance(type, Group):
            return self.map(type, context) if type.is_map else self.group(type, context, self.count(type.bound) + excess)
        if isinstance(type, List):
            return b"".join(self.fixed(type.element) for _ in range(type.bound + 1 if excess else self.count(type.bound)))
        if isinstance(type, Blob):
            far = 0xFFFE + pick.randint(0, 3) if type.bound > 0xFFFF and pick.random() < 0.01 else 0
            return pick.randbytes(type.bound + 1 if excess and type.bound < 0xFFFF else max(far, self.count(type.bound)))
        if excess:
            return pick.choice([b"x" * min(type.bound + 1, 1000), pick.randbytes(min(3, type.bound))])
        if type.bound < 300 and pick.random() < 0.05:
            return self.utf8(type.bound, type.bound).ljust(type.bound, b"x")
        return self.utf8(pick.randint(0, 6), type.bound) or b"\0"[: type.bound]

    def count(self, bound: int) -> int:
        """How many of at most `bound`: few, and now and then all."""
        return bound if bound < 40 and self.random.random() < 0.1 else min(bound, self.random.choice(SMALL))

    def union(self, type, context) -> bytes:
        if not type.arms or self.random.random() < 0.1:
            tag = self.random.randint(0 if self.is_wild() else 1, (1 << 8 * type.tag_size) - 1)
        else:
            tag = self.random.choice(list(type.arms))
        arm = type.arms[tag][1] if tag in type.arms else Blob(5)
        body = b"" if arm is None else self.fixed(arm) if isinstance(arm, Fixed) else self.region(arm, context)
        return tag.to_bytes(type.tag_size, "little") + body + b"x" * self.is_wild()

    def group(self, type, context, count: int) -> bytes:
        return self.joined(type, context, [self.block(type.block, context) for _ in range(count)])

    def map(self, type, context) -> bytes:
        key, value = (field.type for field in type.block.fields)
        keys = {}
        for _ in range(self.count(type.bound)):
            made = self.fixed(key) if isinstance(key, Fixed) else self.region(key, context)
            keys[key.read(made, 0) if isinstance(key, Integer) else made] = made
        order = [keys[name] for name in sorted(keys)]
        if self.wild and self.random.random() < 0.3:
            order = [self.random.choice(order) for _ in order]
        entries = []
        for made in order:
            entry = (bytearray(), [])
            for kind, part in ((key, made), (value, None)):
                if isinstance(kind, Fixed):
                    entry[0].extend(part if part is not None else self.fixed(kind))
                else:
                    entry[1].append(part if part is not None else self.region(kind, context))
            entries.append(entry)
        return self.joined(type, context, entries)

    def joined(self, type, context, entries) -> bytes:
        if not entries:
            return b""
        fixed, ends = type.block.shape(context.version, entry=True)
        blocks, tail = b"", b""
        for part, regions in entries:
            blocks += part
            for region in ([b""] if ends else []) + regions:
                tail += region
                blocks += struct.pack("<I", len(tail))[: context.width]
        return struct.pack("<I", len(entries))[: context.width] + struct.pack("<HH", fixed, ends) + blocks + tail

    # Damage

    def damaged(self, data: bytes, width: int) -> bytes:
        ways = [self.flip, self.flip, self.replace, self.nudge, self.nudge, self.cut, self.repeat, self.remove, self.header,
                self.end, self.end, self.resize, self.resize]
        data = bytearray(data)
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            self.random.choice(ways)(data, width)
        return bytes(data)

    def place(self, data) -> int:
        return self.random.randrange(len(data)) if data else 0

    def flip(self, data, _width):
        if data:
            data[self.place(data)] ^= 1 << self.random.randrange(8)

    def replace(self, data, _width):
        if data:
            data[self.place(data)] = self.random.choice([0, 1, 2, 0x7F, 0x80, 0xC0, 0xED, 0xFF])

    def nudge(self, data, width):
        """Change a number of the width of ends, anywhere."""
        self.change(data, self.place(data), width)

    def change(self, data, at, width):
        if at + width <= len(data):
            number = int.from_bytes(data[at : at + width], "little") + self.random.choice([-8, -2, -1, 1, 2, 8, 0x7FFF])
            data[at : at + width] = (number % (1 << 8 * width)).to_bytes(width, "little")

    def cut(self, data, _width):
        del data[self.place(data) :]

    def repeat(self, data, _width):
        start = self.place(data)
        data[start:start] = data[start : start + self.random.randint(1, 40)]

    def remove(self, data, _width):
        start = self.place(data)
        del data[start : start + self.random.choice([1, 2, 4, 8, 40])]

    def header(self, data, _width):
        self.change(data, self.random.choice([0, 2, 4, 6]), 2)

    def ends(self, data, width) -> list[int]:
        """Where the ends of the message stand."""
        if len(data) < HEADER.size:
            return []
        _, _, fixed, ends = HEADER.unpack_from(data)
        places = [HEADER.size + fixed + k * width for k in range(ends)]
        return places if places and places[-1] + width <= len(data) else []

    def end(self, data, width):
        places = self.ends(data, width)
        if places:
            self.change(data, self.random.choice(places), width)

    def resize(self, data, width):
        """Make one region longer or shorter; what follows moves, so that the damage is in the region alone."""
        places = self.ends(data, width)
        if not places:
            return
        chosen, tail = self.random.randrange(len(places)), places[-1] + width
        ends = [int.from_bytes(data[at : at + width], "little") for at in places]
        start, end = (ends[chosen - 1] if chosen else 0), ends[chosen]
        if start >= end or tail + end > len(data):
            return
        at = self.random.choice([tail + end - 1, tail + start, tail + self.random.randrange(start, end)])
        extra = self.random.choice([b"\0", b"\xff", b"a", b""])
        data[at : at + (not extra)] = extra
        for k in range(chosen, len(places)):
            moved = (ends[k] + (1 if extra else -1)) % (1 << 8 * width)
            data[places[k] : places[k] + width] = moved.to_bytes(width, "little")
