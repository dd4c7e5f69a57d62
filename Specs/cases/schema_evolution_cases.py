# SPDX-License-Identifier: Apache-2.0
"""The cases of evolution and of JSON (Specs/schema.md §5, §6), for build_schema_cases.py."""

from schema_messages import defaults, fixed, group, join, late, message, optionals, patched, text, u, variables, wide
from schema_region_cases import fill, fills, leg, legs


def add(good, bad, write):
    older(good, bad)
    newer(good, bad)
    for_older_peers(write)
    json(write)
    refused(write)


def refused_message(version, number=1, words="", retry=None, extra=b""):
    """A message Refused, whose file has version 2; `retryAfter` came with it."""
    part = u(number, 2) + ((u(retry is not None, 1) + u(retry or 0, 8)) if version > 1 else b"") + extra
    members = [("code", str(number)), ("reason", f'"{words}"')] + ([("retryAfter", f'"{retry}"')] if retry is not None else [])
    return message(900, version, part, [words.encode()])[0], join(members)


def older(good, bad):
    one = dict(price=(1, "0.0001"), ratio=5, note="n", tags=(3,))
    old_fills = group(4, 0, [(u(9, 4), [])]), '[{"quantity":9,"venue":""}]'
    good("older-1", "5.2", "groups of version 1: shorter entries, their new fields have defaults", "Variables",
         variables(1, legs=legs(leg(1, **one), leg(1, fills=old_fills), size=12, ends=4)))
    middle_fills = group(13, 0, [(u(9, 4) + b"\1" + u(-1, 8), [])]), '[{"quantity":9,"at":"-1","venue":""}]'
    late_group = group(8, 2, [(u(1, 8), [b"words"])]), '[{"id":"1","words":"words"}]'
    good("older-2", "5.2", "groups of version 2", "Variables", variables(
        2, legs=legs(leg(2, choice=(b"\2" + u(1, 8), '{"number":"1"}'), fills=middle_fills, **one), size=12, ends=5),
        late=(b"\1", "true"), lateText=text("t"), lateGroup=late_group))
    good("older-3", "5.2", "the same of version 3", "Variables", variables(
        3, lateGroup=(group(10, 2, [(u(1, 8) + b"\1\xff", [b"words"])]), '[{"id":"1","words":"words","more":-1}]'), lateMap=(group(10, 0, [(bytes(10), [])]), '{"0":0.0}')))
    good("older-later-case", "4.2", "a case, bit or arm that came later is known in a message of an older version", "Fixed",
         fixed(version=1, v=(b"\2", '"immediate"'), y=(b"\x80", '["selfCancel"]')))
    good("older-later-arm", "4.2", "an arm that came later in a message of version 1", "Variables", variables(1, anything=(b"\xc8", '{"empty":null}')))
    good("older-late", "4.1", "a message in the version with which it came", "Late", late(2))
    bad("older-before-late", "4.1", "a version below the message's own `@since`", "Late", patched(late(2)[0], 2, u(1, 2)), "version", 2)
    good("older-imported-1", "1.4", "a message of another file has the versions of that file", "Refused", refused_message(1, words="why"))
    good("older-imported-2", "1.4", "the same of that file's version", "Refused", refused_message(2, words="why", retry=60))
    bad("older-shape-of-3", "5.1", "the shape of version 3 in a message of version 2", "Defaults", patched(defaults()[0], 2, u(2, 2)), "shape", 4)
    bad("older-shape-between", "5.1", "a shape between those of versions 2 and 3", "Optionals",
        patched(patched(optionals()[0], 2, u(2, 2)), 4, u(76, 2)), "shape", 4)
    bad("older-ends-of-3", "5.1", "the ends of version 3 in a message of version 2", "Variables", patched(variables()[0], 2, u(2, 2)), "shape", 4)
    bad("older-entries-of-3", "5.1", "entries of version 3 in a message of version 2", "Variables", variables(2, legs=legs(leg(3))), "shape", 8 + 5 + 40 + 1 + 2, "legs")
    bad("older-nested-of-3", "5.1", "entries of version 3 in entries of version 2", "Variables",
        variables(2, legs=legs(leg(2, fills=fills(fill())), size=12, ends=5)), "shape", 54 + 6 + 22 + 2, "legs[0].fills")


def newer(good, bad):
    ping = message(6, 4, b"\xff\xfe\xfd", [b"", b"any bytes"])[0]
    good("newer-ping", "5.1", "fixed bytes, ends and regions that are not known", "Ping", (ping, "{}"))
    good("newer-65535", "5.1", "the largest version", "Ping", (message(6, 65535, b"")[0], "{}"))
    good("newer-fixed", "5.2", "unknown bytes follow the known fixed part", "Fixed",
         (message(1, 9, fixed()[0][8:] + b"\xff" * 5, [b"x"])[0], fixed()[1]))
    good("newer-imported", "5.1", "a newer version of another file", "Refused", (refused_message(3, 7, "r", 1, extra=b"\xff")[0], refused_message(2, 7, "r", 1)[1]))
    bad("newer-end-falls", "4.1", "an unknown end falls", "Ping", patched(ping, 11, u(10, 2)), "ends", 13)
    bad("newer-last-end", "4.1", "the last end, which is unknown, is not the length of the tail", "Ping", ping + b"\0", "ends", 13)
    bad("newer-tail", "4.1", "bytes behind a message without ends", "Ping", message(6, 4, b"\1")[0] + b"\1", "ends", 9)
    bad("newer-fixed-less", "5.1", "a newer version has a shorter fixed part", "Defaults", patched(defaults(2)[0], 2, u(4, 2)), "shape", 4)
    bad("newer-ends-less", "5.1", "a newer version has fewer ends", "Optionals", message(3, 4, optionals()[0][8:93], [b""] * 6)[0], "shape", 4)
    bad("newer-cut", "4.1", "the unknown fixed bytes are not there", "Ping", message(6, 4, b"", shape=(3, 0))[0], "truncated", 8)
    bad("newer-known-region", "4.1", "a known region is verified in newer messages", "Late", message(65535, 4, b"\5\0\0\1", [b"\0", b"x"])[0], "union", 16, "b")
    whole = legs(leg(note="abc", tags=(1,), fills=fills(fill(2, 3, b"v"))), leg(side=2, choice=(b"\1", '{"nothing":null}')))[0]
    good("newer-reader-1", "5.1", "a reader of version 1 reads groups of version 3", "Variables",
         (variables(legs=(whole, ""))[0], variables(1, 1, legs=(whole, '[{"price":"0","side":"buy","note":"abc","fills":[{"quantity":2}],"tags":[1]},'
          '{"price":"0","side":"sell","note":"","fills":[],"tags":[]}]'))[1]), reader=1)
    good("newer-reader-2", "5.1", "a reader of version 2 reads groups of version 3", "Variables",
         (variables(legs=(whole, ""))[0], variables(2, 2, legs=(whole, '[{"price":"0","side":"buy","note":"abc","fills":[{"quantity":2,"at":"3"}],"tags":[1]},'
          '{"price":"0","side":"sell","note":"","fills":[],"tags":[],"choice":{"nothing":null}}]'))[1]), reader=2)
    good("newer-unknown-names", "6", "cases, bits and arms that came after the reader's version have no names", "Variables",
         (variables(1, anything=(b"\xc8\1", ""))[0], variables(1, 1, anything=(b"", '{"#200":"01"}'))[1]), reader=1)
    good("newer-unknown-bit", "6", "the same for a case and a bit", "Fixed", fixed(version=3, v=(b"\2", "2"), y=(b"\x81", '["hidden",128]')), reader=1)
    bad("newer-entry-unknown-end", "4.3", "an unknown end of an entry falls or leaves the tail: the path is the entry's", "Variables", variables(legs=(
        patched(whole, 6 + 13 + 8, b"\xff\xff"), ""))[0], "ends", 56 + 6 + 13 + 8, "legs[0]", reader=1)
    bad("newer-entry-unknown-first", "4.3", "the first unknown end below the last known one", "Variables", variables(legs=(
        patched(whole, 6 + 13 + 8, b"\0\0"), ""))[0], "ends", 56 + 6 + 13 + 8, "legs[0]", reader=1)
    unseen = group(4, 2, [(u(1, 2) + u(2, 2), [b"abc"]), (bytes(4), [b"d"])])
    shown = '[{"x":1,"y":2},{"x":0,"y":0}]'
    good("newer-entries-with-ends", "5.1", "known entries have no ends, those of the newer version have", "Variables",
         (message(4, 4, bytes(5), variable_regions(bare=unseen))[0], variables(bare=(b"", shown))[1]))
    good("newer-entries-ends-unseen", "5.1", "neither these ends nor the group's tail are looked at", "Variables",
         (message(4, 4, bytes(5), variable_regions(bare=patched(unseen, 10, b"\xff\xff\0\0") + b"more"))[0], variables(bare=(b"", shown))[1]))
    bad("newer-entries-without-ends", "4.3", "a newer version's entries without ends, and bytes behind them", "Variables",
        message(4, 4, bytes(5), variable_regions(bare=group(4, 0, [(bytes(4), [])]) + b"\0"))[0], "ends", 56 + 10, "bare")
    bad("newer-entries-fixed-less", "5.1", "a newer version's entries are shorter", "Variables",
        message(4, 4, bytes(5), variable_regions(bare=group(3, 0, [(bytes(3), [])])))[0], "shape", 58, "bare")
    good("newer-entries-longer", "5.2", "a newer version's entries have bytes that are not known", "Variables",
         (message(4, 4, bytes(5), variable_regions(bare=group(6, 0, [(u(1, 2) + u(2, 2) + b"\xff\xff", []), (bytes(6), [])])))[0], variables(bare=(b"", shown))[1]))
    good("newer-map", "5.1", "entries of a map have unknown bytes behind the value", "Variables",
         (message(4, 4, bytes(5), variable_regions(byByte=group(4, 0, [(b"\1\2\0\xff", []), (b"\2\3\0\xff", [])])))[0], variables(byByte=(b"", '{"1":2,"2":3}'))[1]))
    bad("newer-map-order", "4.3", "the order of keys is verified in newer messages", "Variables",
        message(4, 4, bytes(5), variable_regions(byByte=group(4, 0, [(b"\2\2\0\xff", []), (b"\1\3\0\xff", [])])))[0], "order", 56 + 6 + 4, "byByte[1].key")


def variable_regions(**values):
    """The regions of a message Variables of version 3."""
    names = ("text blob numbers points texts pairs levels anything reason legs bare byByte bySigned byWide byCode bySymbol byName byLevel "
             "lateText lateGroup lateMap").split()
    return [values.get(name, b"\1" if name == "anything" else b"") for name in names]


def for_older_peers(write):
    changes = dict(v='"5"', w="3")
    given = defaults(v=(u(5, 8), '"5"'), w=(u(3, 4), "3"))[1]
    assert all(f'"{name}":{value}' in given for name, value in changes.items())
    for version in (1, 2, 3):
        write(f"for-defaults-{version}", "5.4", f"fields that came after version {version} are left out", "Defaults", given,
              defaults(version, v=(u(5, 8), ""), w=(u(3, 4), "")), **{"for": version})
    values = dict(a=(b"\1", "1"), s=(u(2, 4), "2"), t=text("t"), u=(b"\1\0", '{"unknown":null}'), v=(b"\3", "3"), w=(b"\4", "[4]"), x=(u(5, 8), '"5"'))
    for version in (1, 2, 3):
        write(f"for-optionals-{version}", "5.4", "optional fields with their presence bytes", "Optionals", optionals(**values)[1],
              optionals(version, **values), **{"for": version})
    given = variables(legs=legs(leg(note="n", choice=(b"\1", '{"nothing":null}'), fills=fills(fill(1, 2, b"v")))), lateText=text("t"))[1]
    older_legs = {1: legs(leg(1, note="n", fills=(group(4, 0, [(u(1, 4), [])]), "")), size=12, ends=4),
                  2: legs(leg(2, note="n", choice=(b"\1", ""), fills=(group(13, 0, [(u(1, 4) + b"\1" + u(2, 8), [])]), "")), size=12, ends=5)}
    for version in (1, 2):
        write(f"for-variables-{version}", "5.4", "entries have the shape of the older version", "Variables", given,
              variables(version, legs=older_legs[version], lateText=text("t")), **{"for": version})
    write("for-fixed-later-case", "5.4", "cases and bits that came later are written as they are", "Fixed", '{"v":"immediate","y":["selfCancel"]}',
          fixed(version=1, v=(b"\2", ""), y=(b"\x80", "")), **{"for": 1})
    write("for-before-late", "5.4", "a version in which there is no such message", "Late", late(3)[1], None, **{"for": 1})
    write("for-late", "5.4", "the version with which the message came", "Late", late(3)[1], late(2), **{"for": 2})
    write("for-imported", "1.4", "a message of another file", "Refused", '{"code":3,"reason":"r","retryAfter":"9"}', refused_message(1, 3, "r"), **{"for": 1})
    write("for-4", "5.4", "a version that is not known", "Ping", "{}", None, **{"for": 4})
    write("for-imported-3", "1.4", "the other file has no version 3", "Refused", '{"code":3}', None, **{"for": 3})


def json(write):
    write("json-empty", "6", "missing fields are zero or empty", "Fixed", "{}", fixed())
    write("json-numbers", "6", "integers of 64 bits may be numbers", "Fixed", '{"d":18446744073709551615,"h":-9223372036854775808,"n":5}',
          fixed(d=(u(-1, 8), ""), h=(u(-(2**63), 8), ""), n=(u(5, 8), "")))
    write("json-strings", "6", "other integers may be strings", "Fixed", '{"a":"255","e":"-128","t":["1",2,"3",4]}',
          fixed(a=(b"\xff", ""), e=(b"\x80", ""), t=(u(1, 4) + u(2, 4) + u(3, 4) + u(4, 4), "")))
    write("json-floats", "6", "floats in any notation of JSON", "Fixed", '{"i":1e0,"j":25E-1}', fixed(i=(b"\0\0\x80\x3f", ""), j=(bytes(6) + b"\x04\x40", "")))
    write("json-float-integer", "6", "an integer is a float", "Fixed", '{"i":-1,"j":3}', fixed(i=(b"\0\0\x80\xbf", ""), j=(bytes(6) + b"\x08\x40", "")))
    write("json-minus-zero", "6", "-0 is a float, and the integer 0", "Fixed", '{"e":-0,"i":-0}', fixed(i=(b"\0\0\0\x80", "")))
    write("json-f32-once", "6", "an f32 is rounded once: above half-way, though not as an f64", "Fixed", '{"i":1.00000005960464477540}', fixed(i=(b"\1\0\x80\x3f", "")))
    write("json-f32-half", "6", "exactly half-way goes to the even f32", "Fixed", '{"i":1.000000059604644775390625}', fixed(i=(b"\0\0\x80\x3f", "")))
    write("json-decimal-zeros", "6", "zeros at the end of a decimal", "Fixed", '{"l":"12.500","m":"700.0"}', fixed(l=(u(1250000000, 8), ""), m=(u(7, 2), "")))
    write("json-enum-number", "6", "a case by its number", "Fixed", '{"v":1,"w":"4096","x":"7"}', fixed(v=(b"\1", ""), w=(u(0x1000, 2), ""), x=(u(7, 8), "")))
    write("json-flags-order", "6", "flags in any order", "Fixed", '{"y":[4,"postOnly","hidden"],"marks":["last"]}', fixed(y=(b"\7", ""), marks=(u(2**63, 8), "")))
    write("json-bits-missing", "6", "bit fields and struct fields that are missing are zero", "Fixed", '{"calendar":{"month":3},"point":{"y":-1}}',
          fixed(calendar=(u(3 << 5, 2), ""), point=(u(0, 4) + u(-1, 4), "")))
    write("json-order", "6", "members in any order", "Fixed", '{"b":2,"a":1}', fixed(a=(b"\1", ""), b=(u(2, 2), "")))
    write("json-escapes", "6", "escapes that need not be there", "Fixed", '{"r":"\\u0041\\/\\ud83d\\udc26"}', fixed(r=("A/🐦".encode() + b"\0\0", "")))
    write("json-hex-capitals", "6", "hexadecimal digits in capital letters are read", "Variables", '{"anything":{"blob":"aAFf"}}', variables(anything=(b"\5\xaa\xff", "")))
    write("json-map-sorts", "3.6", "a map's members in any order", "Variables", '{"anything":{"nothing":null},"bySigned":{"10":"b","9":"a","-1":"c"}}',
          variables(bySigned=(group(4, 2, [(u(-1, 4), [b"c"]), (u(9, 4), [b"a"]), (u(10, 4), [b"b"])]), "")))
    write("json-group-defaults", "6", "fields of entries have defaults too", "Variables", '{"anything":{"nothing":null},"legs":[{}]}', variables(legs=legs(leg())))
    write("json-optional-empty", "6", "empty is not absent", "Optionals", '{"o":"","q":[]}', optionals(o=(b"", ""), q=(b"", "")))
    write("json-wide", "2.4", "ends of 4 bytes", "Wide", '{"id":"1","note":""}', wide(note=text("")))


def refused(write):
    for id, name, input in (
            ("not-json", "Ping", "{"), ("not-object", "Ping", "[]"), ("unknown-member", "Ping", '{"a":1}'), ("unknown-in-struct", "Fixed", '{"point":{"z":1}}'),
            ("twice", "Fixed", '{"a":1,"a":1}'), ("null", "Optionals", '{"a":null}'), ("too-large", "Fixed", '{"a":256}'), ("too-small", "Fixed", '{"e":-129}'),
            ("negative", "Fixed", '{"a":-1}'), ("fraction", "Fixed", '{"a":1.0}'), ("integer-text", "Fixed", '{"a":"0x10"}'), ("bool-number", "Fixed", '{"k":1}'),
            ("number-bool", "Fixed", '{"a":true}'), ("range", "Defaults", '{"c":9}'), ("range-nan", "Defaults", '{"g":"NaN"}'), ("float-text", "Fixed", '{"i":"1.5"}'),
            ("float-infinite", "Fixed", '{"i":1e39}'), ("decimal-digits", "Fixed", '{"l":"0.000000001"}'), ("decimal-hundreds", "Fixed", '{"m":"750"}'),
            ("decimal-number", "Fixed", '{"l":1.5}'),
            ("decimal-exponent", "Fixed", '{"m":"1e3"}'), ("decimal-large", "Fixed", '{"m":"6553600"}'), ("case", "Fixed", '{"v":"tomorrow"}'), ("closed-number", "Fixed", '{"w":2}'), ("flag", "Fixed", '{"y":["other"]}'),
            ("bit-field", "Fixed", '{"calendar":{"day":32}}'), ("str-long", "Fixed", '{"r":"nine byte"}'), ("str-zero", "Fixed", '{"r":"a\\u0000"}'), ("surrogate", "Fixed", '{"r":"\\ud800"}'),
            ("bytes-count", "Fixed", '{"s":"00"}'), ("bytes-odd", "Variables", '{"anything":{"nothing":null},"blob":"0"}'), ("array-count", "Fixed", '{"t":[1,2,3]}'),
            ("union-missing", "Variables", "{}"), ("union-arm", "Variables", '{"anything":{"other":1}}'), ("union-two", "Variables", '{"anything":{"nothing":null,"number":1}}'),
            ("union-null", "Variables", '{"anything":{"number":null}}'), ("union-nothing", "Variables", '{"anything":{"nothing":1}}'), ("union-known-tag", "Variables", '{"anything":{"#2":"00"}}'),
            ("union-tag-0", "Variables", '{"anything":{"#0":""}}'), ("union-tag-256", "Variables", '{"anything":{"#256":""}}'), ("group-count", "Variables", '{"anything":{"nothing":null},"bare":[{},{},{},{},{},{}]}'),
            ("map-key", "Variables", '{"anything":{"nothing":null},"byByte":{"256":1}}'), ("map-same-key", "Variables", '{"anything":{"nothing":null},"byByte":{"1":1,"01":1}}'),
            ("nan", "Fixed", '{"i":NaN}'), ("text-number", "Optionals", '{"o":5}'), ("list-object", "Optionals", '{"q":{}}'), ("flags-number", "Fixed", '{"y":1}'),
            ("array-object", "Fixed", '{"t":{}}'), ("struct-list", "Fixed", '{"point":[1,2]}'), ("union-text", "Variables", '{"anything":"nothing"}'),
            ("group-object", "Variables", '{"anything":{"nothing":null},"bare":{}}'), ("map-list", "Variables", '{"anything":{"nothing":null},"byByte":[]}'),
            ("map-value", "Variables", '{"anything":{"nothing":null},"byByte":{"1":null}}'), ("bytes-number", "Optionals", '{"p":12}'),
            ("text-long", "Optionals", '{"o":"eleven byte"}'), ("list-long", "Optionals", '{"w":[1,2,3,4]}')):
        write(f"refused-{id}", "6", "JSON that is no message", name, input, None)
