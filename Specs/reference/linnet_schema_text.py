# SPDX-License-Identifier: Apache-2.0
"""Reads `.linnet` files (Specs/schema.md §2) and gives the messages that they declare.

It trusts that a file keeps the rules of §2.3: checking them is the work of the tools, not of a reader of bytes.
"""

import re
from pathlib import Path

from linnet_schema_blocks import Block, Field, Group, Message
from linnet_schema_json import Refused
from linnet_schema_regions import Blob, List, Text, Union
from linnet_schema_types import (Array, Bits, Bool, Bytes, DecimalNumber, Enum, Fixed, Flags, Float, Integer, Str,
                                 Struct)

TOKEN = re.compile(r"""\s+ | //[^\n]*
    | (?P<string>"(?:\\.|[^"\\])*")
    | (?P<number>-?(?:0x[0-9A-Fa-f_]+|[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?))
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>\.\.\.|<=|->|[^\s])""", re.VERBOSE)
INTEGER = re.compile(r"[ui](8|16|32|64)")


def integer(token: str) -> int:
    """A decimal or hexadecimal integer (§2.1)."""
    return int(token.replace("_", ""), 0) if "0x" in token else int(token.replace("_", ""))


class Schema:
    """The declarations of one file and of those that it imports."""

    def __init__(self, path: Path, newest: int | None = None, seen: dict | None = None):
        self.path, self.newest = Path(path), newest  # no version above `newest` is known
        self.types, self.consts, self.messages = {}, {}, {}
        seen = {} if seen is None else seen
        seen[self.path.resolve()] = self
        self.tokens = [match for match in TOKEN.finditer(self.path.read_text(encoding="utf-8")) if match.lastgroup]
        self.at = 0
        self.read_schema_line()
        while self.take("import"):
            other = (self.path.parent / self.next()[1:-1]).resolve()
            imported = seen.get(other) or Schema(other, newest, seen)
            for mine, theirs in ((self.types, imported.types), (self.consts, imported.consts),
                                 (self.messages, imported.messages)):
                mine.update(theirs)
        self.pending = []  # messages, to be built when all types are known
        while self.at < len(self.tokens):
            self.read_declaration()
        for build in self.pending:
            build()

    # Tokens

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at].group() if at < len(self.tokens) else ""

    def next(self) -> str:
        self.at += 1
        return self.peek(-1)

    def take(self, token: str) -> bool:
        taken = self.peek() == token
        self.at += taken
        return taken

    def expect(self, *tokens: str):
        for token in tokens:
            if not self.take(token):
                raise Refused(f"{self.path}: expected {token}, found {self.peek() or 'the end'} at token {self.at}")

    def between(self, opening: str, closing: str):
        """Yield once for each thing between the two; `;` and `,` mean nothing (§2.1)."""
        self.expect(opening)
        while True:
            while self.peek() in (";", ","):
                self.at += 1
            if self.take(closing):
                return
            yield

    # Declarations

    def read_schema_line(self):
        self.expect("schema")
        self.next()
        while self.take("."):
            self.next()
        if self.take("id"):
            self.next()
        self.expect("version")
        self.version = integer(self.next())
        if self.newest:
            self.version = min(self.version, self.newest)

    def read_declaration(self):
        word = self.next()
        if word in (";", ","):
            return
        closed = word == "closed"
        if closed:
            word = self.next()
        if word == "const":
            return self.read_const(self.consts)
        name = self.next()
        if word == "message":
            return self.read_message(name)
        if word == "protocol":
            return self.skip_protocol()  # it says nothing about the bytes of a message
        read = {"enum": self.read_enum, "flags": self.read_flags, "bits": self.read_bits, "struct": self.read_struct,
                "union": self.read_union}[word]
        self.types[name] = read(closed)

    def read_const(self, consts: dict):
        name = self.next()
        self.expect(":")
        self.next()
        self.expect("=")
        consts[name] = self.next()

    def skip_protocol(self):
        self.expect("{")
        while not self.take("}"):
            self.next()

    def read_attributes(self) -> dict[str, int]:
        found = {}
        while self.take("@"):
            name = self.next()
            found[name] = 0
            if self.take("("):
                found[name] = integer(self.next())
                while not self.take(")"):
                    self.next()
        return found

    def is_known(self, attributes) -> bool:
        return not self.newest or attributes.get("since", 1) <= self.newest

    def read_numbered(self) -> dict[str, int]:
        """Names with numbers, as enums and flags have them."""
        found = {}
        for _ in self.between("{", "}"):
            name = self.next()
            self.expect("=")
            number = integer(self.next())
            if self.is_known(self.read_attributes()):
                found[name] = number
        return found

    def read_base(self) -> Integer:
        self.expect(":")
        return Integer(self.next())

    def read_enum(self, closed):
        base = self.read_base()
        cases = self.read_numbered()
        return lambda: Enum(base, cases, closed)

    def read_flags(self, _closed):
        base = self.read_base()
        bits = self.read_numbered()
        return lambda: Flags(base, bits)

    def read_bits(self, _closed):
        base, widths = self.read_base(), {}
        for _ in self.between("{", "}"):
            name = self.next()
            self.expect(":")
            widths[name] = integer(self.next())
        return lambda: Bits(base, widths)

    def read_struct(self, _closed):
        fields = self.read_fields()
        return lambda: Struct(fields())

    def read_union(self, _closed):
        base, arms = self.read_base(), []
        for _ in self.between("{", "}"):
            name = self.next()
            type = self.read_type() if self.take(":") else lambda: None
            self.expect("=")
            tag = integer(self.next())
            if self.is_known(self.read_attributes()):
                arms.append((tag, name, type))
        return lambda: Union(base.size, {tag: (name, type()) for tag, name, type in arms})

    def read_message(self, name):
        self.expect("=")
        number, attributes = integer(self.next()), self.read_attributes()
        fields = self.read_fields()

        def build():
            self.messages[name] = Message(name, number, attributes.get("since", 1), self.version, "wide" in attributes,
                                          Block(fields()))

        if self.is_known(attributes):
            self.pending.append(build)

    # Fields and types: reading gives functions that build when all names are known

    def read_fields(self):
        """The fields and consts of a block or struct; the function gives the fields that are known."""
        consts, parts = {}, []
        for _ in self.between("{", "}"):
            if self.peek() == "const" and self.peek(1) != ":":
                self.next()
                self.read_const(consts)
            else:
                parts.append(self.read_field(consts))
        return lambda: [build() for known, build in parts if known]

    def read_field(self, consts):
        name, limits, default = self.next(), None, None
        self.expect(":")
        type, optional = self.read_type(consts), self.take("?")
        if self.take("in"):
            limits = [self.next()]
            self.expect("...")
            limits.append(self.next())
        if self.take("="):
            default = "." + self.next() if self.take(".") else self.next()
        attributes = self.read_attributes()

        def build():
            made = type()
            bounds = limits and [self.limit(made, limit) for limit in limits]
            initial = None if default is None else self.default(made, default, consts)
            return Field(name, made, optional, attributes.get("since", 1), bounds, initial)

        return self.is_known(attributes), build

    def limit(self, type, token: str):
        return type.value_of(token.replace("_", "")) if isinstance(type, Float) and "0x" not in token else integer(token)

    def default(self, type, token: str, consts) -> bytes:
        """The bytes of a default (§2.3.6)."""
        if token[0] == ".":
            return type.encoded(token[1:])
        while re.match(r"[A-Za-z]", token) and token not in ("true", "false"):
            token = consts.get(token) or self.consts[token]
        if token in ("true", "false"):
            return type.encoded(token == "true")
        if isinstance(type, Float):
            return type.codec.pack(self.limit(type, token))
        if isinstance(type, DecimalNumber) and "0x" not in token:
            return type.encoded(token.replace("_", ""))
        return type.encoded(integer(token))

    def bound(self, consts) -> int:
        token = self.next()
        while not token[0].isdigit():
            token = consts.get(token) or self.consts[token]
        return integer(token)

    def read_type(self, consts={}):
        """A type without `?`, with what makes it an array."""
        base = self.read_plain_type(consts)
        if self.take("["):
            count = self.bound(consts)
            self.expect("]")
            return lambda: Array(base(), count)
        return base

    def read_plain_type(self, consts):
        if self.take("["):
            return self.read_list_or_map(consts)
        name = self.next()
        if name == "group":
            return self.read_group(consts)
        if INTEGER.fullmatch(name):
            return lambda: Integer(name)
        if name in ("f32", "f64"):
            return lambda: Float(int(name[1:]))
        if name == "bool":
            return Bool
        if name == "decimal":
            self.expect("(")
            mantissa = self.next()
            self.expect(",")
            exponent = integer(self.next())
            self.expect(")")
            return lambda: DecimalNumber(Integer(mantissa), exponent)
        if name in ("timestamp", "duration"):
            self.expect("(")
            self.next()
            self.expect(")")
            return lambda: Integer("i64")
        sized = {"str": Str, "bytes": Bytes, "string": Text}
        if name in sized and self.take("["):
            size = self.bound(consts)
            self.expect("]")
            return lambda: sized[name](size)
        if name in ("string", "bytes"):
            self.expect("<=")
            bound = self.bound(consts)
            return lambda: (Text if name == "string" else Blob)(bound)
        return lambda: self.types[name]()

    def read_list_or_map(self, consts):
        first, second = self.read_type(consts), None
        if self.take(":"):
            second = self.read_type(consts)
        self.expect("]", "<=")
        bound = self.bound(consts)
        if second is None:
            return lambda: List(first(), bound)
        return lambda: Group(Block([Field("key", first()), Field("value", second())]), bound, is_map=True)

    def read_group(self, consts):
        self.expect("<=")
        bound = self.bound(consts)
        fields = self.read_fields()
        return lambda: Group(Block(fields()), bound)
