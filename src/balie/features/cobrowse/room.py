"""One look on one node: who of it is here, what each may hear, and the frames between them. Callbacks only: the
visitor's reader never waits for a watcher, and no watcher for another."""

from typing import Any, Protocol

import msgspec

from balie.desk.model import Actor
from balie.edge.session import binary_frame, text_frame
from balie.engine.ports import Bus
from balie.features.cobrowse import envelope, hints
from balie.features.cobrowse.facts import (
    MirrorBack,
    MirrorGone,
    MirrorJoined,
    MirrorLeft,
    MirrorRefused,
    MirrorState,
)
from balie.features.cobrowse.hints import Here, ToAgents, ToVisitor
from balie.features.cobrowse.store import LookRow
from balie.features.cobrowse.tape import Tape
from balie.lib.clock import Clock

BUS_BYTES_PER_S, BUS_BURST = 1 << 20, 8 << 20
"""What one look may send to other nodes: their hints travel there too."""
FORGET_S = 50.0
"""After this time without a word of it, another node's people are gone."""
_encode = msgspec.json.Encoder().encode


class Mirror(Protocol):
    """A socket of the look as the room sees it. Nothing here may block or raise."""

    id: str

    def push(self, frame: bytes) -> None:
        """Send a word of the relay's own."""
        ...

    def deliver(self, frame: bytes, kind: int, *, snapshot: bool) -> None:
        """Send a frame of the other side, or let it wait within the bounds; ``kind`` is its class."""
        ...

    def forget_waiting(self) -> None:
        """What waits may not be shown any more."""
        ...

    def end_of_look(self) -> None: ...


class VisitorMirror(Mirror, Protocol):
    @property
    def number(self) -> int:
        """Of its ticket: the newest leads."""
        ...

    def taken_over(self) -> None: ...

    def hold_back(self, seconds: float) -> None:
        """Read no more of it for so long."""
        ...


class AgentMirror(Mirror, Protocol):
    @property
    def actor(self) -> Actor: ...


class Room:
    """``row`` is the look as this node knows it; everything is decided by it and the clock."""

    def __init__(self, row: LookRow, node: bytes, bus: Bus, clock: Clock, tape: Tape) -> None:
        self.row = row
        self._tape = tape
        self.visitor: VisitorMirror | None = None
        self.watchers: dict[str, AgentMirror] = {}
        """By the socket's session."""
        self._node = node
        self._bus = bus
        self._clock = clock
        self._elsewhere: dict[bytes, tuple[Here, float]] = {}
        self.expecting = 0
        """Sessions that are about to come in: until then they must miss no change."""
        self._known: set[str] = set()
        """The watchers' sessions of which a visitor's socket here was told."""
        self._allowance = float(BUS_BURST)
        self._refilled_s = clock.monotonic()
        self._ends = [
            bus.subscribe(hints.towards_agents(row.id), self._heard_for_agents),
            bus.subscribe(hints.towards_visitor(row.id), self._heard_for_visitor),
        ]

    def close(self) -> None:
        for end in self._ends:
            end()

    @property
    def is_empty(self) -> bool:
        return self.visitor is None and not self.watchers and not self.expecting

    @property
    def sessions(self) -> list[Mirror]:
        return [*([self.visitor] if self.visitor else []), *self.watchers.values()]

    def all_watchers(self) -> dict[str, Actor]:
        """By session, on all nodes."""
        found = {id: one.actor for id, one in self.watchers.items()}
        for here, _ in self._elsewhere.values():
            found.update(here.watchers)
        return found

    def people(self) -> list[Actor]:
        """The watchers, each once."""
        return list({one.id: one for one in self.all_watchers().values()}.values())

    def visitor_number(self) -> int:
        """The number of the visitor's newest socket on any node; 0 while there is none."""
        here = self.visitor.number if self.visitor else 0
        return max([here, *(one.visitor for one, _ in self._elsewhere.values())])

    # Who comes and goes

    def add_visitor(self, one: VisitorMirror) -> None:
        """Told the state, and heard from here on."""
        before = self._who()
        self.visitor = one
        self._entered(one, before)
        self._fit_tape(anew=True)

    def add_watcher(self, one: AgentMirror) -> None:
        before = self._who()
        self.watchers[one.id] = one
        self._entered(one, before)
        if not self.visitor_number():
            one.push(_text(MirrorGone()))

    def remove(self, one: Mirror) -> None:
        before = self._who()
        if self.visitor is one:
            self.visitor = None
            self._fit_tape()
        self.watchers.pop(one.id, None)
        self.say_here()
        self._compare(before)

    def _entered(self, one: Mirror, before: tuple[int, dict[str, Actor]]) -> None:
        self.say_here(ask=True)
        one.push(self.state_frame())
        self._compare(before, but=one)

    def say_here(self, *, ask: bool = False) -> None:
        """Tell the other nodes who is here."""
        number = self.visitor.number if self.visitor else 0
        watchers = {id: one.actor for id, one in self.watchers.items()}
        here = Here(self._node, self.row.id, number, watchers, ask)
        self._bus.publish(hints.HERE, hints.encode(here))

    def hear(self, here: Here) -> None:
        """Another node tells who is there."""
        before = self._who()
        if here.visitor or here.watchers:
            self._elsewhere[here.node] = (here, self._clock.monotonic())
        else:
            self._elsewhere.pop(here.node, None)
        if here.ask and (self.visitor is not None or self.watchers):
            self.say_here()
        self._compare(before)

    def forget_silent(self) -> None:
        """Nodes that died take their people along."""
        before = self._who()
        since = self._clock.monotonic() - FORGET_S
        self._elsewhere = {node: told for node, told in self._elsewhere.items() if told[1] >= since}
        self._compare(before)

    def _who(self) -> tuple[int, dict[str, Actor]]:
        return self.visitor_number(), self.all_watchers()

    def _compare(self, before: tuple[int, dict[str, Actor]], but: Mirror | None = None) -> None:
        """Tell those who are here what is different from ``before``."""
        number, watchers = self._who()
        if number != before[0]:
            frame = _text(MirrorBack() if number else MirrorGone())
            for one in self.watchers.values():
                one.push(frame)
        if self.visitor is not None:
            for id in watchers.keys() - self._known:
                self.visitor.push(_text(MirrorJoined(agent=watchers[id], watcher=envelope.number_of(id))))
            for id in self._known - watchers.keys():
                gone = before[1].get(id)
                if gone is not None:
                    self.visitor.push(_text(MirrorLeft(agent=gone)))
            self._known = set(watchers)
        if watchers.keys() != before[1].keys():
            self._say_state(but)

    # The state

    def apply(self, row: LookRow) -> None:
        """Another revision of the look. Whatever it allows no more is not relayed from here on, waiting frames
        included."""
        if row.revision <= self.row.revision:
            return
        was = self.row.state
        self.row = row
        if was == "viewing" and row.state != "viewing":
            for one in self.sessions:
                one.forget_waiting()
        self._say_state()
        self._fit_tape()
        if row.state == "ended":
            for one in self.sessions:
                one.end_of_look()
        elif self.visitor is not None and row.mirror > self.visitor.number:
            self.visitor.taken_over()

    def _fit_tape(self, *, anew: bool = False) -> None:
        """A recording follows the state and the visitor's socket; where it begins, or a page does, is a snapshot."""
        begins = self._tape.fit(self.row, here=self.visitor is not None)
        if begins or (anew and self._tape.runs):
            self._picture_for_tape()

    def _picture_for_tape(self) -> None:
        """To the page a recording is one more window that needs a snapshot: the watchers notice nothing."""
        if self.visitor is not None and self.row.recording is not None:
            word = MirrorJoined(agent=self.row.recording.agent, watcher=self._tape.number)
            self.visitor.push(_text(word))

    def state_frame(self) -> bytes:
        return _text(MirrorState(look=self.row.noun(self.people())))

    def _say_state(self, but: Mirror | None = None) -> None:
        frame = self.state_frame()
        for one in self.sessions:
            if one is not but:
                one.push(frame)

    # Frames

    def from_visitor(self, sender: VisitorMirror, frame: bytes) -> None:
        """To every watcher, while the visitor's consent stands."""
        if self.row.state != "viewing" or sender is not self.visitor:
            return
        if envelope.watcher_of(frame) in (0, self._tape.number) and self._tape.frame(frame):
            self._picture_for_tape()
        self._to_watchers(frame)
        if self._goes_elsewhere(frame) and self._may_travel(sender, frame):
            message = hints.encode(ToAgents(self._node, frame))
            self._bus.publish(hints.towards_agents(self.row.id), message)

    def _goes_elsewhere(self, frame: bytes) -> bool:
        to = envelope.watcher_of(frame)
        watchers = (id for here, _ in self._elsewhere.values() for id in here.watchers)
        return any(not to or envelope.number_of(id) == to for id in watchers)

    def from_agent(self, sender: AgentMirror, frame: bytes) -> None:
        """To the visitor, while consent stands; what scrolls or acts, only under this very agent's grant."""
        why = self._refusal(sender.actor.id, frame[3])
        if why is not None:
            sender.push(_text(why))
            return
        # The recorder answers this very window.
        frame = envelope.stamped(frame, envelope.number_of(sender.id))
        if self.visitor is not None:
            self.visitor.deliver(binary_frame(frame), frame[1], snapshot=False)
        elif self.visitor_number():
            message = hints.encode(ToVisitor(self._node, sender.actor.id, frame))
            self._bus.publish(hints.towards_visitor(self.row.id), message)

    def _refusal(self, agent: str, flags: int) -> MirrorRefused | None:
        row, now = self.row, self._clock.now()
        if row.state != "viewing":
            return MirrorRefused(why="not_viewing")
        ends = []
        if flags & envelope.SCROLL:
            ends.append(row.scroll_until)
        if flags & envelope.ACT:
            ends.append(row.act_until)
        if ends and (row.controller is None or row.controller.id != agent):
            return MirrorRefused(why="no_grant")
        if any(end is None or end <= now for end in ends):
            return MirrorRefused(why="no_grant")
        return None

    def _to_watchers(self, frame: bytes) -> None:
        if not self.watchers:
            return
        # One copy for all: what the socket does not take at once waits as the same bytes.
        whole, kind, snapshot = binary_frame(frame), frame[1], bool(frame[3] & envelope.SNAPSHOT)
        to = envelope.watcher_of(frame)
        for id, one in self.watchers.items():
            if not to or envelope.number_of(id) == to:
                one.deliver(whole, kind, snapshot=snapshot)

    def _may_travel(self, sender: VisitorMirror, frame: bytes) -> bool:
        """Beyond the allowance what may be dropped is dropped, and of the rest no more is read until it is made up."""
        now_s = self._clock.monotonic()
        allowance = self._allowance + (now_s - self._refilled_s) * BUS_BYTES_PER_S
        self._refilled_s = now_s
        self._allowance = min(allowance, float(BUS_BURST))
        if self._allowance < len(frame) and frame[1] == envelope.DROPPABLE:
            return False
        self._allowance -= len(frame)
        if self._allowance < 0:
            sender.hold_back(-self._allowance / BUS_BYTES_PER_S)
        return True

    def _heard_for_agents(self, hint: bytes) -> None:
        told = hints.to_agents_of(hint)
        if (
            told.node != self._node
            and self.row.state == "viewing"
            and envelope.is_sound(told.frame, "visitor")
        ):
            self._to_watchers(told.frame)

    def _heard_for_visitor(self, hint: bytes) -> None:
        told = hints.to_visitor_of(hint)
        if told.node == self._node or self.visitor is None or not envelope.is_sound(told.frame, "stamped"):
            return
        if self._refusal(told.agent, told.frame[3]) is None:
            self.visitor.deliver(binary_frame(told.frame), told.frame[1], snapshot=False)


def _text(frame: Any) -> bytes:
    return text_frame(_encode(frame))
