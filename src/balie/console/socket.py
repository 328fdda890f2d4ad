"""The agent's session: everything a console says and hears live."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from balie.console import hello
from balie.desk import conversations, log, messages, roster
from balie.desk.access import Access, find_access
from balie.desk.feed import Feed
from balie.desk.log import Appended
from balie.desk.messages import Inbound, Receipt, Receive
from balie.desk.presence import Presence
from balie.edge import frames
from balie.edge.facts import agents_frame
from balie.edge.plugs import Slice
from balie.edge.session import BadFrameError, Budget, Session, encode
from balie.edge.signin import Endings, is_signed_in
from balie.edge.socket import Upgrade
from balie.edge.tickets import AgentClaims, redeem_ticket
from balie.engine.ports import Database, Leases, Tx, UnavailableError
from balie.lib.clock import Clock
from balie.lib.errors import BalieError
from balie.lib.text import one_line

logger = structlog.get_logger(__name__)

HOLD_LIMIT = 20_000

_hello = msgspec.json.Decoder(frames.Hello).decode
_send = msgspec.json.Decoder(frames.Send).decode
_read = msgspec.json.Decoder(frames.Read).decode
_signal = msgspec.json.Decoder(frames.TypingSent | frames.StatusSent).decode


class AgentDoor:
    """Makes agent sessions and holds what they share. ``own_origins``: the console's own addresses."""

    def __init__(
        self,
        *,
        db: Database,
        leases: Leases,
        feed: Feed,
        presence: Presence,
        clock: Clock,
        receive: Receive,
        endings: Endings,
        slices: list[Slice],
        own_origins: frozenset[str],
        budget: Budget,
    ) -> None:
        self.db = db
        self.leases = leases
        self.feed = feed
        self.presence = presence
        self.clock = clock
        self.receive = receive
        self.slices = slices
        self.own_origins = own_origins
        self.budget = budget
        self.sessions: set[AgentSession] = set()
        endings.listen(self._ended)

    def __call__(self, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> Session:
        return AgentSession(self, upgrade, on_gone)

    def tell_visitors(self, organisation: str) -> None:
        """Somebody came, went or changed status: tell the visitors of this organisation who is there now."""
        for reader in self.feed.visitors():
            tell = getattr(reader, "tell_desk", None)
            if tell is not None:
                tell(organisation)

    def _ended(self, session: str) -> None:
        for one in tuple(self.sessions):
            if one.claims is not None and one.claims.session == session:
                one.close(frames.CLOSE_NOT_SIGNED_IN, "signed out")


class AgentSession(Session):
    """One console window of an agent."""

    def __init__(self, door: AgentDoor, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> None:
        self.budget = door.budget
        super().__init__(on_gone)
        self.door = door
        self.claims: AgentClaims | None = None
        self.access: Access | None = None
        self.inboxes: frozenset[str] | None = frozenset()
        self._upgrade: Upgrade | None = upgrade
        self._held: list[Appended] | None = None
        self._early: list[tuple[str, msgspec.Raw, str | None]] | None = []

    # What the feed asks

    @property
    def organisation(self) -> str:
        return self.access.organisation if self.access else ""

    @property
    def agent(self) -> str:
        return self.access.agent if self.access else ""

    def take(self, entry: Appended) -> None:
        if entry.kind == "agent_changed" and self.access is not None and self.access.agent.encode() in entry.raw:
            asyncio.get_running_loop().create_task(self._recheck())
        if self._held is None:
            self.push(agents_frame(entry))
        elif len(self._held) >= HOLD_LIMIT:
            self.close(frames.CLOSE_TOO_SLOW, "too slow")
        else:
            self._held.append(entry)

    def signal(self, frame: bytes) -> None:
        if self._held is None:
            self.push(frame)

    # Life

    def opened(self) -> None:
        self.door.sessions.add(self)
        asyncio.get_running_loop().create_task(self._sign_in())

    def closed(self) -> None:
        self.door.sessions.discard(self)
        if self.access is None:
            return
        self.door.feed.remove_agent(self)
        if not self.door.presence.is_connected(self.organisation, self.agent):
            self._tell_connected(connected=False)

    async def _sign_in(self) -> None:
        upgrade, self._upgrade = self._upgrade, None
        if upgrade is None:
            return
        door = self.door
        try:
            if upgrade.origin not in door.own_origins:
                self.close(frames.CLOSE_NO_RIGHT, "origin not allowed")
                return
            claims = await redeem_ticket(door.leases, upgrade.ticket, AgentClaims)
            if claims is None:
                self.close(frames.CLOSE_NOT_SIGNED_IN, "ticket not valid")
                return
            now = door.clock.now()
            found = await door.db.read(lambda tx: hello.rights(tx, claims, now))
        except UnavailableError:
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
            return
        if self.ended:
            return
        if found is None:
            self.close(frames.CLOSE_NOT_SIGNED_IN, "signed out")
            return
        self.access, self.inboxes, status = found
        self.claims = claims
        self._held = []
        was_connected = door.presence.is_connected(self.organisation, self.agent)
        door.feed.add_agent(self)
        door.presence.set_status(self.agent, status)
        if not was_connected:
            self._tell_connected(connected=True)
        early, self._early = self._early or [], None
        for kind, data, reply_to in early:
            self._dispatch(kind, data, reply_to)

    async def _recheck(self) -> None:
        """The agent's own record changed: another role or team asks for a new session, no right left ends it."""
        claims, access = self.claims, self.access
        if claims is None or access is None:
            return
        now = self.door.clock.now()
        signed_in = await self.door.db.read(lambda tx: is_signed_in(tx, claims.session, now))
        fresh = await self.door.db.read(lambda tx: find_access(tx, access.agent))
        if not signed_in or fresh is None:
            self.close(frames.CLOSE_NOT_SIGNED_IN, "signed out")
        elif fresh.role != access.role or fresh.teams != access.teams:
            self.close(frames.CLOSE_RESTART, "rights changed")
        else:
            self.access = fresh

    # Frames in

    def received(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        if self._early is not None:
            if len(self._early) >= 8:
                raise BadFrameError("too many frames before hello")
            self._early.append((kind, data.copy(), reply_to))
            return
        self._dispatch(kind, data, reply_to)

    def _dispatch(self, kind: str, data: msgspec.Raw, reply_to: str | None) -> None:
        if kind == "hello":
            if self.greeted:
                raise BadFrameError("second hello")
            self.greeted = True
            asyncio.get_running_loop().create_task(self._greet(_hello(data)))
        elif not self.greeted:
            raise BadFrameError("hello comes first")
        elif kind == "send":
            self._sent(_send(data))
        elif kind == "read":
            self._marked(_read(data))
        elif kind == "signal":
            self._signalled(_signal(data))
        elif kind == "ping":
            self.send("pong", frames.Pong(at=self.door.clock.now()), reply_to)
        else:
            raise BadFrameError("unknown frame")

    async def _greet(self, data: frames.Hello) -> None:
        door, access = self.door, self.access
        if access is None:
            return
        same = data.epoch == door.db.epoch
        position = data.position if same else None
        connected = door.presence.connected_agents(access.organisation)
        try:
            caught = await door.db.read(lambda tx: hello.catch_up(tx, access, position, door.slices))
        except UnavailableError:
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
            return
        resumed = caught.missed is not None
        self.send(
            "welcome", frames.Welcome(session=self.id, epoch=door.db.epoch, at=door.clock.now(), resumed=resumed)
        )
        if caught.missed is not None:
            for entry in caught.missed:
                self.push(agents_frame(entry))
        else:
            reason = frames.resync_reason(data.epoch, same=same)
            self.send("resync", frames.Resync(reason=reason, agent=caught.snapshot))
        held, self._held = self._held or [], None
        for entry in held:
            if entry.position > caught.position:
                self.push(agents_frame(entry))
        for agent in connected:
            self.send("signal", frames.AgentSeen(agent=agent, connected=True))

    def _sent(self, data: frames.Send) -> None:
        access = self.access
        if access is None:
            return
        try:
            cid = messages.inbound_id(data.cid)
            text = messages.checked_text(data.text)
        except BalieError as error:
            self._refuse(data.cid, error)
            return
        inbound = Inbound(
            organisation=access.organisation,
            sender=access.agent,
            external_id=cid,
            text=text,
            actor=access.actor,
            conversation=data.conversation or "",
            inboxes=self.inboxes,
            note=data.note,
            sent_at=data.sent_at,
        )
        self.door.db.submit(self.door.receive, inbound, lambda result: self._stored(cid, result))

    def _stored(self, cid: str, result: Any) -> None:
        if isinstance(result, Receipt):
            self.send(
                "ack",
                frames.Ack(
                    cid=cid, conversation=result.conversation, seq=result.seq, at=result.at, mismatch=result.mismatch
                ),
            )
        elif isinstance(result, BalieError):
            self._refuse(cid, result)
        else:
            # Fail-stop: what this socket sent after the failed message must not overtake it.
            if not isinstance(result, UnavailableError):
                logger.error("receive_failed", error=repr(result))
            self.close(frames.CLOSE_TRY_AGAIN, "try again")

    def _refuse(self, cid: str, error: BalieError) -> None:
        self.send("refuse", frames.Refuse(code=error.code, detail=error.detail, cid=one_line(cid, 64)))

    def _marked(self, data: frames.Read) -> None:
        access = self.access
        if access is None or data.up_to < 1:
            return
        now = self.door.clock.now()

        def write(tx: Tx) -> None:
            with log.Writer(tx, now) as writer:
                row = conversations.reach(writer, access, data.conversation)
                conversations.mark(writer, row, "desk", access.actor, data.up_to, read=data.level == "read")

        self.door.db.submit(_run, write, _ignore)

    def _signalled(self, data: frames.TypingSent | frames.StatusSent) -> None:
        access = self.access
        if access is None:
            return
        if isinstance(data, frames.TypingSent):
            asyncio.get_running_loop().create_task(self._typing(access, data))
            return
        now = self.door.clock.now()

        def write(tx: Tx) -> None:
            with log.Writer(tx, now) as writer:
                roster.set_status(writer, access, data.status)

        def done(result: Any) -> None:
            if not isinstance(result, BaseException):
                self.door.presence.set_status(access.agent, data.status)
                self.door.tell_visitors(access.organisation)

        self.door.db.submit(_run, write, done)

    async def _typing(self, access: Access, data: frames.TypingSent) -> None:
        try:
            found = await self.door.db.read(lambda tx: conversations.one(tx, access, data.conversation))
        except (BalieError, UnavailableError):
            return
        frame = encode(
            "signal", frames.TypingSeen(conversation=data.conversation, actor=access.actor, on=data.on)
        )
        self.door.feed.tell_contact(access.organisation, found.inbox, found.contact.id, frame)
        self.door.feed.tell_agents(access.organisation, found.inbox, frame, self.id)

    def _tell_connected(self, *, connected: bool) -> None:
        frame = encode("signal", frames.AgentSeen(agent=self.agent, connected=connected))
        self.door.feed.tell_agents(self.organisation, None, frame, self.id)
        self.door.tell_visitors(self.organisation)


def _run(tx: Tx, items: list[Any]) -> list[Any]:
    return [fn(tx) for fn in items]


def _ignore(result: Any) -> None:
    """A mark that failed comes again with the next."""


