"""Recording a look, under a consent of its own: guard, change, fact, timer, in one transaction each.

    (none) ── ask ──▶ asked ── answer ──▶ on ── stop, full, failure, the look's end ──▶ ended ── days ──▶ removed

One look has one recording; who stops it and agrees again goes on with it. Its frames are ``tape``'s business."""

from balie.desk import timers
from balie.desk.access import Access
from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.features.cobrowse import policies, policy, recordings, steps, store
from balie.features.cobrowse.facts import (
    LookRecording,
    RecordingAsked,
    RecordingDeclined,
    RecordingEnd,
    RecordingEnded,
    RecordingRefusal,
    RecordingRemoved,
    RecordingStarted,
)
from balie.features.cobrowse.recordings import RecordingRow
from balie.features.cobrowse.steps import RECORDING, REMOVAL, Consent
from balie.features.cobrowse.store import LookRow
from balie.lib.errors import ConflictError, ForbiddenError, NotFoundError
from balie.lib.seals import Keyring, new_key

QUESTION_MS = 30_000
LENGTH_MAX_MS = 2 * 3_600_000
SIZE_MAX = 200_000_000
"""Bytes of one recording."""
DAY_MS = 86_400_000


def ask(writer: Writer, access: Access, row: LookRow, keyring: Keyring) -> LookRow:
    """ForbiddenError ``recording_not_allowed`` where policy or profile do not let agents record; ConflictError
    ``recording_asked``, ``recording_running``, ``recording_full``, ``recording_removed`` (this look's was), or
    ``recording_without_secret`` when the desk has nothing to seal it with."""
    steps.check_looking(row, writer.now, "viewing")
    days = _allowed(writer, row)
    if not keyring:
        raise ConflictError(
            "The desk has no secret to seal recordings with.", code="recording_without_secret"
        )
    row = over_now(writer, row)
    if row.recording is not None:
        code = "recording_asked" if row.recording.state == "asked" else "recording_running"
        raise ConflictError("A recording runs or is asked for already.", code=code)
    _check_room(recordings.find(writer.tx, row.id), writer.now)
    until = writer.now + QUESTION_MS
    asked = LookRecording(state="asked", agent=access.actor, since=None, until=until, days=days)
    after = store.save(writer.tx, row, recording=asked)
    steps.wait(writer, after, RECORDING, until)
    steps.told(writer, after, access.actor, "recording_asked", RecordingAsked(look=row.id))
    return after


def answer(writer: Writer, row: LookRow, actor: Actor, consent: Consent | None, keyring: Keyring) -> LookRow:
    """The visitor agrees (``consent``) or does not. ConflictError ``recording_not_asked``."""
    steps.check_looking(row, writer.now, *steps.LOOKING)
    asked = row.recording
    if asked is None or asked.state != "asked" or (asked.until or 0) <= writer.now:
        raise ConflictError("Nobody asks for a recording now.", code="recording_not_asked")
    if consent is None:
        return _declined(writer, row, actor, "visitor")
    _allowed(writer, row)
    started_at = _begun(writer, row, asked.days, keyring)
    on = LookRecording(state="on", agent=asked.agent, since=writer.now, until=None, days=asked.days)
    after = store.save(writer.tx, row, recording=on, touched_at=writer.now)
    steps.wait(writer, after, RECORDING, started_at + LENGTH_MAX_MS)
    body = RecordingStarted(
        look=row.id, consent_text=consent.text, language=consent.language, days=asked.days
    )
    steps.told(writer, after, actor, "recording_started", body)
    return after


def stop(writer: Writer, row: LookRow, actor: Actor, reason: RecordingEnd) -> LookRow:
    """End the recording, or take the question for one back. Nothing happens where there is none."""
    if row.recording is None:
        return row
    if row.recording.state == "asked":
        refusal: RecordingRefusal = reason if reason in ("visitor", "agent") else "look_ended"
        return _declined(writer, row, actor, refusal)
    began = recordings.find(writer.tx, row.id, lock=True)
    days = began.days if began is not None else row.recording.days
    timers.cancel(writer.tx, row.organisation, RECORDING, row.id)
    removes_at = writer.now + days * DAY_MS
    recordings.ended(writer.tx, row.id, writer.now, removes_at)
    after = store.save(writer.tx, row, recording=None)
    steps.wait(writer, after, REMOVAL, removes_at)
    duration = writer.now - (row.recording.since or writer.now)
    body = RecordingEnded(look=row.id, reason=reason, duration=duration)
    steps.told(writer, after, actor, "recording_ended", body)
    return after


def over_now(writer: Writer, row: LookRow) -> LookRow:
    """The look without the question or the recording whose time is over."""
    found = row.recording
    if found is None:
        return row
    if found.state == "asked":
        late = (found.until or 0) <= writer.now
        return _declined(writer, row, steps.system(row), "timeout") if late else row
    began = recordings.find(writer.tx, row.id)
    full = began is not None and began.started_at + LENGTH_MAX_MS <= writer.now
    return stop(writer, row, steps.system(row), "full") if full else row


def remove(writer: Writer, row: LookRow, actor: Actor, reason: str) -> None:
    """For good. NotFoundError ``recording_unknown`` when there is none left; ConflictError ``recording_running``."""
    found = recordings.find(writer.tx, row.id, lock=True)
    if found is None or found.removed_at is not None:
        raise NotFoundError("Nothing is recorded of this look.", code="recording_unknown")
    if found.ended_at is None:
        raise ConflictError("It is being recorded still. Stop it first.", code="recording_running")
    timers.cancel(writer.tx, row.organisation, REMOVAL, row.id)
    recordings.remove(writer.tx, row.id, writer.now)
    why = RecordingRemoved(look=row.id, reason="retention" if reason == "retention" else "admin")
    steps.told(writer, row, actor, "recording_removed", why)


def key_context(look: str) -> str:
    """What a recording's key is bound to."""
    return f"look recording key {look}"


def piece_context(look: str, from_ms: int, to_ms: int) -> str:
    """What a piece is bound to: put elsewhere, it does not open."""
    return f"look recording piece {look} {from_ms} {to_ms}"


def _allowed(writer: Writer, row: LookRow) -> int:
    """For how many days. What holds now decides, and so does the profile that the visitor agreed under."""
    now = policies.of_inbox(writer.tx, row.organisation, row.inbox)
    agreed = policies.of_inbox(writer.tx, row.organisation, row.inbox, row.policy_version)
    if agreed.profile == "regulated" or not policy.allows_recording(now.profile, now.policy):
        raise ForbiddenError("Looks in this inbox are not recorded.", code="recording_not_allowed")
    return int(now.policy["recordingDays"])


def _check_room(found: RecordingRow | None, now: int) -> None:
    if found is None:
        return
    if found.removed_at is not None:
        raise ConflictError("The recording of this look was removed.", code="recording_removed")
    if found.size >= SIZE_MAX or found.started_at + LENGTH_MAX_MS <= now:
        raise ConflictError("The recording of this look is full.", code="recording_full")


def _begun(writer: Writer, row: LookRow, days: int, keyring: Keyring) -> int:
    """When the recording of this look began: now, or before with an earlier consent."""
    found = recordings.find(writer.tx, row.id, lock=True)
    _check_room(found, writer.now)
    if found is not None:
        timers.cancel(writer.tx, row.organisation, REMOVAL, row.id)
        recordings.goes_on(writer.tx, row.id, min(days, found.days))
        return found.started_at
    key = keyring.wrap(new_key(), key_context(row.id))
    made = RecordingRow(look=row.id, organisation=row.organisation, key=key, days=days, started_at=writer.now)
    recordings.insert(writer.tx, made)
    return writer.now


def _declined(writer: Writer, row: LookRow, actor: Actor, reason: RecordingRefusal) -> LookRow:
    timers.cancel(writer.tx, row.organisation, RECORDING, row.id)
    after = store.save(writer.tx, row, recording=None)
    body = RecordingDeclined(look=row.id, reason=reason)
    steps.told(writer, after, actor, "recording_declined", body)
    return after
