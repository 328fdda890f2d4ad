"""What was said, who saw it and in which order: one Script per dialogue in play, one Tally over all."""

import asyncio
from collections.abc import Sequence

import msgspec

from balie.lib import ids
from balie.lib.text import clean
from balie.replay.dialogues import Dialogue, Said, Who


class Turn:
    """One message of a dialogue. ``seen`` is set when the other side shows it."""

    __slots__ = ("acked", "cid", "index", "refused", "said", "seen", "seen_at", "sent_at")

    def __init__(self, index: int, said: Said) -> None:
        self.index = index
        self.said = said
        self.cid = ids.new_cid()
        self.sent_at = 0.0
        self.seen_at = 0.0
        self.acked = False
        self.refused = False
        self.seen = asyncio.Event()


class Script:
    """A dialogue in play. ``shown`` is each side's screen: indexes of turns, in the order they appeared."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.id = dialogue.id
        self.turns = [Turn(index, said) for index, said in enumerate(dialogue.said)]
        self.conversation: str | None = None
        self.shown: dict[Who, list[int]] = {"visitor": [], "agent": []}
        self.stored: list[int] | None = None
        self.altered = 0
        self.failure: str | None = None
        self._by_cid = {turn.cid: turn for turn in self.turns}

    def show(self, side: Who, cid: str) -> None:
        """``side`` has just put the message on its screen."""
        turn = self._by_cid.get(cid)
        if turn is None:
            return
        self.shown[side].append(turn.index)
        if side != turn.said.who and not turn.seen.is_set():
            turn.seen_at = asyncio.get_running_loop().time()
            turn.seen.set()

    def knows(self, cid: str) -> bool:
        return cid in self._by_cid

    def store(self, log: Sequence[tuple[str, str]]) -> None:
        """Take in the desk's own log: (cid, text) of each message, in order."""
        self.stored = []
        for cid, text in log:
            turn = self._by_cid.get(cid)
            if turn is not None:
                self.stored.append(turn.index)
                self.altered += text != clean(turn.said.text)

    @property
    def complete(self) -> bool:
        """Everything is acked and on both screens."""
        total = len(self.turns)
        return (
            all(turn.acked and turn.seen.is_set() for turn in self.turns)
            and len(self.shown["visitor"]) >= total
            and len(self.shown["agent"]) >= total
        )


class Tally(msgspec.Struct):
    """The counts over dialogues, and the delivery times in seconds."""

    dialogues: int = 0
    finished: int = 0
    messages: int = 0
    sent: int = 0
    acked: int = 0
    received: int = 0
    in_order: int = 0
    doubled: int = 0
    lost: int = 0
    out_of_order: int = 0
    altered: int = 0
    refused: int = 0
    reconnects: int = 0
    resent: int = 0
    delays: list[float] = []

    @property
    def clean(self) -> bool:
        """Nothing lost, doubled, out of order, altered or left unsaid."""
        return (
            self.received == self.messages
            and self.finished == self.dialogues
            and not (self.lost or self.doubled or self.out_of_order or self.altered)
        )

    def add(self, script: Script) -> None:
        """Count a dialogue that has ended, well or not."""
        self.dialogues += 1
        self.finished += script.failure is None
        self.messages += len(script.turns)
        for turn in script.turns:
            self.sent += turn.sent_at > 0
            self.acked += turn.acked
            self.refused += turn.refused
            self.received += turn.seen.is_set()
            if turn.seen.is_set():
                self.delays.append(turn.seen_at - turn.sent_at)
        self.altered += script.altered
        self.lost += len(_lost(script))
        misplaced: set[int] = set()
        for shown in (*script.shown.values(), script.stored or []):
            self.doubled += len(shown) - len(set(shown))
            misplaced |= _misplaced(shown)
        self.out_of_order += len(misplaced)
        self.in_order += sum(turn.seen.is_set() and turn.index not in misplaced for turn in script.turns)

    def percentile_ms(self, share: float) -> float:
        """Delivery time that ``share`` of the messages did not exceed, in milliseconds."""
        ordered = sorted(self.delays)
        return ordered[round((len(ordered) - 1) * share)] * 1000 if ordered else 0.0


def _lost(script: Script) -> set[int]:
    """Turns that were acked but are missing from a screen or from the log."""
    acked = {turn.index for turn in script.turns if turn.acked}
    lost = {turn.index for turn in script.turns if turn.acked and not turn.seen.is_set()}
    if script.failure is None:
        lost |= acked - set(script.shown["visitor"])
        lost |= acked - set(script.shown["agent"])
    if script.stored is not None:
        lost |= acked - set(script.stored)
    return lost


def _misplaced(shown: Sequence[int]) -> set[int]:
    """The turns that came after a later one."""
    wrong: set[int] = set()
    highest = -1
    for index in shown:
        if index < highest:
            wrong.add(index)
        highest = max(highest, index)
    return wrong
