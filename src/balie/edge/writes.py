"""Commands from HTTP: one transaction with a log writer each, and once per ``Idempotency-Key`` where that is given.

The key is stored in the same transaction as the change, so no crash comes between both. Refusals are not
remembered: they changed nothing.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request

from balie.desk.log import Writer
from balie.edge.auth import access_of
from balie.edge.plugs import house_of
from balie.engine.ports import Database, Tx
from balie.lib.clock import Clock
from balie.lib.errors import ConflictError, Flaw, InvalidError

KEEP_MS = 24 * 3_600_000
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

T = TypeVar("T")
K = TypeVar("K")


class Write:
    """Does a command in a transaction of its own."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def __call__(self, command: Callable[[Writer], T]) -> T:
        def run(tx: Tx) -> T:
            with Writer(tx, self._clock.now()) as writer:
                return command(writer)

        return await self._db.write(run)


class Attempt(msgspec.Struct, frozen=True):
    """What makes two POSTs the same: the caller, the route and the caller's key. The body must not differ.

    Bodies may hold a password, so their digest is keyed by the caller's key, and of that key only the digest is kept:
    nobody can try passwords on what is stored."""

    organisation: str
    agent: str
    route: str
    key_digest: str
    body_digest: bytes


class Once:
    """Does a command once per attempt; without an Idempotency-Key simply does it."""

    def __init__(self, write: Write, attempt: Attempt | None) -> None:
        self._write = write
        self._attempt = attempt

    async def __call__(self, command: Callable[[Writer], T], answer: type[T]) -> T:
        """The command's answer, or the one of the first time. ConflictError when the key had another body."""
        return await self.keeping(command, answer, lambda result: result, lambda _, kept: kept)

    async def keeping(
        self,
        command: Callable[[Writer], T],
        kept: type[K],
        keep: Callable[[T], K],
        again: Callable[[Writer, K], T],
    ) -> T:
        """The same for answers that must not lie about, such as secrets: what is remembered is ``keep(answer)``, and a
        repeat gets what ``again`` makes of it."""
        attempt = self._attempt
        if attempt is None:
            return await self._write(command)

        def once(writer: Writer) -> T:
            stored = _remembered(writer, attempt)
            if stored is not None:
                return again(writer, msgspec.json.decode(stored, type=kept))
            result = command(writer)
            _remember(writer, attempt, msgspec.json.encode(keep(result)))
            return result

        return await self._write(once)


async def provide_once(request: Request[Any, Any, Any]) -> Once:
    """Dependency ``once``."""
    house = house_of(request)
    write = Write(house.db, house.clock)
    key = request.headers.get("idempotency-key")
    if key is None:
        return Once(write, None)
    if not _KEY.fullmatch(key):
        flaw = Flaw("Idempotency-Key", "must be 1 to 200 visible ASCII characters")
        raise InvalidError("The Idempotency-Key header is not valid.", errors=[flaw])
    access = access_of(request)
    digest = hmac.digest(key.encode(), await request.body(), "sha256")
    route = f"{request.method} {request.scope['path']}"[:100]
    key_digest = hashlib.sha256(key.encode()).hexdigest()
    return Once(write, Attempt(access.organisation, access.agent, route, key_digest, digest))


def _remembered(writer: Writer, attempt: Attempt) -> bytes | None:
    # What is older than that is another attempt; ``housekeeping`` throws it away now and then.
    key = [attempt.organisation, attempt.agent, attempt.route, attempt.key_digest]
    found = writer.tx.one(
        "select body_digest, answer, created_at from idempotency_key"
        " where organisation = ? and agent = ? and route = ? and key = ?",
        key,
    )
    if found is not None and found[2] <= writer.now - KEEP_MS:
        writer.tx.execute(
            "delete from idempotency_key where organisation = ? and agent = ? and route = ? and key = ?", key
        )
        found = None
    if found is None:
        return None
    if not hmac.compare_digest(bytes(found[0]), attempt.body_digest):
        raise ConflictError("This Idempotency-Key came with another body before.", code="key_reused")
    return bytes(found[1])


def _remember(writer: Writer, attempt: Attempt, answer: bytes) -> None:
    writer.tx.execute(
        "insert into idempotency_key (organisation, agent, route, key, body_digest, answer, created_at)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [*msgspec.structs.astuple(attempt), answer, writer.now],
    )
