#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reference reader and writer of messages that `.linnet` files describe, written from Specs/schema.md alone.

"§" refers to the sections of that document. Clarity comes first; the standard library is enough.
"""

import argparse
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from linnet_schema_blocks import Group, Message  # noqa: E402
from linnet_schema_json import Refused  # noqa: E402
from linnet_schema_random import Messages  # noqa: E402
from linnet_schema_text import Schema  # noqa: E402
from linnet_schema_types import Wrong  # noqa: E402

CASES = Path(__file__).resolve().parent.parent / "cases" / "schema"


def message_of(schema: Schema, name: str) -> Message:
    """The message of that name."""
    if name not in schema.messages:
        raise Refused(f"no message {name}")
    return schema.messages[name]


def wrong_text(wrong: Wrong) -> str:
    """Cause, offset and path (§4.1); without a path the line ends behind the offset."""
    return f"{wrong.cause} {wrong.offset} {wrong.path}".rstrip()


def decoded_line(message: Message, data: bytes) -> str:
    """The outcome of reading a message, as one line."""
    try:
        return "ok " + message.decoded(data)
    except Wrong as wrong:
        return "error " + wrong_text(wrong)


def encoded_line(message: Message, text: str, version: int | None) -> str:
    """The outcome of writing a message, as one line."""
    try:
        return "ok " + message.encoded(text, version).hex()
    except ValueError:
        return "refused"


def answer(schema: Schema, line: str) -> str:
    """Answer a line of `agree`: `MESSAGE HEX`, `encode MESSAGE JSON` or `encode@V MESSAGE JSON`."""
    command, _, rest = line.partition(" ")
    if command.startswith("encode"):
        name, _, text = rest.partition(" ")
        return encoded_line(message_of(schema, name), text, int(command[7:]) if command[6:] else None)
    if command not in schema.messages:
        return "error message 0"  # the reader's version has no such message
    return decoded_line(schema.messages[command], bytes.fromhex(rest))


def command_agree(arguments) -> int:
    """Answer each line of stdin with a line."""
    schema = Schema(arguments.schema, arguments.reader_version)
    sys.stdin.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for line in sys.stdin:
        sys.stdout.write(answer(schema, line.rstrip("\n")) + "\n")
    return 0


def command_decode(arguments) -> int:
    """Print a message as JSON; the exit status is 1 if it is not valid."""
    message = message_of(Schema(arguments.schema, arguments.reader_version), arguments.message)
    text = sys.stdin.read() if arguments.hex == "-" else arguments.hex
    outcome, _, rest = decoded_line(message, bytes.fromhex(text)).partition(" ")
    print(rest)
    return 0 if outcome == "ok" else 1


def command_encode(arguments) -> int:
    """Print the bytes of a message in hexadecimal."""
    message = message_of(Schema(arguments.schema, arguments.reader_version), arguments.message)
    text = sys.stdin.read() if arguments.json == "-" else arguments.json
    print(message.encoded(text, arguments.for_version).hex())
    return 0


def print_block(name: str, block, version: int, entry: bool):
    """The places of a block's fields, its shapes, and the same for the groups in it."""
    shapes = ", ".join("v{} {} + {}".format(v, *block.shape(v, entry)) for v in range(1, version + 1))
    print(f"{name}: fixed + ends {shapes}")
    for field in block.fields:
        place = f"offset {field.offset}, {field.type.size} bytes" if field.is_fixed else f"end {field.end + entry}"
        bit = f", presence bit {field.mask.bit_length() - 1} of byte {field.byte}" if field.has_bit else ""
        print(f"  {field.name}: {place}{bit}" + (f", since {field.since}" if field.since > 1 else ""))
    for field in block.fields:
        if isinstance(field.type, Group):
            print_block(f"{name}.{field.name}", field.type.block, version, entry=True)


def command_layout(arguments) -> int:
    """Print where fields stand in each block, the block's shapes, and the largest size of each message."""
    for message in Schema(arguments.schema, arguments.reader_version).messages.values():
        print(f"{message.name} = {message.number}: at most {message.largest()} bytes, ends of {message.width}")
        print_block(message.name, message.block, message.version, entry=False)
    return 0


def command_random(arguments) -> int:
    """Print random messages, half of them valid, or JSON, most of it valid, as lines for `agree`."""
    messages = Messages(Schema(arguments.schema, arguments.reader_version), arguments.seed)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for _ in range(arguments.count):
        if arguments.json:
            message, version, text = messages.next_json()
            sys.stdout.write(f"encode@{version} {message.name} {text}\n")
        else:
            message, data = messages.next()
            sys.stdout.write(f"{message.name} {data.hex()}\n")
    return 0


def failure_of_case(schema: Schema, case: dict) -> str | None:
    """Run one case: read its bytes, and write them again where the case does not say otherwise."""
    message = message_of(schema, case["message"])
    if "input" in case:
        expected = "refused" if case["hex"] is None else "ok " + case["hex"]
        got = encoded_line(message, case["input"], case.get("for"))
        return None if got == expected else f"writing: expected {expected} got {got}"
    data, error = bytes.fromhex(case["hex"]), case["error"]
    expected = f"error {error['cause']} {error['offset']} {error['path']}".rstrip() if error else "ok " + case["json"]
    if (got := decoded_line(message, data)) != expected:
        return f"reading: expected {expected} got {got}"
    version = int.from_bytes(data[2:4], "little")
    if not error and version <= message.version and not case.get("readOnly"):
        if (got := encoded_line(message, case["json"], version)) != "ok " + data.hex():
            return f"writing: expected {data.hex()} got {got}"
    return None


def command_cases(arguments) -> int:
    """Run all cases of a file; the exit status is 1 if any failed."""
    schemas, failed = {}, 0
    cases = json.loads(Path(arguments.file).read_text(encoding="utf-8"))
    for case in cases:
        reader = case.get("reader")
        if reader not in schemas:
            schemas[reader] = Schema(Path(arguments.file).parent / "everything.linnet", reader)
        try:
            failure = failure_of_case(schemas[reader], case)
        except (ValueError, LookupError, TypeError) as problem:
            failure = f"expected a case that can be run, got {problem!r}"
        if failure:
            failed += 1
            print(f"{case['id']}: {failure}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Reference reader and writer of messages of .linnet files.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name, function, text, has_schema=True):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(function=function)
        if has_schema:
            command.add_argument("schema", metavar="FILE", help="a .linnet file")
            command.add_argument("--reader-version", type=int, metavar="R", help="know nothing that came after version R")
        return command

    cases = add("cases", command_cases, "run test cases; the exit status is 1 if any failed", has_schema=False)
    cases.add_argument("file", metavar="FILE", nargs="?", default=CASES / "vectors.json", help="cases as data")
    decode = add("decode", command_decode, "verify a message and print JSON, or the cause, offset and path of what is wrong")
    decode.add_argument("message", metavar="MESSAGE", help="name of the message")
    decode.add_argument("hex", metavar="HEX", help="bytes in hexadecimal, white space allowed; - reads stdin")
    encode = add("encode", command_encode, "print the bytes of a message in hexadecimal")
    encode.add_argument("message", metavar="MESSAGE", help="name of the message")
    encode.add_argument("json", metavar="JSON", help="the message; - reads stdin")
    encode.add_argument("--for-version", type=int, metavar="V", help="write for a peer of version V")
    add("layout", command_layout, "print offsets, ends, presence bits, shapes and largest sizes")
    add("agree", command_agree, "answer each line of stdin, `MESSAGE HEX`, `encode MESSAGE JSON` or `encode@V MESSAGE JSON`, "
        "with a line: `ok JSON`, `ok HEX`, `error CAUSE OFFSET PATH` (the path may be missing), or `refused`")
    made = add("random", command_random, "print random messages, good and damaged, as lines for `agree`")
    made.add_argument("--json", action="store_true", help="print JSON to be written, `encode@V MESSAGE JSON`")
    made.add_argument("count", metavar="COUNT", type=int)
    made.add_argument("seed", metavar="SEED", type=int)
    return parser.parse_args()


def main() -> int:
    """Run the command; a problem with its input gives a message and the exit status 2."""
    arguments = parse_arguments()
    try:
        return arguments.function(arguments)
    except (ValueError, OSError) as problem:
        print(f"linnet_schema.py: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
