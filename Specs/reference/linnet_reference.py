#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reference decoder, encoder and client of Linnet level 0 packets, written from Specs/protocol.md alone.

"§" refers to the sections of that document. Clarity comes first; the standard library is enough.
"""

import argparse
import itertools
import json
import struct
import sys
import zlib
from pathlib import Path
from typing import NamedTuple

HEADER = struct.Struct("<IHHIQI")  # §1.3, §1.4, §2.1: magic, version, flags, size, seq, checksum
TRAILER = struct.Struct("<I")  # §2.5
HEADER_SIZE, TRAILER_SIZE, MAGIC_SIZE, CHECKSUM_OFFSET = HEADER.size, TRAILER.size, 4, 20
FLAG_PAYLOAD_CHECKSUM = 0x0002  # §2.4, bit 1
FLAGS_NOT_OF_LEVEL_0 = 0x0FFC  # §2.4, bits 2 to 11
SEQ_MASK = (1 << 64) - 1  # §5.1


class Packet(NamedTuple):
    """A delivered packet (§4.1.4); `size` is that of the whole packet (§2.1)."""

    version: int
    flags: int
    size: int
    seq: int
    payload: bytes


class PacketError(NamedTuple):
    """The first check that failed (§4.2); `offset` counts from the packet's first byte."""

    name: str
    field: str
    offset: int
    section: str


BAD_MAGIC = PacketError("bad-magic", "magic", 0, "2.2")
BAD_HEADER_CHECKSUM = PacketError("bad-header-checksum", "checksum", 20, "2.1")
UNSUPPORTED_VERSION = PacketError("unsupported-version", "version", 4, "2.3")
UNSUPPORTED_FLAG = PacketError("unsupported-flag", "flags", 6, "2.4")
SIZE_TOO_SMALL = PacketError("size-too-small", "size", 8, "3.1")
SIZE_TOO_LARGE = PacketError("size-too-large", "size", 8, "3")
BAD_SEQUENCE = PacketError("bad-sequence", "seq", 12, "5")


class Settings(NamedTuple):
    """The settings of one peer for one connection, with their defaults (§3)."""

    magic: int = 0x544E4E4C
    versions: tuple[int, int] = (1, 1)
    max_packet_size: int = 1_048_576
    sequence: str = "strict"

    def validated(self) -> "Settings":
        """Return these settings, or raise ValueError if they break a rule of §3."""
        first, last = self.versions
        if not 0 <= self.magic <= 0xFFFFFFFF:
            raise ValueError("the magic must fit four bytes (§2.2)")
        if not 0 <= first <= last <= 0xFFFF:
            raise ValueError("the versions must be a range of 16-bit numbers (§2.3)")
        if not 28 <= self.max_packet_size <= 0xFFFFFFFF:
            raise ValueError("the maximum packet size must be 28 to 4294967295 (§3)")
        if self.sequence not in ("strict", "ignore"):
            raise ValueError("the sequence policy must be strict or ignore (§5)")
        return self


def minimum_size(flags: int) -> int:
    """The size of a packet with an empty payload (§3.1)."""
    return HEADER_SIZE + (TRAILER_SIZE if flags & FLAG_PAYLOAD_CHECKSUM else 0)


def header_checksum(first_20_bytes: bytes) -> int:
    """The CRC-32 of the header with its last four bytes taken as zero (§2.1)."""
    return zlib.crc32(bytes(4), zlib.crc32(first_20_bytes))


class Decoder:
    """Incremental decoder of one direction: feed() what arrives, finish() at FIN (§4)."""

    def __init__(self, settings: Settings = Settings()):
        self.settings = settings.validated()
        self.error: PacketError | None = None
        self._buffer = bytearray()  # holds only what has arrived (§3.3)
        self._header: tuple[int, int, int, int] | None = None  # that passed steps 3 to 8
        self._version: int | None = None  # of the direction's first packet (§2.3)
        self._expected_seq = 0  # §5.1

    def feed(self, data: bytes) -> list[Packet]:
        """Take bytes that arrived and return the packets they complete; then look at `error`."""
        packets: list[Packet] = []
        if self.error:
            return packets  # bytes behind an error are discarded (§6.1)
        self._buffer += data
        start = 0  # of the packet in the buffer
        while not self.error:
            packet = self._next_packet(start)
            if packet is None:
                break
            packets.append(packet)
            start += packet.size
        if self.error:
            self._buffer.clear()
        else:
            del self._buffer[:start]
        return packets

    def finish(self) -> PacketError | None:
        """Take FIN: clean between packets, `truncated` inside one (§6.2). Return the error, if any."""
        arrived = len(self._buffer)
        if not self.error and arrived:  # steps 2 and 9; feed() has done all checks before these
            field = "header" if arrived < HEADER_SIZE else "payload"
            self.error = PacketError("truncated", field, arrived, "6.2")
        return self.error

    def _next_packet(self, start: int) -> Packet | None:
        """Do the checks of §4.1 on the packet at `start`; None if it needs more bytes or is in error."""
        arrived = len(self._buffer) - start
        if self._header is None:
            if arrived < MAGIC_SIZE:
                return None
            if int.from_bytes(self._buffer[start : start + MAGIC_SIZE], "little") != self.settings.magic:
                self.error = BAD_MAGIC  # step 1
                return None
            if arrived < HEADER_SIZE:
                return None
            self.error = self._check_header(bytes(self._buffer[start : start + HEADER_SIZE]))
            if self.error:
                return None
        version, flags, size, seq = self._header
        if arrived < size:
            return None
        payload_end = start + size - (minimum_size(flags) - HEADER_SIZE)
        payload = bytes(self._buffer[start + HEADER_SIZE : payload_end])  # a copy of its own (§8.4)
        if flags & FLAG_PAYLOAD_CHECKSUM:
            (expected,) = TRAILER.unpack_from(self._buffer, payload_end)
            if zlib.crc32(payload) != expected:
                self.error = PacketError("bad-payload-checksum", "trailer", size - TRAILER_SIZE, "2.5")  # step 10
                return None
        self._header = None
        return Packet(version, flags, size, seq, payload)

    def _check_header(self, header: bytes) -> PacketError | None:
        """Do steps 3 to 8 of §4.1 in their order; if all pass, remember the header."""
        _, version, flags, size, seq, checksum = HEADER.unpack(header)
        first, last = self.settings.versions
        if checksum != header_checksum(header[:CHECKSUM_OFFSET]):  # step 3
            return BAD_HEADER_CHECKSUM
        if not first <= version <= last or self._version not in (None, version):  # step 4
            return UNSUPPORTED_VERSION
        if flags & FLAGS_NOT_OF_LEVEL_0:  # step 5
            return UNSUPPORTED_FLAG
        if size < minimum_size(flags):  # step 6
            return SIZE_TOO_SMALL
        if size > self.settings.max_packet_size:  # step 7
            return SIZE_TOO_LARGE
        if self.settings.sequence == "strict" and seq != self._expected_seq:  # step 8
            return BAD_SEQUENCE
        self._version = version
        self._expected_seq = (seq + 1) & SEQ_MASK  # §5.1
        self._header = (version, flags, size, seq)
        return None


def encode_packet(payload: bytes, *, seq: int, version: int = 1, flags: int = 0,
                  settings: Settings = Settings()) -> bytes:
    """Encode one packet with the given number (§7.1); raise ValueError if it may not be sent."""
    if not 0 <= version <= 0xFFFF or not 0 <= flags <= 0xFFFF or not 0 <= seq <= SEQ_MASK:
        raise ValueError("version, flags or seq does not fit its field (§2.1)")
    if flags & FLAGS_NOT_OF_LEVEL_0:
        raise ValueError("flag bits 2 to 11 must be zero at level 0 (§2.4)")
    size = minimum_size(flags) + len(payload)
    if size > settings.max_packet_size:
        raise ValueError(f"a packet of {size} bytes exceeds the maximum of {settings.max_packet_size} (§3.4)")
    header = HEADER.pack(settings.magic, version, flags, size, seq, 0)[:CHECKSUM_OFFSET]
    trailer = TRAILER.pack(zlib.crc32(payload)) if flags & FLAG_PAYLOAD_CHECKSUM else b""
    return header + struct.pack("<I", header_checksum(header)) + payload + trailer


class Encoder:
    """Encoder of one direction: one version for all packets (§2.3), numbered from 0 (§5.1)."""

    def __init__(self, settings: Settings = Settings(), version: int = 1):
        self.settings, self.version, self._next_seq = settings.validated(), version, 0

    def encode(self, payload: bytes, flags: int = 0) -> bytes:
        """Encode the next packet; a payload that is refused (§3.4) uses up no number."""
        data = encode_packet(payload, seq=self._next_seq, version=self.version, flags=flags, settings=self.settings)
        self._next_seq = (self._next_seq + 1) & SEQ_MASK
        return data


def decode_segments(segments, settings: Settings) -> dict:
    """Decode one direction that arrived in these segments, then FIN; the result is as in the case format."""
    decoder = Decoder(settings)
    packets = [packet for segment in segments for packet in decoder.feed(segment)]
    error = decoder.finish()
    return {"packets": [{**packet._asdict(), "payload": packet.payload.hex()} for packet in packets],
            "error": error and error._asdict()}


def settings_of_case(values: dict) -> Settings:
    """The settings of a case: the defaults (§3) and what the case changes."""
    readers = {"magic": ("magic", lambda text: int(text, 16)), "versions": ("versions", tuple),
               "maxPacketByteCount": ("max_packet_size", int), "sequence": ("sequence", str)}
    return Settings(**{readers[key][0]: readers[key][1](value) for key, value in values.items()})


def encode_case(packets: list[dict], settings: Settings) -> str:
    """Encode a case's packets with an Encoder where it numbers as they are, else with the seq given."""
    encoder, result = Encoder(settings, packets[0]["version"] if packets else 1), b""
    for index, packet in enumerate(packets):
        payload, flags, seq = bytes.fromhex(packet["payload"]), packet["flags"], packet["seq"]
        result += encoder.encode(payload, flags) if seq == index else encode_packet(
            payload, seq=seq, version=packet["version"], flags=flags, settings=settings)
    return result.hex()


def without_due_time(outcome: dict) -> dict:
    """What the ways of cutting must agree on: packets, and the error's name, part and offset (§4.2)."""
    error = outcome["error"]
    return {"packets": outcome["packets"], "error": error and {key: error[key] for key in ("name", "field", "offset")}}


def late_or_early(case: dict, settings: Settings) -> str | None:
    """Feed one byte at a time: each packet comes with its last byte (§4.1.4), the error when due (§4.1.2)."""
    stream, decoder = bytes.fromhex(case["stream"]), Decoder(settings)
    ends = list(itertools.accumulate(packet["size"] for packet in case["packets"]))
    due = case["error"] and case["error"]["after"]
    for count, byte in enumerate(stream, start=1):
        delivered = decoder.feed(bytes([byte]))
        if len(delivered) != (count in ends):
            return f"after {count} bytes: {len(delivered)} packets delivered"
        if (decoder.error is not None) != (due is not None and count >= due):
            return f"after {count} bytes: error {decoder.error}, due after {due}"
    return None


def failure_of_case(case: dict) -> str | None:
    """Run one case whole, byte by byte and cut in two everywhere (§4.1.3), then encode its packets."""
    settings, stream = settings_of_case(case["settings"]), bytes.fromhex(case["stream"])
    expected = without_due_time(case)
    ways = [("whole", [stream]), ("byte by byte", [stream[i : i + 1] for i in range(len(stream))])]
    ways += [(f"cut at {i}", [stream[:i], stream[i:]]) for i in range(len(stream) + 1)]
    for way, segments in ways:
        got = without_due_time(decode_segments(segments, settings))
        if got != expected:
            return f"{way}: expected {json.dumps(expected)} got {json.dumps(got)}"
    if case["error"] is None and (encoded := encode_case(case["packets"], settings)) != stream.hex():
        return f"encoding: expected {stream.hex()} got {encoded}"
    return late_or_early(case, settings)


def command_cases(arguments) -> int:
    """Run all cases of a file; the exit status is 1 if any failed."""
    cases = json.loads(Path(arguments.file).read_text(encoding="utf-8"))
    failed = 0
    for case in cases:
        try:
            failure = failure_of_case(case)
        except (ValueError, LookupError, TypeError) as problem:
            failure = f"expected a case that can be run, got {problem!r}"
        if failure:
            failed += 1
            print(f"{case['id']}: {failure}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def command_decode(arguments) -> int:
    """Print what one direction, given in hexadecimal, decodes to."""
    text = sys.stdin.read() if arguments.hex == "-" else arguments.hex
    settings = Settings(arguments.magic, arguments.versions, arguments.max_packet, arguments.sequence)
    print(json.dumps(decode_segments([bytes.fromhex(text)], settings)))
    return 0


def command_encode(arguments) -> int:
    """Print one packet in hexadecimal."""
    settings = Settings(magic=arguments.magic, max_packet_size=arguments.max_packet).validated()
    print(encode_packet(bytes.fromhex(arguments.payload_hex), seq=arguments.seq, version=arguments.version,
                        flags=arguments.flags, settings=settings).hex())
    return 0


def command_stream_decode(_arguments) -> int:
    """Decode records of stdin, each a u32 little-endian length and that many bytes; print a line for each."""
    while prefix := sys.stdin.buffer.read(4):
        length = int.from_bytes(prefix, "little")
        data = sys.stdin.buffer.read(length)
        if len(prefix) < 4 or len(data) < length:
            raise ValueError("stdin ends inside a record")
        decoder = Decoder()
        packets = [[p.version, p.flags, p.size, p.seq, zlib.crc32(p.payload)] for p in decoder.feed(data)]
        error = decoder.finish()
        result = {"packets": packets, "error": error and error[:3]}
        sys.stdout.write(json.dumps(result, separators=(",", ":")) + "\n")
    sys.stdout.flush()
    return 0


def command_client(arguments) -> int:
    """Send packets to a server that echoes and check what comes back; the exit status is 1 if it is wrong."""
    sys.dont_write_bytecode = True
    from linnet_client import talk

    return talk(arguments)


def number(text: str) -> int:
    """A decimal number, or a hexadecimal one with 0x."""
    return int(text, 0)


def version_range(text: str) -> tuple[int, int]:
    """A range such as 2-4, both ends included."""
    first, last = text.split("-")
    return int(first), int(last)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Reference decoder, encoder and client of Linnet level 0 packets.",
                                     epilog="Numbers are decimal, or hexadecimal with 0x.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name, function, text):
        command = commands.add_parser(name, help=text, description=text,
                                      formatter_class=argparse.ArgumentDefaultsHelpFormatter)
        command.set_defaults(function=function)
        return command

    cases = add("cases", command_cases, "run test cases; the exit status is 1 if any failed")
    cases.add_argument("file", metavar="FILE", nargs="?", help="cases as data",
                       default=Path(__file__).resolve().parent.parent / "cases" / "packets.json")
    decode = add("decode", command_decode, "decode one direction followed by FIN and print JSON")
    encode = add("encode", command_encode, "encode one packet and print it in hexadecimal")
    add("stream-decode", command_stream_decode, "decode the records of stdin, each a u32 little-endian length and "
        "that many bytes: one direction followed by FIN, default settings; print a line of JSON for each")
    client = add("client", command_client, "send packets to a server that echoes and check the answers; the exit "
                 "status is 1 if they are wrong")
    client.add_argument("target", metavar="TARGET", help="HOST:PORT, [IPV6]:PORT or unix:PATH")
    client.add_argument("--count", type=number, metavar="N", default=1, help="packets to send")
    client.add_argument("--payload-hex", metavar="HEX", action="append",
                        help="payload in hexadecimal; can be repeated, and the packets take them in turns")
    client.add_argument("--flags", type=number, default=0, help="flags of all packets")
    client.add_argument("--byte-by-byte", action="store_true", help="send each byte on its own")
    client.add_argument("--then-bad", action="store_true", help="send a bad packet behind the others: they are to be "
                        "answered, and then FIN is to come")
    client.add_argument("--timeout", type=float, metavar="SECONDS", default=10, help="longest wait for the server")
    for command in (decode, encode, client):
        command.add_argument("--magic", type=number, default="0x544E4E4C", help="magic as a number")
        command.add_argument("--max-packet", type=number, metavar="N", default="1048576",
                             help="maximum packet size in bytes")
    decode.add_argument("--versions", type=version_range, metavar="A-B", default="1-1", help="versions accepted")
    decode.add_argument("--sequence", choices=("strict", "ignore"), default="strict", help="sequence policy")
    decode.add_argument("hex", metavar="HEX", help="bytes in hexadecimal, white space allowed; - reads stdin")
    encode.add_argument("--seq", type=number, default=0, help="number of the packet")
    encode.add_argument("--flags", type=number, default=0, help="flags; bit 1 (0x0002) appends a trailer")
    encode.add_argument("--version", type=number, default=1, help="version of the protocol")
    encode.add_argument("--payload-hex", metavar="HEX", default="", help="payload in hexadecimal")
    return parser.parse_args()


def main() -> int:
    """Run the command; a problem with its input gives a message and the exit status 2."""
    arguments = parse_arguments()
    try:
        return arguments.function(arguments)
    except (ValueError, OSError) as problem:
        print(f"linnet_reference.py: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
