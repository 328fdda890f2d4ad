"""The log: numbered without gaps, chained, checkable after a text was erased, and impossible to change unnoticed."""

import sqlite3

import psycopg
import pytest

from balie.desk import contacts, conversations, log
from balie.engine.ports import Tx
from core import Core


@pytest.fixture
def home(core: Core) -> str:
    """A conversation with a bit of everything."""
    sanne, visit = core.access(core.cast.stroom, "sanne"), core.visit()
    home = core.says(visit, "Hallo").conversation
    core.do(lambda writer: conversations.assign(writer, sanne, home, sanne.agent))
    core.answers(sanne, home, "Goedemiddag")
    core.answers(sanne, home, "Lastige klant", note=True)
    core.do(lambda writer: conversations.close(writer, sanne, home))
    core.says(visit, "Nog iets")
    return home


def broken_at(core: Core, stream: str) -> int:
    return core.read(lambda tx: log.verify(tx, stream))


def test_a_log_that_nobody_touched_verifies(core: Core, home: str) -> None:
    assert [seq for seq, _ in core.log_of(home)] == list(range(1, 9))
    assert broken_at(core, home) == 0


def test_the_organisations_stream_is_numbered_and_chained_too(core: Core, home: str) -> None:
    sanne = core.access(core.cast.stroom, "sanne")
    contact = core.row(home).contact

    def rename(name: str) -> None:
        core.do(lambda writer: contacts.change(writer, sanne.organisation, sanne.actor, contact, name=name))

    for name in ("Marieke de Wit", "Marieke de Wit", "Marieke Zwart"):
        rename(name)
    kinds = [kind for _, kind in core.log_of(sanne.organisation)]
    assert kinds == ["agent_changed"] * 4 + ["contact_changed"] * 2
    assert broken_at(core, sanne.organisation) == 0


@pytest.mark.parametrize(
    ("change", "values"),
    [
        ("body = replace(body, 'Goedemiddag', 'Goedemorgen')", []),
        ("body = substr(body, 1, length(body) - 2) || ' }'", []),
        ("at = at + 1", []),
        ("actor = 'agt_someone'", []),
        ("kind = 'note_added'", []),
        ("salt = ?", [b"sixteen bytes it"]),
        ("digest = ?", [bytes(32)]),
        ("chain = ?", [bytes(32)]),
        ("seq = 40", []),
    ],
)
def test_any_change_of_a_stored_fact_is_found(
    core: Core, home: str, change: str, values: list[bytes]
) -> None:
    seq = 4
    assert (
        core.write(
            lambda tx: tx.execute(
                f"update fact set {change} where stream = ? and seq = ?", [*values, home, seq]
            )
        )
        == 1
    )
    assert broken_at(core, home) in (4, 5, 40)


def test_a_fact_cut_out_or_slipped_in_is_found(core: Core, home: str) -> None:
    core.write(lambda tx: tx.execute("delete from fact where stream = ? and seq = 3", [home]))
    assert broken_at(core, home) == 4
    columns = "organisation, inbox, at, kind, actor_kind, actor, actor_name, body, salt, digest, chain"
    core.write(
        lambda tx: tx.execute(
            f"insert into fact (position, stream, seq, {columns}) select 900, stream, 3, {columns} from fact"
            " where stream = ? and seq = 4",
            [home],
        )
    )
    assert broken_at(core, home) == 3


def test_an_erased_text_leaves_the_chain_checkable(core: Core, home: str) -> None:
    core.write(
        lambda tx: tx.execute(
            "update fact set body = null, salt = null where stream = ? and kind = 'message_added'", [home]
        )
    )
    assert broken_at(core, home) == 0
    entries, more = core.read(lambda tx: log.tail(tx, home, 100))
    assert not more
    assert [entry.raw for entry in entries if entry.kind == "message_added"] == [b"{}"] * 3
    core.write(lambda tx: tx.execute("update fact set at = at + 1 where stream = ? and seq = 2", [home]))
    assert broken_at(core, home) == 2


def test_the_row_holds_the_head_of_the_chain(core: Core, home: str) -> None:
    last = core.read(
        lambda tx: tx.one("select seq, chain from fact where stream = ? order by seq desc", [home])
    )
    row = core.row(home)
    assert last is not None
    assert (row.seq, row.chain) == (last[0], bytes(last[1]))


def test_a_digest_does_not_give_a_short_text_away(core: Core) -> None:
    """Salted: two equal texts have different digests, so an erased "ja" cannot be guessed back."""
    visit = core.visit()
    cids = [core.says(visit, "ja").seq for _ in range(2)]
    digests = core.read(lambda tx: tx.all("select digest from fact where kind = 'message_added'"))
    assert len(cids) == len({bytes(row[0]) for row in digests})


def test_positions_are_unique_and_rise_with_every_commit(core: Core, home: str) -> None:
    positions = [entry.position for entry in core.facts()]
    assert positions == sorted(set(positions))
    assert positions[-1] == core.read(log.position)


def test_a_page_of_the_log_ends_before_the_seq_it_was_asked_for(core: Core, home: str) -> None:
    page, more = core.read(lambda tx: log.tail(tx, home, 2, before=5))
    assert ([entry.seq for entry in page], more) == ([3, 4], True)
    page, more = core.read(lambda tx: log.tail(tx, home, 10, before=3))
    assert ([entry.seq for entry in page], more) == ([1, 2], False)


def test_the_database_takes_no_second_fact_of_the_same_number(core: Core, home: str) -> None:
    def doubled(tx: Tx) -> None:
        tx.execute("update fact set seq = 2 where stream = ? and seq = 3", [home])

    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        core.write(doubled)
    assert broken_at(core, home) == 0
