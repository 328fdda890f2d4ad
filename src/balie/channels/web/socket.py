"""The visitor's session: what a browser with the widget may say, and what it gets to hear."""

from collections.abc import Callable
from functools import partial
from itertools import islice

import msgspec
import structlog

from balie.channels.web import hello
from balie.channels.web.desk import desk_now
from balie.channels.web.doorman import VisitorClaims
from balie.channels.web.returning import Back, Return, Returning
from balie.desk import conversations, log, pages, visitors
from balie.desk.log import Appended
from balie.desk.messages import Inbound
from balie.desk.model import Actor, PageView
from balie.edge import frames
from balie.edge.doorman import Doorman
from balie.edge.facts import visitors_frame
from balie.edge.limits import Buckets
from balie.edge.session import BadFrameError, Session, TurnedAwayError, encode
from balie.edge.socket import Upgrade
from balie.edge.talk import Parts, Talk
from balie.engine.ports import Tx, UnavailableError
from balie.lib import ids
from balie.lib.errors import TooManyError
from balie.lib.text import bare_url, one_line, origin

CURSOR_LIMIT = 100
TABS_LIMIT = 50
"""Sockets of one browser at once (threat S11)."""

_decode_hello = msgspec.json.Decoder(frames.Hello).decode
_decode_signal = msgspec.json.Decoder(frames.TypingSent | frames.PageSent).decode
logger = structlog.get_logger(__name__)


class Floods(msgspec.Struct, frozen=True):
    """How many messages may come in: from one visitor over all its sockets, and from one address over all visitors.
    What a single socket may send is its ``Budget``; neither more sockets nor more visitors get around these."""

    visitor: Buckets = msgspec.field(default_factory=lambda: Buckets(rate=20, burst=240))
    address: Buckets = msgspec.field(default_factory=lambda: Buckets(rate=200, burst=2_400))


_NOBODY = VisitorClaims(visitor="", organisation="", inbox="", origin="")
_UNKNOWN = visitors.Known(contact=None, name="", language="nl", desk="")


class VisitorDoor:
    """Makes visitor sessions."""

    def __init__(self, parts: Parts, doorman: Doorman, floods: Floods | None = None) -> None:
        self.parts = parts
        self.floods = floods or Floods()
        self.returning = Returning(parts.clock, doorman)

    def __call__(self, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> Session:
        return VisitorSession(self, upgrade, on_gone)


class VisitorSession(Talk):
    """One tab of a visitor's browser."""

    __slots__ = ("_address", "_as_actor", "_desk", "_door", "claims", "contact", "page", "who")

    def __init__(self, door: VisitorDoor, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> None:
        super().__init__(door.parts, upgrade, on_gone)
        self._door = door
        self._address = upgrade.address
        self.claims = _NOBODY
        self.who = _UNKNOWN
        self.contact: str | None = None
        self.page: PageView | None = None
        self._desk: frames.Desk | None = None
        self._as_actor: Actor | None = None

    # What the feed asks

    @property
    def organisation(self) -> str:
        return self.claims.organisation

    @property
    def visitor(self) -> str:
        return self.claims.visitor

    @property
    def inbox(self) -> str:
        return self.claims.inbox

    def encoded(self, entry: Appended) -> bytes:
        return visitors_frame(entry)

    def became(self, contact: str) -> None:
        self.contact = contact
        self._tell_presence()

    def renamed(self, name: str) -> None:
        self.who = msgspec.structs.replace(self.who, name=name)
        self._as_actor = None

    def desk_changed(self) -> None:
        """Somebody came, went or changed status: tell it when it matters to this visitor."""
        if self.greeted and self._desk_now() != self._desk:
            self._desk = self._desk_now()
            self.signal(encode("signal", frames.DeskSeen(desk=self._desk)))

    # Life

    async def admit(self, upgrade: Upgrade) -> None:
        claims = await self.redeem(upgrade, VisitorClaims)
        if claims.origin != upgrade.origin:
            raise TurnedAwayError(frames.CLOSE_NO_RIGHT, "origin not allowed")
        if self.parts.feed.tabs(claims.visitor) >= TABS_LIMIT:
            raise TurnedAwayError(frames.CLOSE_TOO_MANY, "too many tabs")
        known = await self.parts.db.read(lambda tx: visitors.known(tx, claims.visitor, claims.inbox))
        if known is None:
            raise TurnedAwayError(frames.CLOSE_NOT_SIGNED_IN, "visitor not known")
        self.claims, self.who, self.contact = claims.shared(), known, known.contact

    def come_back(self, upgrade: Upgrade, hello: msgspec.Raw, reply_to: str | None) -> None:
        """With all who come back in the same moment, in one transaction."""
        asked = _decode_hello(hello)
        self.greeted = True
        cursors = self._cursors(asked)
        item = Return(upgrade.resume, upgrade.origin, cursors, partial(self._came_back, asked))
        self.parts.db.submit(self._door.returning, item, _returned)

    def _came_back(self, asked: frames.Hello, result: Back | Exception) -> None:
        if self.ended:
            return
        if isinstance(result, TurnedAwayError):
            self.close(result.code, result.reason)
        elif isinstance(result, UnavailableError):
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
        elif isinstance(result, Exception):
            logger.error("return_failed", session=self.id, exc_info=result)
            self.close(1011, "internal error")
        elif self.parts.feed.tabs(result.claims.visitor) >= TABS_LIMIT:
            self.close(frames.CLOSE_TOO_MANY, "too many tabs")
        else:
            self._welcome_back(asked, result)

    def _welcome_back(self, asked: frames.Hello, back: Back) -> None:
        self.claims, self.who, self.contact = back.claims.shared(), back.known, back.known.contact
        self.admitted = True
        self.join()
        if back.current and not self.parts.feed.has_passed(back.position):
            self._say_welcome(resumed=True)
            self._say_desk()
            self.release(back.position)
            self.settled()
            self.give(back.ticket)
        else:
            self.in_background(self.begin(asked, back.ticket))
        self.hear_early()

    def ticket_claims(self) -> VisitorClaims:
        return self.claims

    def join(self) -> None:
        self.parts.feed.add_visitor(self)

    def leave(self) -> None:
        self.parts.feed.remove_visitor(self)
        self._tell_presence()

    async def greet(self, data: frames.Hello) -> int:
        db, claims = self.parts.db, self.claims
        cursors = self._cursors(data)
        caught = await db.read(lambda tx: hello.catch_up(tx, claims.visitor, claims.inbox, cursors))
        if caught.contact is not None and self.contact is None:
            # Another tab's first message was stored between our admission and our place in the feed. What came after
            # this look went past us, so: take the right place, and look again.
            self.parts.feed.remove_visitor(self)
            self.contact = caught.contact
            self.parts.feed.add_visitor(self)
            caught = await db.read(lambda tx: hello.catch_up(tx, claims.visitor, claims.inbox, cursors))
        self._say_welcome(resumed=caught.missed is not None)
        if caught.missed is not None:
            for entry in caught.missed:
                self.push(visitors_frame(entry))
            self._say_desk()
        else:
            desk = self._desk = self._desk_now()
            snapshot = frames.VisitorSnapshot(desk=desk, conversations=caught.snapshot or [])
            reason = frames.resync_reason(data.epoch, same=cursors is not None)
            self.send("resync", frames.Resync(reason=reason, visitor=snapshot))
        return caught.position

    def _cursors(self, data: frames.Hello) -> dict[str, int] | None:
        """How far this browser is; none when it counts in another history."""
        if data.epoch != self.parts.db.epoch:
            return None
        return dict(islice(data.streams.items(), CURSOR_LIMIT))

    def _say_welcome(self, *, resumed: bool) -> None:
        epoch, now = self.parts.db.epoch, self.parts.clock.now()
        self.send("welcome", frames.Welcome(session=self.id, epoch=epoch, at=now, resumed=resumed))

    def _say_desk(self) -> None:
        self._desk = self._desk_now()
        self.send("signal", frames.DeskSeen(desk=self._desk))

    def settled(self) -> None:
        self._tell_presence()

    # Frames in

    def inbound(self, send: frames.Send, text: str) -> Inbound:
        if send.note:
            raise BadFrameError("visitors write no notes")
        floods = self._door.floods
        if floods.visitor.take(self.visitor) or floods.address.take(self._address):
            # No refusal: that would be final, and the visitor's browser sends it again after a while.
            self.close(frames.CLOSE_TOO_MANY, "too many messages")
            raise TooManyError
        return Inbound(
            organisation=self.claims.organisation,
            inbox=self.claims.inbox,
            sender=self.claims.visitor,
            visitor=self.claims.visitor,
            external_id=send.cid,
            text=text,
            actor=self._actor(),
            conversation=send.conversation,
            sent_at=send.sent_at,
            language=self.who.language,
            page=self.page,
        )

    def mark(self, read: frames.Read) -> None:
        contact, inbox, actor, now = self.contact, self.claims.inbox, self._actor(), self.parts.clock.now()
        if contact is None:
            return

        def write(tx: Tx) -> None:
            with log.Writer(tx, now) as writer:
                row = writer.find(read.conversation)
                if row is not None and row.contact == contact and row.inbox == inbox:
                    conversations.mark(writer, row, "visitor", actor, read.up_to, read=read.level == "read")

        self.write_aside(write)

    def signalled(self, data: msgspec.Raw) -> None:
        signal = _decode_signal(data)
        if isinstance(signal, frames.PageSent):
            self._moved(signal)
        elif self.contact is not None and ids.is_id(signal.conversation, ids.CONVERSATION):
            self.in_background(self._typing(signal, self.contact))

    def _moved(self, sent: frames.PageSent) -> None:
        claims, url = self.claims, bare_url(sent.url)
        # A page of another site is no page of this visit, but a link that agents would trust.
        if not url or origin(url) != claims.origin or not ids.is_cid(sent.visit):
            return
        now = self.parts.clock.now()
        page = self.page = PageView(
            url=url, title=one_line(sent.title, 200), at=now, tab=one_line(sent.tab, 36)
        )
        self.write_aside(lambda tx: pages.add(tx, claims.organisation, claims.visitor, sent.visit, page))
        if self.contact is not None:
            frame = encode("signal", frames.PageSeen(contact=self.contact, page=page))
            self.parts.feed.tell_agents(claims.organisation, claims.inbox, frame)

    async def _typing(self, sent: frames.TypingSent, contact: str) -> None:
        try:
            theirs = await self.parts.db.read(
                lambda tx: conversations.is_of_contact(tx, sent.conversation, contact)
            )
        except UnavailableError:
            return
        if theirs:
            seen = frames.TypingSeen(conversation=sent.conversation, actor=self._actor(), on=sent.on)
            frame = encode("signal", seen)
            self.parts.feed.tell_agents(self.claims.organisation, self.claims.inbox, frame)

    # Inside

    def _actor(self) -> Actor:
        actor = self._as_actor
        if actor is None or actor.id != (self.contact or ""):
            actor = self._as_actor = Actor(kind="contact", id=self.contact or "", name=self.who.name)
        return actor

    def _desk_now(self) -> frames.Desk:
        parts, claims = self.parts, self.claims
        return desk_now(parts.presence, parts.openings, claims.organisation, claims.inbox, self.who.desk)

    def _tell_presence(self) -> None:
        if self.contact is not None:
            claims = self.claims
            self.parts.presence.contact_moved(claims.organisation, claims.inbox, self.contact)


def _returned(item: Return, result: Back | Exception) -> None:
    item.done(result)
