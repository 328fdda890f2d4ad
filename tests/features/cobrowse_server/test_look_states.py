"""The state machine of looks, on both engines: every command in every state, and two that come at the same time."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from balie.desk import visitors
from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.desk.visitors import Visitor
from balie.engine.ports import Tx
from balie.features.cobrowse import commands, control, deadlines, store
from balie.features.cobrowse.steps import Consent
from balie.features.cobrowse.store import LookRow
from balie.lib.errors import BalieError
from cast import SITE, Visit
from core import Core

CONSENT = Consent(text="2026-11", language="nl", address="")
_number = itertools.count(1)


class Scene:
    """A visitor with a conversation, and agents."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.sanne, self.daan = (core.access(core.cast.stroom, name) for name in ("sanne", "daan"))
        visit: Visit = core.visit()
        self.home = core.says(visit, "Ik zie mijn nota niet").conversation
        self.visitor: Visitor = core.read(lambda tx: visitors.find(tx, core.clock.now(), visit.token, SITE))
        self.actor = Actor(kind="contact", id=self.visitor.contact or "", name="Marieke")
        self.look = ""
        self.code = next(_number).to_bytes(32)

    def do(self, command: Callable[[Writer], LookRow]) -> LookRow:
        row = self.core.do(command)
        self.look = row.id
        return row

    def row(self) -> LookRow:
        found = self.core.read(lambda tx: store.peek(tx, self.look))
        assert found is not None
        return found

    def held(self, writer: Writer) -> LookRow:
        found = store.find(writer.tx, self.look)
        assert found is not None
        return found

    # The commands, by the names of the table

    def invite(self) -> LookRow:
        return self.do(lambda w: commands.invite(w, self.sanne, self.home))

    def offer(self) -> LookRow:
        return self.do(lambda w: commands.offer(w, self.visitor, self.code))

    def join(self) -> LookRow:
        return self.do(lambda w: commands.join(w, self.sanne, self.code))

    def accept(self) -> LookRow:
        return self.do(lambda w: commands.answer(w, self.held(w), self.actor, CONSENT))

    def decline(self) -> LookRow:
        return self.do(lambda w: commands.answer(w, self.held(w), self.actor, None))

    def pause(self) -> LookRow:
        return self.do(lambda w: commands.pause(w, self.held(w), self.actor, "visitor"))

    def resume(self) -> LookRow:
        return self.do(lambda w: commands.resume(w, self.held(w), self.actor, "visitor"))

    def end(self) -> LookRow:
        return self.do(lambda w: commands.end(w, self.held(w), self.actor, "visitor"))

    def ask(self) -> LookRow:
        return self.do(lambda w: control.ask(w, self.sanne, self.held(w), "act"))

    def ask_too(self) -> LookRow:
        return self.do(lambda w: control.ask(w, self.daan, self.held(w), "scroll"))

    def grant(self) -> LookRow:
        return self.do(lambda w: control.answer(w, self.held(w), self.actor, "act", granted=True))

    def withdraw(self) -> LookRow:
        return self.do(lambda w: control.withdraw(w, self.held(w), self.actor, "visitor"))

    def used(self) -> LookRow:
        def command(writer: Writer) -> LookRow:
            control.used(writer, self.held(writer), self.actor, "click", "Volgende", "done")
            return self.held(writer)

        return self.do(command)


# How to get into each state from nothing.
WAYS: dict[str, tuple[str, ...]] = {
    "invited": ("invite",),
    "code": ("offer",),
    "asking": ("offer", "join"),
    "viewing": ("invite", "accept"),
    "asked": ("invite", "accept", "ask"),
    "granted": ("invite", "accept", "ask", "grant"),
    "paused": ("invite", "accept", "pause"),
    "ended": ("invite", "end"),
}
NOT_ASKED, NOT_VIEWING, ENDED, RUNNING = "look_not_asked", "look_not_viewing", "look_ended", "look_running"
NOBODY = "control_not_asked"

# State × command → the state after it, or the code of the refusal. "asked" and "granted" are viewing, with a question
# open and with a grant.
TABLE: dict[str, dict[str, str]] = {
    "invite": dict.fromkeys(WAYS, RUNNING) | {"ended": "invited"},
    "offer": dict.fromkeys(WAYS, RUNNING) | {"ended": "code"},
    "join": dict.fromkeys(WAYS, "code_unknown") | {"code": "asking"},
    "accept": dict.fromkeys(WAYS, NOT_ASKED) | {"invited": "viewing", "asking": "viewing", "ended": ENDED},
    "decline": dict.fromkeys(WAYS, NOT_ASKED) | {"invited": "ended", "asking": "ended", "ended": ENDED},
    "pause": dict.fromkeys(WAYS, "paused")
    | dict.fromkeys(("invited", "code", "asking"), NOT_VIEWING)
    | {"ended": ENDED},
    "resume": dict.fromkeys(WAYS, "viewing")
    | dict.fromkeys(("invited", "code", "asking"), NOT_VIEWING)
    | {"ended": ENDED},
    "end": dict.fromkeys(WAYS, "ended"),
    "ask": dict.fromkeys(WAYS, NOT_VIEWING)
    | {"viewing": "viewing", "asked": "control_asked", "granted": "control_granted", "ended": ENDED},
    "ask_too": dict.fromkeys(WAYS, NOT_VIEWING)
    | {"viewing": "viewing", "asked": "control_taken", "granted": "control_taken", "ended": ENDED},
    "grant": dict.fromkeys(WAYS, NOT_VIEWING)
    | {"viewing": NOBODY, "paused": NOBODY, "asked": "viewing", "granted": NOBODY, "ended": ENDED},
    "withdraw": dict.fromkeys(WAYS, NOT_VIEWING)
    | {"viewing": "viewing", "asked": "viewing", "granted": "viewing", "paused": "paused", "ended": ENDED},
    "used": dict.fromkeys(WAYS, NOT_VIEWING)
    | {
        "viewing": "no_grant",
        "asked": "no_grant",
        "granted": "viewing",
        "paused": "no_grant",
        "ended": ENDED,
    },
}


@pytest.mark.parametrize("command", TABLE)
def test_every_command_in_every_state_does_what_the_table_says(core: Core, command: str) -> None:
    assert TABLE[command].keys() == WAYS.keys()
    for state, way in WAYS.items():
        scene = Scene(core)
        for step in way:
            getattr(scene, step)()
        before, told = scene.row(), core.log_of(scene.home)
        expected = TABLE[command][state]
        try:
            after = getattr(scene, command)().state
        except BalieError as refusal:
            after = refusal.code
            assert scene.row() == before, "a refusal changes nothing"
            assert core.log_of(scene.home) == told
        assert after == expected, f"{command} in {state}"


def test_a_look_that_ended_leaves_nothing_behind(core: Core) -> None:
    scene = Scene(core)
    for step in WAYS["granted"]:
        getattr(scene, step)()
    row = scene.end()
    assert (row.controller, row.act_until, row.asked, row.code_digest, row.expires_at) == (None,) * 5
    left = core.read(lambda tx: tx.all("select kind from timer where key = ?", [row.id]))
    assert left == []


@pytest.mark.parametrize("state", ["invited", "code", "asking"])
@pytest.mark.parametrize("command", ["join", "accept", "decline"])
def test_what_comes_too_late_counts_for_nothing_though_no_timer_fired(
    core: Core, state: str, command: str
) -> None:
    scene = Scene(core)
    for step in WAYS[state]:
        getattr(scene, step)()
    core.clock.advance(600)
    with pytest.raises(BalieError) as refusal:
        getattr(scene, command)()
    assert refusal.value.code == ("code_unknown" if command == "join" else "look_ended")


def test_of_two_agents_who_name_one_code_at_once_one_joins(core: Core) -> None:
    scene = Scene(core)
    scene.offer()
    results = side_by_side(
        core,
        lambda w: commands.join(w, scene.sanne, scene.code),
        lambda w: commands.join(w, scene.daan, scene.code),
    )
    assert outcomes(results) == ["asking", "code_unknown"]
    assert [kind for _, kind in core.log_of(scene.home)].count("look_invited") == 1


def test_of_two_invitations_at_once_one_stands(core: Core) -> None:
    scene = Scene(core)
    results = side_by_side(
        core,
        lambda w: commands.invite(w, scene.sanne, scene.home),
        lambda w: commands.invite(w, scene.daan, scene.home),
        lambda w: commands.offer(w, scene.visitor, scene.code),
    )
    assert len([one for one in results if isinstance(one, LookRow)]) == 1
    live = core.read(lambda tx: tx.all("select id from look where state <> 'ended'"))
    assert len(live) == 1


def test_a_stop_beside_a_pause_and_a_grant_has_the_last_word(core: Core) -> None:
    scene = Scene(core)
    for step in WAYS["asked"]:
        getattr(scene, step)()
    side_by_side(
        core,
        lambda w: commands.pause(w, scene.held(w), scene.actor, "visitor"),
        lambda w: commands.end(w, scene.held(w), scene.actor, "visitor"),
        lambda w: control.answer(w, scene.held(w), scene.actor, "act", granted=True),
    )
    row = scene.row()
    assert (row.state, row.controller) == ("ended", None)


def test_one_code_is_never_shown_twice_at_a_time_in_an_organisation(core: Core) -> None:
    one, two = Scene(core), Scene(core)
    one.offer()
    two.code = one.code
    with pytest.raises(commands.CodeTakenError):
        two.offer()
    one.end()
    two.offer()


def test_a_closed_conversation_is_not_asked(core: Core) -> None:
    from balie.desk import conversations

    scene = Scene(core)
    core.do(lambda w: conversations.close(w, scene.sanne, scene.home))
    with pytest.raises(BalieError, match="closed"):
        scene.invite()


def test_a_closing_ends_the_look_that_was_there_and_no_later_one(core: Core) -> None:
    from balie.desk import conversations
    from balie.desk.listeners import Listening

    listening = Listening(core.db, core.clock, deadlines.CURSOR, deadlines.Closings())
    older = Scene(core)
    older.invite()
    scene = Scene(core)
    scene.invite()
    core.do(lambda w: conversations.close(w, scene.sanne, scene.home))
    core.run(listening.run())
    assert (scene.row().state, scene.row().end_reason) == ("ended", "closed")
    # Closed and opened again before the listener came by: the look after it stays.
    core.do(lambda w: conversations.reopen(w, scene.sanne, scene.home))
    scene.invite()
    scene.end()
    core.do(lambda w: conversations.close(w, scene.sanne, scene.home))
    core.do(lambda w: conversations.reopen(w, scene.sanne, scene.home))
    scene.invite()
    core.run(listening.run())
    assert (older.row().state, scene.row().state) == ("invited", "invited")


def side_by_side(core: Core, *each: Callable[[Writer], LookRow]) -> list[Any]:
    """What the callers hear when all come at once; refusals are values."""

    def transaction(command: Callable[[Writer], LookRow]) -> Callable[[Tx], LookRow]:
        def run(tx: Tx) -> LookRow:
            with Writer(tx, core.clock.now()) as writer:
                return command(writer)

        return run

    async def all_at_once() -> list[Any]:
        return await asyncio.gather(
            *(core.db.write(transaction(one)) for one in each), return_exceptions=True
        )

    return core.run(all_at_once())


def outcomes(results: list[Any]) -> list[str]:
    return sorted(one.state if isinstance(one, LookRow) else one.code for one in results)
