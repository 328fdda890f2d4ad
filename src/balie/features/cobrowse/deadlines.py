"""What ends by itself: timers of waiting looks, of idle ones, of questions and grants, of recordings; and a look whose
conversation is closed."""

from balie.desk.log import Appended, Writer
from balie.desk.model import Actor
from balie.desk.timers import Timer
from balie.engine.ports import Tx
from balie.features.cobrowse import commands, control, recording, steps, store

CURSOR = "looks"


def deadline(writer: Writer, timer: Timer) -> None:
    """Nobody joined or answered in time."""
    row = store.find(writer.tx, timer.key)
    if row is not None and row.state in steps.WAITING and (row.expires_at or 0) <= timer.due_at:
        commands.decline(writer, row, _system(timer), "timeout")


def idle(writer: Writer, timer: Timer) -> None:
    """The visitor did nothing for long, or goes on and is waited for again."""
    row = store.find(writer.tx, timer.key)
    if row is None or row.state not in steps.LOOKING:
        return
    ends = row.touched_at + commands.IDLE_MS
    if ends > timer.due_at:
        steps.wait(writer, row, steps.IDLE, ends)
    else:
        commands.end(writer, row, _system(timer), "idle")


def control_over(writer: Writer, timer: Timer) -> None:
    """A question was not answered in time, or a grant's time is over."""
    row = store.find(writer.tx, timer.key)
    if row is not None and row.state in steps.LOOKING:
        control.over_now(writer, row)


def recording_over(writer: Writer, timer: Timer) -> None:
    """The question for a recording was not answered in time, or one is as long as any may be."""
    row = store.find(writer.tx, timer.key)
    if row is not None:
        recording.over_now(writer, row)


def recording_removal(writer: Writer, timer: Timer) -> None:
    """What was recorded has been kept for as long as the visitor agreed to."""
    row = store.find(writer.tx, timer.key)
    if row is not None:
        recording.remove(writer, row, _system(timer), "retention")


class Closings:
    """Listener: a conversation that closes takes its look along."""

    def start(self, tx: Tx) -> int | None:
        return store.first_position(tx)

    def take(self, tx: Tx, facts: list[Appended], now: int) -> None:
        closed = [entry for entry in facts if entry.kind == "conversation_closed"]
        if not closed:
            return
        with Writer(tx, now) as writer:
            for entry in closed:
                row = store.live_of_conversation(tx, entry.organisation, entry.stream)
                if row is not None and row.since < entry.position:
                    commands.end(writer, row, entry.actor, "closed")


def _system(timer: Timer) -> Actor:
    return Actor(kind="system", id=timer.organisation, name="system")


TIMERS = {
    steps.DEADLINE: deadline,
    steps.IDLE: idle,
    steps.QUESTION: control_over,
    steps.SCROLL: control_over,
    steps.ACT: control_over,
    steps.RECORDING: recording_over,
    steps.REMOVAL: recording_removal,
}
