"""Blobs in an S3-compatible store. Who may write there is told as for every tool of S3: ``AWS_ACCESS_KEY_ID`` and
``AWS_SECRET_ACCESS_KEY`` in the environment, or the machine's own role."""

from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from balie.engine.keys import place_of
from balie.engine.ports import UnavailableError

_NEVER_THERE = "balie_is_it_there"
PIECE = 1 << 20
_PATIENCE = timedelta(seconds=10)


class S3Blobs:
    """``url``: ``s3://bucket/prefix``, with ``?endpoint=http…&region=…`` for a store that is not Amazon's. ValueError
    for another shape."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = urlsplit(asked.get("endpoint", "https://s3"))
        right = parts.scheme == "s3" and parts.netloc and asked.keys() <= {"endpoint", "region"}
        # The port is read here because the library takes a wrong one badly.
        if not right or endpoint.scheme not in ("http", "https") or endpoint.port == 0:
            raise ValueError("an S3 address is s3://bucket/prefix?endpoint=…&region=…")
        more: dict[str, Any] = {name: value for name, value in asked.items() if value}
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options={
                "allow_http": endpoint.scheme == "http",
                "connect_timeout": timedelta(seconds=3),
                "timeout": timedelta(seconds=60),
            },
            retry_config={"max_retries": 3, "retry_timeout": _PATIENCE},
            **more,
        )

    async def put(self, key: str, data: Iterable[bytes]) -> None:
        """In parts when it is large; the store shows it whole or not at all."""
        place = place_of(key)
        try:
            await self._store.put_async(place, data)
        except (BaseError, FileNotFoundError) as error:
            raise _unavailable(error) from error

    async def get(self, key: str) -> bytes | None:
        place = place_of(key)
        try:
            found = await self._store.get_async(place)
            return bytes(await found.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            if "NoSuchBucket" in str(error):
                raise _unavailable(error) from error
            return None
        except BaseError as error:
            raise _unavailable(error) from error

    async def pieces(self, key: str) -> AsyncIterator[bytes]:
        place = place_of(key)
        try:
            found = await self._store.get_async(place)
            async for piece in found.stream(min_chunk_size=PIECE):
                yield bytes(piece)
        except (NotFoundError, FileNotFoundError) as error:
            if "NoSuchBucket" in str(error):
                raise _unavailable(error) from error
            raise KeyError(key) from None
        except BaseError as error:
            raise _unavailable(error) from error

    async def drop(self, key: str) -> None:
        place = place_of(key)
        try:
            await self._store.delete_async(place)
        except (NotFoundError, FileNotFoundError):
            return
        except BaseError as error:
            raise _unavailable(error) from error

    async def check(self) -> None:
        """UnavailableError unless the bucket is there and may be read."""
        await self.get(_NEVER_THERE)


def _unavailable(error: Exception) -> UnavailableError:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return UnavailableError(f"the store cannot be used now: {first}")
