#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes schema/vectors.json: messages of schema/everything.linnet. Run it after a change.

Bytes and JSON are put together here by hand, field by field, not by an implementation of Specs/schema.md.
"""

import json

import schema_evolution_cases
import schema_region_cases
from schema_messages import (DEFAULTS, FIXED, HERE, KITCHEN, absent, at, defaults, fixed, kitchen, late, message, optionals,
                             patched, point, position, u)

CASES = []


def good(id, section, title, name, made, **more):
    """A message and its JSON; unless `readOnly`, or newer than the reader, the JSON gives the bytes again."""
    CASES.append(dict(id=id, section=section, title=title, message=name, hex=made[0].hex(), json=made[1], error=None, **more))


def bad(id, section, title, name, data, cause, offset, path="", **more):
    """A message that a reader refuses."""
    data = data[0] if isinstance(data, tuple) else data
    error = dict(cause=cause, offset=offset, path=path)
    CASES.append(dict(id=id, section=section, title=title, message=name, hex=data.hex(), json=None, error=error, **more))


def write(id, section, title, name, input, data, **more):
    """JSON, and the bytes that it gives, or None if it is refused; `for` is the version to write for."""
    data = data[0] if isinstance(data, tuple) else data
    CASES.append(dict(id=id, section=section, title=title, message=name, input=input, hex=data and data.hex(), **more))


def header():
    ping, zero = message(6, 3, b"")[0], fixed()[0]
    good("header-only", "3.1", "a message without fields is its header", "Ping", (ping, "{}"))
    bad("header-none", "4.1", "no byte at all", "Ping", b"", "truncated", 0)
    bad("header-7", "4.1", "the last byte of the header is missing", "Ping", ping[:7], "truncated", 7)
    bad("header-message", "4.1", "the number of another message", "Ping", message(7, 3, b"")[0], "message", 0)
    bad("header-message-swapped", "4.1", "the number in the other byte order", "Ping", message(0x600, 3, b"")[0], "message", 0)
    bad("header-version-0", "4.1", "version 0", "Ping", message(6, 0, b"")[0], "version", 2)
    bad("header-message-first", "4.1", "a wrong number and version 0: the number is reported", "Ping", bytes(8), "message", 0)
    bad("header-version-first", "4.1", "version 0 and a wrong shape: the version is reported", "Ping",
        patched(patched(ping, 2, u(0, 2)), 4, u(1, 2)), "version", 2)
    bad("header-fixed-more", "4.1", "one byte more than the shape of the version has", "Fixed",
        patched(zero, 4, u(329, 2)) + b"\0", "shape", 4)
    bad("header-fixed-less", "4.1", "one byte less", "Fixed", patched(zero, 4, u(327, 2))[:-1], "shape", 4)
    bad("header-ends-more", "4.1", "one end more", "Fixed", patched(zero, 6, u(1, 2)) + b"\0\0", "shape", 4)
    bad("header-ends-less", "4.1", "one end less", "Late", patched(late(3)[0], 6, u(0, 2)), "shape", 4)
    bad("header-shape-first", "4.1", "a wrong shape and too few bytes: the shape is reported", "Fixed",
        patched(zero, 4, u(999, 2))[:20], "shape", 4)
    for count in (8, 20, 335):
        bad(f"fixed-part-cut-{count}", "4.1", f"{count} bytes of a message of 336", "Fixed", zero[:count], "truncated", count)
    bad("ends-cut", "4.1", "the last byte of the last end is missing", "Late", late(3)[0][:12], "truncated", 12)
    bad("truncated-first", "4.1", "too few bytes and a wrong bool: the bytes are missing", "Fixed",
        patched(zero, at(FIXED, "k"), b"\2")[:300], "truncated", 300)
    bad("tail-without-ends", "4.1", "a byte behind a message without ends", "Ping", ping + b"\0", "ends", 8)
    bad("tail-without-ends-fixed", "4.1", "a byte behind a fixed part without ends", "Fixed", zero + b"\0", "ends", 336)


def fixed_types():
    good("fixed-zero", "2.3", "every fixed type, all zero", "Fixed", fixed())
    good("fixed-version-1", "5.1", "the same of version 1, in which it has the same shape", "Fixed", fixed(version=1))
    values = [
        ("a", 255, 1), ("b", 65535, 2), ("c", 4294967295, 4), ("d", 2**64 - 1, 8), ("e", -128, 1), ("e", 127, 1),
        ("f", -32768, 2), ("f", 32767, 2), ("g", -(2**31), 4), ("g", 2**31 - 1, 4), ("h", -(2**63), 8), ("h", 2**63 - 1, 8),
        ("n", -(2**63), 8), ("o", 2**63 - 1, 8), ("p", -1, 8), ("q", 1, 8),
    ]
    for name, value, size in values:
        shown = f'"{value}"' if size == 8 else str(value)
        good(f"integer-{name}-{value}", "2.3", f"{value} in {size} bytes, as JSON {shown}", "Fixed", fixed(**{name: (u(value, size), shown)}))
    singles = {"80000000": "-0.0", "3f800000": "1.0", "3dcccccd": "0.1", "00000001": "1e-45", "00800000": "1.1754944e-38",
               "7f7fffff": "3.4028235e+38", "4b800000": "16777216.0", "4b800001": "1.6777218e+07", "38d1b717": "0.0001",
               "38d1b716": "9.999999e-05", "29800000": "5.684342e-14", "7f800000": '"Infinity"', "ff800000": '"-Infinity"', "7fc00000": '"NaN"'}
    doubles = {"8000000000000000": "-0.0", "3fb999999999999a": "0.1", "0000000000000001": "5e-324",
               "7fefffffffffffff": "1.7976931348623157e+308", "4340000000000000": "9007199254740992.0",
               "4340000000000001": "9.007199254740994e+15", "3f1a36e2eb1c432d": "0.0001", "3f1a36e2eb1c432c": "9.999999999999999e-05",
               "3d30000000000000": "5.684341886080802e-14", "7ff0000000000000": '"Infinity"', "7ff8000000000000": '"NaN"'}
    for name, table in (("i", singles), ("j", doubles)):
        for bits, shown in table.items():
            plain = shown.strip('"')
            good(f"float-{name}-{bits}", "6", f"the bits {bits} are {plain}", "Fixed", fixed(**{name: (bytes.fromhex(bits)[::-1], shown)}))
    good("float-nan-payload", "6", "any NaN is read; JSON does not keep its bits", "Fixed",
         fixed(i=(bytes.fromhex("ffffffff"), '"NaN"')), readOnly=True)
    good("bool-1", "2.3", "true", "Fixed", fixed(k=(b"\1", "true")))
    decimals = [("l", 1, 8, "0.00000001"), ("l", 1250000000, 8, "12.5"), ("l", -300000, 8, "-0.003"), ("l", 10**8, 8, "1"),
                ("l", -(2**63), 8, "-92233720368.54775808"), ("m", 7, 2, "700"), ("m", 65535, 2, "6553500")]
    for name, mantissa, size, shown in decimals:
        good(f"decimal-{shown}", "6", f"mantissa {mantissa} is {shown}", "Fixed", fixed(**{name: (u(mantissa, size), f'"{shown}"')}))
    good("str-full", "2.3", "a str without a zero behind it", "Fixed", fixed(r=(b"12345678", '"12345678"')))
    good("str-escapes", "6", "what JSON escapes in a text, and what it does not", "Fixed",
         fixed(r=(b'\x01\x1f"\\/\n\x7f\0', '"\\u0001\\u001f\\"\\\\/\\n\x7f"')))
    good("str-utf8", "2.3", "characters of 1 to 4 bytes at the edges of UTF-8", "Fixed", fixed(r=("\x7f\x80\U0010ffff".encode() + b"\0", '"\x7f\x80\U0010ffff"')))
    good("bytes-fixed", "6", "bytes are hexadecimal digits", "Fixed", fixed(s=(bytes(range(0xF0, 0x100)), '"' + bytes(range(0xF0, 0x100)).hex() + '"')))
    good("array", "2.3", "an array of integers", "Fixed", fixed(t=(u(1, 4) + u(2, 4) + u(3, 4) + u(2**32 - 1, 4), "[1,2,3,4294967295]")))
    good("array-of-structs", "2.3.7", "both ends of a range in structs", "Fixed",
         fixed(u=(point(1, 1000)[0] + point(-1, -1000)[0], f"[{point(1, 1000)[1]},{point(-1, -1000)[1]}]")))
    for number, shown in ((1, '"untilCancelled"'), (2, '"immediate"'), (3, "3"), (255, '"never"')):
        good(f"enum-open-{number}", "2.3", "an open enum takes any number", "Fixed", fixed(v=(u(number, 1), shown)))
    good("enum-open-u64", "6", "a number without a name is an integer of the enum's type", "Fixed", fixed(x=(u(5, 8), '"5"')))
    good("enum-largest", "2.3", "the largest number that an enum can have", "Fixed", fixed(x=(u(2**64 - 1, 8), '"largest"')))
    good("enum-closed", "2.3", "a case of a closed enum", "Fixed", fixed(w=(u(0x1000, 2), '"auction"')))
    for name, size, number, shown in (
            ("y", 1, 0x83, '["hidden","postOnly","selfCancel"]'), ("y", 1, 0x7C, "[124]"), ("y", 1, 255, '["hidden","postOnly","selfCancel",124]'),
            ("z", 2, 0x8001, '["first","last"]'), ("rights", 4, 0x80000000, '["write"]'), ("marks", 8, 2**63, '["last"]'),
            ("marks", 8, 2**64 - 1, '["first","last","9223372036854775806"]')):
        good(f"flags-{name}-{number:x}", "6", "names in their order, then the bits without names", "Fixed", fixed(**{name: (u(number, size), shown)}))
    good("bits-all", "2.3", "every bit field full", "Fixed", fixed(
        calendar=(b"\xff\xff", '{"day":31,"month":15,"year":127}'), nibble=(b"\x0f", '{"low":7,"high":1}'),
        register=(u(0x3FFFFFF, 4), '{"mode":3,"address":16777215}'), ticket=(u(2**64 - 1, 8), '{"whole":"18446744073709551615"}')))
    good("bits-order", "2.3", "the first bit field has the lowest bits", "Fixed",
         fixed(calendar=(u(21 | 11 << 5 | 26 << 9, 2), '{"day":21,"month":11,"year":26}')))
    good("struct-ranges", "4.2", "the ends of ranges in a struct in a struct", "Fixed", kitchen(
        double=(bytes.fromhex("000000000000e0bf"), "-0.5"), factor=(b"\xff", '"255000"'), code=("€".encode() + b"a", '"€a"'),
        names=(b"ab\0\0", '["ab",""]'), quote=(u(-1, 8) + u(1000000, 4), '{"price":"-0.0001","quantity":1000000}')))
    good("struct-range-f64", "4.2", "the upper end of a range of f64", "Fixed", kitchen(double=(bytes.fromhex("0000000080842e41"), "1000000.0")))


def fixed_types_damaged():
    def damaged(id, title, name, data, cause, path=None, place=0):
        bad(id, "4.2", title, "Fixed", fixed(**{name: (data, "")}), cause, at(FIXED, name) + place, path or name)

    damaged("bool-2", "a bool of 2", "k", b"\2", "bool")
    damaged("bools-255", "an element that is no bool", "bools", b"\1\0\xff\2", "bool", "bools[2]", 2)
    damaged("enum-closed-unknown", "a number without a case", "w", u(2, 2), "enumeration")
    damaged("enum-closed-array", "the second element has no case", "phases", u(1, 2) + u(0x1001, 2), "enumeration", "phases[1]", 2)
    damaged("bits-nibble", "the first bit beyond the last bit field", "nibble", b"\x10", "reserved")
    damaged("bits-register", "the last bit of a bits type", "register", u(0x80000000, 4), "reserved")
    damaged("str-padding", "a byte behind a zero byte", "r", b"ab\0c\0\0\0\0", "padding")
    damaged("str-padding-first", "a zero byte at the start", "r", b"\0\0\0\0\0\0\0x", "padding")
    damaged("str-padding-before-utf8", "padding is looked at before UTF-8", "r", b"\xff\0x\0\0\0\0\0", "padding")
    for name, content in dict(lone="80", cut="e282", overlong2="c080", overlong3="e09fbf", overlong4="f08fbfbf", surrogate="eda080",
                              beyond="f4908080", f5="f5808080", c1="c1bf").items():
        damaged(f"utf8-{name}", f"{content} is not UTF-8", "r", bytes.fromhex(content).ljust(8, b"\0"), "utf8")
    damaged("range-array", "a field of a struct in an array is too large", "u", point(0, 0)[0] + point(0, 1001)[0], "range", "u[1].y", 12)
    damaged("range-struct", "a field of a struct is too small", "point", point(0, -1001)[0], "range", "point.y", 4)
    for name, data, cause, path, place in (
            ("yes", b"\2", "bool", "yes", 0), ("double", bytes.fromhex("000000000000f87f"), "range", "double", 0),
            ("double", bytes.fromhex("0100000080842e41"), "range", "double", 0), ("double", bytes.fromhex("010000000000e0bf"), "range", "double", 0),
            ("code", b"a\0b\0", "padding", "code", 0), ("corners", point(0, 0)[0] + point(5, 2000)[0], "range", "corners[1].y", 12),
            ("names", b"ab\0x", "padding", "names[1]", 2), ("phase", u(3, 2), "enumeration", "phase", 0),
            ("quote", u(0, 8) + u(1000001, 4), "range", "quote.quantity", 8)):
        bad(f"struct-{path}-{data.hex()}", "4.2", "the path goes into structs and arrays", "Fixed", kitchen(**{name: (data, "")}),
            cause, at(FIXED, "kitchen") + at(KITCHEN, name) - 8 + place, "kitchen." + path)
    bad("fixed-first-of-two", "4.1", "of two wrong fields the first is reported", "Fixed", fixed(k=(b"\2", ""), r=(b"\xff" * 8, "")),
        "bool", at(FIXED, "k"), "k")
    bad("fixed-before-tail", "4.1", "a wrong field and a byte too many: the field is reported", "Fixed", fixed(k=(b"\2", ""))[0] + b"\0",
        "bool", at(FIXED, "k"), "k")


def defaults_and_ranges():
    good("defaults", "2.3.6", "every default, as bytes", "Defaults", defaults())
    write("defaults-written", "6", "fields that are missing have their defaults", "Defaults", "{}", defaults())
    for version in (1, 2):
        good(f"defaults-version-{version}", "5.2", f"fields that came after version {version} have their defaults", "Defaults", defaults(version))
    edges = [("c", 10, 0xFFFF, 4, 1), ("f", -5, 5, 1, 1), ("m", 0, 4102444800, 8, 1), ("n", -1000, 1000, 8, 1), ("w", 1, 9, 4, 1)]
    for name, low, high, size, _ in edges:
        for value in (low, high):
            shown = f'"{value}"' if size == 8 else str(value)
            good(f"range-{name}-{value}", "4.2", "an end of a range belongs to it", "Defaults", defaults(**{name: (u(value, size), shown)}))
        for value in (low - 1, high + 1):
            bad(f"range-{name}-{value}", "4.2", "just outside of a range", "Defaults", defaults(**{name: (u(value, size), "")}),
                "range", at(DEFAULTS, name), name)
    for bits, shown in (("00000080", "-0.0"), ("0000803f", "1.0")):
        good(f"range-g-{bits}", "4.2", "an end of a range of f32; -0 is 0", "Defaults", defaults(g=(bytes.fromhex(bits), shown)))
    for bits, title in (("0100803f", "the next f32 above 1"), ("01000080", "the f32 just below 0"), ("0000c07f", "NaN")):
        bad(f"range-g-{bits}", "4.2", title, "Defaults", defaults(g=(bytes.fromhex(bits), "")), "range", at(DEFAULTS, "g"), "g")
    bad("enum-closed-without-0", "4.2", "0 is no case", "Defaults", defaults(q=(u(0, 4), "")), "enumeration", at(DEFAULTS, "q"), "q")
    bad("enum-imported", "4.2", "a closed enum of another file", "Defaults", defaults(r=(b"\3", "")), "enumeration", at(DEFAULTS, "r"), "r")


def optional_fields():
    good("optionals-absent", "3.2", "nothing optional is there", "Optionals", optionals())
    full = dict(a=(b"\xff", "255"), b=(u(9, 8), '"9"'), plain=(u(7, 2), "7"), c=(bytes.fromhex("0000803f"), "1.0"), d=(b"\1", "true"), e=(u(-5, 8), '"-0.05"'),
                f=(u(1, 8), '"1"'), g=(u(60, 8), '"60"'), h=(b"hello", '"hello"'), i=(b"abcdef", '"616263646566"'), j=(b"\1", '"untilCancelled"'),
                k=(u(4000000000, 4), '"high"'), l=(b"\3", '["hidden","postOnly"]'), m=(u(1, 2), '{"day":1,"month":0,"year":0}'), n=point(3, 4),
                o=(b"ten bytes!", '"ten bytes!"'), p=(b"\0\1", '"0001"'), q=(u(1, 2) * 5, "[1,1,1,1,1]"), r=(b"\2" + u(9, 8), '{"number":"9"}'),
                s=(u(8, 4), "8"), t=(b"eight by", '"eight by"'), u=(b"\1\0", '{"unknown":null}'), v=(b"\x80", "-128"), w=(b"\1\2\3", "[1,2,3]"), x=(u(6, 8), '"6"'))
    good("optionals-all", "3.2", "everything is there: five presence bytes", "Optionals", optionals(**full))
    for version in (1, 2):
        good(f"optionals-version-{version}", "5.2", f"everything of version {version}; what came later is absent", "Optionals", optionals(version, **full))
    for reader in (1, 2):
        for version in range(reader + 1, 4):
            good(f"optionals-reader-{reader}-of-{version}", "5.1", f"a reader of version {reader} takes what it knows of version {version}",
                 "Optionals", optionals(version, reader=reader, **full), reader=reader)
    for name in "abcdefghijklmn" "sv":
        data, json = full[name]
        good(f"optional-{name}", "3.2", "one optional field alone", "Optionals", optionals(**{name: (data, json)}))
        bad(f"optional-{name}-absent", "4.2", "an absent field that is not zero", "Optionals", absent(name, b"\1".rjust(len(data), b"\0")),
            "presence", position(name), name)
    for name in "opqtw":
        good(f"optional-{name}", "3.2", "one optional variable field alone", "Optionals", optionals(**{name: full[name]}))
        good(f"optional-{name}-empty", "3.2", "present and empty is not absent", "Optionals", optionals(**{name: (b"", "[]" if name in "qw" else '""')}))
        bad(f"optional-{name}-absent", "4.3", "an absent field with a region", "Optionals", absent(name, b"\1\0"), "presence", 8 + 85 + 14, name)
    for byte, bit, name in ((69, 1, "q"), (69, 7, "q"), (70, 2, "s"), (75, 2, "v")):
        bad(f"presence-reserved-{byte}-{bit}", "4.1", "a presence bit that no field has", "Optionals",
            patched(optionals()[0], 8 + byte, u(1 << bit, 1)), "reserved", 8 + byte, name)
    bad("presence-reserved-version-2", "4.1", "the same in a message of version 2", "Optionals", patched(optionals(2)[0], 8 + 70, b"\4"), "reserved", 78, "s")
    bad("presence-byte-in-order", "4.1", "a presence byte is looked at in its place: an absent field before it is reported", "Optionals",
        patched(patched(optionals()[0], 8 + 69, b"\2"), 8 + 1, b"\1"), "presence", 9, "a")
    bad("optional-range", "4.2", "a present field outside of its range", "Optionals", optionals(b=(u(4, 8), "")), "range", position("b"), "b")
    bad("optional-closed-0", "4.2", "a present field of a closed enum without a case", "Optionals", optionals(k=(u(0, 4), "")), "enumeration", position("k"), "k")
    bad("optional-str", "4.2", "a present text that is not UTF-8", "Optionals", optionals(h=(b"\xff\0\0\0\0", "")), "utf8", position("h"), "h")
    for name, data, cause in (("o", b"eleven byte", "length"), ("q", b"\0" * 12, "length"), ("q", b"\0", "length"), ("o", b"\xc3", "utf8"),
                              ("r", b"", None), ("r", b"\0", "union"), ("u", b"\1", "union")):
        if cause:
            bad(f"optional-{name}-{data.hex()}", "4.3", "a wrong region of a present field", "Optionals", optionals(**{name: (data, "")}), cause, 8 + 85 + 14, name)


def main():
    for part in (header, fixed_types, fixed_types_damaged, defaults_and_ranges, optional_fields):
        part()
    schema_region_cases.add(good, bad)
    schema_evolution_cases.add(good, bad, write)
    assert len({c["id"] for c in CASES}) == len(CASES), "ids are unique"
    rows = ",\n".join("  " + json.dumps(c) for c in CASES)
    (HERE / "schema" / "vectors.json").write_text(f"[\n{rows}\n]\n")
    print(f"{len(CASES)} cases written")


if __name__ == "__main__":
    main()
