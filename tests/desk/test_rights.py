"""Who may read what (I7): every query answers by organisation, role and team, and everybody else finds nothing."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from balie.desk import contacts, conversations, drafts, pages, roster
from balie.desk.access import Access, find_access
from balie.desk.model import Conversation, PageView
from balie.engine.ports import Tx
from balie.lib import ids
from balie.lib.errors import BalieError, NotFoundError
from core import Core

T = TypeVar("T")
SEES = {
    "sanne": {"site", "engineers"},
    "daan": {"site", "engineers"},
    "fatima": {"site"},
    "tom": {"site", "engineers"},
    "eva": {"other"},
    "joris": {"other"},
}


@pytest.fixture
def homes(core: Core) -> dict[str, str]:
    """A conversation in each inbox, and one of the other organisation."""
    stroom, gracht = core.cast.stroom, core.cast.gracht
    return {
        "site": core.says(core.visit(inbox=stroom.site), "Rekening").conversation,
        "engineers": core.says(core.visit(inbox=stroom.engineers), "Storing").conversation,
        "other": core.says(core.visit(gracht), "Elders").conversation,
    }


def access_of(core: Core, name: str) -> Access:
    return core.access(core.cast.gracht if name in core.cast.gracht.agents else core.cast.stroom, name)


@pytest.mark.parametrize("name", SEES)
def test_lists_hold_what_the_role_and_team_allow(core: Core, homes: dict[str, str], name: str) -> None:
    access = access_of(core, name)
    allowed = {homes[where] for where in SEES[name]}
    queries: list[Callable[[Any], list[Conversation]]] = [
        lambda tx: conversations.open_conversations(tx, access),
        lambda tx: conversations.view(tx, access, "all", 100),
        lambda tx: conversations.view(tx, access, "unassigned", 100),
    ]
    for query in queries:
        assert {one.id for one in core.read(query)} == allowed
    for where, home in homes.items():
        of_contact = core.read(in_home(conversations_of_same_contact, access, home))
        assert {one.id for one in of_contact} == ({home} if where in SEES[name] else set())


def conversations_of_same_contact(tx: Any, access: Access, home: str) -> list[Conversation]:
    contact = tx.one("select contact from conversation where id = ?", [home])[0]
    return conversations.of_contact(tx, access, contact)


def in_home(command: Callable[[Any, Access, str], T], access: Access, home: str) -> Callable[[Any], T]:
    return lambda writer: command(writer, access, home)


@pytest.mark.parametrize("name", SEES)
def test_one_conversation_is_found_or_does_not_exist(core: Core, homes: dict[str, str], name: str) -> None:
    access = access_of(core, name)
    commands: list[Callable[[Any, Access, str], Any]] = [
        lambda writer, access, home: conversations.one(writer.tx, access, home),
        conversations.reach,
        conversations.close,
        conversations.reopen,
        lambda writer, access, home: conversations.assign(writer, access, home, access.agent),
    ]
    for where, home in homes.items():
        before = core.log_of(home)
        for command in commands:
            if where in SEES[name]:
                core.do(in_home(command, access, home))
            else:
                with pytest.raises(NotFoundError):
                    core.do(in_home(command, access, home))
        assert (core.log_of(home) == before) is (where not in SEES[name])


def test_closed_conversations_are_no_back_door(core: Core, homes: dict[str, str]) -> None:
    for name, where in (("sanne", "site"), ("sanne", "engineers"), ("eva", "other")):
        core.do(in_home(conversations.close, access_of(core, name), homes[where]))
    for name, sees in SEES.items():
        found = core.read(in_home(closed, access_of(core, name), ""))
        assert {one.id for one in found} == {homes[where] for where in sees}


def closed(tx: Any, access: Access, _: str) -> list[Conversation]:
    return conversations.view(tx, access, "closed", 100)


def test_mine_is_mine_and_nobody_elses(core: Core, homes: dict[str, str]) -> None:
    tom, sanne = access_of(core, "tom"), access_of(core, "sanne")
    core.do(lambda writer: conversations.assign(writer, sanne, homes["engineers"], tom.agent))
    assert [one.id for one in core.read(lambda tx: conversations.view(tx, tom, "mine", 10))] == [
        homes["engineers"]
    ]
    assert core.read(lambda tx: conversations.view(tx, sanne, "mine", 10)) == []


@pytest.mark.parametrize(("who", "where"), [("fatima", "engineers"), ("eva", "site"), ("nobody", "site")])
def test_a_conversation_goes_only_to_somebody_who_may_read_it(
    core: Core, homes: dict[str, str], who: str, where: str
) -> None:
    agent = ids.new_id(ids.AGENT) if who == "nobody" else access_of(core, who).agent
    sanne = access_of(core, "sanne")
    with pytest.raises(BalieError) as caught:
        core.do(lambda writer: conversations.assign(writer, sanne, homes[where], agent))
    assert caught.value.code == "agent_unknown"


def test_a_conversation_does_not_go_to_somebody_who_left(core: Core, homes: dict[str, str]) -> None:
    sanne, tom = access_of(core, "sanne"), access_of(core, "tom")
    core.do(
        lambda writer: roster.change_agent(writer, sanne.organisation, sanne.actor, tom.agent, active=False)
    )
    assert core.read(lambda tx: find_access(tx, tom.agent)) is None
    with pytest.raises(BalieError):
        core.do(lambda writer: conversations.assign(writer, sanne, homes["engineers"], tom.agent))


@pytest.mark.parametrize("name", SEES)
def test_inboxes_agents_and_contacts_stop_at_the_organisation(
    core: Core, homes: dict[str, str], name: str
) -> None:
    access = access_of(core, name)
    office = core.cast.gracht if name in core.cast.gracht.agents else core.cast.stroom
    assert {one.id for one in core.read(lambda tx: roster.agents(tx, access.organisation))} == {
        agent.id for agent in office.agents.values()
    }
    readable = {one.id for one in core.read(lambda tx: roster.inboxes(tx, access))}
    expected = {office.site.id} | ({office.engineers.id} if name != "fatima" else set())
    assert readable == expected
    foreign = core.row(homes["site" if office is core.cast.gracht else "other"]).contact
    with pytest.raises(NotFoundError):
        core.read(lambda tx: contacts.find(tx, access.organisation, foreign))


def test_drafts_are_their_authors_alone(core: Core, homes: dict[str, str]) -> None:
    sanne, daan = access_of(core, "sanne"), access_of(core, "daan")
    core.write(lambda tx: drafts.save(tx, sanne, homes["site"], "message", "Beste", core.clock.now()))
    assert [one.text for one in core.read(lambda tx: drafts.of_agent(tx, sanne))] == ["Beste"]
    assert core.read(lambda tx: drafts.of_agent(tx, daan)) == []


def test_the_trail_of_pages_stops_at_the_organisation(core: Core, homes: dict[str, str]) -> None:
    visit = core.visit()
    core.says(visit, "Hallo")
    page = PageView(url="https://www.groenestroom.example/jaarnota", title="Jaarnota", at=core.clock.now())
    core.write(lambda tx: pages.add(tx, visit.organisation, visit.visitor, ids.new_cid(), page))
    contact = core.contact(visit)
    assert core.read(lambda tx: pages.last_visit(tx, visit.organisation, contact)).pages == [page]
    other = core.cast.gracht.organisation.id
    assert core.read(lambda tx: pages.last_visit(tx, other, contact)).pages == []


def test_a_browser_that_never_stops_walking_keeps_a_bounded_trail(core: Core, homes: dict[str, str]) -> None:
    visit = core.visit()
    core.says(visit, "Hallo")

    def walk(tx: Tx) -> str:
        last = ""
        for number in range(2 * pages.KEPT):
            last = ids.new_cid()
            page = PageView(url=f"https://www.groenestroom.example/{number}", title="", at=number)
            pages.add(tx, visit.organisation, visit.visitor, last, page)
        return last

    core.write(walk)
    kept = core.read(lambda tx: tx.one("select count(*) from page_view where visitor = ?", [visit.visitor]))
    assert kept is not None
    assert kept[0] <= pages.KEPT
    contact = core.contact(visit)
    seen = core.read(lambda tx: pages.last_visit(tx, visit.organisation, contact))
    assert [page.at for page in seen.pages] == [2 * pages.KEPT - 1]


def test_a_changed_inbox_is_told_to_those_who_may_read_it(core: Core) -> None:
    sanne = access_of(core, "sanne")
    engineers = core.cast.stroom.engineers.id
    core.do(lambda writer: roster.change_inbox(writer, sanne, engineers, name="Monteurs"))
    told = core.read(lambda tx: tx.one("select inbox from fact where kind = 'inbox_changed'"))
    assert told == (engineers,)
