"""Changing the schema: wholly or not at all, once however many try, and never backwards."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from balie import app
from balie.engine.migrate import migrate
from balie.engine.ports import SchemaError, UnavailableError
from balie.engine.revisions import missing
from balie.engine.whole import whole
from core import ENGINES
from keep.offices import empty_place, forget

FAILING = """
import sqlalchemy as sa
from alembic import op

revision = "{name}"
down_revision = {before!r}
branch_labels = {labels!r}
depends_on = None


def upgrade() -> None:
    op.create_table("parcel_{name}", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute(sa.text("insert into parcel_{name} (id) values (1)"))
    {more}
"""


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    url = empty_place(request.param, tmp_path)
    yield url
    forget(url)


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """A line of revisions of which the second fails after it has changed something."""
    folder = tmp_path / "parcels"
    folder.mkdir()
    first = FAILING.format(name="parcels_0001", before=None, labels=("parcels",), more="")
    more = "op.execute(sa.text('insert into parcel_parcels_0002 (id) values (1)'))"
    second = FAILING.format(name="parcels_0002", before="parcels_0001", labels=None, more=more)
    (folder / "m0001_first.py").write_text(first)
    (folder / "m0002_second.py").write_text(second)
    return folder


def tables(url: str) -> set[str]:
    with whole(url).snapshot() as reader:
        return {shape.name for shape in reader.shapes()}


def test_a_revision_that_fails_half_way_leaves_the_old_schema(place: str, line: Path) -> None:
    migrate(place, app.MIGRATIONS)
    before = tables(place)
    with pytest.raises(SchemaError, match="is as it was"):
        migrate(place, [*app.MIGRATIONS, line])
    assert tables(place) == before
    assert missing(place, app.MIGRATIONS) == []
    (line / "m0002_second.py").unlink()
    assert migrate(place, [*app.MIGRATIONS, line]) == ["parcels_0001"]


def test_of_several_nodes_that_migrate_at_once_one_does_it(place: str) -> None:
    applied: list[list[str]] = []
    start = threading.Barrier(4)

    def node() -> None:
        start.wait()
        applied.append(migrate(place, app.MIGRATIONS))

    nodes = [threading.Thread(target=node) for _ in range(4)]
    for one in nodes:
        one.start()
    for one in nodes:
        one.join()
    assert sorted(map(bool, applied)) == [False, False, False, True]
    assert missing(place, app.MIGRATIONS) == []


def test_a_schema_that_is_newer_than_the_program_is_refused(place: str, line: Path) -> None:
    (line / "m0002_second.py").unlink()
    migrate(place, [*app.MIGRATIONS, line])
    for look in (migrate, missing):
        with pytest.raises(SchemaError, match=r"newer schema \(parcels_0001\)"):
            look(place, app.MIGRATIONS)


def test_an_address_that_leads_nowhere_is_told_as_such(tmp_path: Path) -> None:
    no_database = tmp_path / "text.db"
    no_database.write_text("Dit is geen database")
    for url in ("postgresql://127.0.0.1:1/x", "postgresql://[::1/x", f"sqlite:///{no_database}"):
        with pytest.raises(UnavailableError) as caught:
            migrate(url, app.MIGRATIONS)
        assert "\n" not in str(caught.value)
