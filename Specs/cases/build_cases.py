#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes packets.json, damaged-capture.hex and section 9 of protocol.md. Run it after a change."""

import json
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).resolve().parent
MAGIC = 0x544E4E4C
HELLO = b"hello"
CASES = []


def packet(payload=b"", flags=0, seq=0, version=1, magic=MAGIC, size=None, checksum=None, trailer=None):
    """The bytes of one packet; any field can be made wrong."""
    body = payload
    if flags & 2:
        body += struct.pack("<I", zlib.crc32(payload) if trailer is None else trailer)
    header = struct.pack("<IHHIQ", magic, version, flags, 24 + len(body) if size is None else size, seq)
    if checksum is None:
        checksum = zlib.crc32(header + bytes(4))
    return header + struct.pack("<I", checksum) + body


def delivered(payload=b"", flags=0, seq=0, version=1):
    size = 24 + len(payload) + (4 if flags & 2 else 0)
    return dict(version=version, flags=flags, size=size, seq=seq, payload=payload.hex())


def flip(data, offset, mask):
    return data[:offset] + bytes([data[offset] ^ mask]) + data[offset + 1 :]


ERRORS = {
    # name: (part, offset, section, bytes of the packet at which it is due)
    "bad-magic": ("magic", 0, "2.2", 4),
    "bad-header-checksum": ("checksum", 20, "2.1", 24),
    "unsupported-version": ("version", 4, "2.3", 24),
    "unsupported-flag": ("flags", 6, "2.4", 24),
    "size-too-small": ("size", 8, "3.1", 24),
    "size-too-large": ("size", 8, "3", 24),
    "bad-sequence": ("seq", 12, "5", 24),
}


def case(id, section, title, parts, packets, error=None, offset=None, **settings):
    """Adds a case. `error` is a name; `offset` goes with `truncated` and `bad-payload-checksum`."""
    outcome = None
    if error:
        start = sum(p["size"] for p in packets)
        if error == "truncated":
            part, where, due = ("header" if offset < 24 else "payload"), "6.2", None
        elif error == "bad-payload-checksum":
            part, where, due = "trailer", "2.5", start + offset + 4
        else:
            part, offset, where, due = ERRORS[error]
            due += start
        outcome = dict(name=error, field=part, offset=offset, section=where, after=due)
    stream = " ".join(p.hex() for p in parts)
    CASES.append(
        dict(id=id, section=section, title=title, settings=settings, stream=stream, packets=packets, error=outcome)
    )


def well_formed():
    case("empty-stream", "6.2", "no byte at all, then FIN: a clean end", [], [])
    case("empty-payload", "2.5", "the smallest packet: header only", [packet()], [delivered()])
    case("payload", "2.5", "five bytes of payload", [packet(HELLO)], [delivered(HELLO)])
    three = [dict(payload=HELLO), dict(seq=1), dict(payload=b"!", seq=2)]
    case("three-packets", "5.1", "three packets are numbered 0, 1, 2",
         [packet(**p) for p in three], [delivered(**p) for p in three])
    case("flag-detach", "2.6", "detach is a hint", [packet(HELLO, 1)], [delivered(HELLO, 1)])
    case("flag-payload-checksum", "2.5", "a trailer follows the payload", [packet(HELLO, 2)], [delivered(HELLO, 2)])
    case("flag-payload-checksum-empty", "2.5", "the CRC-32 of an empty payload is 0", [packet(b"", 2)], [delivered(b"", 2)])
    digits = b"123456789"
    case("payload-checksum-check-value", "1.5", "the check value of CRC-32 as a trailer",
         [packet(digits, 2)], [delivered(digits, 2)])
    for bit in range(12, 16):
        case(f"flag-application-{bit}", "2.4", f"application bit {bit} passes through",
             [packet(HELLO, 1 << bit)], [delivered(HELLO, 1 << bit)])
    case("flag-all-of-level-0", "2.4", "every bit of level 0 at once", [packet(HELLO, 0xF003)], [delivered(HELLO, 0xF003)])


def flags():
    names = ["compressed", "control", "stream", "request", "response", "failure", "more",
             "reserved-9", "reserved-10", "reserved-11"]
    for bit, name in enumerate(names, start=2):
        case(f"flag-{name}", "2.4", f"bit {bit} ({name}) is an error at level 0",
             [packet(HELLO, 1 << bit)], [], "unsupported-flag")
    case("flag-all", "2.4", "all bits set", [packet(HELLO, 0xFFFF)], [], "unsupported-flag")
    case("flag-in-second-packet", "2.4", "the flags of every packet count",
         [packet(HELLO), packet(HELLO, 4, seq=1)], [delivered(HELLO)], "unsupported-flag")


def magic():
    case("magic-wrong", "2.2", "one bit of the magic is wrong", [packet(HELLO, magic=MAGIC ^ 1)], [], "bad-magic")
    case("magic-last-bit", "2.2", "the last bit of the magic is wrong",
         [packet(HELLO, magic=MAGIC ^ 0x80000000)], [], "bad-magic")
    case("magic-swapped", "2.2", "the magic in the other byte order", [packet(HELLO, magic=0x4C4E4E54)], [], "bad-magic")
    case("magic-beats-truncated", "4.1.1", "four wrong bytes, then FIN", [b"GET "], [], "bad-magic")
    case("magic-too-short", "4.1.1", "three wrong bytes, then FIN", [b"GET"], [], "truncated", 3)
    case("magic-own", "2.2", "another protocol's magic, configured",
         [packet(HELLO, magic=0x31504B43)], [delivered(HELLO)], magic="0x31504B43")
    case("magic-default-refused", "2.2", "the default magic where another is configured",
         [packet(HELLO)], [], "bad-magic", magic="0x31504B43")
    case("magic-in-second-packet", "2.2", "the magic of every packet counts",
         [packet(HELLO), packet(HELLO, seq=1, magic=MAGIC ^ 0x100)], [delivered(HELLO)], "bad-magic")
    case("garbage-after-packet", "6.1", "bytes behind a packet that are no packet",
         [packet(HELLO), b"trailing garbage that is long enough"], [delivered(HELLO)], "bad-magic")


def checksum():
    good = packet(HELLO)
    bad = "bad-header-checksum"
    case("checksum-wrong", "2.1", "one bit of the checksum is wrong", [flip(good, 20, 1)], [], bad)
    case("checksum-zero", "2.1", "checksum 0", [packet(HELLO, checksum=0)], [], bad)
    case("checksum-of-20-bytes", "2.1", "the CRC-32 of the first 20 bytes only",
         [packet(HELLO, checksum=zlib.crc32(good[:20]))], [], bad)
    case("checksum-before-version", "4.1", "a damaged version is a wrong checksum, not a wrong version",
         [flip(good, 4, 2)], [], bad)
    case("checksum-before-size", "4.1", "a damaged size is a wrong checksum; the size is never believed",
         [flip(good, 11, 0x80)], [], bad)
    case("error-ends-the-direction", "6.1", "a good packet behind a bad one is not delivered",
         [good, flip(packet(HELLO, seq=1), 20, 1), packet(HELLO, seq=2)], [delivered(HELLO)], bad)


def version():
    bad, wide = "unsupported-version", dict(versions=[2, 4])
    case("version-0", "2.3", "version 0 with the default range", [packet(HELLO, version=0)], [], bad)
    case("version-2", "2.3", "version 2 with the default range", [packet(HELLO, version=2)], [], bad)
    case("version-max", "2.3", "version 65535", [packet(HELLO, version=65535)], [], bad)
    for v in (2, 3, 4):
        case(f"version-range-{v}", "2.3", f"version {v} where 2 to 4 are accepted",
             [packet(HELLO, version=v), packet(seq=1, version=v)],
             [delivered(HELLO, version=v), delivered(seq=1, version=v)], **wide)
    for v in (1, 5):
        case(f"version-range-{v}", "2.3", f"version {v} where 2 to 4 are accepted", [packet(HELLO, version=v)], [], bad, **wide)
    case("version-range-all", "2.3", "the whole range of versions is accepted",
         [packet(HELLO, version=0)], [delivered(HELLO, version=0)], versions=[0, 65535])
    first, first_out = packet(HELLO, version=3), delivered(HELLO, version=3)
    case("version-changes", "2.3", "a version of the range, but not that of the first packet",
         [first, packet(seq=1, version=4)], [first_out], bad, **wide)
    case("version-change-before-flags", "4.1", "another version than the first and a wrong flag: the version is reported",
         [first, packet(HELLO, 4, seq=1, version=4)], [first_out], bad, **wide)
    case("version-change-before-seq", "4.1", "another version than the first and a wrong seq: the version is reported",
         [first, packet(HELLO, seq=7, version=4)], [first_out], bad, **wide)
    case("version-before-flags", "4.1", "wrong version and wrong flag: the version is reported",
         [packet(HELLO, 4, version=9)], [], bad)
    case("version-before-size", "4.1", "wrong version and size: the version is reported",
         [packet(HELLO, version=9, size=0xFFFFFFFF)], [], bad)


def size():
    small, large = "size-too-small", "size-too-large"
    case("size-0", "3.1", "size 0", [packet(size=0)], [], small)
    case("size-23", "3.1", "one less than the header", [packet(size=23)], [], small)
    for n in (24, 25, 26, 27):
        case(f"size-{n}-with-trailer", "3.1", "no room for the trailer that the flags announce",
             [packet(b"", 2, size=n)], [], small)
    limit = dict(maxPacketByteCount=32)
    case("size-max", "3", "exactly the maximum packet size", [packet(b"12345678")], [delivered(b"12345678")], **limit)
    case("size-max-plus-1", "3", "one more than the maximum packet size", [packet(b"123456789")], [], large, **limit)
    case("size-max-with-trailer", "3", "exactly the maximum, with a trailer", [packet(b"1234", 2)], [delivered(b"1234", 2)], **limit)
    case("size-max-plus-1-with-trailer", "3", "the trailer counts", [packet(b"12345", 2)], [], large, **limit)
    case("size-default-max", "3", "the default maximum is accepted: the payload is waited for",
         [packet(size=1048576)], [], "truncated", 24)
    case("size-default-max-plus-1", "3", "one more than the default maximum, reported from the header alone",
         [packet(size=1048577)], [], large)
    case("size-2147483648", "3", "a size that is negative as a signed number", [packet(size=0x80000000)], [], large)
    case("size-4294967295", "3", "the largest size the field can hold", [packet(size=0xFFFFFFFF)], [], large)
    case("size-large-under-ignore", "3", "the policy ignore ignores only seq",
         [packet(size=0xFFFFFFFF, seq=9)], [], large, sequence="ignore")
    case("size-before-seq", "4.1", "wrong size and wrong seq: the size is reported", [packet(size=5, seq=7)], [], small)
    case("size-large-before-seq", "4.1", "too large and wrong seq: the size is reported",
         [packet(size=0xFFFFFFFF, seq=7)], [], large)
    case("flags-before-size", "4.1", "wrong flag and wrong size: the flag is reported",
         [packet(HELLO, 4, size=3)], [], "unsupported-flag")
    case("flags-before-large-size", "4.1", "wrong flag and too large: the flag is reported",
         [packet(HELLO, 4, size=0xFFFFFFFF)], [], "unsupported-flag")


def sequence():
    bad = "bad-sequence"
    case("seq-starts-at-1", "5.2", "the first packet must be number 0", [packet(HELLO, seq=1)], [], bad)
    case("seq-repeats", "5.2", "a number comes twice", [packet(HELLO), packet(HELLO)], [delivered(HELLO)], bad)
    case("seq-skips", "5.2", "a number is left out", [packet(HELLO), packet(HELLO, seq=2)], [delivered(HELLO)], bad)
    case("seq-skips-with-trailer", "5.2", "a number is left out among packets with trailers",
         [packet(HELLO, 2), packet(HELLO, 2, seq=2)], [delivered(HELLO, 2)], bad)
    case("seq-goes-back", "5.2", "a number goes back",
         [packet(HELLO), packet(HELLO, seq=1), packet(HELLO)], [delivered(HELLO), delivered(HELLO, seq=1)], bad)
    case("seq-64-bit", "5.2", "all 64 bits of seq count", [packet(HELLO, seq=1 << 32)], [], bad)
    last = 2**64 - 1
    case("seq-ignored", "5.3", "any number goes where the policy is ignore",
         [packet(HELLO, seq=last), packet(HELLO, seq=7)],
         [delivered(HELLO, seq=last), delivered(HELLO, seq=7)], sequence="ignore")
    case("seq-before-payload", "4.1.2", "a wrong seq is reported before the payload is there",
         [packet(size=1000, seq=5)], [], bad)


def truncated():
    good, cut = packet(HELLO), "truncated"
    case("truncated-1", "6.2", "one byte", [good[:1]], [], cut, 1)
    case("truncated-magic", "6.2", "the magic alone", [good[:4]], [], cut, 4)
    case("truncated-half-header", "6.2", "half a header", [good[:12]], [], cut, 12)
    case("truncated-header", "6.2", "the last byte of the header is missing", [good[:23]], [], cut, 23)
    case("truncated-no-payload", "6.2", "the header alone, but a payload is announced", [good[:24]], [], cut, 24)
    case("truncated-payload", "6.2", "the last byte of the payload is missing", [good[:28]], [], cut, 28)
    case("truncated-trailer", "6.2", "the last byte of the trailer is missing", [packet(HELLO, 2)[:32]], [], cut, 32)
    case("truncated-second", "6.2", "the first packet is delivered, the second is cut",
         [good, packet(HELLO, seq=1)[:26]], [delivered(HELLO)], cut, 26)
    case("truncated-after-wrong-checksum", "4.1", "a wrong checksum in a header that is there beats truncated",
         [flip(good, 20, 0x40)[:24]], [], "bad-header-checksum")


def trailer():
    good, bad = packet(HELLO, 2), "bad-payload-checksum"
    case("payload-checksum-wrong", "2.5", "one bit of the trailer is wrong", [flip(good, 32, 0x80)], [], bad, 29)
    case("payload-damaged", "2.5", "one bit of the payload is wrong", [flip(good, 24, 1)], [], bad, 29)
    case("payload-damaged-in-second", "4.2", "the offset counts from the packet, not from the stream",
         [good, flip(packet(HELLO, 2, seq=1), 25, 4)], [delivered(HELLO, 2)], bad, 29)
    case("payload-damaged-unprotected", "2.5", "without a trailer a damaged payload goes unnoticed",
         [flip(packet(HELLO), 24, 1)], [delivered(bytes([HELLO[0] ^ 1]) + HELLO[1:])])
    case("payload-checksum-empty-wrong", "2.5", "an empty payload with a trailer that is not 0",
         [packet(b"", 2, trailer=1)], [], bad, 24)


def damaged_capture():
    """One direction with most of what can go wrong: for tools that go on behind an error."""
    return [
        packet(b"hello, linnet", 2),
        packet(b"all is well so far", seq=1),
        flip(packet(b"one bit of this header is damaged", seq=2), 9, 4),
        packet(b"found again, but a number is missing", seq=3),
        flip(packet(b"the payload is damaged", 2, seq=4), 30, 1),
        packet(b"flag of another level", 0x0004, seq=5),
        packet(b"application bits are ours", 0xF001, seq=6),
        b"GET / HTTP/1.1\r\n",
        packet(b"a packet from the future", seq=7, version=9),
        packet(b"this one never ends", seq=8)[:31],
    ]


SETTING_NAMES = dict(magic="magic", versions="versions", maxPacketByteCount="maximum packet size", sequence="sequence policy")


def markdown(case):
    """One case as a subsection of the spec."""
    lines = [f"#### {case['id']}", ""]
    text = f"{case['title'][0].upper()}{case['title'][1:]} (§{case['section']})."
    values = {k: f"{v[0]} to {v[1]}" if k == "versions" else v for k, v in case["settings"].items()}
    if values:
        text += " Settings: " + ", ".join(f"{SETTING_NAMES[k]} {v}" for k, v in values.items()) + "."
    lines += [text, ""]
    lines += ["```", *case["stream"].split(), "```", ""] if case["stream"] else ["(no bytes)", ""]
    texts = [
        f"version {p['version']}, flags 0x{p['flags']:04X}, size {p['size']}, seq {p['seq']}, payload "
        + (f"`{p['payload']}`" if p["payload"] else "empty")
        for p in case["packets"]
    ]
    end, error = "Then a clean end.", case["error"]
    if error:
        end = f"Then `{error['name']}` in `{error['field']}` at offset {error['offset']} (§{error['section']})"
        end += f", after {error['after']} bytes." if error["after"] is not None else ", at FIN."
    lines += [f"Delivered: {'; '.join(texts) or 'nothing'}. {end}", ""]
    return lines


def main():
    for group in (well_formed, flags, magic, checksum, version, size, sequence, truncated, trailer):
        group()
    assert len({c["id"] for c in CASES}) == len(CASES), "ids are unique"
    rows = ",\n".join("  " + json.dumps(c) for c in CASES)
    (HERE / "packets.json").write_text(f"[\n{rows}\n]\n")
    lines = [p.hex() for p in damaged_capture()]
    (HERE / "damaged-capture.hex").write_text("\n".join(lines) + "\n")
    spec = HERE.parent / "protocol.md"
    front = spec.read_text().split("\n#### ", 1)[0].rstrip()
    body = "\n".join(line for c in CASES for line in markdown(c))
    spec.write_text(f"{front}\n\n{body.rstrip()}\n")
    print(f"{len(CASES)} cases written")


if __name__ == "__main__":
    main()
