"""Which revisions of the schema there are, and which of them a database lacks, read without Alembic: it and SQLAlchemy
take longer to import than the rest of a start, and a desk whose schema is up to date needs neither."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from balie.engine.ports import DamagedError, SchemaError, UnavailableError
from balie.engine.whole import whole

Graph = Mapping[str, Sequence[str]]
"""Revision → those that must be applied before it."""


def missing(url: str, locations: Sequence[Path]) -> list[str]:
    """The newest revisions that the database at ``url`` does not have yet. UnavailableError when it cannot be reached,
    SchemaError when its schema is newer than ``locations``."""
    graph = read_graph(locations)
    stored = _stored(url)
    refuse_newer(stored, graph)
    # Of a line that others depend on, the database names only those: applied is also all that stands before them.
    return sorted(_heads(graph) - _with_all_before(stored, graph))


def refuse_newer(stored: Iterable[str], graph: Graph) -> None:
    """SchemaError when ``stored``, the revisions that a database names, are not all in ``graph``."""
    newer = unknown(stored, graph)
    if newer:
        raise SchemaError(
            f"The database has a newer schema ({', '.join(newer)}) than this version of Balie knows. Renew Balie."
        )


def unknown(revisions: Iterable[str], graph: Graph) -> list[str]:
    """Those of ``revisions`` that are not in ``graph``: somebody newer wrote them."""
    return sorted(set(revisions) - graph.keys())


def read_graph(locations: Iterable[Path]) -> Graph:
    """All revisions of the files in ``locations``."""
    graph: dict[str, list[str]] = {}
    for file in (file for place in locations for file in sorted(place.glob("*.py"))):
        told = _assigned(file)
        if revision := told.get("revision"):
            graph[revision[0]] = [*told["down_revision"], *told["depends_on"]]
    return graph


def _assigned(file: Path) -> dict[str, list[str]]:
    """The texts that a revision's file gives to names of its own: a single one, several, or none."""
    told: dict[str, list[str]] = {}
    for line in ast.parse(file.read_bytes()).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            words = [one.value for one in ast.walk(line.value) if isinstance(one, ast.Constant)]
            told[line.targets[0].id] = [word for word in words if isinstance(word, str)]
    return told


def _stored(url: str) -> list[str]:
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and file.parent.is_dir() and not file.exists():
        return []
    try:
        with whole(url).snapshot() as reader:
            # Alembic's own table is none of the shapes, and there from the first revision on.
            rows = reader.all("select version_num from alembic_version") if reader.shapes() else []
    except DamagedError as error:
        raise UnavailableError(f"{file}: {error}") from error
    return [row[0] for row in rows]


def _heads(graph: Graph) -> set[str]:
    return set(graph) - {before for needed in graph.values() for before in needed}


def _with_all_before(revisions: Iterable[str], graph: Graph) -> set[str]:
    found: set[str] = set()
    waiting = list(revisions)
    while waiting:
        revision = waiting.pop()
        if revision not in found:
            found.add(revision)
            waiting.extend(graph[revision])
    return found
