"""What a page loads before any click, when the chat opens, and when an agent may look along; gzip."""

import gzip

import msgspec

from bench import machine

STATIC = machine.ROOT / "src" / "balie" / "static"


class Weights(msgspec.Struct, frozen=True):
    """Bytes after gzip -9. ``look`` is for the question whether an agent may look along, ``mirror`` the recorder."""

    loader: int
    panel: int
    look: int
    mirror: int


def measure() -> Weights:
    loader = STATIC / "widget.js"
    if not loader.exists():
        raise machine.MissingError("The web files are not built: bin/demo, or npm run build in web/")
    return Weights(_packed(loader.read_bytes()), _chunk("panel"), _chunk("look"), _chunk("mirror"))


def _chunk(name: str) -> int:
    """Of the file with its hash in the name; the one without only points there."""
    return sum(_packed(file.read_bytes()) for file in (STATIC / "widget").glob(f"{name}-*.js"))


def _packed(data: bytes) -> int:
    return len(gzip.compress(data, 9, mtime=0))
