"""What happened during a recording, by the recording's own clock: what a viewer may jump to."""

from balie.desk.log import Appended
from balie.engine.ports import Tx
from balie.features.cobrowse import history
from balie.features.cobrowse.facts import RecordingMark
from balie.features.cobrowse.recordings import RecordingRow
from balie.features.cobrowse.store import LookRow

_SHOWN = {
    "recording_started": "",
    "recording_ended": "reason",
    "look_paused": "by",
    "look_resumed": "",
    "look_watched": "",
    "look_left": "",
    "control_granted": "kind",
    "control_withdrawn": "kind",
    "control_used": "label",
    "look_ended": "reason",
}
"""Kind of fact, and which word of it says more. Watchers are named by the fact's actor."""


def of_recording(tx: Tx, row: LookRow, recording: RecordingRow) -> list[RecordingMark]:
    """From its beginning to its end, in order; none once it is removed."""
    if row.conversation is None or recording.removed_at is not None:
        return []
    facts = history.of_look(tx, row.organisation, row.conversation, row.id)
    end = recording.ended_at
    return [
        RecordingMark(at=one.at - recording.started_at, kind=one.kind, label=_label(one))
        for one in facts
        if one.kind in _SHOWN and one.at >= recording.started_at and (end is None or one.at <= end)
    ]


def _label(fact: Appended) -> str:
    if fact.kind in ("look_watched", "look_left"):
        return fact.actor.name
    word = _SHOWN[fact.kind]
    return str(history.body_of(fact).get(word, "")) if word else ""
