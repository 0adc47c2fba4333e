"""Databases of their own for measurements, with production-like settings: the developer's are never touched."""

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import environ
import psycopg
from django.core.management import call_command
from django.db import connection

SETTINGS = "tests.bench.settings"


def say(text: str) -> None:
    """Progress, apart from what is measured."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def throwaway(server: str) -> Iterator[None]:
    """Django on an empty migrated database that is gone afterwards: on this PostgreSQL server, else SQLite."""
    name = f"scratch_{os.getpid()}_{secrets.token_hex(3)}"
    with tempfile.TemporaryDirectory(prefix="salud-") as folder:
        url = _create(server, name) if server else f"sqlite:///{folder}/{name}.sqlite3"
        try:
            start(url, Path(folder))
            yield
        finally:
            connection.close()
            if server:
                _drop(server, name)


def kept(server: str, name: str, folder: Path) -> str:
    """The URL of a database that stays from run to run."""
    return _create(server, name) if server else f"sqlite:///{folder / name}.sqlite3"


def start(url: str, folder: Path) -> None:
    """Set Django up on this database and migrate it. To be called before anything imports a model."""
    os.environ.update(environment(url, folder))
    django.setup()
    call_command("migrate", verbosity=0)


def environment(url: str, folder: Path) -> dict[str, str]:
    """What a deployment would set."""
    return {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DATABASE_URL": url,
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1:8000",
        "STORAGE_URL": str(folder / "files"),
        "STATIC_FOLDER": str(folder / "static"),
    }


def postgresql(url: str) -> str:
    """The URL if it names a PostgreSQL server, else nothing."""
    return url if url.startswith(("postgres://", "postgresql://")) else ""


def _create(server: str, name: str) -> str:
    """The URL of this database on the server, made if it is not there."""
    with _connected(server) as db:
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            db.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _drop(server: str, name: str) -> None:
    with _connected(server) as db:
        db.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _connected(server: str) -> psycopg.Connection:
    parts = environ.Env.db_url_config(server)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return psycopg.connect(autocommit=True, **{ours: parts[theirs] for ours, theirs in names.items() if parts[theirs]})
