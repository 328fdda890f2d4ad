"""What the visitor lets an agent do beyond looking: scroll the page, or act on it (click, fill, select). Each is asked
for, granted by the visitor for a while, and taken back by either side at any time."""

from typing import Literal

from balie.desk import timers
from balie.desk.access import Access
from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.features.cobrowse import policies, policy, steps, store
from balie.features.cobrowse.facts import (
    Asked,
    ControlAsked,
    ControlGranted,
    ControlKind,
    ControlUsed,
    ControlWithdrawn,
    Deed,
)
from balie.features.cobrowse.store import LookRow
from balie.lib.errors import ConflictError, ForbiddenError

QUESTION_MS = 30_000
GRANT_MS = 10 * 60_000
LATE_MS = 5_000
"""How long after the end of a grant its last act may still be told."""
_TIMER = {"scroll": steps.SCROLL, "act": steps.ACT}
Reason = Literal["visitor", "agent", "expired", "declined", "timeout"]


def ask(writer: Writer, access: Access, row: LookRow, kind: ControlKind) -> LookRow:
    """ForbiddenError ``control_not_allowed`` under the regulated profile; ConflictError ``control_taken`` while another
    agent controls or asks, ``control_asked`` while this one does, ``control_granted`` when there is nothing to ask."""
    steps.check_looking(row, writer.now, "viewing")
    profile = policies.of_inbox(writer.tx, row.organisation, row.inbox, row.policy_version).profile
    if not policy.allows_control(profile):
        raise ForbiddenError("This inbox lets agents look only.", code="control_not_allowed")
    row = over_now(writer, row)
    if holders(row) - {access.agent}:
        raise ConflictError("Another agent controls this page, or asks to.", code="control_taken")
    if row.asked is not None:
        raise ConflictError("The visitor is being asked already.", code="control_asked")
    if until(row, kind):
        raise ConflictError("You may do this already.", code="control_granted")
    due_at = writer.now + QUESTION_MS
    after = store.save(writer.tx, row, asked=Asked(kind=kind, agent=access.actor, until=due_at))
    steps.wait(writer, after, steps.QUESTION, due_at)
    steps.told(writer, after, access.actor, "control_asked", ControlAsked(look=row.id, kind=kind))
    return after


def answer(writer: Writer, row: LookRow, actor: Actor, kind: ControlKind, *, granted: bool) -> LookRow:
    """The visitor's answer to the question that is open. ConflictError ``control_not_asked`` without one."""
    steps.check_looking(row, writer.now, *steps.LOOKING)
    asked = row.asked
    if asked is None or asked.kind != kind or asked.until <= writer.now:
        raise ConflictError("Nobody asks for this now.", code="control_not_asked")
    if not granted:
        return _unasked(writer, row, actor, "declined")
    timers.cancel(writer.tx, row.organisation, steps.QUESTION, row.id)
    due_at = writer.now + GRANT_MS
    changes = {"scroll_until" if kind == "scroll" else "act_until": due_at}
    after = store.save(writer.tx, row, asked=None, controller=asked.agent, touched_at=writer.now, **changes)
    steps.wait(writer, after, _TIMER[kind], due_at)
    body = ControlGranted(look=row.id, kind=kind, until=due_at)
    steps.told(writer, after, actor, "control_granted", body)
    return after


def withdraw(
    writer: Writer, row: LookRow, actor: Actor, reason: Reason, kind: ControlKind | None = None
) -> LookRow:
    """Take back the grants, or the one of ``kind``, and the question for it. Nothing happens when there is none."""
    steps.check_looking(row, writer.now, *steps.LOOKING)
    if row.asked is not None and kind in (None, row.asked.kind):
        row = _unasked(writer, row, actor, reason)
    for one in ("scroll", "act") if kind is None else (kind,):
        if until(row, one) is not None:
            row = ended(writer, row, actor, reason, one)
    return row


def used(
    writer: Writer,
    row: LookRow,
    visitor: Actor,
    action: Deed,
    label: str,
    outcome: str,
) -> None:
    """The visitor's browser tells what an agent's hand did there. ConflictError ``no_grant`` when nobody controls. A
    page that was proposed takes no grant, and what became of it is the visitor's own act."""
    if action == "visit":
        steps.check_looking(row, writer.now, "viewing")
        body = ControlUsed(look=row.id, action=action, label=label, outcome=outcome)
        steps.told(writer, row, visitor, "control_used", body)
        return
    steps.check_looking(row, writer.now, *steps.LOOKING)
    ends = until(row, "scroll" if action == "scroll" else "act")
    if row.controller is None or ends is None or ends + LATE_MS < writer.now:
        raise ConflictError("No agent may do this.", code="no_grant")
    store.touch(writer.tx, row.id, writer.now)
    body = ControlUsed(look=row.id, action=action, label=label, outcome=outcome)
    steps.told(writer, row, row.controller, "control_used", body)


def holders(row: LookRow) -> set[str]:
    """The agents who control or ask to."""
    asking = row.asked.agent if row.asked is not None else None
    return {one.id for one in (row.controller, asking) if one is not None}


def until(row: LookRow, kind: str) -> int | None:
    """When the grant of this kind ends; none without one."""
    return row.scroll_until if kind == "scroll" else row.act_until


def ended(writer: Writer, row: LookRow, actor: Actor, reason: Reason, kind: ControlKind) -> LookRow:
    """The grant of this kind is over."""
    timers.cancel(writer.tx, row.organisation, _TIMER[kind], row.id)
    left = until(row, "act" if kind == "scroll" else "scroll")
    changes = {
        "scroll_until" if kind == "scroll" else "act_until": None,
        "controller": row.controller if left is not None else None,
    }
    after = store.save(writer.tx, row, **changes)
    body = ControlWithdrawn(look=row.id, kind=kind, reason=reason)
    steps.told(writer, after, actor, "control_withdrawn", body)
    return after


def over_now(writer: Writer, row: LookRow) -> LookRow:
    """The look without the grants and the question whose time is over: their timers may be a moment late."""
    system = Actor(kind="system", id=row.organisation, name="system")
    if row.asked is not None and row.asked.until <= writer.now:
        row = _unasked(writer, row, system, "timeout")
    for kind in ("scroll", "act"):
        ends = until(row, kind)
        if ends is not None and ends <= writer.now:
            row = ended(writer, row, system, "expired", kind)
    return row


def _unasked(writer: Writer, row: LookRow, actor: Actor, reason: Reason) -> LookRow:
    if row.asked is None:
        return row
    timers.cancel(writer.tx, row.organisation, steps.QUESTION, row.id)
    body = ControlWithdrawn(look=row.id, kind=row.asked.kind, reason=reason)
    after = store.save(writer.tx, row, asked=None)
    steps.told(writer, after, actor, "control_withdrawn", body)
    return after
