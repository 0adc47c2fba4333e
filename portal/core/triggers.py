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


POSTGRESQL_IF = """
CREATE OR REPLACE FUNCTION "refuse_{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF {condition} THEN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END IF;
RETURN COALESCE(NEW, OLD); END $$;
CREATE TRIGGER "refuse_{name}" BEFORE {events} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "refuse_{name}"()
"""
SQLITE_IF = """
CREATE TRIGGER "refuse_{name}_{event}" BEFORE {event} ON "{table}" WHEN ({condition})
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""
POSTGRESQL_EXCLUDE = """
ALTER TABLE "{table}" ADD CONSTRAINT "{name}" EXCLUDE USING gist ({columns}, daterange(since, {until}, '[]') WITH &&)
WHERE ({where})
"""
OVERLAP = """EXISTS (
    SELECT 1 FROM "{table}" AS other
    WHERE {same} AND ({other_where}) AND ({new_where}) AND other.id <> COALESCE(NEW.id, -1)
    AND ({other_until} IS NULL OR {other_until} >= NEW.since) AND ({new_until} IS NULL OR other.since <= {new_until})
)"""


def refuse_if(
    name: str, table: str, *, condition: str, sentence: str, events: tuple[str, ...] = ("INSERT", "UPDATE")
) -> migrations.RunPython:
    """
    A migration step: a row of `table` is neither added nor changed to one (NEW) for which this SQL holds.

    With other `events` it may speak of OLD as well: what an UPDATE finds, or a DELETE takes away. It may look into
    other tables. On SQLite such a table can't be made anew while the trigger stands: a later migration that does so
    drops it first and adds it again at its end.
    """

    def add(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        words = {"name": name, "table": table, "condition": condition, "sentence": sentence}
        if editor.connection.vendor == "postgresql":
            editor.execute(POSTGRESQL_IF.format(**words, events=" OR ".join(events)), params=None)
            return
        for event in events:
            editor.execute(SQLITE_IF.format(**words, event=event), params=None)

    def drop(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f'DROP FUNCTION IF EXISTS "refuse_{name}" CASCADE', params=None)
            return
        for event in events:
            editor.execute(f'DROP TRIGGER IF EXISTS "refuse_{name}_{event}"', params=None)

    return migrations.RunPython(add, drop)


def exclude_overlaps(
    name: str, table: str, *, same: list[str], sentence: str, until: str = "{row}until", where: str = "TRUE"
) -> migrations.RunPython:
    """
    A migration step: no two rows of `table` that agree in the numbers `same` share a day between `since` and `until`.

    An exclusion constraint on PostgreSQL, a trigger on SQLite, where writers wait for each other anyway. In `until` and
    `where`, `{row}` stands before each column.
    """

    def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            # Ranges of one number stand for its equality: that spares the extension btree_gist.
            columns = ", ".join(f'int8range("{column}", "{column}", \'[]\') WITH &&' for column in same)
            words = {"table": table, "name": name, "columns": columns}
            words |= {"until": until.format(row=""), "where": where.format(row="")}
            editor.execute(POSTGRESQL_EXCLUDE.format(**words), params=None)
            return
        condition = OVERLAP.format(
            table=table,
            same=" AND ".join(f'other."{column}" = NEW."{column}"' for column in same),
            other_where=where.format(row="other."),
            new_where=where.format(row="NEW."),
            other_until=until.format(row="other."),
            new_until=until.format(row="NEW."),
        )
        refuse_if(name, table, condition=condition, sentence=sentence).code(apps, editor)

    def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"', params=None)
            return
        refuse_if(name, table, condition="", sentence="").reverse_code(apps, editor)

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
