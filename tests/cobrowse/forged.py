"""Frames as a hostile visitor would send them: written byte by byte, without the recorder and its rules."""

import struct
import zlib
from collections.abc import Sequence
from typing import NamedTuple

HTML, SVG, MATH, TEXT, SHADOW, DOCUMENT = 1, 2, 3, 4, 5, 6
END = -1


class Attacker:
    """Where the attacker listens: what '§' in any text stands for."""

    origin = ""


ATTACKER = Attacker()


class Node(NamedTuple):
    kind: int
    tag: str = ""
    attributes: Sequence[tuple[str, str]] = ()
    text: str = ""


def element(tag: str, kind: int = HTML, **attributes: str) -> Node:
    """Underscores in names stand for hyphens; a name that is a word of Python ends in one."""
    named = [(name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items()]
    return Node(kind, tag, named)


def text(words: str) -> Node:
    return Node(TEXT, text=words)


def number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def signed(value: int) -> bytes:
    return number((value << 1) ^ (value >> 31) if value >= 0 else ((-value) << 1) - 1)


def string(value: str) -> bytes:
    data = value.replace("§", ATTACKER.origin).encode()
    return number(len(data)) + data


def tabled(value: str) -> bytes:
    """A string of the table, sent plain."""
    return b"\x00" + string(value)


class Ops:
    """Steps in one frame. The relative parent starts anew in each."""

    def __init__(self) -> None:
        self._out = bytearray([2])
        self._parent = 0

    def add(self, parent: int, first: int, *nodes: Node, after: int = END) -> "Ops":
        self._out += (
            b"\x01" + signed(parent - self._parent) + number(after + 1) + number(first) + number(len(nodes))
        )
        self._parent = parent
        for node in nodes:
            self._out.append(node.kind)
            if node.kind == TEXT:
                self._out += tabled(node.text)
            elif node.kind in (HTML, SVG, MATH):
                self._out += tabled(node.tag) + number(len(node.attributes))
                for pair in node.attributes:
                    self._out += tabled(pair[0]) + tabled(pair[1])
        return self

    def attribute(self, node: int, name: str, value: str) -> "Ops":
        self._out += b"\x04" + number(node) + number(1) + tabled(name) + b"\x01" + tabled(value)
        return self

    def field(self, node: int, state: int, value: str) -> "Ops":
        self._out += b"\x06" + number(node) + bytes([state]) + tabled(value)
        return self

    def box(self, node: int, width: int, height: int) -> "Ops":
        self._out += b"\x07" + number(node) + number(width) + number(height)
        return self

    def layer(self, node: int, layer: int) -> "Ops":
        self._out += b"\x08" + number(node) + bytes([layer])
        return self

    def sheet(self, sheet: int, name: str, media: str = "") -> "Ops":
        self._out += b"\x0a" + number(sheet) + tabled(name) + tabled(media) + b"\x00"
        return self

    def sheets(self, root: int, *sheets: int) -> "Ops":
        self._out += b"\x0b" + number(root) + number(len(sheets)) + b"".join(map(number, sheets))
        return self

    def rules(self, sheet: int, *texts: str) -> "Ops":
        self._out += b"\x0c" + number(sheet) + number(0) + number(0) + number(len(texts))
        self._out += b"".join(map(tabled, texts))
        return self

    def canvas(self, node: int, picture: bytes) -> "Ops":
        self._out += b"\x0d" + number(node) + number(len(picture)) + picture
        return self

    def raw(self, data: bytes) -> "Ops":
        self._out += data
        return self

    @property
    def payload(self) -> bytes:
        return bytes(self._out)


def begin(address: str = "https://site.example/") -> bytes:
    return b"\x01" + number(800) + number(600) + b"\x00" + string("policy") + string(address)


def end(nodes: int) -> bytes:
    return b"\x03" + number(nodes)


def page(address: str, title: str) -> bytes:
    return b"\x07" + string(address) + string(title)


def sheet_text(name: str, css: str) -> bytes:
    return b"\x0a" + string(name) + b"\x01" + string(css)


def frame(
    payload: bytes, seq: int, *, flags: int = 0, direction: int = 0, epoch: int = 1, class_: int = 0
) -> bytes:
    return struct.pack(">BBBBII", 1, class_, direction, flags, epoch, seq) + payload


def deflated(payload: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(payload) + squeeze.flush()


def stream(*payloads: bytes) -> list[bytes]:
    """One epoch's frames in order."""
    return [frame(payload, seq) for seq, payload in enumerate(payloads, 1)]


def snapshot(ops: Ops, nodes: int) -> list[bytes]:
    return stream(begin(), ops.payload, end(nodes))


def document(*body: Node, head: Sequence[Node] = ()) -> list[bytes]:
    """A snapshot of a page with these in its body. Numbers: 2 html, 3 head, 4 body, 10 … what stands in the body."""
    ops = Ops().add(1, 2, element("html")).add(2, 3, element("head"), element("body"))
    if head:
        ops.add(3, 5, *head)
    ops.add(4, 10, *body)
    return snapshot(ops, 4 + len(head) + len(body))
