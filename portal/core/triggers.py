"""
Rows that no statement may change: triggers on both databases, so that the shell and plain SQL are bound as well.

SQLite drops the triggers of a table when a migration makes the table anew: add them again at the end of that migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = """
CREATE TRIGGER "refuse_{event}_{table}" BEFORE {event} ON "{table}" {condition}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""
# One function serves every table: it only ever refuses.
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRESQL = """
CREATE TRIGGER "refuse_{event}_{table}" BEFORE {event} ON "{table}" FOR EACH ROW {condition}
EXECUTE FUNCTION refuse_change('{sentence}')
"""


def refuse(table: str, *events: str, when: str = "", sentence: str) -> migrations.RunPython:
    """
    A migration step: each of `events` (UPDATE, DELETE) on rows of `table` fails with `sentence`, an IntegrityError.

    `when` limits it to rows for which this SQL holds; it may speak of OLD and NEW.
    """

    def add(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        template = SQLITE
        if editor.connection.vendor == "postgresql":
            editor.execute(POSTGRESQL_FUNCTION, params=None)
            template = POSTGRESQL
        condition = f"WHEN ({when})" if when else ""
        for event in events:
            words = {"event": event, "table": table, "condition": condition, "sentence": sentence}
            editor.execute(template.format(**words), params=None)

    def drop(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
        for event in events:
            editor.execute(f'DROP TRIGGER IF EXISTS "refuse_{event}_{table}"{on}', params=None)

    return migrations.RunPython(add, drop)


@contextmanager
def lifted() -> Iterator[None]:
    """Without these triggers: only to empty a whole database. PostgreSQL empties with TRUNCATE, which fires none."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'refuse\\_%' ESCAPE '\\'"
        )
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _name, sql in found:
                cursor.execute(sql)
