"""Brings a database to the newest schema. Each slice keeps its own line of revisions in its own folder."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

_HERE = Path(__file__).parent / "migrations"


def migrate(url: str, locations: Sequence[Path]) -> list[str]:
    """Apply what is missing; the revisions applied, oldest first. Safe to run twice."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            applied: list[str] = []
            config = _config(locations)
            config.attributes["connection"] = connection
            config.attributes["on_applied"] = lambda step, **_: applied.append(step.up_revision_id)
            command.upgrade(config, "heads")
            connection.commit()
            return applied
    finally:
        engine.dispose()


def missing(url: str, locations: Sequence[Path]) -> list[str]:
    """The newest revisions that the database at ``url`` does not have yet."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            script = ScriptDirectory.from_config(_config(locations))
            heads = MigrationContext.configure(connection).get_current_heads()
            # A revision that others depend on is no head of the database any more, though it was applied.
            applied = {revision.revision for revision in script.iterate_revisions(heads, "base")}
            return sorted(set(script.get_heads()) - applied)
    finally:
        engine.dispose()


def _config(locations: Sequence[Path]) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option(
        "version_locations", ":".join(str(place).replace("%", "%%") for place in locations)
    )
    return config


def _engine(url: str) -> sa.Engine:
    return sa.create_engine(url)
