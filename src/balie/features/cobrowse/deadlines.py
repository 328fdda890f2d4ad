"""What ends by itself: timers of waiting looks, of idle ones, of questions and grants; and a look whose conversation
is closed."""

from balie.desk.log import Appended, Writer
from balie.desk.model import Actor
from balie.desk.timers import Timer
from balie.engine.ports import Tx
from balie.features.cobrowse import commands, control, store

CURSOR = "looks"


def deadline(writer: Writer, timer: Timer) -> None:
    """Nobody joined or answered in time."""
    row = store.find(writer.tx, timer.key)
    if row is not None and row.state in commands.WAITING and (row.expires_at or 0) <= timer.due_at:
        commands.decline(writer, row, _system(timer), "timeout")


def idle(writer: Writer, timer: Timer) -> None:
    """The visitor did nothing for long, or goes on and is waited for again."""
    row = store.find(writer.tx, timer.key)
    if row is None or row.state not in commands.LOOKING:
        return
    ends = row.touched_at + commands.IDLE_MS
    if ends > timer.due_at:
        commands.wait(writer, row, commands.IDLE, ends)
    else:
        commands.end(writer, row, _system(timer), "idle")


def control_over(writer: Writer, timer: Timer) -> None:
    """A question was not answered in time, or a grant's time is over."""
    row = store.find(writer.tx, timer.key)
    if row is not None and row.state in commands.LOOKING:
        control.over_now(writer, row)


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
    commands.DEADLINE: deadline,
    commands.IDLE: idle,
    commands.QUESTION: control_over,
    commands.SCROLL: control_over,
    commands.ACT: control_over,
}
