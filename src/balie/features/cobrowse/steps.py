"""What the commands of this slice share: states, kinds of timers, the fact and the guard."""

import msgspec

from balie.desk import timers
from balie.desk.log import Writer
from balie.desk.model import Actor, Language
from balie.desk.timers import Timer
from balie.features.cobrowse.facts import LookBody
from balie.features.cobrowse.store import LookRow
from balie.lib.errors import ConflictError

WAITING = ("code", "invited", "asking")
LOOKING = ("viewing", "paused")
DEADLINE, IDLE, QUESTION, SCROLL, ACT, RECORDING, REMOVAL = (
    "look_deadline",
    "look_idle",
    "look_question",
    "look_scroll",
    "look_act",
    "look_recording",
    "look_recording_removal",
)
"""Kinds of timers; the key is the look's id."""


class Consent(msgspec.Struct, frozen=True):
    """What the visitor agreed to: the version of the text, its language, and the page it was read on."""

    text: str
    language: Language
    address: str = ""


def check_looking(row: LookRow, now: int, *states: str) -> None:
    """ConflictError ``look_ended`` or ``look_not_viewing`` unless the look is in one of these states."""
    check(row, now, states, "look_not_viewing", "Nobody looks along now.")


def check(row: LookRow, now: int, states: tuple[str, ...], code: str, detail: str) -> None:
    """ConflictError ``look_ended``, or ``code`` unless the look is in one of these states."""
    late = row.state in WAITING and row.expires_at is not None and row.expires_at <= now
    if row.state == "ended" or late:
        raise ConflictError("This look is over.", code="look_ended")
    if row.state not in states:
        raise ConflictError(detail, code=code)


def wait(writer: Writer, row: LookRow, kind: str, due_at: int) -> None:
    """Set the look's timer of this kind."""
    timers.put(writer.tx, Timer(organisation=row.organisation, kind=kind, key=row.id, due_at=due_at))


def told(writer: Writer, row: LookRow, actor: Actor, kind: str, body: LookBody) -> None:
    """Append the fact to the conversation's stream."""
    if row.conversation is None:
        raise ConflictError("This look has no conversation.", code="look_not_asked")
    writer.record(writer.conversation(row.organisation, row.conversation), actor, kind, body)


def system(row: LookRow) -> Actor:
    """The desk itself, as the one who did it."""
    return Actor(kind="system", id=row.organisation, name="system")
