"""A session that talks: signs in with its ticket, greets, hands messages in and facts out.

What visitors and agents have in common; their rights and own frames stand in ``channels.web.socket`` and
``console.socket``.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from balie.desk import messages
from balie.desk.feed import Feed
from balie.desk.log import Appended
from balie.desk.messages import Inbound, Receipt, Receive
from balie.desk.presence import Presence
from balie.edge import frames
from balie.edge.session import BadFrameError, Budget, Session
from balie.edge.socket import Upgrade
from balie.engine.ports import Database, Leases, Tx, UnavailableError
from balie.lib.clock import Clock
from balie.lib.errors import BalieError
from balie.lib.text import one_line

logger = structlog.get_logger(__name__)

HOLD_LIMIT = 20_000
"""Facts that may come in while a session catches up; more, and it is behind for good."""
_EARLY_LIMIT = 8

_decode_hello = msgspec.json.Decoder(frames.Hello).decode
_decode_send = msgspec.json.Decoder(frames.Send).decode
_decode_read = msgspec.json.Decoder(frames.Read).decode


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the sessions of one kind share."""

    db: Database
    leases: Leases
    feed: Feed
    presence: Presence
    clock: Clock
    receive: Receive
    budget: Budget


class TurnedAwayError(Exception):
    """The socket is not admitted: a close code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Talk(Session):
    """Frames sent before the ticket is checked wait; facts committed during the greeting wait too."""

    def __init__(self, parts: Parts, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> None:
        self.budget = parts.budget
        super().__init__(on_gone)
        self.parts = parts
        self.admitted = False
        self._upgrade: Upgrade | None = upgrade
        self._early: list[tuple[str, msgspec.Raw, str | None]] = []
        self._held: list[Appended] | None = []

    # For subclasses

    async def admit(self, upgrade: Upgrade) -> None:
        """Redeem the ticket and learn who this is. Raise TurnedAwayError; UnavailableError closes with try again."""
        raise NotImplementedError

    def join(self) -> None:
        """Enter the feed: from here on facts come in."""
        raise NotImplementedError

    def leave(self) -> None:
        """Leave the feed; called once, and only after ``join``."""
        raise NotImplementedError

    async def greet(self, hello: frames.Hello) -> int:
        """Send welcome and the missed facts or a snapshot; the position they reach to."""
        raise NotImplementedError

    def settled(self) -> None:
        """The greeting is over and the session is live."""

    def inbound(self, send: frames.Send, text: str) -> Inbound:
        """The message as the desk takes it in; ``text`` is the checked one."""
        raise NotImplementedError

    def mark(self, read: frames.Read) -> None:
        raise NotImplementedError

    def signalled(self, data: msgspec.Raw) -> None:
        raise NotImplementedError

    def encoded(self, entry: Appended) -> bytes:
        """The fact as a frame for this kind of reader."""
        raise NotImplementedError

    # What the feed asks

    def take(self, entry: Appended) -> None:
        if self._held is None:
            self.push(self.encoded(entry))
        elif len(self._held) >= HOLD_LIMIT:
            self.close(frames.CLOSE_TOO_SLOW, "too slow")
        else:
            self._held.append(entry)

    def signal(self, frame: bytes) -> None:
        if self._held is None:
            self.push(frame)

    # Life

    def opened(self) -> None:
        asyncio.get_running_loop().create_task(self._sign_in())

    def closed(self) -> None:
        if self.admitted:
            self.leave()

    async def _sign_in(self) -> None:
        upgrade, self._upgrade = self._upgrade, None
        if upgrade is None:
            return
        try:
            await self.admit(upgrade)
        except TurnedAwayError as refusal:
            self.close(refusal.code, refusal.reason)
            return
        except UnavailableError:
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
            return
        if self.ended:
            return
        self.admitted = True
        self.join()
        early, self._early = self._early, []
        for kind, data, reply_to in early:
            try:
                self._dispatch(kind, data, reply_to)
            except Exception as error:
                self.failed(error, reply_to)

    async def _greet(self, hello: frames.Hello) -> None:
        try:
            position = await self.greet(hello)
        except UnavailableError:
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
            return
        held, self._held = self._held or [], None
        for entry in held:
            if entry.position > position:
                self.push(self.encoded(entry))
        self.settled()

    # Frames in

    def received(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        if self.admitted:
            self._dispatch(kind, data, reply_to)
        elif len(self._early) >= _EARLY_LIMIT:
            raise BadFrameError("too many frames before the sign-in is done")
        else:
            self._early.append((kind, data.copy(), reply_to))

    def _dispatch(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        if kind == "hello":
            if self.greeted:
                raise BadFrameError("second hello")
            hello = _decode_hello(data)
            self.greeted = True
            asyncio.get_running_loop().create_task(self._greet(hello))
        elif not self.greeted:
            raise BadFrameError("hello comes first")
        elif kind == "send":
            self._send_in(_decode_send(data))
        elif kind == "read":
            self.mark(_decode_read(data))
        elif kind == "signal":
            self.signalled(data)
        elif kind == "ping":
            self.send("pong", frames.Pong(at=self.parts.clock.now()), reply_to)
        else:
            raise BadFrameError("unknown frame")

    def _send_in(self, send: frames.Send) -> None:
        try:
            messages.inbound_id(send.cid)
            inbound = self.inbound(send, messages.checked_text(send.text))
        except BalieError as error:
            self._refuse(send.cid, error)
            return
        self.parts.db.submit(self.parts.receive, inbound, self._stored)

    def _stored(self, inbound: Inbound, result: Any) -> None:
        cid = inbound.external_id
        if isinstance(result, Receipt):
            ack = frames.Ack(
                cid=cid,
                conversation=result.conversation,
                seq=result.seq,
                at=result.at,
                mismatch=result.mismatch,
            )
            self.send("ack", ack)
        elif isinstance(result, BalieError):
            self._refuse(cid, result)
        else:
            # Fail-stop: what this socket sent after the failed message must not overtake it.
            if not isinstance(result, UnavailableError):
                logger.error("receive_failed", error=repr(result))
            self.close(frames.CLOSE_TRY_AGAIN, "try again")

    def _refuse(self, cid: str, error: BalieError) -> None:
        self.send("refuse", frames.Refuse(code=error.code, detail=error.detail, cid=one_line(cid, 64)))

    # Small writes whose loss costs nothing: marks and pages come again with the next

    def write_aside(self, write: Callable[[Tx], Any], done: Callable[[Any, Any], None] | None = None) -> None:
        """Queue a write; ``done`` gets the write and its result or exception."""
        self.parts.db.submit(_run_each, write, done or _ignore)


def _run_each(tx: Tx, writes: list[Any]) -> list[Any]:
    return [write(tx) for write in writes]


def _ignore(write: Any, result: Any) -> None:
    return None
