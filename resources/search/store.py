"""
The rows of the index in plain SQL.

Every search and every change passes through these few statements. By the ORM a search takes half as long again and a
change three times as long: it makes an object of each of a thousand rows, and on PostgreSQL bitmaps travel as text.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """A table that rows are put into; `columns` are {name: PostgreSQL's type}, `unique` the first so many of them."""

    name: str
    columns: dict[str, str]
    unique: int

    @property
    def insertion(self) -> str:
        return f"INSERT INTO {self.name} ({', '.join(self.columns)})"

    @property
    def replacing(self) -> str:
        names = list(self.columns)
        new = ", ".join(f"{name} = excluded.{name}" for name in names[self.unique :])
        return f"ON CONFLICT ({', '.join(names[: self.unique])}) DO UPDATE SET {new}"


POSTING = Table("resources_posting", {"key": "text", "block": "int4", "data": "bytea"}, 2)
NEIGHBOURS = Table("resources_neighbours", {"bucket": "int4", "block": "int4", "data": "bytea"}, 2)
FRESH = Table("resources_fresh", {"id": "int8", "version": "int8", "known": "bool", "pairs": "bytea"}, 1)
INDEXED = Table(
    "resources_indexed",
    {"id": "int8", "version": "int8", "title_es": "text", "title_en": "text", "keys": "bytea", "pairs": "int8"},
    1,
)
BATCH = 5_000
"""Rows per statement."""


def read(sql: str, *params: object) -> list[Row]:
    """The rows of a query."""
    with _cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@contextmanager
def _cursor() -> Iterator[CursorWrapper]:
    """A cursor by which bytes travel as they are: Django's own for PostgreSQL writes parameters into the statement."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        plain = psycopg.Cursor(connection.connection)
        plain.format = Format.BINARY
        wrapped = connection.make_debug_cursor(plain) if connection.queries_logged else connection.make_cursor(plain)
    else:
        wrapped = connection.cursor()
    with wrapped as cursor:
        yield cursor


def versions() -> dict[int, int]:
    """{block: version}"""
    return dict(read("SELECT id, version FROM resources_block"))


def holding(keys: Iterable[str]) -> tuple[dict[int, int], list[Row]]:
    """({block: version}, [(key, data)] of these postings, of every block): both as of one moment, in one query."""
    condition, values = _in(keys)
    sql = f"""
        SELECT key, data, NULL, NULL FROM resources_posting WHERE key {condition}
        UNION ALL SELECT NULL, NULL, id, version FROM resources_block
    """  # noqa: S608
    found: list[Row] = []
    versions: dict[int, int] = {}
    for key, data, block, version in read(sql, values):
        if key is None:
            versions[block] = version
        else:
            found.append((key, data))
    return versions, found


def postings(keys: Iterable[str], beginnings: Iterable[str] = ()) -> list[Row]:
    """[(key, data)] of these postings and of those whose key begins so, of every block."""
    condition, values = _in(keys)
    starting, ends = _starting(beginnings)
    condition = " OR ".join([f"key {condition}", *starting])
    return read(f"SELECT key, data FROM resources_posting WHERE {condition}", values, *ends)  # noqa: S608


def keys_starting(beginnings: Iterable[str]) -> list[str]:
    """The keys that begin so, each once."""
    starting, ends = _starting(beginnings)
    return [key for (key,) in read(f"SELECT DISTINCT key FROM resources_posting WHERE {' OR '.join(starting)}", *ends)]  # noqa: S608


def _starting(beginnings: Iterable[str]) -> tuple[list[str], list[str]]:
    """([condition, …], their parameters): keys are kept in the order of their code points."""
    ends = [(beginning, beginning + "\U0010ffff") for beginning in beginnings]
    return ["key >= %s AND key < %s"] * len(ends), [end for both in ends for end in both]


def buckets(numbers: Iterable[int]) -> list[Row]:
    """[(bucket, block, data)] of these buckets of pairs, of every block."""
    condition, values = _in(numbers)
    return read(f"SELECT bucket, block, data FROM resources_neighbours WHERE bucket {condition}", values)  # noqa: S608


def indexed(works: Iterable[int]) -> list[Row]:
    """What the index holds of these works, the columns of INDEXED."""
    condition, values = _in(works)
    return read(f"SELECT {', '.join(INDEXED.columns)} FROM resources_indexed WHERE id {condition}", values)  # noqa: S608


def of_block(table: Table, block: int, names: Iterable[str] | Iterable[int]) -> dict[Any, bytes]:
    """{key or bucket: data} of one block, for those of these that are there."""
    condition, values = _in(names)
    name = next(iter(table.columns))
    sql = f"SELECT {name}, data FROM {table.name} WHERE {name} {condition} AND block = %s"  # noqa: S608
    return dict(read(sql, values, block))


def _in(values: Iterable[str] | Iterable[int]) -> tuple[str, object]:
    """(condition, its one parameter): the same statement for any number of values."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", list(values)
    return "IN (SELECT value FROM json_each(%s))", json.dumps(list(values))


def put(table: Table, rows: Iterable[Row]) -> None:
    """Write these rows, over what stands under the same key."""
    for some in batched(rows, BATCH, strict=False):
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%b::{kind}[]" for kind in table.columns.values())
            sql = f"{table.insertion} SELECT * FROM unnest({arrays}) {table.replacing}"  # noqa: S608
            with _cursor() as cursor:
                cursor.execute(sql, [list(column) for column in zip(*some, strict=True)])
        else:
            _insert(table, some, table.replacing)


def put_new(table: Table, rows: Iterable[Row]) -> None:
    """Write rows whose keys are not there yet, any number of them."""
    if connection.vendor != "postgresql":
        for some in batched(rows, BATCH, strict=False):
            _insert(table, some)
        return
    sql = f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN (FORMAT BINARY)"
    for some in batched(rows, 10 * BATCH, strict=False):
        with _cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(sql) as copy:
            copy.set_types(list(table.columns.values()))
            for row in some:
                copy.write_row(row)


def _insert(table: Table, rows: Iterable[Row], otherwise: str = "") -> None:
    marks = ", ".join(["%s"] * len(table.columns))
    with _cursor() as cursor:
        cursor.executemany(f"{table.insertion} VALUES ({marks}) {otherwise}", rows)
