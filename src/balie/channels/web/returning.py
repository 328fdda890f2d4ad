"""How browsers come back with a resume ticket: all that come in the same moment, in one transaction.

When the desk restarts everybody returns at once. So the ticket is taken, the visitor and the site looked at, the next
ticket laid down and the cursors compared in a handful of statements for all of them together. Who missed something
reads it afterwards, alone.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from balie.channels.web.doorman import VisitorClaims
from balie.desk import conversations, log, roster, visitors
from balie.edge import frames
from balie.edge.doorman import Doorman
from balie.edge.session import TurnedAwayError
from balie.edge.tickets import keep_resumes, take_resumes
from balie.engine.ports import Tx
from balie.lib.clock import Clock
from balie.lib.errors import BalieError


class Back(msgspec.Struct, frozen=True):
    """A visitor who is back. ``current``: nothing was missed up to ``position``. ``ticket``: for the next return."""

    claims: VisitorClaims
    known: visitors.Known
    ticket: str
    position: int
    current: bool


class Return(msgspec.Struct, frozen=True):
    """A browser that shows ``ticket`` from a page of ``origin``. ``cursors``: conversation → last seq shown; none when
    it has nothing to go on from. ``done`` gets the answer, on the event loop."""

    ticket: str
    origin: str
    cursors: dict[str, int] | None
    done: Callable[[Back | Exception], None]


class Returning:
    """The command, for many browsers at once."""

    def __init__(self, clock: Clock, doorman: Doorman) -> None:
        self._clock = clock
        self._doorman = doorman

    def __call__(self, tx: Tx, items: list[Return]) -> list[Any]:
        now = self._clock.now()
        # Before all else: what is read after it reaches at least as far, also where others commit meanwhile.
        position = log.position(tx)
        held = take_resumes(tx, now, VisitorClaims, [item.ticket for item in items])
        known = visitors.known_here(tx, now, list({claims.visitor for claims in held if claims is not None}))
        site = _Sites(tx, self._doorman)
        answers: list[TurnedAwayError | tuple[VisitorClaims, visitors.Known]] = []
        for item, claims in zip(items, held, strict=True):
            inbox, visitor = known.get(claims.visitor, ("", None)) if claims is not None else ("", None)
            if claims is None:
                answers.append(TurnedAwayError(frames.CLOSE_NOT_SIGNED_IN, "ticket not valid"))
            elif visitor is None or inbox != claims.inbox:
                answers.append(TurnedAwayError(frames.CLOSE_NOT_SIGNED_IN, "visitor not known"))
            elif item.origin != claims.origin or not site.allows(claims):
                answers.append(TurnedAwayError(frames.CLOSE_NO_RIGHT, "origin not allowed"))
            else:
                answers.append((claims, visitor))
        return self._answers(tx, now, position, items, answers)

    def _answers(
        self,
        tx: Tx,
        now: int,
        position: int,
        items: list[Return],
        answers: list[TurnedAwayError | tuple[VisitorClaims, visitors.Known]],
    ) -> list[Any]:
        admitted = [answer for answer in answers if not isinstance(answer, TurnedAwayError)]
        if not admitted:
            return list(answers)
        tickets = iter(keep_resumes(tx, now, [claims for claims, _ in admitted]))
        heads = conversations.heads(tx, list({known.contact for _, known in admitted if known.contact}))
        found: list[Any] = []
        for item, answer in zip(items, answers, strict=True):
            if isinstance(answer, TurnedAwayError):
                found.append(answer)
                continue
            claims, known = answer
            theirs = heads.get((known.contact, claims.inbox), {}) if known.contact else {}
            current = item.cursors is not None and item.cursors == theirs
            found.append(Back(claims, known, next(tickets), position, current))
        return found


class _Sites:
    """Which sites may still talk to which inbox; each inbox is looked up once."""

    def __init__(self, tx: Tx, doorman: Doorman) -> None:
        self._tx = tx
        self._doorman = doorman
        self._known: dict[tuple[str, str, str], bool] = {}

    def allows(self, claims: VisitorClaims) -> bool:
        key = (claims.organisation, claims.inbox, claims.origin)
        if key not in self._known:
            try:
                inbox = roster.inbox_by_id(self._tx, claims.organisation, claims.inbox)
                self._doorman.check(inbox, claims.origin)
                self._known[key] = True
            except BalieError:
                self._known[key] = False
        return self._known[key]
