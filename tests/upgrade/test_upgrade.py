"""From the first schema to today's: nothing is lost, and the program of that day still works on it."""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory

from balie import __version__, app
from balie.engine import migrate
from balie.engine.revisions import missing
from balie.engine.whole import Shape, whole
from balie.keep.verify import Wanted, verify
from core import ENGINES, Core, settings_for
from keep.offices import contents, empty_place, forget
from upgrade.record_first import FIRST
from upgrade.rules import broken, may_contract, schema_of

HERE = Path(__file__).parent / "first"
PLANTED = """
import sqlalchemy as sa
from alembic import op

revision = "replies_9999"
down_revision = {before!r}
branch_labels = None
depends_on = None
{marker}


def upgrade() -> None:
    {change}
"""


@pytest.fixture(params=ENGINES)
def first(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The office of the first schema, on each engine."""
    url = empty_place(request.param, tmp_path)
    text = (HERE / f"office.{request.param}.sql").read_text("utf-8")
    if request.param == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
            connection.executescript(text)
    else:
        with psycopg.connect(url) as postgres:
            postgres.execute(text.encode())
    yield url
    forget(url)


def shapes(url: str) -> dict[str, list[Any]]:
    with whole(url).snapshot() as reader:
        return {shape.name: list(shape.columns) for shape in reader.shapes()}


def test_a_revision_is_never_edited_after_its_release(first: str, tmp_path: Path) -> None:
    """What the first revisions make today is what they made then."""
    again = empty_place("sqlite" if first.startswith("sqlite:") else "postgres", tmp_path)
    with migrate.opened(again, "begin immediate") as connection, connection.begin():
        migrate.upgrade(connection, app.MIGRATIONS, FIRST)
        made = schema_of(connection)
    with migrate.opened(first) as connection:
        stored = schema_of(connection)
    forget(again)
    assert made == stored, "before the first release run python -m upgrade.record_first in tests/"


def test_an_office_of_the_first_schema_comes_through_whole(first: str) -> None:
    before = contents(first)
    columns = shapes(first)
    assert migrate.migrate(first, app.MIGRATIONS)
    assert missing(first, app.MIGRATIONS) == []
    with whole(first).snapshot() as reader:
        shared = [Shape(name, kinds) for name, kinds in columns.items() if name in before]
        for shape in shared:
            names = sorted(column.name for column in shape.columns)
            rows = [tuple(row) for row in reader.all(f"select {', '.join(names)} from {shape.name}")]
            assert sorted(rows, key=repr) == sorted(_plain(before[shape.name], rows), key=repr)
    report = verify(first, Wanted())
    assert report.well, report
    assert (report.conversations, report.keys) == (2, 10)


def test_the_program_of_the_first_schema_goes_on_during_a_rolling_upgrade(first: str) -> None:
    """Its session, statement by statement, on today's schema; and then today's program on what it wrote."""
    migrate.migrate(first, app.MIGRATIONS)
    core = Core(settings_for(Path(), first))
    lines = [json.loads(line) for line in (HERE / "session.jsonl").read_text("utf-8").splitlines()]
    for what, sql, params in lines:
        values = [bytes.fromhex(one["hex"]) if isinstance(one, dict) else one for one in params]
        if what == "execute":
            assert core.write(lambda tx, sql=sql, values=values: tx.execute(sql, values)) >= 0  # type: ignore[misc]
        else:
            core.read(lambda tx, sql=sql, values=values: tx.all(sql, values))  # type: ignore[misc]
    report = verify(first, Wanted())
    assert report.well, report
    assert (report.conversations, report.keys) == (3, 15)
    home = core.read(lambda tx: tx.all("select id from conversation order by number desc"))[0][0]
    assert core.texts(home)[0] == "Mijn meterstand klopt niet later"
    core.close()


# Expand, then contract


def steps(url: str, lines: Sequence[Path], known: set[str]) -> list[str]:
    """Bring the database, which has the revisions ``known``, on one by one; what each breaks."""
    found = []
    scripts = ScriptDirectory.from_config(migrate._config(lines))
    with migrate.opened(url, "begin immediate") as connection, connection.begin():
        for script in reversed(list(scripts.walk_revisions("base", "heads"))):
            if script.revision not in known:
                before = schema_of(connection)
                migrate.upgrade(connection, lines, [script.revision])
                if not may_contract(script):
                    found += broken(before, schema_of(connection))
    return found


def test_no_revision_takes_away_what_the_version_before_it_needs(tmp_path: Path) -> None:
    url = empty_place("sqlite", tmp_path)
    with migrate.opened(url, "begin immediate") as connection, connection.begin():
        migrate.upgrade(connection, app.MIGRATIONS, FIRST)
    assert steps(url, app.MIGRATIONS, {"desk_0001", *FIRST}) == []


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("today")
    app.migrate_database(settings_for(folder))
    return folder / "balie.db"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("op.drop_table('reply')", "reply is gone"),
        ("op.rename_table('reply', 'canned_reply')", "reply is gone"),
        ("op.drop_column('contact', 'phone')", "contact.phone is gone"),
        ("op.alter_column('contact', 'phone', new_column_name='telephone')", "contact.phone is gone"),
        (
            "op.execute(sa.text('alter table contact rename column phone to telephone'))",
            "contact.phone is gone",
        ),
        (
            "op.execute(sa.text('drop table reply')); op.create_table('reply', sa.Column('id', sa.Text()))",
            "reply.shortcut is gone",
        ),
        (
            "op.execute(sa.text('create unique index one_name on contact (name)'))",
            "contact asks for unique name",
        ),
        (
            "op.create_table('box', sa.Column('id', sa.Text()));"
            "op.execute(sa.text('drop table stream')); op.create_table('stream', sa.Column('id', sa.String(30)),"
            "sa.Column('organisation', sa.String(30)), sa.Column('seq', sa.Integer()),"
            "sa.Column('chain', sa.LargeBinary(32)), sa.Column('more', sa.Integer(), nullable=False))",
            "stream.more must be given",
        ),
    ],
)
def test_a_revision_that_does_is_told(tmp_path: Path, today: Path, change: str, word: str) -> None:
    assert word in planted(tmp_path, today, change)


@pytest.mark.parametrize(("since", "refused"), [("0.0.9", False), ("99.0.0", True), (__version__, True)])
def test_a_revision_may_once_a_released_version_did_without(
    tmp_path: Path, today: Path, since: str, refused: bool
) -> None:
    told = planted(tmp_path, today, "op.drop_table('reply')", f'contracts = "{since}"')
    assert ("reply is gone" in told) == refused


def planted(folder: Path, today: Path, change: str, marker: str = "") -> list[str]:
    """What is said of one more revision."""
    replies = next(place for place in app.MIGRATIONS if place.parent.name == "replies")
    copy = folder / "replies"
    shutil.copytree(replies, copy, ignore=shutil.ignore_patterns("__pycache__"))
    lines = [copy if place == replies else place for place in app.MIGRATIONS]
    known = {one.revision for one in ScriptDirectory.from_config(migrate._config(lines)).walk_revisions()}
    head = max(one for one in known if one.startswith("replies_"))
    (copy / "m9999_planted.py").write_text(PLANTED.format(before=head, marker=marker, change=change))
    shutil.copyfile(today, folder / "balie.db")
    return steps(f"sqlite:///{folder / 'balie.db'}", lines, known)


def _plain(old: list[tuple[Any, ...]], new: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Booleans as the engine has them."""
    whole_numbers = bool(new) and not any(isinstance(value, bool) for row in new for value in row)
    return [tuple(int(v) if isinstance(v, bool) and whole_numbers else v for v in row) for row in old]
