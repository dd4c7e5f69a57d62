# SPDX-License-Identifier: Apache-2.0
"""What stands in regions (Specs/schema.md §3.4, §4.3): strings, bytes, lists and unions.

A variable type has `check`, `text` and `encoded`, as fixed types do, but takes where its region starts and ends.
"""

from linnet_schema_json import Refused, bytes_of, integer_of, quoted, utf8_of
from linnet_schema_types import Fixed, Wrong, check_elements, check_utf8, elements_text


class Text:
    """string<=N"""

    empty_text = '""'

    def __init__(self, bound: int):
        self.bound = bound

    def largest(self, _width) -> int:
        return self.bound

    def check(self, data, start, end, _context):
        if end - start > self.bound:
            raise Wrong("length", start)
        check_utf8(data[start:end], start)

    def text(self, data, start, end, _context) -> str:
        return quoted(data[start:end].decode())

    def encoded(self, value, _context) -> bytes:
        return utf8_of(value)


class Blob(Text):
    """bytes<=N"""

    def check(self, data, start, end, _context):
        if end - start > self.bound:
            raise Wrong("length", start)

    def text(self, data, start, end, _context) -> str:
        return f'"{data[start:end].hex()}"'

    def encoded(self, value, _context) -> bytes:
        return bytes_of(value)


class List:
    """[T]<=N"""

    empty_text = "[]"

    def __init__(self, element, bound: int):
        self.element, self.bound = element, bound

    def largest(self, _width) -> int:
        return self.bound * self.element.size

    def check(self, data, start, end, _context):
        count, rest = divmod(end - start, self.element.size)
        if count > self.bound or rest:
            raise Wrong("length", start)
        check_elements(self.element, data, start, count)

    def text(self, data, start, end, _context) -> str:
        return elements_text(self.element, data, start, (end - start) // self.element.size)

    def encoded(self, value, _context) -> bytes:
        if type(value) is not list:
            raise Refused(f"not a list: {value!r}")
        return b"".join(map(self.element.encoded, value))


class Union:
    """A tag and one arm; arms have a name, a type or None, and a tag."""

    def __init__(self, tag_size: int, arms: dict[int, tuple[str, object]]):
        self.tag_size, self.arms = tag_size, arms
        self.tags = {name: tag for tag, (name, _) in arms.items()}

    def largest(self, width) -> int:
        sizes = [0 if arm is None else arm.size if isinstance(arm, Fixed) else arm.largest(width)
                 for _, arm in self.arms.values()]
        return self.tag_size + max(sizes, default=0)

    def check(self, data, start, end, context):
        tag, body = int.from_bytes(data[start : start + self.tag_size], "little"), start + self.tag_size
        if body > end or tag == 0:
            raise Wrong("union", start)
        if tag not in self.arms:
            return  # §3.4: a union is open
        name, arm = self.arms[tag]
        if (arm is None or isinstance(arm, Fixed)) and end - body != (arm.size if arm else 0):
            raise Wrong("union", start)
        try:
            if isinstance(arm, Fixed):
                arm.check(data, body)
            elif arm:
                arm.check(data, body, end, context)
        except Wrong as wrong:
            raise wrong.inside(name)

    def text(self, data, start, end, context) -> str:
        tag, body = int.from_bytes(data[start : start + self.tag_size], "little"), start + self.tag_size
        if tag not in self.arms:
            return f'{{"#{tag}":"{data[body:end].hex()}"}}'
        name, arm = self.arms[tag]
        if arm is None:
            return f'{{"{name}":null}}'
        text = arm.text(data, body) if isinstance(arm, Fixed) else arm.text(data, body, end, context)
        return f'{{"{name}":{text}}}'

    def encoded(self, value, context) -> bytes:
        if type(value) is not dict or len(value) != 1:
            raise Refused(f"not one arm: {value!r}")
        (name, inner), = value.items()
        if name in self.tags:
            tag = self.tags[name]
            arm = self.arms[tag][1]
            if arm is None and inner is not None:
                raise Refused(f"{name} has no value")
            body = b"" if arm is None else arm.encoded(inner) if isinstance(arm, Fixed) else arm.encoded(inner, context)
        else:
            tag = integer_of(name[1:]) if name[:1] == "#" else 0
            if not 0 < tag < 1 << 8 * self.tag_size or tag in self.arms:
                raise Refused(f"no such arm: {name}")
            body = bytes_of(inner)
        return tag.to_bytes(self.tag_size, "little") + body
