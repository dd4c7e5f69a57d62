# SPDX-License-Identifier: Apache-2.0
"""Messages of schema/everything.linnet, put together by hand from tables of their fields, for build_schema_cases.py.

Values are pairs of bytes and JSON text. The tables repeat the schema; that is on purpose.
"""

import pathlib

HERE = pathlib.Path(__file__).resolve().parent


def u(number: int, size: int) -> bytes:
    """A number of that many bytes, little-endian."""
    return (number % (1 << 8 * size)).to_bytes(size, "little")


def text(value: str) -> tuple[bytes, str]:
    """A text that JSON does not escape."""
    return value.encode(), f'"{value}"'


def patched(data: bytes, offset: int, other: bytes) -> bytes:
    return data[:offset] + other + data[offset + len(other) :]


def join(members) -> str:
    return "{" + ",".join(f'"{name}":{shown}' for name, shown in members) + "}"


def record(table, changes) -> tuple[bytes, str]:
    """The rows of a table, (name, bytes, JSON), with some of them changed."""
    assert not set(changes) - {row[0] for row in table}, changes
    rows = [(name, *changes.get(name, (data, shown))) for name, data, shown in table]
    assert all(len(row[1]) == len(old[1]) for row, old in zip(rows, table)), "fixed fields keep their size"
    return b"".join(row[1] for row in rows), join((row[0], row[2]) for row in rows)


def at(table, name) -> int:
    """The offset of a row's field in a message whose fixed part the table is."""
    return 8 + sum(len(row[1]) for row in table[: [row[0] for row in table].index(name)])


def point(x: int, y: int) -> tuple[bytes, str]:
    return u(x, 4) + u(y, 4), f'{{"x":{x},"y":{y}}}'


def message(number: int, version: int, part: bytes, regions=(), width=2, shape=None) -> tuple[bytes, str]:
    """A message from its fixed part and its regions."""
    ends, last = b"", 0
    for region in regions:
        last += len(region)
        ends += u(last, width)
    shape = shape or (len(part), len(regions))
    return u(number, 2) + u(version, 2) + u(shape[0], 2) + u(shape[1], 2) + part + ends + b"".join(regions), "{}"


def zeros(names: str, size: int, shown: str):
    return [(name, bytes(size), shown) for name in names.split()]


POINT = point(0, 0)
KITCHEN = [
    *zeros("tiny", 1, "0"), *zeros("small", 2, "0"), *zeros("medium", 4, "0"), *zeros("large", 8, '"0"'),
    *zeros("signedTiny", 1, "0"), *zeros("signedSmall", 2, "0"), *zeros("signedMedium", 4, "0"), *zeros("signedLarge", 8, '"0"'),
    *zeros("single", 4, "0.0"), *zeros("double", 8, "0.0"), *zeros("yes", 1, "false"), *zeros("price", 8, '"0"'),
    *zeros("factor", 1, '"0"'), *zeros("at took", 8, '"0"'), *zeros("code", 4, '""'), *zeros("hash", 3, '"000000"'),
    *zeros("triple", 6, "[0,0,0]"), *zeros("corners", 16, f"[{POINT[1]},{POINT[1]}]"), *zeros("names", 4, '["",""]'),
    *zeros("validity", 1, '"day"'), *zeros("phase", 2, '"closed"'), *zeros("options", 1, "[]"),
    *zeros("calendar", 2, '{"day":0,"month":0,"year":0}'), ("point", *POINT), *zeros("quote", 12, '{"price":"0","quantity":0}'),
]
FIXED = [
    *zeros("a", 1, "0"), *zeros("b", 2, "0"), *zeros("c", 4, "0"), *zeros("d", 8, '"0"'), *zeros("e", 1, "0"), *zeros("f", 2, "0"),
    *zeros("g", 4, "0"), *zeros("h", 8, '"0"'), *zeros("i", 4, "0.0"), *zeros("j", 8, "0.0"), *zeros("k", 1, "false"),
    *zeros("l", 8, '"0"'), *zeros("m", 2, '"0"'), *zeros("n o p q", 8, '"0"'), *zeros("r", 8, '""'), *zeros("s", 16, f'"{"00" * 16}"'),
    *zeros("t", 16, "[0,0,0,0]"), *zeros("u", 16, f"[{POINT[1]},{POINT[1]}]"), *zeros("v", 1, '"day"'), *zeros("w", 2, '"closed"'),
    *zeros("x", 8, '"none"'), *zeros("y", 1, "[]"), *zeros("z", 2, "[]"), *zeros("rights", 4, "[]"), *zeros("marks", 8, "[]"),
    *zeros("calendar", 2, '{"day":0,"month":0,"year":0}'), *zeros("nibble", 1, '{"low":0,"high":0}'),
    *zeros("register", 4, '{"mode":0,"address":0}'), *zeros("ticket", 8, '{"whole":"0"}'), ("point", *POINT),
    ("kitchen", *record(KITCHEN, {})), *zeros("flagsOfAll", 3, "[[],[],[]]"), *zeros("bools", 4, "[false,false,false,false]"),
    *zeros("phases", 4, '["closed","closed"]'),
]
DEFAULTS = [
    ("a", b"\xc8", "200"), ("b", u(-300, 2), "-300"), ("c", u(10, 4), "10"), ("d", u(-1, 8), '"18446744073709551615"'),
    ("e", u(-(2**63), 8), '"-9223372036854775808"'), ("f", b"\0", "0"), ("g", bytes.fromhex("0000003f"), "0.5"),
    ("h", bytes.fromhex("9c7500883ce4377e"), "1e+300"), ("i", bytes.fromhex("fa7e6abc749358bf"), "-0.0015"), ("j", b"\1", "true"),
    ("k", u(125000, 8), '"12.5"'), ("l", u(-7, 4), '"-700"'), ("m", u(86400, 8), '"86400"'), ("n", u(-1, 8), '"-1"'),
    ("o", b"\1", '"untilCancelled"'), ("p", u(0x1000, 2), '"auction"'), ("q", u(10, 4), '"low"'), ("r", b"\2", '"sell"'),
    ("s", u(4, 2), "4"), ("t", u(42, 1), "42"), ("u", b"\1", "true"), ("v", u(0, 8), '"0"'), ("w", u(7, 4), "7"),
]


def fixed(version=3, **changes) -> tuple[bytes, str]:
    part, shown = record(FIXED, changes)
    return message(1, version, part)[0], shown


def kitchen(**changes) -> tuple[bytes, str]:
    """A message Fixed with changes in its field `kitchen`."""
    return fixed(kitchen=record(KITCHEN, changes))


def defaults(version=3, **changes) -> tuple[bytes, str]:
    """`v` came with version 2, `w` with version 3; their defaults stand in the JSON of older messages."""
    part, shown = record(DEFAULTS, changes)
    return message(2, version, part[: len(part) - {1: 12, 2: 4, 3: 0}[version]])[0], shown


# Optionals: presence bytes stand as a list of the names that have their bits. Size 0 is a variable field.
OPTIONALS = [
    (1, list("abcdefgh"), 1), (1, "a", 1), (1, "b", 8), (1, "plain", 2), (1, "c", 4), (1, "d", 1), (1, "e", 8), (1, "f", 8),
    (1, "g", 8), (1, "h", 5), (1, list("ijklmnop"), 1), (1, "i", 6), (1, "j", 1), (1, "k", 4), (1, "l", 1), (1, "m", 2),
    (1, "n", 8), (1, "o", 0), (1, "p", 0), (1, list("q"), 1), (1, "q", 0), (1, "r", 0), (2, list("st"), 1), (2, "s", 4),
    (2, "t", 0), (2, "u", 0), (3, list("vw"), 1), (3, "v", 1), (3, "w", 0), (3, "x", 8),
]


def optionals(version=3, reader=3, **values) -> tuple[bytes, str]:
    """Optional fields are present if they are in `values`; the JSON is that of a reader of that version."""
    part, regions, members = b"", [], []
    for since, name, size in OPTIONALS:
        given = values.get(name) if isinstance(name, str) else None
        if since <= version:
            if isinstance(name, list):
                part += u(sum(1 << bit for bit, owner in enumerate(name) if owner in values), 1)
            elif size:
                part += given[0] if given else bytes(size)
            else:
                regions.append(given[0] if given else b"")
        if since <= reader and name in ("plain", "x"):
            members.append((name, given[1] if given and since <= version else "0" if name == "plain" else '"0"'))
        elif since <= min(reader, version) and given:
            members.append((name, given[1]))
    return message(3, version, part, regions)[0], join(members)


def position(name: str) -> int:
    """The offset of a fixed field of Optionals."""
    return 8 + sum(size for _, _, size in OPTIONALS[: [row[1] for row in OPTIONALS].index(name)])


def absent(name: str, data: bytes) -> bytes:
    """A message Optionals in which a field has bytes but no presence bit."""
    made = optionals(**{name: (data, "")})[0]
    place = next(8 + sum(row[2] for row in OPTIONALS[:k]) for k, row in enumerate(OPTIONALS) if isinstance(row[1], list) and name in row[1])
    return patched(made, place, b"\0")


VARIABLES = [
    (1, "text", '""'), (1, "blob", '""'), (1, "numbers", "[]"), (1, "points", "[]"), (1, "texts", "[]"), (1, "pairs", "[]"),
    (1, "levels", "[]"), (1, "anything", None), (1, "reason", None), (1, "legs", "[]"), (1, "bare", "[]"), (1, "byByte", "{}"),
    (1, "bySigned", "{}"), (1, "byWide", "{}"), (1, "byCode", "{}"), (1, "bySymbol", "{}"), (1, "byName", "{}"), (1, "byLevel", "{}"),
    (2, "late", "false"), (2, "lateText", '""'), (2, "lateGroup", "[]"), (3, "lateMap", "{}"),
]


def variables(version=3, reader=3, **values) -> tuple[bytes, str]:
    """The union `anything` is `nothing` unless it is given; everything else is empty."""
    number, late_flag = values.pop("fixed", (u(0, 4), "0")), values.pop("late", (b"\0", "false"))
    values = {"anything": (b"\1", '{"nothing":null}'), **values}
    regions, members = [], [("fixed", number[1])]
    for since, name, empty in VARIABLES:
        given = values.get(name) if since <= version else None
        if name == "late":
            given = late_flag if since <= version else None
        elif since <= version:
            regions.append(given[0] if given else b"")
        if since <= reader and (given or empty):
            members.append((name, given[1] if given else empty))
    return message(4, version, number[0] + (late_flag[0] if version > 1 else b""), regions)[0], join(members)


def group(fixed_size: int, ends: int, entries, width=2, count=None) -> bytes:
    """A group from its entries: pairs of a fixed part and the regions."""
    blocks, tail = b"", b""
    for part, regions in entries:
        blocks += part
        for region in ([b""] if regions else []) + list(regions):
            tail += region
            blocks += u(len(tail), width)
    return u(len(entries) if count is None else count, width) + u(fixed_size, 2) + u(ends, 2) + blocks + tail


def late(version, arm=b"\1", shown='{"nothing":null}', c=(u(0, 2), "0")) -> tuple[bytes, str]:
    """A message Late; `c` came with version 3."""
    data = message(65535, version, b"\5" + (c[0] if version > 2 else b""), [arm])[0]
    return data, f'{{"a":5,"b":{shown},"c":{c[1] if version > 2 else 0}}}'


def wide(lines=(b"", "[]"), prices=(b"", "{}"), blob=(b"", '""'), note=None, version=3) -> tuple[bytes, str]:
    part = u(1, 8) + (u(note is not None, 1) if version > 1 else b"")
    regions = [blob[0], lines[0], prices[0]] + ([note[0] if note else b""] if version > 1 else [])
    members = [("id", '"1"'), ("blob", blob[1]), ("lines", lines[1]), ("prices", prices[1])] + ([("note", note[1])] if note else [])
    return message(5, version, part, regions, width=4)[0], join(members)
