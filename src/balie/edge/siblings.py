"""The workers that share a port of one machine, as far as their figures go: a scrape hits any of them, and gets those
of all. Each listens on a socket file in the supervisor's folder and says there what it counts."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

ANSWER_S = 2.0
"""How long a worker may take to tell its figures; who takes longer is not up."""


class Sample(msgspec.Struct, frozen=True, array_like=True):
    name: str
    labels: dict[str, str]
    value: float


class Family(msgspec.Struct, frozen=True, array_like=True):
    """A metric as Prometheus has it, with all its samples."""

    name: str
    documentation: str
    kind: str
    samples: list[Sample]


Figures = list[Family]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Figures).decode


class Siblings:
    """``folder``: where the socket files of all workers lie; ``number``: which one this is, of ``count``."""

    def __init__(self, folder: Path, number: int, count: int) -> None:
        self._folder = folder
        self._number = number
        self._count = count
        self._server: asyncio.Server | None = None

    async def start(self, own: Callable[[], Figures]) -> None:
        """Answer the others with ``own()`` from here on. Without a place for the socket file the others take this
        worker for away, which costs figures and nothing else."""

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                writer.write(_encode(own()))
                await writer.drain()
                writer.close()

        with contextlib.suppress(OSError):
            self._clear()  # what one left that died in this place
            self._server = await asyncio.start_unix_server(answer, self._place(self._number))

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            with contextlib.suppress(OSError):
                self._clear()
                self._folder.rmdir()  # the last one, when the supervisor is gone

    async def figures(self, own: Figures) -> dict[str, Figures | None]:
        """The figures of every worker by its number, none of one that does not answer; ``own`` are this one's."""
        numbers = range(self._count)
        found = await asyncio.gather(*(self._ask(number) for number in numbers if number != self._number))
        others = iter(found)
        return {str(number): own if number == self._number else next(others) for number in numbers}

    async def _ask(self, number: int) -> Figures | None:
        try:
            async with asyncio.timeout(ANSWER_S):
                reader, writer = await asyncio.open_unix_connection(self._place(number))
                with contextlib.closing(writer):
                    return _decode(await reader.read())
        except (OSError, TimeoutError, msgspec.DecodeError):
            return None

    def _clear(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        Path(self._place(self._number)).unlink(missing_ok=True)

    def _place(self, number: int) -> str:
        return str(self._folder / f"{number}.sock")
