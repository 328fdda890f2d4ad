"""From invitation or code to the end of a look: guard, change, fact, timer, in one transaction each.

    (none) ── invite ──▶ invited ───────── answer ──▶ viewing ◀── pause, resume ──▶ paused
    (none) ── offer ──▶ code ── join ──▶ asking ──┘
    every state ── end, timeout, the conversation's closing ──▶ ended

What the visitor lets an agent do beyond looking stands in ``control``, and being recorded in ``recording``."""

from typing import Any, Literal

from balie.desk import contacts, conversations, timers
from balie.desk.access import Access
from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.desk.visitors import Visitor
from balie.features.cobrowse import policies, recording, store
from balie.features.cobrowse.facts import (
    EndReason,
    LookAccepted,
    LookDeclined,
    LookEnded,
    LookInvited,
    LookPaused,
    LookResumed,
    PausedBy,
)
from balie.features.cobrowse.steps import (
    ACT,
    DEADLINE,
    IDLE,
    LOOKING,
    QUESTION,
    SCROLL,
    WAITING,
    Consent,
    check,
    system,
    told,
    wait,
)
from balie.features.cobrowse.store import LookRow
from balie.lib.errors import ConflictError, NotFoundError

CODE_MS = 5 * 60_000
INVITED_MS = 10 * 60_000
ASKING_MS = 60_000
IDLE_MS = 15 * 60_000


class CodeTakenError(Exception):
    """Another live look of the organisation has this code: make another one."""


# Beginning


def invite(writer: Writer, access: Access, conversation: str) -> LookRow:
    """An agent asks the contact of this conversation. ConflictError ``look_running`` when there is a look already."""
    tx = writer.tx
    found = conversations.one(tx, access, conversation)
    if found.status != "open":
        raise ConflictError("The conversation is closed.", code="conversation_closed")
    _make_room(writer, access.organisation, found.contact.id)
    row = _begun(
        writer,
        access.organisation,
        found.inbox,
        found.contact.id,
        "invited",
        INVITED_MS,
        conversation,
        access.actor,
    )
    told(writer, row, access.actor, "look_invited", LookInvited(look=row.id, code=False))
    return row


def offer(writer: Writer, visitor: Visitor, code_digest: bytes) -> LookRow:
    """The visitor shows a code. CodeTakenError, or ConflictError ``look_running``."""
    tx = writer.tx
    contact = contacts.of_visitor(tx, visitor.organisation, visitor.id, writer.now).id
    _make_room(writer, visitor.organisation, contact)
    if store.code_is_taken(tx, visitor.organisation, code_digest):
        raise CodeTakenError
    return _begun(
        writer, visitor.organisation, visitor.inbox, contact, "code", CODE_MS, code_digest=code_digest
    )


def join(writer: Writer, access: Access, code_digest: bytes) -> LookRow:
    """An agent names the code: it is used up, and the visitor is asked. NotFoundError ``code_unknown``."""
    tx = writer.tx
    row = store.by_code(tx, access, code_digest, writer.now)
    if row is None:
        raise NotFoundError("No visitor shows this code now.", code="code_unknown")
    home = _home(writer, row)
    row = _moved(writer, row, "asking", ASKING_MS, agent=access.actor, conversation=home, code_digest=None)
    told(writer, row, access.actor, "look_invited", LookInvited(look=row.id, code=True))
    return row


def answer(writer: Writer, row: LookRow, actor: Actor, consent: Consent | None) -> LookRow:
    """The visitor agrees (``consent``) or does not. ConflictError ``look_not_asked``."""
    check(row, writer.now, ("invited", "asking"), "look_not_asked", "Nobody asks to look along.")
    if consent is None:
        return decline(writer, row, actor, "visitor")
    policy = policies.of_inbox(writer.tx, row.organisation, row.inbox)
    timers.cancel(writer.tx, row.organisation, DEADLINE, row.id)
    after = store.save(
        writer.tx,
        row,
        state="viewing",
        expires_at=None,
        accepted_at=writer.now,
        touched_at=writer.now,
        policy_version=policy.version,
        policy_hash=policy.hash,
        consent_text=consent.text,
        language=consent.language,
        address=consent.address,
    )
    wait(writer, after, IDLE, writer.now + IDLE_MS)
    body = LookAccepted(
        look=row.id,
        consent_text=consent.text,
        language=consent.language,
        policy_version=policy.version,
        policy_hash=policy.hash,
        address=consent.address,
    )
    told(writer, after, actor, "look_accepted", body)
    return after


# While it goes on


def pause(writer: Writer, row: LookRow, actor: Actor, by: PausedBy) -> LookRow:
    """Nothing is relayed any more. The visitor's own pause outranks the page's, and is not undone by it."""
    check(row, writer.now, LOOKING, "look_not_viewing", "Nobody looks along now.")
    if row.state == "paused" and by in (row.paused_by, "page"):
        return row
    after = store.save(writer.tx, row, state="paused", paused_by=by, touched_at=writer.now)
    if row.state == "viewing":
        told(writer, after, actor, "look_paused", LookPaused(look=row.id, by=by))
    return after


def resume(writer: Writer, row: LookRow, actor: Actor, by: PausedBy) -> LookRow:
    """Go on. A page that may be seen again does not undo the visitor's own pause."""
    check(row, writer.now, LOOKING, "look_not_viewing", "Nobody looks along now.")
    if row.state == "viewing" or (by == "page" and row.paused_by == "visitor"):
        return row
    after = store.save(writer.tx, row, state="viewing", paused_by=None, touched_at=writer.now)
    told(writer, after, actor, "look_resumed", LookResumed(look=row.id))
    return after


# Ending


def end(writer: Writer, row: LookRow, actor: Actor, reason: EndReason) -> LookRow:
    """The look is over, whatever it was at. Twice is once."""
    if row.state == "ended":
        return row
    after = _over(writer, recording.stop(writer, row, actor, "look_ended"), reason)
    if after.conversation is not None:
        told(writer, after, actor, "look_ended", LookEnded(look=row.id, reason=reason))
    return after


def decline(writer: Writer, row: LookRow, actor: Actor, reason: Literal["visitor", "timeout"]) -> LookRow:
    """The visitor does not want it, or did not answer in time."""
    after = _over(writer, row, "declined" if reason == "visitor" else "timeout")
    if after.conversation is not None:
        told(writer, after, actor, "look_declined", LookDeclined(look=row.id, reason=reason))
    return after


# Inside


def _make_room(writer: Writer, organisation: str, contact: str) -> None:
    live = store.live_of_contact(writer.tx, organisation, contact)
    if live is None:
        return
    if live.state not in WAITING or live.expires_at is None or live.expires_at > writer.now:
        raise ConflictError("There is a look with this visitor already.", code="look_running")
    # Its timer is a moment late.
    decline(writer, live, system(live), "timeout")
    writer.flush()


def _begun(
    writer: Writer,
    organisation: str,
    inbox: str,
    contact: str,
    state: Literal["invited", "code"],
    for_ms: int,
    conversation: str | None = None,
    agent: Actor | None = None,
    code_digest: bytes | None = None,
) -> LookRow:
    policy = policies.of_inbox(writer.tx, organisation, inbox)
    row = LookRow(
        id=store.new_id(),
        organisation=organisation,
        inbox=inbox,
        contact=contact,
        conversation=conversation,
        state=state,
        agent=agent,
        code_digest=code_digest,
        policy_version=policy.version,
        policy_hash=policy.hash,
        expires_at=writer.now + for_ms,
        since=writer.tx.horizon(),
        created_at=writer.now,
        touched_at=writer.now,
    )
    store.insert(writer.tx, row)
    wait(writer, row, DEADLINE, writer.now + for_ms)
    return row


def _moved(writer: Writer, row: LookRow, state: str, for_ms: int, **changes: Any) -> LookRow:
    until = writer.now + for_ms
    after = store.save(writer.tx, row, state=state, expires_at=until, **changes)
    wait(writer, after, DEADLINE, until)
    return after


def _over(writer: Writer, row: LookRow, reason: EndReason) -> LookRow:
    for kind in (DEADLINE, IDLE, QUESTION, SCROLL, ACT):
        timers.cancel(writer.tx, row.organisation, kind, row.id)
    return store.save(
        writer.tx,
        row,
        state="ended",
        end_reason=reason,
        ended_at=writer.now,
        expires_at=None,
        paused_by=None,
        code_digest=None,
        controller=None,
        scroll_until=None,
        act_until=None,
        asked=None,
    )


def _home(writer: Writer, row: LookRow) -> str:
    """The contact's conversation in this inbox; opened in the visitor's name, who asked for help by showing a code."""
    contact = contacts.find(writer.tx, row.organisation, row.contact)
    actor = Actor(kind="contact", id=contact.id, name=contact.name)
    found = writer.tx.one(
        "select id from visitor where contact = ? and inbox = ? order by created_at desc limit 1",
        [row.contact, row.inbox],
    )
    home = (
        conversations.current(writer, row.organisation, row.inbox, str(found[0]))
        if found is not None
        else None
    )
    if home is None:
        home = conversations.opened(writer, row.organisation, row.inbox, row.contact, actor, contact.language)
    else:
        conversations.reopened(writer, home, actor)
    # The look names the conversation in its own row, which has to be there first.
    writer.flush()
    return home.id
