# SPDX-License-Identifier: Apache-2.0
"""Values as JSON and from JSON (Specs/schema.md §6): texts, bytes and the notation of floats."""

import json
import math
import re
import struct
from decimal import Decimal
from functools import lru_cache


class Refused(ValueError):
    """JSON that is no message of the schema (§6)."""


class Real(str):
    """A JSON number that is not an integer, as it was written."""


def parsed(text: str):
    """What a JSON text means; numbers that are not integers stay texts."""
    def members(pairs):
        if len({name for name, _ in pairs}) < len(pairs):
            raise Refused("a member is given twice")
        return dict(pairs)

    def refuse(name):
        raise Refused(f"not JSON: {name}")

    def integer(digits):
        return Real(digits) if digits == "-0" else int(digits)  # the sign counts in floats

    return json.loads(text, object_pairs_hook=members, parse_float=Real, parse_int=integer, parse_constant=refuse)


def quoted(text: str) -> str:
    """A text as JSON (§6)."""
    return json.dumps(text, ensure_ascii=False)


def integer_of(value) -> int:
    """An integer, from a number or a string of decimal digits (§6)."""
    if type(value) is int:
        return value
    if value == "-0" or type(value) is str and re.fullmatch(r"-?[0-9]{1,20}", value):
        return int(value)
    raise Refused(f"not an integer: {value!r}")


def bytes_of(value) -> bytes:
    """Bytes, from hexadecimal digits (§6)."""
    if type(value) is not str or not re.fullmatch(r"(?:[0-9A-Fa-f]{2})*", value):
        raise Refused(f"not bytes: {value!r}")
    return bytes.fromhex(value)


def utf8_of(value) -> bytes:
    """The UTF-8 of a text."""
    if type(value) is not str:
        raise Refused(f"not a text: {value!r}")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise Refused(f"not Unicode: {value!r}") from None


def members_of(value, names) -> dict:
    """An object that has no other members than these."""
    if type(value) is not dict:
        raise Refused(f"not an object: {value!r}")
    for name in value:
        if name not in names:
            raise Refused(f"unknown member: {name}")
    return value


def single_of(double: float) -> float:
    """The f32 that is nearest to a double."""
    try:
        return struct.unpack("<f", struct.pack("<f", double))[0]
    except OverflowError:
        return math.copysign(math.inf, double)


def nearest_single(text: str) -> float:
    """The f32 that is nearest to a number, without rounding twice."""
    double = float(text)
    above, below = (single_of(math.nextafter(double, end)) for end in (math.inf, -math.inf))
    if above == below or Decimal(text) == Decimal(double):
        return single_of(double)
    return above if Decimal(text) > Decimal(double) else below  # the double is half-way between two f32


@lru_cache(maxsize=65536)
def shortest_single(value: float) -> str:
    """The fewest digits that read back to the same f32, of several such numbers the nearest, then the even one."""
    exact = Decimal(value)
    for count in range(1, 10):
        unit = Decimal(1).scaleb(exact.adjusted() - count + 1)
        below = (exact / unit).to_integral_value("ROUND_FLOOR") * unit
        for candidate in sorted((below, below + unit), key=lambda number: (abs(number - exact), abs(number) / unit % 2)):
            if nearest_single(str(candidate)) == value:
                return str(candidate)
    raise AssertionError("nine digits are always enough")


def float_text(value: float, single: bool) -> str:
    """A float as JSON (§6)."""
    if math.isnan(value):
        return '"NaN"'
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    negative, figures, exponent = Decimal(shortest_single(value) if single else repr(value)).normalize().as_tuple()
    sign, digits = "-" * negative, "".join(map(str, figures))
    point = len(digits) + exponent  # the magnitude is 0.DIGITS times 10^point
    if point > -4 and abs(value) <= 2.0 ** (24 if single else 53):
        whole, rest = ("0", "0" * -point + digits) if point <= 0 else (digits[:point].ljust(point, "0"), digits[point:])
        return f"{sign}{whole}.{rest or '0'}"
    return f"{sign}{digits[0]}{'.' + digits[1:] if digits[1:] else ''}e{point - 1:+03d}"
