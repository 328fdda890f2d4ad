"""Fills an empty database with the demo office: four agents, canned replies and a day of conversations."""

from collections.abc import Callable
from functools import partial

import msgspec

from balie.demo import day
from balie.desk import calendars, contacts, conversations, log, pages, roster, visitors
from balie.desk.access import Access
from balie.desk.facts import ConversationAssigned
from balie.desk.hours import Calendar, Slot, SpecialDays
from balie.desk.messages import Inbound, Receipt, Receive
from balie.desk.model import Actor, PageView, Role
from balie.engine.ports import Tx
from balie.lib import ids
from balie.lib.errors import BalieError

INBOX_KEY = "kwelder"
COMPANY = "Kwelder"
PASSWORD = "kwelder-demo"  # noqa: S105 - shown by `balie demo`; the demo holds made-up people only
DEVICE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/142.0 Mobile Safari/537.36"
ROLES: dict[day.AgentKey, Role] = {
    "agent:sanne": "admin",
    "agent:daan": "supervisor",
    "agent:fatima": "agent",
    "agent:tom": "agent",
}
_CHRISTMAS_EVE = SpecialDays(
    first="2026-12-24", last="2026-12-24", slots=[Slot(start="08:00", end="17:00")], name="Kerstavond"
)
_DAY_MS = 86_400_000
_CLOSED_AGO_MS = 15 * 60_000
_OPEN_STEP_MS = 100_000

SaveReply = Callable[[log.Writer, Access, day.Reply], None]
"""Stores a canned reply; handed in, because the demo does not know the features."""
Step = tuple[int, Callable[[int], None]]


class Login(msgspec.Struct, frozen=True):
    name: str
    email: str
    role: Role


class _At:
    """A clock that shows the moment being told."""

    def __init__(self) -> None:
        self.at = 0

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return self.at / 1000


def logins() -> list[Login]:
    """Who can sign in to the demo, with PASSWORD."""
    return [
        Login(day.AGENTS[key], f"{key.removeprefix('agent:')}@{INBOX_KEY}.example", role)
        for key, role in ROLES.items()
    ]


def is_seeded(tx: Tx) -> bool:
    """Whether this database holds the demo office."""
    return roster.inbox_by_key(tx, INBOX_KEY) is not None


def is_empty(tx: Tx) -> bool:
    return not roster.organisations(tx)


def seed(tx: Tx, now: int, password_hash: str, site: str, save_reply: SaveReply) -> int:
    """The whole office in one transaction; the number of conversations. ``site``: the origin of the demo website."""
    organisation = roster.create_organisation(tx, now - _DAY_MS, COMPANY)
    office = _Office(tx, organisation.id, site)
    office.open(now - _DAY_MS, password_hash)
    office.save_replies(now - _DAY_MS, save_reply)
    office.save_hours(now - _DAY_MS)
    for at, tell in sorted(office.plan(now), key=lambda step: step[0]):
        tell(at)
    return len(office.homes)


class _Office:
    """The office while its day is being told, line by line in the order of time."""

    def __init__(self, tx: Tx, organisation: str, site: str) -> None:
        self.tx = tx
        self.organisation = organisation
        self.site = site
        self.inbox = ""
        self.agents: dict[str, Access] = {}
        self.homes: dict[str, str] = {}
        self._clock = _At()
        self._receive = Receive(self._clock)

    def open(self, now: int, password_hash: str) -> None:
        system = roster.system(self.organisation)
        self.inbox = roster.create_inbox(
            self.tx,
            self.organisation,
            now,
            name="kwelder.example",
            allowed_origins=[self.site],
            key=INBOX_KEY,
        ).id
        team = roster.create_team(self.tx, self.organisation, "Klantenservice").id
        with log.Writer(self.tx, now) as writer:
            for login, key in zip(logins(), ROLES, strict=True):
                agent = roster.create_agent(
                    writer,
                    self.organisation,
                    system,
                    email=login.email,
                    name=login.name,
                    role=login.role,
                    password_hash=password_hash,
                    teams=[team],
                )
                self.agents[key] = Access(
                    organisation=self.organisation,
                    agent=agent.id,
                    name=agent.name,
                    role=agent.role,
                    teams=(team,),
                )

    def save_replies(self, now: int, save_reply: SaveReply) -> None:
        with log.Writer(self.tx, now) as writer:
            for reply in day.load_replies(company=COMPANY, site=self.site):
                save_reply(writer, self.agents["agent:sanne"], reply)

    def save_hours(self, now: int) -> None:
        """A supplier's week, ready to be given to the inbox. That stays open: demos are looked at in the evening."""
        long, short = [Slot(start="08:00", end="21:00")], [Slot(start="11:00", end="20:00")]
        always = [Slot(start="00:00", end="24:00")]
        weeks = {
            "Klantenservice": ([long] * 5 + [short] * 2, "NL", [_CHRISTMAS_EVE]),
            "Dag en nacht": ([always] * 7, "", []),
        }
        with log.Writer(self.tx, now) as writer:
            for name, (week, holidays, special_days) in weeks.items():
                made = calendars.add(
                    writer,
                    self.agents["agent:sanne"],
                    Calendar(
                        id=ids.new_id(ids.CALENDAR),
                        version=0,
                        name=name,
                        time_zone="Europe/Amsterdam",
                        week=week,
                        holidays=holidays,
                        special_days=special_days,
                    ),
                )
            roster.change_inbox(writer, self.agents["agent:sanne"], self.inbox, calendar=made.id)

    def plan(self, now: int) -> list[Step]:
        """Every line with its moment: closed conversations keep their places in the day, which ends a little before
        ``now``; open and waiting ones end in the last half hour."""
        dialogues = day.load_day(company=COMPANY, site=self.site)
        ends = {dialogue.id: list(dialogue.moments())[-1][0] for dialogue in dialogues}
        last_closed = max(ends[one.id] for one in dialogues if one.state == "closed")
        live = [one.id for one in dialogues if one.state != "closed"]
        steps: list[Step] = []
        for number, dialogue in enumerate(dialogues):
            if dialogue.state == "closed":
                end = now - _CLOSED_AGO_MS - (last_closed - ends[dialogue.id]) * 1000
            else:
                end = now - (live.index(dialogue.id) + 1) * _OPEN_STEP_MS
            shift = end - ends[dialogue.id] * 1000
            visitor = self._visitor(
                dialogue, shift + dialogue.starts_s * 1000, DEVICE if number % 3 else PHONE
            )
            for moment, line in dialogue.moments():
                steps.append((shift + moment * 1000, partial(self._tell, dialogue, visitor, line)))
        return steps

    def _visitor(self, dialogue: day.Dialogue, now: int, device: str) -> str:
        """A browser that walked the dialogue's pages before it began to chat."""
        issued = visitors.create(
            self.tx,
            now,
            organisation=self.organisation,
            inbox=self.inbox,
            origin=self.site,
            language=dialogue.language,
            name=dialogue.contact.name,
            email=dialogue.contact.email,
            device=device,
        )
        visit = ids.new_cid()
        for ago, page in zip(range(len(dialogue.pages), 0, -1), dialogue.pages, strict=True):
            view = PageView(url=self.site + page.path, title=page.title, at=now - ago * 40_000)
            pages.add(self.tx, self.organisation, issued.visitor.id, visit, view)
        return issued.visitor.id

    def _tell(self, dialogue: day.Dialogue, visitor: str, line: day.Line, now: int) -> None:
        self._clock.at = now
        if line.kind == "visitor":
            self._visitor_says(dialogue, visitor, line.text or "")
            return
        access = self.agents[line.agent or "agent:sanne"]
        home = self.homes[dialogue.id]
        if line.kind in ("agent", "note"):
            self._agent_says(access, home, line.text or "", note=line.kind == "note")
            return
        with log.Writer(self.tx, now) as writer:
            if line.kind == "assign":
                row = writer.conversation(self.organisation, home)
                body = ConversationAssigned(agent=access.actor)
                writer.record(row, row.assignee or access.actor, "conversation_assigned", body)
            else:
                row = writer.conversation(self.organisation, home)
                contact = contacts.find(self.tx, self.organisation, row.contact)
                reader = Actor(kind="contact", id=contact.id, name=contact.name)
                conversations.mark(writer, row, "visitor", reader, row.seq, read=True)
                conversations.close(writer, access, home)

    def _visitor_says(self, dialogue: day.Dialogue, visitor: str, text: str) -> None:
        last = dialogue.pages[-1]
        receipt = self._stored(
            Inbound(
                organisation=self.organisation,
                inbox=self.inbox,
                sender=visitor,
                visitor=visitor,
                external_id=ids.new_cid(),
                text=text,
                actor=Actor(kind="contact", id="", name=dialogue.contact.name),
                language=dialogue.language,
                page=PageView(url=self.site + last.path, title=last.title, at=self._clock.at),
            )
        )
        self.homes[dialogue.id] = receipt.conversation

    def _agent_says(self, access: Access, home: str, text: str, *, note: bool) -> None:
        self._stored(
            Inbound(
                organisation=self.organisation,
                sender=access.agent,
                external_id=ids.new_cid(),
                text=text,
                actor=access.actor,
                conversation=home,
                note=note,
            )
        )

    def _stored(self, inbound: Inbound) -> Receipt:
        result = self._receive(self.tx, [inbound])[0]
        if isinstance(result, BalieError):
            raise result
        receipt: Receipt = result
        return receipt
