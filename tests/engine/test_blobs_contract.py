"""What every plug for blobs must do: whole or absent, by keys that cannot lead elsewhere."""

import asyncio
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from balie.engine.disk import DiskBlobs
from balie.engine.ports import Blobs, UnavailableError
from balie.engine.s3 import S3Blobs
from servers.s3 import PrivateS3

PLUGS: dict[str, Callable[[pytest.FixtureRequest, Path], Blobs]] = {
    "disk": lambda _, folder: DiskBlobs(folder / "blobs"),
    "s3": lambda request, _: S3Blobs(request.getfixturevalue("s3").url),
}


@pytest.fixture(params=PLUGS)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return PLUGS[request.param](request, tmp_path)


@pytest.fixture
def key() -> str:
    return f"att_{secrets.token_hex(13)}"


def test_what_was_put_comes_back(blobs: Blobs, key: str) -> None:
    asyncio.run(blobs.put(key, [b"one ", b"", b"two"]))
    assert asyncio.run(blobs.get(key)) == b"one two"


def test_a_later_put_replaces_what_was_there(blobs: Blobs, key: str) -> None:
    asyncio.run(blobs.put(key, [b"a longer first one"]))
    asyncio.run(blobs.put(key, [b"second"]))
    assert asyncio.run(blobs.get(key)) == b"second"


def test_a_blob_of_many_parts_comes_back_whole(blobs: Blobs, key: str) -> None:
    piece = secrets.token_bytes(1 << 20)
    asyncio.run(blobs.put(key, (piece for _ in range(12))))
    assert asyncio.run(blobs.get(key)) == piece * 12


async def pieces_of(blobs: Blobs, key: str) -> list[bytes]:
    return [piece async for piece in blobs.pieces(key)]


def test_a_large_blob_comes_in_pieces_of_bounded_size(blobs: Blobs, key: str) -> None:
    data = secrets.token_bytes((5 << 20) + 7)
    asyncio.run(blobs.put(key, [data]))
    pieces = asyncio.run(pieces_of(blobs, key))
    assert b"".join(pieces) == data
    assert len(pieces) > 1


def test_pieces_of_what_is_not_there_are_no_empty_file(blobs: Blobs, key: str) -> None:
    with pytest.raises(KeyError):
        asyncio.run(pieces_of(blobs, key))
    asyncio.run(blobs.put(key, []))
    assert asyncio.run(pieces_of(blobs, key)) in ([], [b""])


def test_what_was_not_put_is_absent(blobs: Blobs, key: str) -> None:
    assert asyncio.run(blobs.get(key)) is None


def test_a_dropped_blob_is_gone_and_dropping_twice_is_no_error(blobs: Blobs, key: str) -> None:
    asyncio.run(blobs.put(key, [b"x"]))
    asyncio.run(blobs.drop(key))
    asyncio.run(blobs.drop(key))
    assert asyncio.run(blobs.get(key)) is None


def test_a_blob_that_broke_off_is_absent(blobs: Blobs, key: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        asyncio.run(blobs.put(key, pieces()))
    assert asyncio.run(blobs.get(key)) is None


@pytest.mark.parametrize(
    "name",
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
def test_a_key_that_is_none_of_ours_reaches_nothing(blobs: Blobs, name: str) -> None:
    with pytest.raises(ValueError, match="key"):
        asyncio.run(blobs.put(name, [b"x"]))
    with pytest.raises(ValueError, match="key"):
        asyncio.run(blobs.get(name))
    with pytest.raises(ValueError, match="key"):
        asyncio.run(blobs.drop(name))


@pytest.mark.parametrize("change", [("s3://balie/", "s3://no-such-bucket/"), (r":\d+", ":1")])
def test_a_store_that_cannot_be_used_says_so_in_one_line(
    s3: PrivateS3, key: str, change: tuple[str, str]
) -> None:
    blobs = S3Blobs(re.sub(*change, s3.url))
    with pytest.raises(UnavailableError) as told:
        asyncio.run(blobs.put(key, [b"x"]))
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "http://bucket",
        "s3://bucket?secret=x",
        "s3://b?endpoint=ftp://x",
        "s3://b?endpoint=http://x:99999",
    ],
)
def test_an_address_of_another_shape_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"s3://bucket|[Pp]ort"):
        S3Blobs(url)
