# SPDX-License-Identifier: Apache-2.0
"""The cases of regions: lists, unions, groups and maps (Specs/schema.md §3.3 to §3.6, §4.3), for build_schema_cases.py."""

from schema_messages import group, patched, point, text, u, variables, wide

TAIL = 8 + 5 + 2 * 21  # of a message Variables of version 3
AFTER = TAIL + 1  # behind the union `anything`, which is one byte unless it is given
ENTRY = AFTER + 6  # the first entry of a group or map there
LEG, FILL = 13 + 2 * 5, 13 + 2 * 2  # bytes of the blocks of version 3


def leg(version=3, price=(0, "0"), side=1, ratio=None, note="", fills=(b"", "[]"), tags=(), choice=None, hint=9, reader=3):
    """An entry of `legs`, as its fixed part and regions, and its JSON."""
    part = u(price[0], 8) + u(side, 1) + u(ratio is not None, 1) + u(ratio or 0, 2) + (u(hint, 1) if version > 2 else b"")
    regions = [note.encode(), fills[0], b"".join(u(tag, 2) for tag in tags)]
    regions += [choice[0] if choice else b""] if version > 1 else []
    json = f'{{"price":"{price[1]}","side":"{ {1: "buy", 2: "sell"}.get(side) }"' + (f',"ratio":{ratio}' if ratio else "")
    json += f',"note":"{note}","fills":{fills[1]},"tags":[{",".join(map(str, tags))}]'
    json += f',"choice":{choice[1]}' if choice and reader > 1 else ""
    return (part, regions), json + (f',"hint":{hint}}}' if reader > 2 else "}")


def legs(*entries, count=None, ends=5, size=13):
    return group(size, ends, [entry for entry, _ in entries], count=count), f'[{",".join(json for _, json in entries)}]'


def fill(quantity=1, at=None, venue=b""):
    json = f'{{"quantity":{quantity}' + (f',"at":"{at}"' if at is not None else "") + f',"venue":"{venue.decode(errors="replace")}"}}'
    return (u(quantity, 4) + u(at is not None, 1) + u(at or 0, 8), [venue]), json


def fills(*entries, count=None):
    return group(13, 2, [entry for entry, _ in entries], count=count), f'[{",".join(json for _, json in entries)}]'


def a_map(key_size, value_size, *entries):
    """A map's region and JSON; size 0 is a variable key or value. Entries: key, value, and JSON."""
    made = [(b"".join(part for part, size in zip(entry, (key_size, value_size)) if size),
             [part for part, size in zip(entry, (key_size, value_size)) if not size]) for entry in entries]
    ends = (not key_size) + (not value_size)
    return group(key_size + value_size, ends + (ends > 0), made), "{" + ",".join(entry[2] for entry in entries if len(entry) > 2) + "}"


def add(good, bad):
    for part in (regions, unions, ends, groups, nested, maps, wide_messages):
        part(good, bad)


def regions(good, bad):
    good("variables-empty", "3.3", "regions that are empty; the union is one byte", "Variables", variables())
    full = "é" * 32
    good("text-full", "2.3", "exactly as many bytes as the bound permits", "Variables", variables(text=text(full)))
    good("text-zero-byte", "2.3", "a string may contain a zero byte", "Variables", variables(text=(b"a\0b", '"a\\u0000b"')))
    good("blob-full", "2.3", "as many bytes as the bound, a const, permits", "Variables", variables(blob=(b"\xff" * 32, f'"{"ff" * 32}"')))
    good("list-full", "2.3", "as many elements as the bound permits", "Variables", variables(numbers=(u(-1, 4) * 10, f'[{",".join(["-1"] * 10)}]')))
    good("list-of-structs", "2.3", "structs back to back", "Variables", variables(points=(point(1, -2)[0] + point(3, 4)[0], f"[{point(1, -2)[1]},{point(3, 4)[1]}]")))
    good("list-of-texts", "2.3", "texts of fixed size back to back", "Variables", variables(texts=(b"ab\0\0\0\0\0\0four", '["ab","","four"]')))
    good("list-of-arrays", "2.3", "arrays back to back", "Variables", variables(pairs=(b"\1\2\3\4", "[[1,2],[3,4]]")))
    good("list-of-enums", "2.3", "a closed enum back to back", "Variables", variables(levels=(u(10, 4) + u(4000000000, 4), '["low","high"]')))
    good("fixed-beside-regions", "3.3", "fixed fields before and after regions in the declaration", "Variables", variables(fixed=(u(7, 4), "7"), late=(b"\1", "true")))
    for id, name, data, cause, place, path in (
            ("text-length", "text", b"x" * 65, "length", 0, ""), ("text-length-first", "text", b"\xff" * 65, "length", 0, ""),
            ("text-utf8", "text", b"ab\xed\xa0\x80", "utf8", 0, ""), ("blob-length", "blob", b"\0" * 33, "length", 0, ""),
            ("list-length", "numbers", b"\0" * 44, "length", 0, ""), ("list-rest", "numbers", b"\0" * 9, "length", 0, ""),
            ("list-pairs-rest", "pairs", b"\0" * 3, "length", 0, ""), ("list-range", "points", point(0, 0)[0] + point(0, 1001)[0], "range", 12, "[1].y"),
            ("list-padding", "texts", b"ab\0\0\0\0\0x", "padding", 4, "[1]"), ("list-enumeration", "levels", u(10, 4) + u(11, 4), "enumeration", 4, "[1]"),
            ("list-length-first", "levels", u(1, 4) * 3, "length", 0, "")):
        bad(id, "4.3", f"a region of {name} that is wrong", "Variables", variables(**{name: (data, "")}), cause, TAIL + place, name + path)
    bad("region-first-of-two", "4.1", "of two wrong regions the first is reported", "Variables", variables(numbers=(b"\0", ""), text=(b"\xff", "")), "utf8", TAIL, "text")


def unions(good, bad):
    for id, data, shown in (
            ("nothing", b"\1", '{"nothing":null}'), ("number", b"\2" + u(2**64 - 1, 8), '{"number":"18446744073709551615"}'),
            ("point", b"\3" + point(1, -1000)[0], f'{{"point":{point(1, -1000)[1]}}}'), ("text-empty", b"\4", '{"text":""}'),
            ("text-full", b"\4" + b"x" * 20, f'{{"text":"{"x" * 20}"}}'), ("blob", b"\5\0\xff", '{"blob":"00ff"}'),
            ("side", b"\6\2", '{"side":"sell"}'), ("codes", b"\7abc\0\0\0", '{"codes":["ab","c",""]}'),
            ("ratio", b"\x08" + bytes(6) + b"\xf0\x3f", '{"ratio":1.0}'), ("empty", b"\xc8", '{"empty":null}'),
            ("unknown", b"\x4d\1\2", '{"#77":"0102"}'), ("unknown-empty", b"\xff", '{"#255":""}')):
        good(f"union-{id}", "3.4", "a tag and what belongs to it", "Variables", variables(anything=(data, shown)))
    for id, data, shown in (("code", u(512, 2) + u(9, 4), '{"code":9}'), ("words", u(65535, 2) + b"hi", '{"words":"hi"}'), ("unknown", u(768, 2) + b"\5", '{"#768":"05"}')):
        good(f"union-u16-{id}", "3.4", "a tag of two bytes", "Variables", variables(reason=(data, shown)))
    for id, data, cause, place, path in (
            ("none", b"", "union", 0, ""), ("tag-0", b"\0", "union", 0, ""), ("tag-0-bytes", b"\0\1", "union", 0, ""), ("short", b"\2" + bytes(7), "union", 0, ""),
            ("long", b"\2" + bytes(9), "union", 0, ""), ("bytes-behind-nothing", b"\1\0", "union", 0, ""), ("point-range", b"\3" + point(0, 1001)[0], "range", 5, ".point.y"),
            ("text-length", b"\4" + b"x" * 21, "length", 1, ".text"), ("text-utf8", b"\4\xff", "utf8", 1, ".text"), ("blob-length", b"\5" + bytes(33), "length", 1, ".blob"),
            ("side-unknown", b"\6\0", "enumeration", 1, ".side"), ("codes-padding", b"\7ab\0x\0\0", "padding", 3, ".codes[1]")):
        bad(f"union-{id}", "4.3", "a union that is wrong", "Variables", variables(anything=(data, "")), cause, TAIL + place, "anything" + path)
    for id, data, cause, place, path in (("one-byte", b"\1", "union", 0, ""), ("tag-0", b"\0\0", "union", 0, ""), ("words-utf8", b"\xff\xff\xff", "utf8", 2, ".words")):
        bad(f"union-u16-{id}", "4.3", "a union with a tag of two bytes that is wrong", "Variables", variables(reason=(data, "")), cause, AFTER + place, "reason" + path)


def ends(good, bad):
    whole = variables(text=text("ab"))[0]
    bad("ends-fall", "4.1", "the second end is below the first", "Variables", patched(whole, 13, u(3, 2)), "ends", 15, "blob")
    bad("ends-fall-to-0", "4.1", "an end in the middle is 0", "Variables", patched(whole, 13 + 2 * 8, u(0, 2)), "ends", 29, "reason")
    bad("ends-last-above", "4.1", "the last end is beyond the tail", "Variables", patched(whole, 53, u(4, 2)), "ends", 53, "lateMap")
    bad("ends-last-below", "4.1", "a byte behind the last region", "Variables", whole + b"\0", "ends", 53, "lateMap")
    bad("ends-tail-cut", "4.1", "the last byte is missing", "Variables", whole[:-1], "ends", 53, "lateMap")
    bad("ends-last-falls", "4.1", "the last end falls", "Variables", patched(whole, 53, u(2, 2)), "ends", 53, "lateMap")
    bad("ends-before-regions", "4.1", "wrong ends and a wrong region: the ends are reported", "Variables", variables(text=(b"\xff", ""))[0] + b"\0", "ends", 53, "lateMap")
    bad("ends-after-fixed", "4.1", "a wrong fixed field and wrong ends: the field is reported", "Variables", variables(late=(b"\2", ""))[0] + b"\0", "bool", 12, "late")
    bad("ends-version-1", "4.1", "the last end of a message of version 1", "Variables", variables(1)[0] + b"\0", "ends", 46, "byLevel")


def groups(good, bad):
    one, two = leg(price=(125000, "12.5"), side=2, ratio=100, note="abc", tags=(1, 65535)), leg(note="é", choice=(b"\4x", '{"text":"x"}'), hint=0)
    good("group", "3.5", "two entries with regions", "Variables", variables(legs=legs(one, two)))
    good("group-full", "3.5", "as many entries as the bound, a const, permits", "Variables", variables(legs=legs(one, two, leg(), one)))
    bare = [u(-1, 2) + u(2, 2), u(3, 2) + u(-32768, 2)]
    good("group-bare", "3.5", "entries without regions have no ends", "Variables", variables(bare=(group(4, 0, [(part, []) for part in bare]), '[{"x":-1,"y":2},{"x":3,"y":-32768}]')))

    def wrong(id, title, data, cause, place, path="legs"):
        bad(f"group-{id}", "4.3", title, "Variables", variables(legs=(data, "")), cause, AFTER + place, path)

    whole, tail = legs(one, two)[0], 6 + 2 * LEG
    wrong("short", "a region that is shorter than a group's header", whole[:5], "truncated", 0)
    wrong("one-byte", "a region of one byte", b"\0", "truncated", 0)
    wrong("count-0", "a region without entries that is not empty", group(13, 5, []), "count", 0)
    wrong("count-5", "one entry more than the bound permits", legs(*[leg()] * 5)[0], "count", 0)
    wrong("count-first", "a wrong count and shape: the count is reported", group(1, 1, []), "count", 0)
    for size, number in ((12, 5), (14, 5), (13, 4), (13, 6), (0, 0)):
        wrong(f"shape-{size}-{number}", "a shape that is not that of the version", patched(whole, 2, u(size, 2) + u(number, 2)), "shape", 2)
    wrong("shape-first", "a wrong shape and too few bytes: the shape is reported", patched(whole, 2, u(999, 2))[:6], "shape", 2)
    wrong("cut", "the blocks do not fit into the region", whole[: tail - 1], "truncated", 0)
    wrong("count-above", "more entries than blocks", patched(legs(leg())[0], 0, u(4, 2)), "truncated", 0)
    wrong("enumeration", "a field of an entry is wrong", legs(one, leg(side=3))[0], "enumeration", 6 + LEG + 8, "legs[1].side")
    wrong("reserved", "a presence bit that no field has", patched(whole, 6 + 9, b"\3"), "reserved", 15, "legs[0].ratio")
    wrong("presence", "an absent field that is not zero", patched(whole, 6 + 9, b"\0"), "presence", 16, "legs[0].ratio")
    wrong("range-0", "a field of an entry below its range", patched(whole, 6 + 10, u(0, 2)), "range", 16, "legs[0].ratio")
    wrong("range-101", "a field of an entry above its range", patched(whole, 6 + 10, u(101, 2)), "range", 16, "legs[0].ratio")
    wrong("start-not-0", "the first regions do not begin at 0", patched(whole, 19, u(1, 2)), "ends", 19, "legs[0]")
    wrong("start-gap", "a gap between the regions of two entries", patched(whole, 19 + LEG, u(8, 2)), "ends", 19 + LEG, "legs[1]")
    wrong("start-overlap", "regions of two entries overlap", patched(whole, 19 + LEG, u(6, 2)), "ends", 19 + LEG, "legs[1]")
    wrong("ends-fall", "an end below the one before", patched(whole, 23, u(2, 2)), "ends", 23, "legs[0].fills")
    wrong("ends-below-start", "an end below where the entry begins", patched(whole, 21 + LEG, u(6, 2)), "ends", 21 + LEG, "legs[1].note")
    wrong("ends-beyond", "an end beyond the group's tail", patched(whole, 27 + LEG, u(999, 2)), "ends", 27 + LEG, "legs[1].choice")
    wrong("tail-left", "a byte behind the last entry's regions", whole + b"\0", "ends", tail, "legs")
    wrong("tail-cut", "the last byte of the group's tail is missing", whole[:-1], "ends", 27 + LEG, "legs[1].choice")
    wrong("note-length", "a text of an entry that is too long", legs(leg(note="x" * 33))[0], "length", 6 + LEG, "legs[0].note")
    wrong("note-utf8", "a text of the second entry that is no UTF-8", patched(whole, tail + 7, b"\xff\xff"), "utf8", tail + 7, "legs[1].note")
    wrong("tags-rest", "a list of an entry that has half an element", group(13, 5, [(one[0][0], [b"", b"", b"\1", b""])]), "length", 6 + LEG, "legs[0].tags")
    wrong("choice-tag-0", "an optional union of an entry with tag 0", legs(leg(choice=(b"\0", "")))[0], "union", 6 + LEG, "legs[0].choice")
    wrong("entries-in-order", "what is wrong in the first entry is reported before the second", legs(leg(note="x" * 33), leg(side=3))[0], "length", 6 + 2 * LEG, "legs[0].note")
    bad("group-bare-tail", "4.3", "bytes behind entries without ends", "Variables", variables(bare=(group(4, 0, [(bytes(4), [])]) + b"\0", "")), "ends", AFTER + 10, "bare")
    bad("group-bare-count", "4.3", "one entry too many", "Variables", variables(bare=(group(4, 0, [(bytes(4), [])] * 6), "")), "count", AFTER, "bare")


def nested(good, bad):
    inner = fills(fill(1, 7, b"ABC"), fill(2, None, b"eight by"), fill(3))
    good("nested", "3.5", "a group in a group, as full as its bound permits", "Variables", variables(legs=legs(leg(fills=inner, note="n"), leg())))
    good("nested-twice", "3.5", "groups in two entries", "Variables", variables(legs=legs(leg(fills=inner), leg(fills=fills(fill())))))
    start, whole = 6 + LEG, fills(fill(1, 7, b"ABC"), fill(2))[0]
    for id, data, cause, place, path in (
            ("count", fills(*[fill()] * 4)[0], "count", 0, ""), ("shape", patched(whole, 2, u(12, 2)), "shape", 2, ""), ("short", whole[:4], "truncated", 0, ""),
            ("cut", whole[:20], "truncated", 0, ""), ("reserved", patched(whole, 6 + 4, b"\x81"), "reserved", 10, "[0].at"),
            ("presence", patched(whole, 6 + FILL + 12, b"\1"), "presence", 6 + FILL + 5, "[1].at"), ("start", patched(whole, 6 + FILL + 13, u(2, 2)), "ends", 6 + FILL + 13, "[1]"),
            ("ends", patched(whole, 6 + 15, u(4, 2)), "ends", 21, "[0].venue"), ("tail", whole + b"\0", "ends", 6 + 2 * FILL, ""),
            ("utf8", fills(fill(), fill(1, None, b"\xff"))[0], "utf8", 6 + 2 * FILL, "[1].venue"), ("length", fills(fill(1, None, b"nine byte"))[0], "length", 6 + FILL, "[0].venue")):
        bad(f"nested-{id}", "4.3", "a group in a group that is wrong", "Variables", variables(legs=legs(leg(fills=(data, "")))), cause, AFTER + start + place, "legs[0].fills" + path)


def maps(good, bad):
    quote = u(1, 8) + u(2, 4)
    good("map-u8", "3.6", "unsigned keys rise", "Variables", variables(byByte=a_map(1, 2, (b"\0", u(1, 2), '"0":1'), (b"\x7f", u(2, 2), '"127":2'), (b"\xff", u(3, 2), '"255":3'))))
    good("map-i32", "3.6", "signed keys rise by value", "Variables", variables(bySigned=a_map(4, 0, (u(-(2**31), 4), b"x", '"-2147483648":"x"'), (u(-1, 4), b"", '"-1":""'), (u(5, 4), b"y", '"5":"y"'))))
    good("map-u64", "3.6", "keys of 8 bytes", "Variables", variables(byWide=a_map(8, 0, (u(1, 8), b"\xff", '"1":"ff"'), (u(2**64 - 1, 8), b"", '"18446744073709551615":""'))))
    good("map-str", "3.6", "a text comes before those that begin with it", "Variables", variables(byCode=a_map(3, 8, (b"a\0\0", point(1, 1)[0], f'"a":{point(1, 1)[1]}'), (b"ab\0", point(2, 2)[0], f'"ab":{point(2, 2)[1]}'), (b"b\0\0", point(0, 0)[0], f'"b":{point(0, 0)[1]}'))))
    good("map-string", "3.6", "the same for strings; the empty one is first; bytes are unsigned", "Variables", variables(bySymbol=a_map(0, 12, *[
        (key.encode(), quote, f'"{key}":{{"price":"0.0001","quantity":2}}') for key in ("", "z", "zz", "é")])))
    good("map-strings", "3.6", "keys and values are strings; a zero byte counts", "Variables", variables(byName=a_map(0, 0, (b"a", b"1", '"a":"1"'), (b"a\0", b"2", '"a\\u0000":"2"'), (b"a\0b", b"", '"a\\u0000b":""'))))
    good("map-late", "3.6", "a map that came with version 3", "Variables", variables(lateMap=a_map(2, 8, (u(256, 2), bytes(8), '"256":0.0'), (u(257, 2), bytes(6) + b"\xf8\xff", '"257":"NaN"'))), readOnly=True)
    for id, name, region, size in (
            ("u8-equal", "byByte", a_map(1, 2, (b"\1", u(1, 2)), (b"\1", u(1, 2))), 3), ("u8-falls", "byByte", a_map(1, 2, (b"\xff", u(1, 2)), (b"\x7f", u(1, 2))), 3),
            ("i32-falls", "bySigned", a_map(4, 0, (u(0, 4), b""), (u(-1, 4), b"")), 8), ("u64-falls", "byWide", a_map(8, 0, (u(2**63, 8), b""), (u(2**63 - 1, 8), b"")), 12),
            ("u64-little-endian", "byWide", a_map(8, 0, (u(256, 8), b""), (u(1, 8), b"")), 12), ("str-falls", "byCode", a_map(3, 8, (b"ab\0", bytes(8)), (b"a\0\0", bytes(8))), 11),
            ("string-equal", "bySymbol", a_map(0, 12, (b"a", quote), (b"a", quote)), 16), ("string-falls", "byName", a_map(0, 0, (b"ab", b""), (b"a", b"")), 6),
            ("string-signed", "byName", a_map(0, 0, ("é".encode(), b""), (b"z", b"")), 6)):
        bad(f"map-{id}", "4.3", "a key that is not above the one before", "Variables", variables(**{name: (region[0], "")}), "order", ENTRY + size, f"{name}[1].key")
    for id, name, region, cause, place, path in (
            ("count", "byByte", a_map(1, 2, *[(u(k, 1), u(0, 2)) for k in range(5)]), "count", 0, ""), ("key-length", "bySymbol", a_map(0, 12, (b"x" * 13, quote)), "length", 22, "[0].key"),
            ("key-utf8", "byName", a_map(0, 0, (b"\xff", b"")), "utf8", 12, "[0].key"), ("key-padding", "byCode", a_map(3, 8, (b"a\0b", bytes(8))), "padding", 6, "[0].key"),
            ("value-range", "bySymbol", a_map(0, 12, (b"a", u(0, 8) + u(1000001, 4))), "range", 14, "[0].value.quantity"), ("value-length", "bySigned", a_map(4, 0, (u(1, 4), b"x" * 11)), "length", 14, "[0].value"),
            ("value-enumeration", "byLevel", a_map(8, 4, (u(-1, 8), u(10, 4)), (u(0, 8), u(11, 4))), "enumeration", 26, "[1].value"),
            ("value-before-order", "byName", a_map(0, 0, (b"b", b""), (b"a", b"\xff")), "utf8", 20, "[1].value")):
        bad(f"map-{id}", "4.3", "a map that is wrong", "Variables", variables(**{name: (region[0], "")}), cause, AFTER + place, name + path)


def wide_messages(good, bad):
    parts = group(1, 2, [(b"\1", [b"abcd"]), (b"\2", [b""])], width=4)
    entry = (u(7, 4) + b"\1", [b"hello", u(1, 4) * 2, parts])
    shown = '[{"number":7,"text":"hello","words":[1,1],"parts":[{"a":1,"b":"abcd"},{"a":2,"b":""}]},{"number":0,"text":"","parts":[]}]'
    region = group(5, 4, [entry, (bytes(5), [b"", b"", b""])], width=4)
    prices = group(12, 0, [(u(1, 4) + u(5, 8), []), (u(65536, 4) + u(-5, 8), [])], width=4)
    good("wide", "2.4", "ends and counts of 4 bytes", "Wide", wide((region, shown), (prices, '{"1":"0.0005","65536":"-0.0005"}'), (b"\1\2", '"0102"'), text("note")))
    good("wide-version-1", "5.2", "the same of version 1", "Wide", wide((region, shown), version=1))
    tail = 8 + 9 + 16
    for id, data, cause, place, path in (
            ("short", region[:7], "truncated", 0, ""), ("count", patched(region, 0, u(1001, 4)), "count", 0, ""), ("count-high", patched(region, 2, u(1, 2)), "count", 0, ""),
            ("shape", patched(region, 6, u(5, 2)), "shape", 4, ""), ("start", patched(region, 8 + 5, u(1, 4)), "ends", 13, "[0]"), ("ends", patched(region, 8 + 17, u(2**32 - 1, 4)), "ends", 25, "[0].parts"),
            ("words-absent", patched(region, 8 + 4, b"\0"), "presence", 8 + 42 + 5, "[0].words"), ("part", patched(region, 8 + 42 + 13 + 8 + 18, b"\xff"), "utf8", 8 + 42 + 13 + 8 + 18, "[0].parts[0].b")):
        bad(f"wide-{id}", "4.3", "a wide message with a wrong group", "Wide", wide((data, "")), cause, tail + place, "lines" + path)
    bad("wide-ends-high", "4.1", "the upper bytes of an end count", "Wide", patched(wide()[0], tail - 4, u(65536, 4)), "ends", tail - 4, "note")
