"""The schema: from nothing to today's, twice without harm, and equal to the tables that the code speaks of."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import balie.desk.due_tables
import balie.edge.tables
import balie.features.cobrowse.tables
import balie.features.replies.tables
import balie.features.webhooks.tables  # noqa: F401 - each slice adds its tables to the one metadata
from balie import app
from balie.desk.tables import metadata
from balie.engine.migrate import migrate
from balie.engine.revisions import missing
from core import settings_for


@pytest.fixture
def url(tmp_path: Path) -> str:
    return settings_for(tmp_path).database


def test_from_empty_to_today_and_a_second_time_nothing(url: str) -> None:
    assert missing(url, app.MIGRATIONS)
    applied = migrate(url, app.MIGRATIONS)
    assert {name.partition("_")[0] for name in applied} == {line.parent.name for line in app.MIGRATIONS}
    assert applied.index("desk_0001") < applied.index("edge_0001")
    assert missing(url, app.MIGRATIONS) == []
    assert migrate(url, app.MIGRATIONS) == []


def test_the_migrations_make_exactly_the_tables_of_the_code(url: str) -> None:
    migrate(url, app.MIGRATIONS)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": _defaults_differ}
        )
        assert compare_metadata(context, metadata) == []
        stored = set(sa.inspect(connection).get_table_names())
        assert stored - {"alembic_version"} == set(metadata.tables)
    engine.dispose()


@pytest.mark.parametrize("line", app.MIGRATIONS, ids=lambda place: place.parent.name)
def test_each_slice_keeps_a_line_of_its_own(line: Path) -> None:
    """One root, one head, one label that is the slice's name: a slice taken out takes its line with it."""
    scripts = ScriptDirectory.from_config(_config(app.MIGRATIONS))
    revisions = [one for one in scripts.walk_revisions() if Path(one.path).parent == line]
    assert len([one for one in revisions if one.down_revision is None]) == 1
    assert len([one for one in revisions if not one.nextrev]) == 1
    assert all(one.revision.startswith(f"{line.parent.name}_") for one in revisions)
    assert all(line.parent.name in one.branch_labels for one in revisions)


def test_every_database_has_a_history_of_its_own(tmp_path: Path) -> None:
    epochs = set()
    for name in ("one", "two"):
        url = f"sqlite:///{tmp_path / name}.db"
        migrate(url, app.MIGRATIONS)
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            epochs.add(connection.execute(sa.text("select epoch from history")).scalar_one())
        engine.dispose()
    assert len(epochs) == 2


def test_the_database_itself_refuses_what_would_break_the_log(url: str) -> None:
    """The unique keys have the last word, also when a command forgot to look (I2, I3)."""
    migrate(url, app.MIGRATIONS)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        columns = (
            "(position, organisation, stream, seq, at, kind, actor_kind, actor, actor_name, digest, chain)"
            " values (:position, 'o', 's', :seq, 0, 'k', 'agent', 'a', 'A', x'00', x'00')"
        )
        insert = sa.text(f"insert into fact {columns}")
        connection.execute(insert, {"position": 1, "seq": 1})
        for taken in ({"position": 2, "seq": 1}, {"position": 1, "seq": 2}):
            with pytest.raises(sa.exc.IntegrityError):
                connection.execute(insert, taken)
        message = sa.text(
            "insert into message (organisation, inbox, sender, external_id, conversation, seq, at)"
            " values ('o', 'i', 's', 'x', :conversation, 1, 0)"
        )
        connection.execute(message, {"conversation": "c1"})
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(message, {"conversation": "c2"})
    engine.dispose()


def _defaults_differ(
    context: Any, stored: Any, column: Any, in_database: str | None, in_code: Any, rendered: str | None
) -> bool:
    def plain(text: str | None) -> str | None:
        return None if text is None else text.strip("'\"()")

    return plain(in_database) != plain(rendered)


def _config(lines: Sequence[Path]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(lines[0].parent))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, lines)))
    return config
