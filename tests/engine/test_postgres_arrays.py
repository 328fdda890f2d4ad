"""Columns that go to PostgreSQL as binary arrays: every value comes back as it was, or goes the driver's own way."""

from typing import Any

import psycopg
import pytest

from balie.engine.postgres_arrays import Array, column
from servers import postgres

VALUES: list[tuple[str, list[Any]]] = [
    ("text", ['{"a": "b\\\\"}', "", "NULL", "null", "{1,2}", " ", "é€🎈", "a,b", "it's", None]),
    ("character varying", ["cnv_01", None, "x" * 70_000, "\n\t\x01"]),
    ("bytea", [b"", bytes(range(256)), None]),
    ("integer", [0, -(2**31), 2**31 - 1]),
    ("integer", [None, 5, None]),
    ("bigint", [0, -(2**63), 2**63 - 1]),
    ("bigint", [None]),
    ("boolean", [True, False, None]),
    ("boolean", [False, True]),
]


@pytest.mark.parametrize(("kind", "values"), VALUES)
def test_what_goes_in_comes_out(kind: str, values: list[Any]) -> None:
    with psycopg.connect(postgres.shared().url(), autocommit=True) as connection:
        found = connection.execute(
            f"select x from unnest(%s::{kind}[]) as t (x)", [column(kind, values)]
        ).fetchall()
    assert [row[0] for row in found] == values


@pytest.mark.parametrize(
    ("kind", "values"),
    [("text", [5]), ("bytea", ["a"]), ("integer", [2**31]), ("bigint", ["1"]), ("jsonb", ["{}"])],
)
def test_values_of_another_type_are_left_to_the_driver(kind: str, values: list[Any]) -> None:
    assert column(kind, values) == values
    assert isinstance(column("text", ["a"]), Array)
