"""Placeholders for a list of values in SQL."""

from collections.abc import Sequence
from typing import TypeVar

V = TypeVar("V")


def marks(values: Sequence[V]) -> tuple[str, list[V]]:
    """``?,?,…`` for ``values``, at least one, and the values to bind. The last one is repeated up to a power of two:
    so there are few different statements, and they do not push others out of the driver's memory."""
    room = 1 << (len(values) - 1).bit_length()
    return ",".join("?" * room), [*values, *[values[-1]] * (room - len(values))]
