"""Columns as PostgreSQL's binary arrays: one parameter holds the values of many rows.

The driver writes arrays as text, with a regular expression for each value that needs quotes; most of ours do, and that
cost two thirds of a message. The format is that of ``array_recv``: dimensions, whether there are nulls, the type of the
elements, their number and the first index, then each element behind its length (-1 for null), all big-endian.
"""

from collections.abc import Sequence
from itertools import chain, repeat
from struct import Struct, error, pack
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

_head = Struct("!iiIii").pack
_length = Struct("!i").pack
_NULL = _length(-1)


class Array:
    """An encoded column. Subclasses name its type."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class _Texts(Array):
    pass


class _Varchars(Array):
    pass


class _Blobs(Array):
    pass


class _Integers(Array):
    pass


class _Bigints(Array):
    pass


class _Booleans(Array):
    pass


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Array) -> Buffer:
        return obj.data


def _register(array: type[Array], oid: int) -> None:
    psycopg.adapters.register_dumper(array, type(f"{array.__name__}Dumper", (_ArrayDumper,), {"oid": oid}))


for _array, _oid in (
    (_Texts, 1009), (_Varchars, 1015), (_Blobs, 1001), (_Integers, 1007), (_Bigints, 1016), (_Booleans, 1000),
):  # fmt: skip
    _register(_array, _oid)

_TEXTS: dict[str, tuple[type[Array], int]] = {"text": (_Texts, 25), "character varying": (_Varchars, 1043)}
_NUMBERS: dict[str, tuple[type[Array], int, str, int]] = {
    "integer": (_Integers, 23, "i", 4),
    "bigint": (_Bigints, 20, "q", 8),
    "boolean": (_Booleans, 16, "?", 1),
}


def column(kind: str, values: Sequence[Any]) -> Array | list[Any]:
    """The values of a column of this type, as the driver's parameter; a list, which the driver writes its own way,
    where they are not what the type holds."""
    try:
        if kind in _TEXTS:
            array, oid = _TEXTS[kind]
            return array(_framed(oid, [None if value is None else value.encode() for value in values]))
        if kind == "bytea":
            return _Blobs(_framed(17, values))
        if kind in _NUMBERS:
            return _numbers(*_NUMBERS[kind], values)
    except (AttributeError, TypeError, error):
        pass
    return list(values)


def _framed(oid: int, parts: Sequence[bytes | None]) -> bytes:
    head = _head(1, None in parts, oid, len(parts), 1)
    return head + b"".join([_NULL if part is None else _length(len(part)) + part for part in parts])


def _numbers(array: type[Array], oid: int, letter: str, size: int, values: Sequence[Any]) -> Array:
    if None in values:
        return array(_framed(oid, [None if value is None else pack(f"!{letter}", value) for value in values]))
    count = len(values)
    together = chain.from_iterable(zip(repeat(size), values, strict=False))
    return array(_head(1, 0, oid, count, 1) + pack("!" + f"i{letter}" * count, *together))
