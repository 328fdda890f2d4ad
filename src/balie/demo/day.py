"""The demo office's day: dialogues and canned replies, read from `data/` and checked. Stores nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar, cast

import msgspec
from msgspec import Meta, Struct

DATA: Final = Path(__file__).parent / "data"
AgentKey = Literal["agent:sanne", "agent:daan", "agent:fatima", "agent:tom"]
LineKind = Literal["visitor", "agent", "note", "assign", "close"]
State = Literal["closed", "open", "waiting"]
Subject = Literal[
    "bill",
    "complaints",
    "cooling-off",
    "dynamic-contract",
    "identity",
    "log-in",
    "meter-readings",
    "moving",
    "other",
    "outages",
    "payment-plans",
    "smart-meter",
    "solar",
    "tariffs",
]

AGENTS: Final[dict[AgentKey, str]] = {
    "agent:sanne": "Sanne de Vries",
    "agent:daan": "Daan Bakker",
    "agent:fatima": "Fatima El Amrani",
    "agent:tom": "Tom Hendriks",
}
OPENS_S: Final = 8 * 3600
CLOSES_S: Final = 21 * 3600

_AGENT: Final = "agent:(sanne|daan|fatima|tom)"
_VARIABLE: Final = re.compile(r"\{\{(.*?)\}\}")
_KNOWN_VARIABLES: Final = frozenset({"contact.firstName", "agent.name"})
T = TypeVar("T")


class DemoDataError(ValueError):
    """A data file of the demo is wrong; the message names file, entry and line."""


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything in the data files: an unknown key is a mistake."""


class Person(Part, frozen=True):
    """The visitor. ``name`` is empty for one who gave none."""

    name: Annotated[str, Meta(max_length=60)]
    email: str = ""
    phone: str = ""


class Visited(Part, frozen=True):
    """A page of the demo site; ``path`` starts with a slash."""

    path: Annotated[str, Meta(pattern="^/demo/(nl|en)/")]
    title: Annotated[str, Meta(min_length=1)]


class Line(Part, frozen=True):
    """One thing that happens: a message, a note, an assignment to an agent (take or transfer) or a closure.

    ``after`` is seconds since the line before. ``source`` is written as ``from`` in the files.
    """

    source: Annotated[str, Meta(pattern=f"^(visitor|((note|assign|close):)?{_AGENT})$")] = msgspec.field(
        name="from"
    )
    after: Annotated[int, Meta(ge=0)]
    text: Annotated[str, Meta(max_length=8000)] = ""

    @property
    def kind(self) -> LineKind:
        return cast(LineKind, self.source.partition(":")[0])

    @property
    def agent(self) -> AgentKey | None:
        """Who wrote, was assigned or closed; none for the visitor."""
        _, found, name = self.source.rpartition("agent:")
        return cast(AgentKey, found + name) if found else None


class Dialogue(Part, frozen=True):
    """One conversation of the day. ``pages`` is the visitor's trail; on the last page they chat.

    ``state``: closed; open (the desk spoke last) or waiting (the visitor did). ``assignee`` is the last one.
    """

    id: Annotated[str, Meta(pattern="^[a-z0-9-]+$")]
    language: Literal["nl", "en"]
    subject: Subject
    contact: Person
    started: Annotated[str, Meta(pattern="^[0-2][0-9]:[0-5][0-9]$")]
    pages: Annotated[list[Visited], Meta(min_length=1)]
    state: State
    messages: Annotated[list[Line], Meta(min_length=1)]
    assignee: AgentKey | None = None

    @property
    def starts_s(self) -> int:
        """Seconds since midnight, office time."""
        hour, minute = self.started.split(":")
        return int(hour) * 3600 + int(minute) * 60

    def moments(self) -> Iterator[tuple[int, Line]]:
        """Each line with its time in seconds since midnight."""
        at = self.starts_s
        for line in self.messages:
            at += line.after
            yield at, line


class Reply(Part, frozen=True):
    """A canned reply. ``shortcut`` has no slash; ``text`` may hold {{contact.firstName}}, {{agent.name}}."""

    shortcut: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]*$")]
    title: Annotated[str, Meta(min_length=1)]
    text: Annotated[str, Meta(min_length=1, max_length=8000)]
    language: Literal["nl", "en"]


def load_day(*, company: str = "Kwelder", site: str = "") -> list[Dialogue]:
    """Every dialogue, earliest first; ``site`` (such as ``https://desk.example``) makes its links absolute.

    Raises DemoDataError on the first file or dialogue that is wrong.
    """
    day: list[Dialogue] = []
    for path in sorted((DATA / "day").glob("*.json")):
        for dialogue in _read(path, list[Dialogue], company, site):
            check(dialogue, path.name)
            day.append(dialogue)
    _unique(dialogue.id for dialogue in day)
    return sorted(day, key=lambda dialogue: (dialogue.starts_s, dialogue.id))


def load_replies(*, company: str = "Kwelder", site: str = "") -> list[Reply]:
    """The canned replies of the demo office, in the order of the file. Raises DemoDataError."""
    replies = _read(DATA / "replies.json", list[Reply], company, site)
    _unique(reply.shortcut for reply in replies)
    for reply in replies:
        if unknown := set(_VARIABLE.findall(reply.text)) - _KNOWN_VARIABLES:
            raise DemoDataError(f"replies.json: /{reply.shortcut} uses unknown variables {sorted(unknown)}")
    return replies


def check(dialogue: Dialogue, file: str) -> None:
    """What the types cannot say: who may speak when, the state at the end, the hours.

    Raises DemoDataError.
    """
    if f"{dialogue.subject}.json" != file:
        raise DemoDataError(f"{file}: {dialogue.id}: subject {dialogue.subject} belongs in another file")
    assignee: AgentKey | None = None
    state: State | None = None
    for number, (at, line) in enumerate(dialogue.moments(), 1):
        if fault := _fault(line, at, assignee, state):
            raise DemoDataError(f"{file}: {dialogue.id}, line {number}: {fault}")
        if line.kind == "assign":
            assignee = line.agent
        elif line.kind != "note":
            state = _STATE_AFTER[line.kind]
    if (dialogue.state, dialogue.assignee) != (state, assignee):
        says = f"{dialogue.state}, {dialogue.assignee}"
        raise DemoDataError(f"{file}: {dialogue.id}: says {says}; its lines end {state}, {assignee}")


_STATE_AFTER: Final[dict[LineKind, State]] = {"visitor": "waiting", "agent": "open", "close": "closed"}


def _fault(line: Line, at: int, assignee: AgentKey | None, state: State | None) -> str | None:
    has_text = line.kind in ("visitor", "agent", "note")
    wrong = {
        "outside the day 08:00–21:00": not OPENS_S <= at <= CLOSES_S,
        "the visitor speaks first": state is None and line.kind != "visitor",
        "a text is missing" if has_text else "no text belongs here": bool(line.text.strip()) != has_text,
        f"{line.agent} answers while assigned to {assignee}": line.kind == "agent" and line.agent != assignee,
        "closed; only the visitor reopens": state == "closed" and line.kind not in ("visitor", "note"),
    }
    return next((fault for fault, found in wrong.items() if found), None)


def _read(path: Path, kind: type[T], company: str, site: str) -> T:
    """The file as `kind`, its {company} and {site} filled in (in JSON, so the values are escaped first)."""
    text = path.read_text(encoding="utf-8")
    for slot, value in (("{company}", company), ("{site}", site)):
        text = text.replace(slot, msgspec.json.encode(value).decode()[1:-1])
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise DemoDataError(f"{path.name}: {error}") from error


def _unique(names: Iterator[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DemoDataError(f"{name} stands twice in the demo data")
        seen.add(name)
