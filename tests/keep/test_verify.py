"""``balie verify``: whatever is not as it was written is found and named, and nothing else is."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from offices import talk

from balie.desk import conversations
from balie.keep.verify import Report, UnknownError, Wanted, verify
from core import Core, Template


class Office:
    """Ten short conversations on disk, and what a check says of them. ``now``: when all was said."""

    def __init__(self, path: Path, homes: list[str], now: int) -> None:
        self.path = path
        self.homes = homes
        self.now = now

    def check(self, path: Path | None = None, jobs: int = 1, **wanted: Any) -> Report:
        return verify(f"sqlite:///{path or self.path}", Wanted(**wanted), jobs=jobs)

    def change(self, *sql: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for one in sql:
                assert connection.execute(one).rowcount > 0, one

    def told(self, **wanted: Any) -> list[str]:
        return [str(damage) for damage in self.check(**wanted).damage]


@pytest.fixture(scope="module")
def built(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("built")
    core = template.copy(folder)
    sanne = core.access(core.cast.stroom, "sanne")
    homes: list[str] = []
    for n in range(10):
        visit = core.visit()
        home = core.says(visit, f"Mijn meterstand van week {n} klopt niet").conversation
        core.answers(sanne, home, f"Ik kijk even mee naar aansluiting {n}")
        core.answers(sanne, home, f"Was vorige week ook al aan de lijn ({n})", note=True)
        core.says(visit, f"Dank u wel, tot week {n + 1}")
        homes.append(home)
    core.do(lambda writer: conversations.close(writer, sanne, homes[3]))
    core.do(lambda writer: conversations.assign(writer, sanne, homes[4], sanne.agent))
    now = core.clock.now()
    core.close()
    return Office(folder / "balie.db", homes, now)


@pytest.fixture
def kept(built: Office, tmp_path: Path) -> Office:
    """A copy that a test may spoil."""
    shutil.copyfile(built.path, tmp_path / "balie.db")
    return Office(tmp_path / "balie.db", built.homes, built.now)


def test_what_nobody_touched_is_well(kept: Office) -> None:
    report = kept.check()
    assert report.well, report
    assert (report.conversations, report.keys, report.own_check_named) == (10, 40, "integrity_check")
    assert (
        report.facts == 10 * 5 + 2 + 6
    )  # opened and four messages each; one closed, one assigned; six agents
    assert kept.check(jobs=2).facts == report.facts


@pytest.mark.parametrize(
    ("change", "seq", "word"),
    [
        ("update fact set body = replace(body, 'aansluiting', 'omsluiting') where {} and seq = 3", 3, "content"),
        ("update fact set at = at + 1 where {} and seq = 3", 3, "changed, replaced or moved"),
        ("delete from fact where {} and seq = 3", 4, "fact 3 is missing before it"),
        ("delete from fact where {} and seq > 3", 0, "facts 4 to 5 are missing at its end"),
        ("delete from fact where {}", 0, "facts 1 to 5 are missing: its log is empty"),
        ("update conversation set seq = 4 where {}", 0, "its row knows 4 facts, its log has 5"),
        ("update conversation set chain = zeroblob(32) where {}", 0, "the chain of its row"),
        ("update fact set organisation = 'org_x' where {} and seq = 2", 2, "another organisation"),
        ("update fact set inbox = null where {} and seq = 2", 2, "another inbox"),
        ("update fact set salt = null where {} and seq = 2", 2, "half of it was erased"),
        ("update conversation set last = replace(last, 'Dank', 'Wank') where {}", 0, "not the last one of the log"),
        ("update conversation set assignee_actor = '{{' where {}", 0, "its row in the list cannot be read"),
        ("update conversation set status = 'closed' where {}", 0, "status or assignee"),
        ("delete from message where {} and seq = 3", 3, "its key is gone"),
        ("update message set seq = 2 where {} and seq = 3", 2, "a key leads here"),
        ("update message set seq = 1 where {} and seq = 3", 1, "a key leads here"),
    ],
)  # fmt: skip
def test_a_change_is_found_and_its_conversation_named(kept: Office, change: str, seq: int, word: str) -> None:
    home = kept.homes[6]
    column = {"fact": "stream", "conversation": "id", "message": "conversation"}
    table = next(name for name in column if f" {name} " in change)
    kept.change(change.format(f"{column[table]} = '{home}'"))
    told = kept.told()
    assert any(line.startswith(f"conversation 7 ({home}){f' at {seq}' if seq else ''}: ") for line in told)
    assert any(word in line for line in told), told
    assert all(home in line for line in told)


def test_facts_put_in_another_order_are_found(kept: Office) -> None:
    home = kept.homes[2]
    where = f"where stream = '{home}' and seq"
    kept.change(
        f"update fact set seq = 100 {where} = 3",
        f"update fact set seq = 3 {where} = 4",
        f"update fact set seq = 4 {where} = 100",
    )
    assert kept.told()[0].startswith(f"conversation 3 ({home}) at 3: it was changed, replaced or moved")


def test_a_fact_replaced_with_a_digest_that_fits_is_found(kept: Office) -> None:
    """Whoever forges a text and its digest still has the chain against them."""
    columns = "body, salt, digest"
    donor, home = kept.homes[:2]
    other = f"(select {columns} from fact where stream = '{donor}' and seq = 3)"
    kept.change(f"update fact set ({columns}) = {other} where stream = '{home}' and seq = 3")
    assert f"conversation 2 ({home}) at 3: it was changed" in kept.told()[0]


def test_a_log_whose_conversation_is_gone_is_found(kept: Office) -> None:
    kept.change(f"delete from conversation where id = '{kept.homes[9]}'")
    assert f"{kept.homes[9]}: a log without the row that belongs to it" in kept.told()


def test_the_streams_of_agents_and_organisation_are_checked_too(kept: Office) -> None:
    kept.change("update fact set body = replace(body, 'Sanne', 'Sonja') where stream like 'org_%'")
    assert [line.partition(":")[0].partition(" at ")[0][:4] for line in kept.told()] == ["org_"]


def test_an_erased_text_is_well(kept: Office) -> None:
    kept.change("update fact set body = null, salt = null where kind in ('message_added', 'note_added')")
    report = kept.check()
    assert report.well, report
    assert report.erased == 40


def test_of_a_hundred_flipped_bits_in_texts_none_goes_unnoticed(kept: Office, tmp_path: Path) -> None:
    """Most of them leave every page well-formed, so that the engine's own check does not see them."""
    whole = checkpointed(kept.path)
    words = [
        b"meterstand van week",
        b"even mee naar aansluiting",
        b"vorige week ook al",
        b"Dank u wel, tot week",
    ]
    places = [
        at + offset
        for word in words
        for at in _places(whole, word)
        for offset in range(len(word))
    ]  # fmt: skip
    chance = random.Random(7)
    unnoticed = 0
    damaged = tmp_path / "damaged.db"
    for place in chance.sample(places, 100):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        damaged.write_bytes(flipped)
        report = kept.check(damaged)
        unnoticed += report.well
        assert all(damage.stream in kept.homes for damage in report.damage)
    assert unnoticed == 0


def test_a_part_can_be_checked_alone(kept: Office) -> None:
    kept.change(f"update fact set at = at + 1 where stream = '{kept.homes[5]}' and seq = 3")
    assert kept.told(conversations=["1", "#2", kept.homes[2]]) == []
    assert len(kept.told(conversations=["6"])) == 1
    assert kept.check(organisation="Blauwe Gracht").well
    assert len(kept.told(organisation="Groene Stroom")) == 1
    assert kept.check(since=kept.now + 1).facts == 0
    report = kept.check(since=kept.now)
    assert (report.conversations, len(report.damage)) == (10, 1)
    for wrong in ({"conversations": ["99"]}, {"organisation": "Nergens"}):
        with pytest.raises(UnknownError):
            kept.check(**wrong)


def test_a_page_that_cannot_be_read_costs_only_the_conversations_on_it(kept: Office) -> None:
    whole = bytearray(checkpointed(kept.path))
    page = _places(bytes(whole), b"meterstand van week 5")[0] // 4096
    whole[page * 4096] = 0
    kept.path.write_bytes(whole)
    report = kept.check()
    assert report.own_check
    unreadable = {damage.stream for damage in report.damage}
    assert kept.homes[5] in unreadable
    assert 1 <= len(unreadable) <= 4
    assert all("the engine cannot read it" in damage.word for damage in report.damage)
    assert 58 - 6 * len(unreadable) <= report.facts < 58


def test_many_streams_are_checked_by_processes_side_by_side(
    kept: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("balie.keep.verify.STREAMS_AT_ONCE", 2)
    kept.change(f"update fact set at = at + 1 where stream = '{kept.homes[5]}' and seq = 3")
    report = kept.check(jobs=2)
    assert (report.facts, report.conversations, len(report.damage)) == (58, 10, 1)


def test_postgresql_is_checked_alike(core: Core) -> None:
    """Whatever the engine, also while it is open."""
    homes = talk(core)
    url = core.settings.database
    assert verify(url, Wanted()).well
    for change, word in (
        ("update fact set body = replace(body, 'Antwoord', 'Ander') where stream = ? and seq = 3", "at 3: its content"),
        ("delete from fact where stream = ? and seq = 4", "fact 4 is missing at its end"),
        ("delete from message where conversation = ? and seq = 2", "at 2: its key is gone"),
    ):  # fmt: skip
        home = homes.pop()
        core.write(lambda tx, change=change, home=home: tx.execute(change, [home]))  # type: ignore[misc]
        told = [str(damage) for damage in verify(url, Wanted()).damage if damage.stream == home]
        assert any(word in line for line in told), told


def checkpointed(path: Path) -> bytes:
    """The file with everything in it, nothing in its log beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return path.read_bytes()


def _places(whole: bytes, word: bytes) -> list[int]:
    found, at = [], whole.find(word)
    while at >= 0:
        found.append(at)
        at = whole.find(word, at + 1)
    return found
