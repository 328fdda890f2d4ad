"""The visitor's session: what a browser with the widget may say, and what it gets to hear."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

from balie.channels.web import hello
from balie.channels.web.doorman import VisitorClaims
from balie.desk import conversations, log, messages, pages
from balie.desk.contacts import find as find_contact
from balie.desk.feed import Feed
from balie.desk.log import Appended
from balie.desk.messages import Inbound, Receipt, Receive
from balie.desk.model import Actor, PageView
from balie.desk.presence import Presence
from balie.edge import frames
from balie.edge.facts import visitors_frame
from balie.edge.session import BadFrameError, Budget, Session, encode
from balie.edge.socket import Upgrade
from balie.edge.tickets import redeem_ticket
from balie.engine.ports import Database, Leases, Tx, UnavailableError
from balie.lib import ids
from balie.lib.clock import Clock
from balie.lib.errors import BalieError
from balie.lib.text import bare_url, one_line

logger = structlog.get_logger(__name__)

HOLD_LIMIT = 5_000
"""Facts that may come in while a session catches up."""

_hello = msgspec.json.Decoder(frames.Hello).decode
_send = msgspec.json.Decoder(frames.Send).decode
_read = msgspec.json.Decoder(frames.Read).decode
_signal = msgspec.json.Decoder(frames.TypingSent | frames.PageSent).decode


class VisitorDoor:
    """Makes visitor sessions and holds what they share."""

    def __init__(
        self,
        db: Database,
        leases: Leases,
        feed: Feed,
        presence: Presence,
        clock: Clock,
        receive: Receive,
        budget: Budget,
    ) -> None:
        self.db = db
        self.leases = leases
        self.feed = feed
        self.presence = presence
        self.clock = clock
        self.receive = receive
        self.budget = budget

    def __call__(self, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> Session:
        return VisitorSession(self, upgrade, on_gone)

    def desk(self, organisation: str, inbox: str, name: str) -> frames.Desk:
        attended = self.presence.is_attended(organisation, inbox)
        return frames.Desk(status="online" if attended else "away", name=name)


class VisitorSession(Session):
    """One tab of a visitor's browser."""

    def __init__(self, door: VisitorDoor, upgrade: Upgrade, on_gone: Callable[[Session], None]) -> None:
        self.budget = door.budget
        super().__init__(on_gone)
        self.door = door
        self.claims: VisitorClaims | None = None
        self.contact: str | None = None
        self.name = ""
        self.desk_name = ""
        self.language: Any = "nl"
        self.page: PageView | None = None
        self._upgrade: Upgrade | None = upgrade
        self._held: list[Appended] | None = None
        self._early: list[tuple[str, msgspec.Raw, str | None]] | None = []
        self._desk_told: frames.Desk | None = None

    # What the feed asks

    @property
    def visitor(self) -> str:
        return self.claims.visitor if self.claims else ""

    @property
    def inbox(self) -> str:
        return self.claims.inbox if self.claims else ""

    def take(self, entry: Appended) -> None:
        if self._held is None:
            self.push(visitors_frame(entry))
        elif len(self._held) >= HOLD_LIMIT:
            self.close(frames.CLOSE_TOO_SLOW, "too slow")
        else:
            self._held.append(entry)

    def signal(self, frame: bytes) -> None:
        if self._held is None:
            self.push(frame)

    def tell_desk(self, organisation: str) -> None:
        """Whether somebody is there may have changed."""
        if self.claims is not None and self.claims.organisation == organisation and self.greeted:
            desk = self.door.desk(organisation, self.claims.inbox, self.desk_name)
            if desk != self._desk_told:
                self._desk_told = desk
                self.signal(encode("signal", frames.DeskSeen(desk=desk)))

    # Life

    def opened(self) -> None:
        asyncio.get_running_loop().create_task(self._sign_in())

    def closed(self) -> None:
        if self.claims is None:
            return
        self.door.feed.remove_visitor(self)
        if self.contact is not None and not self.door.presence.is_online(self.contact):
            self._tell_presence(online=False)

    async def _sign_in(self) -> None:
        upgrade, self._upgrade = self._upgrade, None
        if upgrade is None:
            return
        try:
            claims = await redeem_ticket(self.door.leases, upgrade.ticket, VisitorClaims)
            if claims is None:
                self.close(frames.CLOSE_NOT_SIGNED_IN, "ticket not valid")
                return
            if claims.origin != upgrade.origin:
                self.close(frames.CLOSE_NO_RIGHT, "origin not allowed")
                return
            known = await self.door.db.read(lambda tx: _known(tx, claims))
        except UnavailableError:
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
            return
        if self.ended:
            return
        if known is None:
            self.close(frames.CLOSE_NOT_SIGNED_IN, "visitor not known")
            return
        self.contact, self.name, self.language, self.desk_name = known
        self.claims = claims
        self._held = []
        self.door.feed.add_visitor(self)
        early, self._early = self._early or [], None
        for kind, data, reply_to in early:
            self._dispatch(kind, data, reply_to)

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
        door, claims = self.door, self.claims
        if claims is None:
            return
        same = data.epoch == door.db.epoch
        cursors = dict(list(data.streams.items())[:100]) if same else None
        try:
            caught = await door.db.read(lambda tx: hello.catch_up(tx, claims.visitor, claims.inbox, cursors))
        except UnavailableError:
            self.close(frames.CLOSE_TRY_AGAIN, "try again")
            return
        resumed = caught.missed is not None
        self.send(
            "welcome", frames.Welcome(session=self.id, epoch=door.db.epoch, at=door.clock.now(), resumed=resumed)
        )
        desk = self._desk_told = door.desk(claims.organisation, claims.inbox, self.desk_name)
        if caught.missed is not None:
            for entry in caught.missed:
                self.push(visitors_frame(entry))
            self.send("signal", frames.DeskSeen(desk=desk))
        else:
            reason = frames.resync_reason(data.epoch, same=same)
            snapshot = frames.VisitorSnapshot(desk=desk, conversations=caught.snapshot or [])
            self.send("resync", frames.Resync(reason=reason, visitor=snapshot))
        held, self._held = self._held or [], None
        for entry in held:
            if entry.position > caught.position:
                self.push(visitors_frame(entry))
        if self.contact is not None:
            self._tell_presence(online=True)

    def _sent(self, data: frames.Send) -> None:
        claims = self.claims
        if claims is None:
            return
        try:
            if data.note:
                raise BadFrameError("visitors write no notes")
            cid = messages.inbound_id(data.cid)
            text = messages.checked_text(data.text)
        except BalieError as error:
            self._refuse(data.cid, error)
            return
        inbound = Inbound(
            organisation=claims.organisation,
            inbox=claims.inbox,
            sender=claims.visitor,
            visitor=claims.visitor,
            external_id=cid,
            text=text,
            actor=Actor(kind="contact", id=self.contact or "", name=self.name),
            conversation=data.conversation,
            sent_at=data.sent_at,
            language=self.language,
            page=self.page,
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
        contact = self.contact
        if contact is None or data.up_to < 1:
            return
        actor = Actor(kind="contact", id=contact, name=self.name)
        now = self.door.clock.now()

        def write(tx: Tx) -> None:
            with log.Writer(tx, now) as writer:
                row = writer.find(data.conversation)
                if row is not None and row.contact == contact and row.inbox == self.inbox:
                    conversations.mark(writer, row, "visitor", actor, data.up_to, read=data.level == "read")

        self.door.db.submit(_run, write, _ignore)

    def _signalled(self, data: frames.TypingSent | frames.PageSent) -> None:
        claims = self.claims
        if claims is None:
            return
        if isinstance(data, frames.TypingSent):
            if self.contact is not None and ids.is_id(data.conversation, ids.CONVERSATION):
                asyncio.get_running_loop().create_task(self._typing(data))
            return
        url = bare_url(data.url)
        if not url or not ids.is_cid(data.visit):
            return
        page = PageView(url=url, title=one_line(data.title, 200), at=self.door.clock.now(), tab=one_line(data.tab, 36))
        self.page = page
        self.door.db.submit(
            _run, lambda tx: pages.add(tx, claims.organisation, claims.visitor, data.visit, page), _ignore
        )
        if self.contact is not None:
            frame = encode("signal", frames.PageSeen(contact=self.contact, page=page))
            self.door.feed.tell_agents(claims.organisation, claims.inbox, frame)

    async def _typing(self, data: frames.TypingSent) -> None:
        claims, contact = self.claims, self.contact
        if claims is None or contact is None:
            return
        mine = await self.door.db.read(
            lambda tx: tx.one("select 1 from conversation where id = ? and contact = ?", [data.conversation, contact])
        )
        if mine:
            actor = Actor(kind="contact", id=contact, name=self.name)
            seen = frames.TypingSeen(conversation=data.conversation, actor=actor, on=data.on)
            self.door.feed.tell_agents(claims.organisation, claims.inbox, encode("signal", seen), self.id)

    def _tell_presence(self, *, online: bool) -> None:
        if self.claims is not None and self.contact is not None:
            frame = encode("signal", frames.PresenceSeen(contact=self.contact, online=online))
            self.door.feed.tell_agents(self.claims.organisation, self.claims.inbox, frame)


def _known(tx: Tx, claims: VisitorClaims) -> tuple[str | None, str, Any, str] | None:
    """Contact, name and language of the visitor, and the name of the desk."""
    row = tx.one(
        "select v.contact, v.name, v.language, o.name from visitor v join organisation o on o.id = v.organisation"
        " where v.id = ? and v.inbox = ?",
        [claims.visitor, claims.inbox],
    )
    if row is None:
        return None
    name = find_contact(tx, claims.organisation, row[0]).name if row[0] else row[1]
    return row[0], name, row[2], row[3]


def _run(tx: Tx, items: list[Any]) -> list[Any]:
    return [fn(tx) for fn in items]


def _ignore(result: Any) -> None:
    """Marks and pages are not worth a socket: a failed one comes again with the next."""


