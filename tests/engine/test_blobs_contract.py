"""What every plug for blobs must do: whole or absent, by keys that cannot lead elsewhere."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from balie.engine.disk import DiskBlobs
from balie.engine.ports import Blobs

PLUGS: dict[str, Callable[[Path], Blobs]] = {"disk": lambda folder: DiskBlobs(folder / "blobs")}
KEY = "att_01m802rs1zepdtjvqkmcfyrnps"


@pytest.fixture(params=PLUGS)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return PLUGS[request.param](tmp_path)


def test_what_was_put_comes_back(blobs: Blobs) -> None:
    asyncio.run(blobs.put(KEY, [b"one ", b"", b"two"]))
    assert asyncio.run(blobs.get(KEY)) == b"one two"


def test_what_was_not_put_is_absent(blobs: Blobs) -> None:
    assert asyncio.run(blobs.get(KEY)) is None


def test_a_dropped_blob_is_gone_and_dropping_twice_is_no_error(blobs: Blobs) -> None:
    asyncio.run(blobs.put(KEY, [b"x"]))
    asyncio.run(blobs.drop(KEY))
    asyncio.run(blobs.drop(KEY))
    assert asyncio.run(blobs.get(KEY)) is None


def test_a_blob_that_broke_off_is_absent(blobs: Blobs) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        asyncio.run(blobs.put(KEY, pieces()))
    assert asyncio.run(blobs.get(KEY)) is None


@pytest.mark.parametrize(
    "key",
    [
        "../../etc/passwd",
        "a/b/c/d/e/f/g",
        "..",
        "",
        "short",
        "UPPER_CASE_KEY",
        "with space_x",
        "x" * 81,
        "nul\0key_1",
    ],
)
def test_a_key_that_is_none_of_ours_reaches_nothing(blobs: Blobs, key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        asyncio.run(blobs.put(key, [b"x"]))
    with pytest.raises(ValueError, match="key"):
        asyncio.run(blobs.get(key))
    with pytest.raises(ValueError, match="key"):
        asyncio.run(blobs.drop(key))
