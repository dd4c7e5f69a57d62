# SPDX-License-Identifier: Apache-2.0
"""The fixed types of Specs/schema.md §2.3: their checks (§4.2), their JSON (§6), their bytes.

Each type has `size`, `check(data, at)`, `text(data, at)`, which gives JSON, and `encoded(value)`, which takes what
json.loads gave. Only `check` may be handed bytes that are not valid.
"""

import math
import re
import struct
from fractions import Fraction

from linnet_schema_json import Real, Refused, bytes_of, float_text, integer_of, members_of, nearest_single, quoted, utf8_of


class Wrong(Exception):
    """The first check that failed (§4.1): its cause, the offset from the start of the message, and the path."""

    def __init__(self, cause: str, offset: int, path: str = ""):
        super().__init__(cause)
        self.cause, self.offset, self.path = cause, offset, path

    def inside(self, part: str) -> "Wrong":
        """The same, seen from one level further out (§4.4)."""
        joined = "" if not self.path or self.path.startswith("[") else "."
        self.path = part + joined + self.path
        return self


class Fixed:
    """What most fixed types have in common."""

    def check(self, data, at):
        """Raise Wrong if the bytes are not valid."""

    def zero(self) -> bytes:
        """The value where nothing is said (§2.3.6)."""
        return bytes(self.size)


class Integer(Fixed):
    """u8 to u64 and i8 to i64; also timestamps and durations, which are i64."""

    def __init__(self, name: str):
        self.bits, signed = int(name[1:]), name[0] == "i"
        self.size = self.bits // 8
        self.lowest, self.highest = (-1 << self.bits - 1, (1 << self.bits - 1) - 1) if signed else (0, (1 << self.bits) - 1)
        letter = {8: "b", 16: "h", 32: "i", 64: "q"}[self.bits]
        self.codec = struct.Struct("<" + (letter if signed else letter.upper()))

    def read(self, data, at) -> int:
        return self.codec.unpack_from(data, at)[0]

    def as_json(self, number: int) -> str:
        return f'"{number}"' if self.bits == 64 else str(number)

    def text(self, data, at) -> str:
        return self.as_json(self.read(data, at))

    def encoded(self, value) -> bytes:
        number = integer_of(value)
        if not self.lowest <= number <= self.highest:
            raise Refused(f"{number} does not fit")
        return self.codec.pack(number)


class Float(Fixed):
    """f32 and f64."""

    NAMED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

    def __init__(self, bits: int):
        self.size, self.single, self.codec = bits // 8, bits == 32, struct.Struct("<f" if bits == 32 else "<d")

    def read(self, data, at) -> float:
        return self.codec.unpack_from(data, at)[0]

    def text(self, data, at) -> str:
        return float_text(self.read(data, at), self.single)

    def value_of(self, text: str) -> float:
        """A number of a schema or of JSON as a value of the type (§2.3.7)."""
        return nearest_single(text) if self.single else float(text)

    def encoded(self, value) -> bytes:
        if type(value) is str and value in self.NAMED:
            return self.codec.pack(self.NAMED[value])
        if type(value) not in (int, Real):
            raise Refused(f"not a number: {value!r}")
        number = self.value_of(str(value))
        if math.isinf(number):
            raise Refused(f"{value} does not fit")
        return self.codec.pack(number)


class Bool(Fixed):
    size = 1

    def check(self, data, at):
        if data[at] > 1:
            raise Wrong("bool", at)

    def text(self, data, at) -> str:
        return "true" if data[at] else "false"

    def encoded(self, value) -> bytes:
        if type(value) is not bool:
            raise Refused(f"not a bool: {value!r}")
        return bytes([value])


class DecimalNumber(Fixed):
    """A mantissa and a constant exponent of ten."""

    def __init__(self, mantissa: Integer, exponent: int):
        self.mantissa, self.exponent, self.size = mantissa, exponent, mantissa.size

    def text(self, data, at) -> str:
        number = self.mantissa.read(data, at)
        sign, digits = "-" if number < 0 else "", str(abs(number))
        if self.exponent >= 0:
            return f'"{sign}{digits + "0" * self.exponent if number else 0}"'
        digits = digits.rjust(1 - self.exponent, "0")
        whole, rest = digits[: self.exponent], digits[self.exponent :].rstrip("0")
        return f'"{sign}{whole}{"." + rest if rest else ""}"'

    def encoded(self, value) -> bytes:
        if type(value) is not str or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
            raise Refused(f"not a decimal: {value!r}")
        number = Fraction(value) / Fraction(10) ** self.exponent
        if number.denominator != 1:
            raise Refused(f"{value} has too many digits")
        return self.mantissa.encoded(number.numerator)


class Str(Fixed):
    """str[N]: a text with zeros behind it."""

    def __init__(self, size: int):
        self.size = size

    def content(self, data, at) -> bytes:
        return bytes(data[at : at + self.size]).rstrip(b"\0")

    def check(self, data, at):
        content = self.content(data, at)
        if 0 in content:
            raise Wrong("padding", at)
        check_utf8(content, at)

    def text(self, data, at) -> str:
        return quoted(self.content(data, at).decode())

    def encoded(self, value) -> bytes:
        content = utf8_of(value)
        if len(content) > self.size or 0 in content:
            raise Refused(f"does not fit: {value!r}")
        return content.ljust(self.size, b"\0")


def check_utf8(content: bytes, at: int):
    """Python's strict decoder is that of RFC 3629."""
    try:
        content.decode()
    except UnicodeDecodeError:
        raise Wrong("utf8", at) from None


class Bytes(Fixed):
    """bytes[N]."""

    def __init__(self, size: int):
        self.size = size

    def text(self, data, at) -> str:
        return f'"{data[at : at + self.size].hex()}"'

    def encoded(self, value) -> bytes:
        content = bytes_of(value)
        if len(content) != self.size:
            raise Refused(f"not {self.size} bytes: {value!r}")
        return content


class Array(Fixed):
    """T[N]."""

    def __init__(self, element, count: int):
        self.element, self.count, self.size = element, count, element.size * count

    def check(self, data, at):
        check_elements(self.element, data, at, self.count)

    def text(self, data, at) -> str:
        return elements_text(self.element, data, at, self.count)

    def encoded(self, value) -> bytes:
        if type(value) is not list or len(value) != self.count:
            raise Refused(f"not {self.count} elements: {value!r}")
        return b"".join(map(self.element.encoded, value))


def check_elements(element, data, at, count):
    for index in range(count):
        try:
            element.check(data, at + index * element.size)
        except Wrong as wrong:
            raise wrong.inside(f"[{index}]")


def elements_text(element, data, at, count) -> str:
    return "[" + ",".join(element.text(data, at + index * element.size) for index in range(count)) + "]"


class Enum(Fixed):
    """An enum, open or closed: numbers and their names."""

    def __init__(self, base: Integer, cases: dict[str, int], closed: bool):
        self.base, self.size, self.closed = base, base.size, closed
        self.numbers, self.names = cases, {number: name for name, number in cases.items()}

    def check(self, data, at):
        if self.closed and self.base.read(data, at) not in self.names:
            raise Wrong("enumeration", at)

    def text(self, data, at) -> str:
        number = self.base.read(data, at)
        return f'"{self.names[number]}"' if number in self.names else self.base.as_json(number)

    def encoded(self, value) -> bytes:
        named = type(value) is str and value in self.numbers
        return self.base.encoded(self.numbers[value] if named else value)


class Flags(Fixed):
    """Bits with names; others survive."""

    def __init__(self, base: Integer, bits: dict[str, int]):
        self.base, self.size, self.bits = base, base.size, bits

    def text(self, data, at) -> str:
        number = self.base.read(data, at)
        items = [f'"{name}"' for name, bit in self.bits.items() if number >> bit & 1]
        unknown = number & ~sum(1 << bit for bit in self.bits.values())
        return "[" + ",".join(items + [self.base.as_json(unknown)] * bool(unknown)) + "]"

    def encoded(self, value) -> bytes:
        if type(value) is not list:
            raise Refused(f"not flags: {value!r}")
        number = 0
        for item in value:
            bits = 1 << self.bits[item] if type(item) is str and item in self.bits else integer_of(item)
            number |= bits
        return self.base.encoded(number)


class Bits(Fixed):
    """Bit fields from bit 0 up."""

    def __init__(self, base: Integer, widths: dict[str, int]):
        self.base, self.size, self.widths, self.count = base, base.size, widths, sum(widths.values())

    def check(self, data, at):
        if self.base.read(data, at) >> self.count:
            raise Wrong("reserved", at)

    def text(self, data, at) -> str:
        number, items = self.base.read(data, at), []
        for name, width in self.widths.items():
            items.append(f'"{name}":{self.base.as_json(number & (1 << width) - 1)}')
            number >>= width
        return "{" + ",".join(items) + "}"

    def encoded(self, value) -> bytes:
        members, number, shift = members_of(value, self.widths), 0, 0
        for name, width in self.widths.items():
            part = integer_of(members.get(name, 0))
            if part >> width:
                raise Refused(f"{name}: {part} does not fit")
            number |= part << shift
            shift += width
        return self.base.encoded(number)


class Struct(Fixed):
    """Fields in order; each has `name`, `type` and perhaps a range."""

    def __init__(self, fields):
        self.fields, offset = [], 0
        for field in fields:
            self.fields.append((field.name, field, offset))
            offset += field.type.size
        self.size = offset

    def check(self, data, at):
        for name, field, offset in self.fields:
            try:
                field.check_fixed(data, at + offset)
            except Wrong as wrong:
                raise wrong.inside(name)

    def text(self, data, at) -> str:
        return "{" + ",".join(f'"{name}":{field.type.text(data, at + offset)}' for name, field, offset in self.fields) + "}"

    def encoded(self, value) -> bytes:
        members = members_of(value, {name for name, _, _ in self.fields})
        return b"".join(field.type.encoded(members[name]) if name in members else field.type.zero()
                        for name, field, _ in self.fields)
