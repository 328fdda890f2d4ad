"""What a page loads before any click and when the chat opens, gzip."""

import gzip

import msgspec

from bench import machine

STATIC = machine.ROOT / "src" / "balie" / "static"


class Weights(msgspec.Struct, frozen=True):
    """Bytes after gzip -9. ``panel`` is everything under /widget that the loader fetches."""

    loader: int
    panel: int


def measure() -> Weights:
    loader = STATIC / "widget.js"
    if not loader.exists():
        raise machine.MissingError("The web files are not built: bin/demo, or npm run build in web/")
    panel = sorted((STATIC / "widget").glob("*.js"))
    return Weights(_packed(loader.read_bytes()), sum(_packed(file.read_bytes()) for file in panel))


def _packed(data: bytes) -> int:
    return len(gzip.compress(data, 9, mtime=0))
