"""What is brought in by lists, and the library as it stands in the database, to compare before and after."""

from django.apps import apps
from django.db import connection

from resources.intake import references
from resources.intake.records import Record

LOG = {"resources_gathering", "resources_gathered", "resources_fieldchange", "django_content_type"}
INDEX = {"block", "posting", "indexed", "fresh", "neighbours", "likeness", "offered", "offeredin"}


def dump() -> dict[str, list]:
    """Every row of every table, but the logs and what search, comparison and exchange derive."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("resources", "network", "taggit") and model._meta.model_name not in INDEX
    ]
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(set(tables) - LOG):
            cursor.execute(f"SELECT * FROM {table}")
            rows[table] = sorted(map(repr, cursor.fetchall()))
    assert len(rows) > 15
    return rows


def records(*said: dict) -> bytes:
    return references.write([Record("", **one) for one in said], "csv")
