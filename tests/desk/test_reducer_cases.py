"""The reducer against the cases that it shares with ``web/state``: both read tests/cases/reducer."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from balie.desk.facts import HIDDEN, KINDS, Fact
from balie.desk.model import Conversation
from viewer import play, row_of

CASES = Path(__file__).parents[1] / "cases" / "reducer"


class Case(msgspec.Struct):
    name: str
    before: Conversation | None
    fact: Fact
    after: Conversation


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.json")):
        for case in msgspec.json.decode(path.read_bytes(), type=list[Case]):
            found.append(pytest.param(case, id=f"{path.stem}: {case.name}"))
    return found


@pytest.mark.parametrize("case", cases())
def test_the_row_after_the_fact(case: Case) -> None:
    row = play(row_of(case.before) if case.before else None, case.fact)
    contact = case.before.contact if case.before else case.after.contact
    assert row.noun(contact) == case.after


def test_there_is_a_case_for_every_fact_of_a_conversation() -> None:
    told = {param.values[0].fact.kind for param in cases()}
    assert told >= {kind.name for kind in KINDS.values() if kind.home == "conversation"} | {HIDDEN}
