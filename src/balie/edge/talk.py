"""A session that talks: signs in with its ticket, greets, hands messages in and facts out.

What visitors and agents have in common; their rights and own frames stand in ``channels.web.socket`` and
``console.socket``.
"""

import math
import random
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import structlog

from balie.desk import messages
from balie.desk.feed import Feed
from balie.desk.log import Appended
from balie.desk.messages import Inbound, Receipt, Receive
from balie.desk.openings import Openings
from balie.desk.presence import Presence
from balie.edge import frames
from balie.edge.session import BadFrameError, Budget, Session, TurnedAwayError, encode
from balie.edge.socket import Upgrade
from balie.edge.tickets import RESUME_TTL_MS, Tickets
from balie.engine.ports import Database, Tx, UnavailableError
from balie.lib.clock import Clock
from balie.lib.errors import BalieError
from balie.lib.text import one_line

logger = structlog.get_logger(__name__)

HOLD_LIMIT = 20_000
"""Facts that may come in while a session catches up; more, and it is behind for good."""
_EARLY_LIMIT = 8
RENEW_S = (400.0, 600.0)
"""How old a resume ticket may get before the session is given a new one: so each is good for five minutes at least."""
RETRY_S = 60.0

C = TypeVar("C", bound=msgspec.Struct)

_decode_hello = msgspec.json.Decoder(frames.Hello).decode
_decode_send = msgspec.json.Decoder(frames.Send).decode
_decode_read = msgspec.json.Decoder(frames.Read).decode


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What the sessions of one kind share."""

    db: Database
    tickets: Tickets
    feed: Feed
    presence: Presence
    clock: Clock
    receive: Receive
    budget: Budget
    openings: Openings
    spread_ms: Callable[[], int]
    """Over how long all sessions of this process should spread their return."""


class Talk(Session):
    """Frames sent before the ticket is checked wait; facts committed during the greeting wait too, and so do the acks
    behind them."""

    __slots__ = (
        "_early",
        "_held",
        "_owed",
        "_reached",
        "_renew_at",
        "_retiring",
        "_unsettled",
        "_upgrade",
        "admitted",
        "parts",
    )

    def __init__(self, parts: Parts, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> None:
        self.parts = parts
        super().__init__(on_gone)
        self.admitted = False
        self._upgrade: Upgrade | None = upgrade
        self._early: list[tuple[str, msgspec.Raw, str | None]] = []
        self._held: list[Appended] | None = []
        self._owed: list[bytes] = []
        self._reached = 0
        self._unsettled = 0
        """Messages handed in whose fate is not known yet."""
        self._retiring = False
        self._renew_at = math.inf
        """When to give a new resume ticket; never to who wants none."""

    @property
    def budget(self) -> Budget:  # type: ignore[override]
        return self.parts.budget

    # For subclasses

    async def admit(self, upgrade: Upgrade) -> None:
        """Redeem the ticket and learn who this is. Raise TurnedAwayError; UnavailableError closes with try again."""
        raise NotImplementedError

    def ticket_claims(self) -> msgspec.Struct:
        """What a resume ticket of this session stands for."""
        raise NotImplementedError

    def join(self) -> None:
        """Enter the feed: from here on facts come in."""
        raise NotImplementedError

    def leave(self) -> None:
        """Leave the feed; called once, and only after ``join``."""
        raise NotImplementedError

    async def greet(self, hello: frames.Hello) -> int:
        """Send welcome and the missed facts or a snapshot; the position they reach to. Raise as ``admit`` does."""
        raise NotImplementedError

    def settled(self) -> None:
        """The greeting is over and the session is live."""

    def inbound(self, send: frames.Send, text: str) -> Inbound:
        """The message as the desk takes it in; ``text`` is the checked one."""
        raise NotImplementedError

    def mark(self, read: frames.Read) -> None:
        """This side has the messages, or has read them."""
        raise NotImplementedError

    def signalled(self, data: msgspec.Raw) -> None:
        """A signal came in; which ones there are depends on the side."""
        raise NotImplementedError

    def encoded(self, entry: Appended) -> bytes:
        """The fact as a frame for this kind of reader."""
        raise NotImplementedError

    # What the feed asks

    def take(self, entry: Appended) -> None:
        """Send a committed fact, or keep it while the session is on hold. One that the greeting held already is old."""
        if self.has(entry):
            return
        if self._held is None:
            self.push(self.encoded(entry))
        elif len(self._held) >= HOLD_LIMIT:
            self.close(frames.CLOSE_TOO_SLOW, "too slow")
        else:
            self._held.append(entry)

    def signal(self, frame: bytes) -> None:
        """Send a signal; one that comes while the session is on hold is forgotten."""
        if self._held is None:
            self.push(frame)

    def has(self, entry: Appended) -> bool:
        """Whether the greeting, or what followed it, held this fact already."""
        return entry.position <= self._reached

    @property
    def on_hold(self) -> bool:
        """Whether facts wait: during the greeting, and while the session's rights are looked at."""
        return self._held is not None

    def hold(self) -> None:
        """From here on facts wait."""
        if self._held is None:
            self._held = []

    def release(self, position: int) -> None:
        """Send the facts that waited, those up to ``position`` excepted: the reader has them. Then the acks."""
        held, self._held = self._held or [], None
        self._reached = max(self._reached, position)
        for entry in held:
            self.take(entry)
        if not self.on_hold:
            owed, self._owed = self._owed, []
            for frame in owed:
                self.push(frame)
            self._go_when_settled()

    # Life

    def retire(self) -> None:
        """What comes in from now on is not heard, and so sent again elsewhere; what came in before is acked first."""
        self._retiring = True
        self._go_when_settled()

    def _go_when_settled(self) -> None:
        if self._retiring and not self._unsettled and not self._owed:
            self.close(frames.CLOSE_RESTART, "restart")

    def opened(self) -> None:
        upgrade = self._upgrade
        if upgrade is not None and upgrade.ticket:
            self._upgrade = None
            self.in_background(self._sign_in(upgrade))

    def closed(self) -> None:
        if self.admitted:
            self.leave()

    def come_back(self, upgrade: Upgrade, hello: msgspec.Raw, reply_to: str | None) -> None:
        """The first frame on a socket without a ticket: ``upgrade.resume`` is the one it brings."""
        self._early.append(("hello", hello.copy(), reply_to))
        self.in_background(self._sign_in(upgrade))

    async def redeem(self, upgrade: Upgrade, claims: type[C]) -> C:
        """What the ticket of the socket's address, or of its hello, stands for. Raise as ``admit`` does."""
        tickets = self.parts.tickets
        if upgrade.resume:
            found = await tickets.resume(upgrade.resume, claims)
        else:
            found = await tickets.redeem(upgrade.ticket, claims)
        if found is None:
            raise TurnedAwayError(frames.CLOSE_NOT_SIGNED_IN, "ticket not valid")
        return found

    async def _sign_in(self, upgrade: Upgrade) -> None:
        await self.admit(upgrade)
        if not self.ended:
            self.enter()

    def enter(self) -> None:
        """It is known who this is: facts come in from here on, and the frames that waited are heard."""
        self.admitted = True
        self.join()
        self.hear_early()

    def hear_early(self) -> None:
        early, self._early = self._early, []
        for kind, data, reply_to in early:
            try:
                self._dispatch(kind, data, reply_to)
            except Exception as error:
                self.failed(error, reply_to)

    async def begin(self, hello: frames.Hello, ticket: str = "") -> None:
        """Greet. ``ticket``: the next resume ticket, where there is one already."""
        self.release(await self.greet(hello))
        self.settled()
        if ticket:
            self.give(ticket)
        elif hello.resume is not None:
            self._renew()

    # Coming back

    def check(self, now: float) -> None:
        super().check(now)
        if now >= self._renew_at and not self.ended:
            self._renew()

    def _renew(self) -> None:
        # Never all at once: many came at the same time.
        self._renew_at = self._loop.time() + random.uniform(*RENEW_S)  # noqa: S311 - no secret
        self.parts.tickets.keep(self.ticket_claims(), self._kept)

    def _kept(self, _: msgspec.Struct, result: Any) -> None:
        if isinstance(result, str):
            self.give(result)
        else:
            # Whoever has none comes back over HTTP.
            self._renew_at = self._loop.time() + RETRY_S

    def give(self, ticket: str) -> None:
        """Tell the other side with what to come back."""
        self._renew_at = self._loop.time() + random.uniform(*RENEW_S)  # noqa: S311 - no secret
        spread_ms = self.parts.spread_ms()
        self.send("resume", frames.Resume(ticket=ticket, valid_ms=RESUME_TTL_MS, spread_ms=spread_ms))

    # Frames in

    def received(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        if self.admitted:
            self._dispatch(kind, data, reply_to)
        elif self._upgrade is not None:
            self._knocked(kind, data, reply_to)
        elif len(self._early) >= _EARLY_LIMIT:
            raise BadFrameError("too many frames before the sign-in is done")
        else:
            self._early.append((kind, data.copy(), reply_to))

    def _knocked(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        upgrade, self._upgrade = self._upgrade, None
        if upgrade is None:
            return
        if kind != "hello":
            raise BadFrameError("hello comes first")
        upgrade.resume = _decode_hello(data).resume or ""
        if not upgrade.resume:
            self.close(frames.CLOSE_NOT_SIGNED_IN, "no ticket")
        elif not self._retiring:
            self.come_back(upgrade, data, reply_to)

    def _dispatch(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        if self.ended or self._retiring:
            return
        if kind == "hello":
            if self.greeted:
                raise BadFrameError("second hello")
            hello = _decode_hello(data)
            self.greeted = True
            self.in_background(self.begin(hello))
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
        self._unsettled += 1
        self.parts.db.submit(self.parts.receive, inbound, self._stored)

    def _stored(self, inbound: Inbound, result: Any) -> None:
        cid = inbound.external_id
        self._unsettled -= 1
        if isinstance(result, Receipt):
            ack = frames.Ack(
                cid=cid,
                conversation=result.conversation,
                seq=result.seq,
                at=result.at,
                mismatch=result.mismatch,
            )
            frame = encode("ack", ack)
            if self.on_hold:
                self._owed.append(frame)
            else:
                self.push(frame)
        elif isinstance(result, BalieError):
            self._refuse(cid, result)
        else:
            # Fail-stop: what this socket sent after the failed message must not overtake it.
            if not isinstance(result, UnavailableError):
                logger.error("receive_failed", error=repr(result))
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
        self._go_when_settled()

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
