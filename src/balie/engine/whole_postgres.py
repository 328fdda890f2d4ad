"""A whole database in PostgreSQL, for reading (``engine.whole``)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg

from balie.engine.ports import DamagedError, Params, Row, UnavailableError
from balie.engine.whole import ROWS_AT_ONCE, Reader, Shape, sorted_shapes


class _Reader:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        return self._connection.execute(_sql(sql), params).fetchall()

    def pieces(self, sql: str, params: Params = ()) -> Iterator[list[Row]]:
        with self._connection.cursor("pieces") as cursor:
            cursor.execute(_sql(sql), params)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield rows

    def shapes(self) -> list[Shape]:
        mine = "relnamespace = current_schema()::regnamespace and relkind = 'r'"
        columns: dict[str, list[Row]] = {}
        for table, name, kind in self.all(
            "select c.relname, a.attname, format_type(a.atttypid, null) from pg_class c"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
            f" where {mine} order by c.relname, a.attnum"
        ):
            columns.setdefault(table, []).append((name, kind))
        needs: dict[str, set[str]] = {name: set() for name in columns}
        for table, other in self.all(
            "select c.relname, o.relname from pg_constraint k join pg_class c on c.oid = k.conrelid"
            f" join pg_class o on o.oid = k.confrelid where k.contype = 'f' and c.{mine.replace('and ', 'and c.')}"
        ):
            needs[table].add(other)
        return sorted_shapes(columns, needs)


class PostgresWhole:
    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def snapshot(self, *, lenient: bool = False) -> Iterator[Reader]:
        with self._connected() as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield _Reader(connection)

    def own_check(self) -> Iterator[str]:
        with self._connected() as connection:
            connection.autocommit = True
            for name, sql in self._checks(connection):
                try:
                    found = connection.execute(sql, [name]).fetchall()
                except psycopg.Error as error:
                    found = [(str(error).partition("\n")[0],)]
                yield from (f"{name}: {row[-1]}" for row in found if row[-1])

    def own_check_named(self) -> str:
        with self._connected() as connection:
            found = connection.execute("select 1 from pg_extension where extname = 'amcheck'").fetchone()
            return "amcheck" if found else ""

    @staticmethod
    def _checks(connection: psycopg.Connection[Any]) -> Sequence[tuple[str, str]]:
        """The name of each table and index of ours, with the call that checks it."""
        found = connection.execute(
            "select c.oid::regclass::text, c.relkind from pg_class c"
            " left join pg_index i on i.indexrelid = c.oid left join pg_am a on a.oid = c.relam"
            " where c.relnamespace = current_schema()::regnamespace"
            " and (c.relkind = 'r' or (c.relkind = 'i' and a.amname = 'btree' and i.indisvalid))"
            " and exists (select 1 from pg_extension where extname = 'amcheck') order by 2, 1"
        ).fetchall()
        calls = {
            "r": "select msg from verify_heapam(%s::regclass)",
            "i": "select null from bt_index_check(%s::regclass, true)",
        }
        return [(name, calls[kind if isinstance(kind, str) else kind.decode()]) for name, kind in found]

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            # A standby may lag: a back-up of it would lack what was acked. Whoever wants one says so in the address.
            which: dict[str, Any] = {"target_session_attrs": "read-write"}
            if "target_session_attrs" in self._url:
                which = {}
            connection = psycopg.connect(self._url, connect_timeout=10, **which)
        except psycopg.Error as error:
            # What stands behind the colon may be the address with its password.
            word = str(error).strip().partition(': "postgresql')[0]
            raise UnavailableError(word.partition("\n")[0]) from error
        try:
            with connection:
                yield connection
        except psycopg.OperationalError as error:
            raise UnavailableError(str(error).partition("\n")[0]) from error
        except psycopg.DataError as error:
            raise DamagedError(str(error).partition("\n")[0]) from error


def _sql(sql: str) -> LiteralString:
    return sql.replace("%", "%%").replace("?", "%s")
