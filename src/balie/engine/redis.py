"""Bus and leases on Redis, shared by all nodes of a desk. Nothing in it must outlive it: Redis may be killed or
emptied at any time, which costs delay and never a message.

One Redis database per desk. Keys and the channel start with ``balie``.
"""

import asyncio
import contextlib
import random
import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.maint_notifications import MaintNotificationsConfig

from balie.engine.local import LocalBus, LocalLeases
from balie.engine.ports import UnavailableError

log = structlog.get_logger(__name__)

ANSWER_S = 0.5
"""How long a lease may take before Redis counts as away."""
REST_S = 0.5
"""How long Redis is left alone after it did not answer: until then leases are refused at once."""
CALLS_AT_ONCE = 16
QUEUE_LIMIT = 10_000
"""Hints that may wait to be sent; more are dropped."""
BATCH_LIMIT = 1_000
BATCH_BYTES = 1 << 20
"""A batch is full beyond this: Redis hangs up on a listener for whom more than 32 MiB wait."""
QUIET_S = 2.0
"""Silence on the channel after which Redis is asked whether it still lives."""
_BACK_OFF_S = (0.1, 1.0)
_AWAY = (RedisError, OSError, TimeoutError)

_HOLD = """
local owner = redis.call('get', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return 1
"""
_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end
return 1
"""
_COUNT = """
local count = redis.call('incr', KEYS[1])
if count == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return count
"""


class _Batch(msgspec.Struct, array_like=True):
    """What one node says in one turn of its loop. ``number`` counts its batches: a gap means that some were lost."""

    node: bytes
    number: int
    hints: list[tuple[str, bytes]]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Batch).decode


def _client(url: str, answer_s: float) -> Any:
    """Half of the client's methods have no types."""
    return Redis.from_url(
        url,
        protocol=2,
        socket_timeout=answer_s,
        socket_connect_timeout=answer_s,
        # A command that was cut off may have been done: only its caller knows whether to try again.
        retry=Retry(NoBackoff(), 0),
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )


async def check_redis(url: str) -> None:
    """Raise UnavailableError, or ValueError for an address that is none, unless a Redis answers there."""
    client = _client(url, 2.0)
    try:
        await client.execute_command("PING")
    except _AWAY as error:
        raise UnavailableError(str(error)) from error
    finally:
        await client.aclose()


class RedisBus:
    """Bus port. Listeners here hear of a hint at once, other nodes by way of Redis. Hints that cannot be sent are
    dropped; ``watch`` tells who depends on them."""

    def __init__(self, url: str) -> None:
        self._client = _client(url, 2.0)
        database = self._client.get_connection_kwargs().get("db") or 0
        self._channel = f"balie:{database}"
        self._local = LocalBus()
        self._node = secrets.token_bytes(8)
        self._numbers: dict[bytes, int] = {}
        """The last batch heard of each node."""
        self._number = 0
        self._dropped = False
        self._out: deque[tuple[str, bytes]] = deque()
        self._wake = asyncio.Event()
        self._watchers: list[Callable[[bool], None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._up: bool | None = None
        """Whether Redis answers; not known before the first try."""
        self._stopping = False

    @property
    def away(self) -> bool:
        return self._up is False

    def publish(self, topic: str, hint: bytes) -> None:
        if self._up and len(self._out) < QUEUE_LIMIT:
            self._out.append((topic, hint))
            self._wake.set()
        else:
            self._dropped = True
        self._local.publish(topic, hint)

    def subscribe(self, topic: str, listener: Callable[[bytes], None]) -> Callable[[], None]:
        return self._local.subscribe(topic, listener)

    def watch(self, listener: Callable[[bool], None]) -> None:
        self._watchers.append(listener)

    async def start(self) -> None:
        """Begin to listen; without Redis too, which is then tried again and again."""
        ready = asyncio.Event()
        self._tasks = [asyncio.create_task(self._listen(ready)), asyncio.create_task(self._send())]
        await ready.wait()

    async def stop(self) -> None:
        """Send what waits, then hang up."""
        # The client may swallow a cancellation that comes together with an answer: the loops look at this too.
        self._stopping = True
        listening, sending = self._tasks
        listening.cancel()
        self._wake.set()
        await asyncio.gather(listening, sending, return_exceptions=True)
        with contextlib.suppress(*_AWAY):
            await self._client.aclose()

    # Out

    async def _send(self) -> None:
        while not self._stopping:
            # Whatever is published in this turn of the loop, or while a batch is on its way, goes out together.
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._send_out()
            except _AWAY:
                # The listening side notices by itself when Redis is gone for longer than this one call.
                self._out.clear()
                self._dropped = True

    async def _send_out(self) -> None:
        while self._out:
            hints: list[tuple[str, bytes]] = []
            size = 0
            while self._out and len(hints) < BATCH_LIMIT and size < BATCH_BYTES:
                hints.append(self._out.popleft())
                size += len(hints[-1][1])
            self._number += 2 if self._dropped else 1
            self._dropped = False
            await self._client.execute_command(
                "PUBLISH", self._channel, _encode(_Batch(self._node, self._number, hints))
            )

    # In

    async def _listen(self, ready: asyncio.Event) -> None:
        pause = _BACK_OFF_S[0]
        while not self._stopping:
            try:
                async with self._client.pubsub() as pubsub:
                    await pubsub.subscribe(self._channel)
                    await pubsub.get_message(timeout=QUIET_S)
                    self._now(up=True)
                    ready.set()
                    pause = _BACK_OFF_S[0]
                    await self._hear(pubsub)
            except _AWAY as error:
                if self._up is not False:
                    log.warning("redis_away", error=str(error))
                self._now(up=False)
                ready.set()
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)  # noqa: S311 - no secret
            pause = min(2 * pause, _BACK_OFF_S[1])

    async def _hear(self, pubsub: PubSub) -> None:
        """Hand on what comes, until the connection breaks or Redis no longer answers."""
        asked = False
        while not self._stopping:
            message = await pubsub.get_message(timeout=QUIET_S)
            if message is None:
                if asked:
                    raise TimeoutError("no answer")
                asked = True
                await pubsub.ping()
                continue
            asked = False
            if message["type"] == "message":
                self._heard(message["data"])

    def _heard(self, data: bytes) -> None:
        try:
            batch = _decode(data)
        except msgspec.DecodeError:
            # A newer version beside this one, in the middle of an upgrade.
            log.warning("hint_not_understood")
            return
        if batch.node == self._node:
            return
        last = self._numbers.get(batch.node)
        self._numbers[batch.node] = batch.number
        for topic, hint in batch.hints:
            try:
                self._local.publish(topic, hint)
            except Exception:
                # One who cannot hear it must not keep it from the others, nor end the listening.
                log.exception("listener_failed", topic=topic)
        if last is not None and batch.number != last + 1:
            self._tell(away=False)

    def _now(self, *, up: bool) -> None:
        before, self._up = self._up, up
        if up:
            self._numbers.clear()
        if before is False and up:
            log.warning("redis_back")
        # The first time up too: what others said before we listened is as good as lost.
        if before is not up:
            self._tell(away=not up)

    def _tell(self, *, away: bool) -> None:
        for watcher in tuple(self._watchers):
            watcher(away)


class RedisLeases:
    """Leases port. Every call ends within a second, with UnavailableError while Redis is away; only ``count`` goes on,
    with the counts of this process."""

    def __init__(self, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client = _client(url, ANSWER_S)
        self._monotonic = monotonic
        self._slots = asyncio.Semaphore(CALLS_AT_ONCE)
        self._away_until = 0.0
        self._own = LocalLeases(monotonic)

    async def put(self, key: str, value: bytes, ttl_s: float) -> None:
        await self._do("SET", f"balie:value:{key}", value, "PX", _ms(ttl_s))

    async def take(self, key: str) -> bytes | None:
        found: bytes | None = await self._do("GETDEL", f"balie:value:{key}")
        return found

    async def get(self, key: str) -> bytes | None:
        found: bytes | None = await self._do("GET", f"balie:value:{key}")
        return found

    async def drop(self, key: str) -> None:
        await self._own.drop(key)
        await self._do("DEL", f"balie:value:{key}", f"balie:count:{key}")

    async def count(self, key: str, window_s: float) -> int:
        try:
            return int(await self._do("EVAL", _COUNT, 1, f"balie:count:{key}", _ms(window_s)))
        except UnavailableError:
            return await self._own.count(key, window_s)

    async def hold(self, key: str, owner: str, ttl_s: float) -> bool:
        return bool(await self._do("EVAL", _HOLD, 1, f"balie:held:{key}", owner, _ms(ttl_s)))

    async def release(self, key: str, owner: str) -> None:
        await self._do("EVAL", _RELEASE, 1, f"balie:held:{key}", owner)

    async def start(self) -> None:
        """Nothing to begin: connections are opened as they are needed."""

    async def stop(self) -> None:
        with contextlib.suppress(*_AWAY):
            await self._client.aclose()

    async def _do(self, *words: Any) -> Any:
        async with self._slots:
            if self._monotonic() < self._away_until:
                raise UnavailableError("Redis is away")
            try:
                return await self._client.execute_command(*words)
            except _AWAY as error:
                self._away_until = self._monotonic() + REST_S
                raise UnavailableError(f"Redis cannot be used now: {error}") from error


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
