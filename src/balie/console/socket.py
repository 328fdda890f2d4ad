"""The agent's session: everything a console says and hears live."""

import contextlib
from collections.abc import Callable, Sequence

import msgspec

from balie.console import hello
from balie.desk import conversations, log, roster
from balie.desk.access import Access
from balie.desk.facts import AgentStatusChanged
from balie.desk.feed import News
from balie.desk.log import Appended
from balie.desk.messages import Inbound
from balie.desk.model import AgentStatus, AwayReason
from balie.edge import frames
from balie.edge.facts import agents_frame, agents_frames
from balie.edge.health import Health
from balie.edge.plugs import Slice
from balie.edge.session import Session, TurnedAwayError, encode
from balie.edge.signin import Endings
from balie.edge.socket import Upgrade
from balie.edge.talk import Parts, Talk
from balie.edge.tickets import AgentClaims
from balie.engine.ports import Tx, UnavailableError
from balie.lib.errors import BalieError

DELIVERED_KEPT = 10_000
CONTACTS_SHOWN = 500
"""Contacts on the site that a console hears of when it connects; of later ones it hears as they come."""
LOOK_AGAIN_S = 30.0
"""How often a socket asks whether its sign-in still holds."""

Rights = tuple[Access, frozenset[str] | None, AgentStatus]

_decode_status = msgspec.json.Decoder(AgentStatusChanged).decode
_decode_signal = msgspec.json.Decoder(frames.TypingSent | frames.StatusSent).decode


class AgentDoor:
    """Makes agent sessions. ``own_origins``: the console's own addresses."""

    def __init__(
        self,
        parts: Parts,
        *,
        slices: Sequence[Slice],
        own_origins: frozenset[str],
        endings: Endings,
        health: Health,
    ) -> None:
        self.parts = parts
        self.slices = slices
        self.own_origins = own_origins
        self.sessions: set[AgentSession] = set()
        self.delivered: dict[str, int] = {}
        """Conversation → the seq known to be on an agent's device, so that the second console costs no write."""
        self.health = health
        endings.listen(self._ended)
        health.listen(self._service_changed)

    def __call__(self, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> Session:
        return AgentSession(self, upgrade, on_gone)

    def _ended(self, session: str) -> None:
        """A sign-in ended: so do its sockets (threat S19)."""
        for one in tuple(self.sessions):
            if one.claims.session == session:
                one.close(frames.CLOSE_NOT_SIGNED_IN, "signed out")

    def _service_changed(self, degraded: bool) -> None:
        frame = encode("signal", frames.ServiceSeen(degraded=degraded))
        for one in tuple(self.sessions):
            one.signal(frame)


class AgentSession(Talk):
    """One console window of an agent."""

    def __init__(self, door: AgentDoor, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> None:
        super().__init__(door.parts, upgrade, on_gone)
        self.door = door
        self.claims = AgentClaims(organisation="", agent="", session="")
        self.access = Access(organisation="", agent="", name="", role="agent")
        self.inboxes: frozenset[str] | None = frozenset()
        self._status: AgentStatus = "online"
        self._looked_at = self.started_at

    # What the feed asks

    @property
    def organisation(self) -> str:
        return self.access.organisation

    @property
    def agent(self) -> str:
        return self.access.agent

    def encoded(self, entry: Appended) -> bytes:
        return agents_frame(entry)

    def take_all(self, news: News) -> None:
        """Send the facts of a commit: as they are together, where none of them may concern this agent."""
        if self.has(news.entries[0]) or self.on_hold or not hello.ABOUT_AGENTS.isdisjoint(news.kinds):
            for entry in news.entries:
                self.take(entry)
        else:
            self.push(agents_frames(news))

    def take(self, entry: Appended) -> None:
        if not self.on_hold and hello.is_about(self.agent, self.inboxes, entry):
            # Nothing behind this fact goes out before the rights are known again; a client that reconnects has not
            # seen it yet and so starts from a snapshot.
            self.hold()
            self.in_background(self._recheck(entry))
        else:
            if entry.kind == "agent_status_changed" and entry.stream == self.agent:
                # The agent may have said so in a console on another node.
                status = _decode_status(entry.raw).status
                self.parts.presence.set_status(self.organisation, self.agent, status)
            super().take(entry)

    # Life

    async def admit(self, upgrade: Upgrade) -> None:
        if upgrade.origin not in self.door.own_origins:
            raise TurnedAwayError(frames.CLOSE_NO_RIGHT, "origin not allowed")
        claims = await self.redeem(upgrade, AgentClaims)
        now = self.parts.clock.now()
        rights = await self.parts.db.read(lambda tx: hello.rights(tx, claims, now))
        if rights is None:
            raise TurnedAwayError(frames.CLOSE_NOT_SIGNED_IN, "signed out")
        self.claims = claims
        self.access, self.inboxes, self._status = rights

    def ticket_claims(self) -> AgentClaims:
        return self.claims

    def join(self) -> None:
        presence = self.parts.presence
        self.door.sessions.add(self)
        self.parts.feed.add_agent(self)
        presence.set_status(self.organisation, self.agent, self._status)
        presence.agent_moved(self.organisation, self.agent)

    def leave(self) -> None:
        self.door.sessions.discard(self)
        self.parts.feed.remove_agent(self)
        self.parts.presence.agent_moved(self.organisation, self.agent)

    async def greet(self, data: frames.Hello) -> int:
        db, access = self.parts.db, self.access
        same = data.epoch == db.epoch
        position = data.position if same else None

        now = self.parts.clock.now()

        def read(tx: Tx) -> tuple[Rights | None, hello.Caught]:
            return hello.rights(tx, self.claims, now), hello.catch_up(tx, access, position, self.door.slices)

        fresh, caught = await db.read(read)
        self._check_rights(fresh)
        resumed = caught.missed is not None
        self.send("welcome", frames.Welcome(session=self.id, epoch=db.epoch, at=now, resumed=resumed))
        if caught.missed is not None:
            for entry in caught.missed:
                self.push(agents_frame(entry))
        else:
            reason = frames.resync_reason(data.epoch, same=same)
            self.send("resync", frames.Resync(reason=reason, agent=caught.snapshot))
        return caught.position

    def settled(self) -> None:
        if self.door.health.degraded:
            self.send("signal", frames.ServiceSeen(degraded=True))
        for agent in self.parts.presence.connected_agents(self.organisation):
            self.send("signal", frames.AgentSeen(agent=agent, connected=True))
        for contact in self.parts.presence.contacts(self.organisation, self.inboxes, CONTACTS_SHOWN):
            self.send("signal", frames.PresenceSeen(contact=contact, online=True))

    async def _recheck(self, entry: Appended) -> None:
        """The agent's own record changed by ``entry``, behind which facts wait."""
        await self._look_again()
        self.push(self.encoded(entry))
        self.release(entry.position)

    def check(self, now: float) -> None:
        super().check(now)
        if self.greeted and not self.on_hold and now - self._looked_at > LOOK_AGAIN_S:
            self._looked_at = now
            self.in_background(self._still_signed_in())

    async def _still_signed_in(self) -> None:
        """A sign-in also ends by time, of which no fact tells."""
        with contextlib.suppress(UnavailableError):
            await self._look_again()

    async def _look_again(self) -> None:
        claims, now = self.claims, self.parts.clock.now()
        self._check_rights(await self.parts.db.read(lambda tx: hello.rights(tx, claims, now)))

    def _check_rights(self, rights: Rights | None) -> None:
        """Another role or team asks for a new session, no right left ends this one."""
        fresh = rights[0] if rights else None
        if fresh is None:
            raise TurnedAwayError(frames.CLOSE_NOT_SIGNED_IN, "signed out")
        readable = rights[1] if rights else None
        if fresh.role != self.access.role or fresh.teams != self.access.teams or readable != self.inboxes:
            raise TurnedAwayError(frames.CLOSE_RESTART, "rights changed")
        self.access = fresh

    # Frames in

    def inbound(self, send: frames.Send, text: str) -> Inbound:
        return Inbound(
            organisation=self.access.organisation,
            sender=self.access.agent,
            external_id=send.cid,
            text=text,
            actor=self.access.actor,
            conversation=send.conversation,
            inboxes=self.inboxes,
            note=send.note,
            sent_at=send.sent_at,
        )

    def mark(self, read: frames.Read) -> None:
        access, now, delivered = self.access, self.parts.clock.now(), self.door.delivered
        if read.level == "delivered" and delivered.get(read.conversation, 0) >= read.up_to:
            return

        def write(tx: Tx) -> int:
            with log.Writer(tx, now) as writer:
                row = conversations.reach(writer, access, read.conversation)
                conversations.mark(writer, row, "desk", access.actor, read.up_to, read=read.level == "read")
                return row.desk_delivered

        def done(_: object, result: object) -> None:
            if isinstance(result, int):
                if len(delivered) >= DELIVERED_KEPT:
                    delivered.clear()
                delivered[read.conversation] = result

        self.write_aside(write, done)

    def signalled(self, data: msgspec.Raw) -> None:
        signal = _decode_signal(data)
        if isinstance(signal, frames.TypingSent):
            self.in_background(self._typing(signal))
        else:
            self._set_status(signal.status, signal.reason)

    def _set_status(self, status: AgentStatus, reason: AwayReason) -> None:
        access, now, presence = self.access, self.parts.clock.now(), self.parts.presence

        def write(tx: Tx) -> None:
            with log.Writer(tx, now) as writer:
                roster.set_status(writer, access, status, reason)

        def done(_: object, result: object) -> None:
            if not isinstance(result, BaseException):
                presence.set_status(access.organisation, access.agent, status)

        self.write_aside(write, done)

    async def _typing(self, sent: frames.TypingSent) -> None:
        access, feed = self.access, self.parts.feed
        try:
            found = await self.parts.db.read(lambda tx: conversations.one(tx, access, sent.conversation))
        except (BalieError, UnavailableError):
            return
        seen = frames.TypingSeen(conversation=sent.conversation, actor=access.actor, on=sent.on)
        frame = encode("signal", seen)
        feed.tell_contact(access.organisation, found.inbox, found.contact.id, frame)
        feed.tell_agents(access.organisation, found.inbox, frame, self.id)
