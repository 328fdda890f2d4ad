"""The clear bytes before each frame of the mirror (docs/protocol.md), read as the relay reads them."""

import struct
import zlib
from typing import NamedTuple

DEFLATED, ADDRESSED = 1, 32
"""Flags: the payload is packed; the number of a watcher stands before it."""


class Envelope(NamedTuple):
    version: int
    class_: int
    direction: int
    flags: int
    epoch: int
    seq: int


def opened(frame: bytes) -> tuple[Envelope, bytes]:
    """The envelope, and the payload as it was before it was packed."""
    envelope = Envelope(*struct.unpack(">BBBBII", frame[:12]))
    payload = frame[16 if envelope.flags & ADDRESSED else 12 :]
    return envelope, zlib.decompress(payload, -15) if envelope.flags & DEFLATED else payload
