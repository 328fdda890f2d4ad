"""What each node tells the others of itself: a small table per node, kept alike everywhere by hints that may get lost.

A node says each change at once, and every three seconds a sum over its table. Who computes another sum asks for the
whole table; who hears nothing for ten seconds takes the node for dead. Nothing of it is stored anywhere.
"""

import asyncio
import contextlib
import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable
from typing import TypeAlias

import msgspec
import structlog

from balie.engine.ports import Bus

log = structlog.get_logger(__name__)

TOPIC = "nodes"
BEAT_S = 3.0
GONE_S = 10.0
LINGER_S = 5.0
"""A node that stops is remembered so long: who was there is on the way to another node."""
PAGE = 500

Entries: TypeAlias = list[tuple[str, bytes | None]]


class _Beat(msgspec.Struct, array_like=True, tag=True):
    """I am here, and my table has this sum. ``fresh``: tell me of you."""

    node: str
    total: int
    fresh: bool = False


class _Moved(msgspec.Struct, array_like=True, tag=True):
    """Entries that are new, changed or (none) gone."""

    node: str
    entries: Entries


class _Asked(msgspec.Struct, array_like=True, tag=True):
    """``of``: tell your whole table."""

    of: str


class _Page(msgspec.Struct, array_like=True, tag=True):
    """A part of a whole table."""

    node: str
    first: bool
    last: bool
    entries: Entries


class _Gone(msgspec.Struct, array_like=True, tag=True):
    """I stop."""

    node: str


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Beat | _Moved | _Asked | _Page | _Gone).decode


class _Node:
    """Another node as far as we know it."""

    def __init__(self, seen_at: float) -> None:
        self.seen_at = seen_at
        self.table: dict[str, bytes] = {}
        self.total = 0
        self.coming: dict[str, bytes] | None = None
        """The whole table while its pages come in."""


class Nodes:
    """This node's table and those of the others, on one event loop."""

    def __init__(self, bus: Bus, monotonic: Callable[[], float]) -> None:
        self._bus = bus
        self._monotonic = monotonic
        self._name = secrets.token_hex(8)
        self._mine: dict[str, bytes] = {}
        self._total = 0
        self._moved: dict[str, bytes | None] = {}
        self._others: dict[str, _Node] = {}
        self._elsewhere: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        """Key → node → value."""
        self._listeners: list[Callable[[str], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._end: Callable[[], None] | None = None
        self.leaving = False
        """Who goes now goes to another node: the others need not hear that they went."""

    # What others tell

    def elsewhere(self, key: str) -> list[bytes]:
        """What the other nodes say of ``key``."""
        return list(self._elsewhere[key].values()) if key in self._elsewhere else []

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call ``listener(key)`` when what another node says of ``key`` has changed."""
        self._listeners.append(listener)

    @property
    def count(self) -> int:
        """How many nodes there are, this one included."""
        return 1 + len(self._others)

    # What this node tells

    def put(self, key: str, value: bytes | None) -> None:
        """Say something new of ``key``, or (none) nothing any more. Told before long, together with the rest."""
        if value is None and self.leaving:
            return
        before = self._mine.pop(key, None)
        if before is not None:
            self._total ^= _sum(key, before)
        if value is not None:
            self._mine[key] = value
            self._total ^= _sum(key, value)
        if self._task is not None and before != value:
            if not self._moved:
                asyncio.get_running_loop().call_soon(self._tell_moved)
            self._moved[key] = value

    # Life

    async def start(self) -> None:
        """From here on hear and tell."""
        self._end = self._bus.subscribe(TOPIC, self._heard)
        self._bus.watch(self._reached)
        self._say(_Beat(self._name, self._total, fresh=True))
        self._task = asyncio.create_task(self._live())

    async def stop(self) -> None:
        """Leave: the others forget this node before long."""
        if self._task is None or self._end is None:
            return
        task, self._task = self._task, None
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        self._end()
        self._say(_Gone(self._name))

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            self.beat()

    def beat(self) -> None:
        """Say that this node is here, and drop those that have said nothing for too long. Nobody is dropped while
        nobody can be heard."""
        self._tell_moved()
        self._say(_Beat(self._name, self._total))
        if self._bus.away:
            return
        now = self._monotonic()
        for name in [name for name, node in self._others.items() if now - node.seen_at > GONE_S]:
            log.warning("node_gone", node=name)
            self._forget(name)

    def _reached(self, away: bool) -> None:
        if not away and self._task is not None:
            for node in self._others.values():
                node.seen_at = self._monotonic()
            self._say(_Beat(self._name, self._total, fresh=True))

    # Hints

    def _say(self, word: msgspec.Struct) -> None:
        self._bus.publish(TOPIC, _encode(word))

    def _tell_moved(self) -> None:
        moved, self._moved = self._moved, {}
        entries = list(moved.items())
        for start in range(0, len(entries), PAGE):
            self._say(_Moved(self._name, entries[start : start + PAGE]))

    def _tell_all(self) -> None:
        self._moved = {}
        entries: Entries = list(self._mine.items())
        for start in range(0, max(1, len(entries)), PAGE):
            last = start + PAGE >= len(entries)
            self._say(_Page(self._name, start == 0, last, entries[start : start + PAGE]))

    def _heard(self, hint: bytes) -> None:
        word = _decode(hint)
        if isinstance(word, _Asked):
            if word.of == self._name:
                self._tell_all()
            return
        if word.node == self._name:
            return
        if isinstance(word, _Gone):
            if word.node in self._others:
                self._others[word.node].seen_at = self._monotonic() - GONE_S + LINGER_S
            return
        node = self._others.setdefault(word.node, _Node(self._monotonic()))
        node.seen_at = self._monotonic()
        if isinstance(word, _Beat):
            if word.fresh:
                self._say(_Beat(self._name, self._total))
            if word.total != node.total:
                self._say(_Asked(word.node))
        elif isinstance(word, _Moved):
            self._apply(word.node, dict(word.entries))
        else:
            self._page(node, word)

    def _page(self, node: _Node, page: _Page) -> None:
        if page.first:
            node.coming = {}
        if node.coming is None:
            return  # the first page was lost; the next beat asks again
        node.coming.update({key: value for key, value in page.entries if value is not None})
        if page.last:
            whole, node.coming = node.coming, None
            gone: dict[str, bytes | None] = dict.fromkeys(node.table.keys() - whole.keys())
            self._apply(page.node, {**gone, **whole})

    def _forget(self, name: str) -> None:
        node = self._others.get(name)
        if node is not None:
            self._apply(name, dict.fromkeys(list(node.table)))
            del self._others[name]

    def _apply(self, name: str, entries: dict[str, bytes | None]) -> None:
        node = self._others[name]
        for key, value in entries.items():
            before = node.table.pop(key, None)
            if before is not None:
                node.total ^= _sum(key, before)
                del self._elsewhere[key][name]
            if value is not None:
                node.table[key] = value
                node.total ^= _sum(key, value)
                self._elsewhere[key][name] = value
            elif not self._elsewhere.get(key):
                self._elsewhere.pop(key, None)
            if before != value:
                for listener in self._listeners:
                    listener(key)


def _sum(key: str, value: bytes) -> int:
    """A number that the whole table's is put together from, whatever the order."""
    return int.from_bytes(hashlib.blake2b(key.encode() + b"\0" + value, digest_size=7).digest())
