"""A visitor's token: unguessable, stored as a hash, bound to its site, rotated without losing anybody (threat S2)."""

import pytest

from balie.desk import visitors
from balie.lib.errors import NotSignedInError
from core import Core

SITE = "https://www.groenestroom.example"


def found(core: Core, token: str, site: str = SITE) -> visitors.Visitor:
    return core.read(lambda tx: visitors.find(tx, core.clock.now(), token, site))


def refreshed(core: Core, token: str) -> visitors.Issued:
    return core.write(lambda tx: visitors.refresh(tx, core.clock.now(), token, SITE))


def test_a_token_finds_its_visitor_from_its_own_site_only(core: Core) -> None:
    visit = core.visit()
    assert found(core, visit.token).id == visit.visitor
    for site in ("", "https://evil.example", "http://www.groenestroom.example", f"{SITE}:8443"):
        with pytest.raises(NotSignedInError):
            found(core, visit.token, site)


@pytest.mark.parametrize("token", ["", "x", "' or 1=1 --", "A" * 43, "\ud800"])
def test_a_forged_token_finds_nobody(core: Core, token: str) -> None:
    core.visit()
    with pytest.raises(NotSignedInError):
        found(core, token)


def test_the_database_does_not_hold_the_token(core: Core) -> None:
    visit = core.visit()
    row = core.read(lambda tx: tx.one("select * from visitor where id = ?", [visit.visitor]))
    assert row is not None
    assert all(
        visit.token.encode() not in (bytes(c) if isinstance(c, bytes) else str(c).encode()) for c in row
    )


def test_a_token_is_rotated_once_a_day_and_the_old_one_stays_good_for_ten_minutes(core: Core) -> None:
    visit = core.visit()
    assert refreshed(core, visit.token).token is None
    core.clock.advance(86_401)
    fresh = refreshed(core, visit.token).token
    assert fresh is not None
    assert fresh != visit.token
    core.clock.advance(9 * 60)
    assert found(core, visit.token).id == found(core, fresh).id == visit.visitor
    core.clock.advance(2 * 60)
    assert found(core, fresh).id == visit.visitor
    with pytest.raises(NotSignedInError):
        found(core, visit.token)


def test_an_answer_lost_on_the_way_costs_nobody_the_conversation(core: Core) -> None:
    """The browser never saw the new token and comes back with the old one."""
    visit = core.visit()
    core.clock.advance(86_401)
    refreshed(core, visit.token)
    core.clock.advance(5)
    again = refreshed(core, visit.token)
    assert again.token is not None
    assert found(core, again.token).id == visit.visitor


def test_an_old_visitor_is_forgotten(core: Core) -> None:
    visit = core.visit()
    core.clock.advance(181 * 86_400)
    with pytest.raises(NotSignedInError):
        found(core, visit.token)
