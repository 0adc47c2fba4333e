"""
A lock by name across all processes of the portal, for work that lasts longer than one transaction; and not waiting.

The lock goes with the process that holds it, however that ends: after a kill nobody has to wait or to tidy up.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


class Held(Exception):
    """Somebody else holds the lock."""


@contextmanager
def held(name: str) -> Iterator[None]:
    """Hold the lock of this name during the block. Raises Held at once where another process does."""
    with _of_postgresql(name) if connection.vendor == "postgresql" else _of_file(name):
        yield


def wait_for(name: str) -> None:
    """Be the only one with this name until the transaction ends. With SQLite every transaction is the only one."""
    if connection.vendor == "postgresql":
        _asked("SELECT pg_advisory_xact_lock(%s) IS NULL", _number(name))


@contextmanager
def _of_postgresql(name: str) -> Iterator[None]:
    """An advisory lock of the session: no row and no transaction is kept waiting by it."""
    number = _number(name)
    if not _asked("SELECT pg_try_advisory_lock(%s)", number):
        raise Held(name)
    try:
        yield
    finally:
        _asked("SELECT pg_advisory_unlock(%s)", number)


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def _asked(sql: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [number])
        return cursor.fetchone()[0]


@contextmanager
def _of_file(name: str) -> Iterator[None]:
    """A locked file beside the database and named after it: with SQLite every process is on this machine."""
    database = Path(connection.settings_dict["NAME"])
    folder = database.parent if database.is_absolute() else settings.VAR_DIR
    with (folder / f".{database.name}.{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Held(name) from None
        yield


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """For what may be lost: SQLite has one writer at a time, and nobody queues behind it for the usual 20 seconds."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout = 50")
    try:
        yield
    finally:
        connection.connection.execute(
            f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS']['timeout'] * 1000:d}"
        )
