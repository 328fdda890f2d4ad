"""The feed: each session hears what it may hear, in order, once, and only what was committed (I4, I5)."""

import pytest

from balie.desk import conversations, log
from core import Core
from viewer import Browser, Console


@pytest.fixture
def consoles(core: Core) -> dict[str, Console]:
    """A console each: sanne reads all, fatima the website's inbox, eva another organisation."""
    stroom, gracht = core.cast.stroom, core.cast.gracht
    consoles = {
        "sanne": Console(stroom.organisation.id, stroom.agents["sanne"].id, None),
        "fatima": Console(stroom.organisation.id, stroom.agents["fatima"].id, frozenset({stroom.site.id})),
        "eva": Console(gracht.organisation.id, gracht.agents["eva"].id, None),
    }
    for console in consoles.values():
        core.feed.add_agent(console)
    return consoles


def test_agents_hear_the_inboxes_they_may_read_and_no_other(core: Core, consoles: dict[str, Console]) -> None:
    stroom = core.cast.stroom
    site = core.says(core.visit(inbox=stroom.site), "Rekening").conversation
    storing = core.says(core.visit(inbox=stroom.engineers), "Storing").conversation
    other = core.says(core.visit(core.cast.gracht), "Elders").conversation
    heard = {name: {fact.stream for fact in console.facts} for name, console in consoles.items()}
    assert heard == {"sanne": {site, storing}, "fatima": {site}, "eva": {other}}


def test_facts_of_one_batch_come_in_the_order_of_the_log(core: Core, consoles: dict[str, Console]) -> None:
    visits = [core.visit() for _ in range(10)]
    core.receive(*[core.inbound(visit, str(n)) for n in range(5) for visit in visits])
    assert [fact.pos for fact in consoles["sanne"].facts] == sorted(
        fact.pos for fact in consoles["sanne"].facts
    )
    assert len(consoles["sanne"].facts) == 60


def test_a_visitor_hears_its_conversation_from_its_first_fact_on(core: Core) -> None:
    visit = core.visit()
    tabs = [Browser(visit.organisation, visit.visitor, visit.inbox, None) for _ in range(2)]
    for tab in tabs:
        core.feed.add_visitor(tab)
    home = core.says(visit, "Hallo").conversation
    for tab in tabs:
        assert [fact.kind for fact in tab.log[home]] == ["conversation_opened", "message_added"]


def test_a_visitor_hears_nothing_of_others(core: Core) -> None:
    one, other = core.visit(), core.visit()
    tab = Browser(one.organisation, one.visitor, one.inbox, None)
    core.feed.add_visitor(tab)
    core.says(one, "Hallo")
    before = tab.bytes
    core.says(other, "Geheim van een ander")
    core.says(core.visit(core.cast.gracht), "Geheim van elders")
    assert tab.bytes == before


def test_a_note_reaches_the_visitor_as_a_number_and_nothing_else(core: Core) -> None:
    sanne, visit = core.access(core.cast.stroom, "sanne"), core.visit()
    tab = Browser(visit.organisation, visit.visitor, visit.inbox, None)
    core.feed.add_visitor(tab)
    home = core.says(visit, "Hallo").conversation
    before = len(tab.bytes)
    core.answers(sanne, home, "Lastige klant", note=True)
    note = tab.bytes[before:]
    assert tab.rows[home].seq == 3
    assert b"hidden" in note
    for secret in (b"Lastige", b"note", sanne.agent.encode(), sanne.name.encode()):
        assert secret not in note


def test_what_was_rolled_back_reaches_nobody(core: Core, consoles: dict[str, Console]) -> None:
    sanne = core.access(core.cast.stroom, "sanne")
    home = core.says(core.visit(), "Hallo").conversation
    heard = len(consoles["sanne"].facts)

    def half_done(writer: log.Writer) -> None:
        conversations.close(writer, sanne, home)
        writer.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        core.do(half_done)
    assert len(consoles["sanne"].facts) == heard
    assert core.row(home).status == "open"


def test_who_left_hears_nothing_more(core: Core, consoles: dict[str, Console]) -> None:
    visit = core.visit()
    tab = Browser(visit.organisation, visit.visitor, visit.inbox, None)
    core.feed.add_visitor(tab)
    core.says(visit, "een")
    core.feed.remove_visitor(tab)
    core.feed.remove_agent(consoles["sanne"])
    heard = (len(consoles["sanne"].facts), len(tab.bytes))
    core.says(visit, "twee")
    assert (len(consoles["sanne"].facts), len(tab.bytes)) == heard


def test_a_reader_who_leaves_while_being_told_spoils_nothing_for_the_others(core: Core) -> None:
    visit = core.visit()

    class Leaver(Browser):
        def take(self, entry: log.Appended) -> None:
            core.feed.remove_visitor(self)

    leaver = Leaver(visit.organisation, visit.visitor, visit.inbox, None)
    tabs = [Browser(visit.organisation, visit.visitor, visit.inbox, None) for _ in range(3)]
    for tab in [leaver, *tabs]:
        core.feed.add_visitor(tab)
    home = core.says(visit, "Hallo").conversation
    assert [len(tab.log[home]) for tab in tabs] == [2, 2, 2]
