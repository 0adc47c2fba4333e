"""Works as they stand, row by row, so that they can be put back exactly; and whether a person has touched them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from taggit.models import TaggedItem

from resources.models import Author, FieldOrigin, File, Resource

Rows = dict[str, list[dict[str, Any]]]
"""Rows by name of what they are, as JSON holds them; "work" has exactly one."""

TABLES: dict[str, tuple[type[models.Model], str]] = {
    "authors": (Author, "resource_id"),
    "countries": (Resource.countries.through, "resource_id"),
    "topics": (Resource.topics.through, "resource_id"),
    "tags": (TaggedItem, "object_id"),
    "origins": (FieldOrigin, "resource_id"),
}
PASSING = {"id", "title", "abstract", "updated_at", "status", "published_at"}
"""Columns that change without anybody changing the description; `title` and `abstract` repeat a translation."""


def _rows(name: str, pks: Iterable[int]) -> models.QuerySet:
    model, column = TABLES[name]
    rows = model._base_manager.filter(**{f"{column}__in": list(pks)})
    return rows.filter(content_type=_works()) if model is TaggedItem else rows


def _works() -> ContentType:
    return ContentType.objects.get_for_model(Resource)


def _work_rows(pks: Iterable[int]) -> models.QuerySet:
    """Without modeltranslation, which would read a translation in place of the column."""
    return Resource.objects.rewrite(False).filter(pk__in=list(pks))


def take(pks: Iterable[int]) -> dict[int, Rows]:
    """The rows of these works, in as many queries as there are tables."""
    pks = list(pks)
    found: dict[int, Rows] = {row["id"]: {"work": [_plain(row)]} for row in _work_rows(pks).values()}
    for name, (_model, column) in TABLES.items():
        for row in _rows(name, found).order_by("pk").values():
            found[row[column]].setdefault(name, []).append(_plain(row))
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def put_back(rows: Rows) -> None:
    """Make a work what it was: same rows, same numbers, same times."""
    [work] = rows["work"]
    for name, (model, _column) in TABLES.items():
        wanted = {row["id"]: row for row in rows.get(name, [])}
        have = _rows(name, [work["id"]])
        have.exclude(pk__in=wanted).delete()
        present = {row["id"]: _plain(row) for row in have.values()}
        model._base_manager.bulk_create(model(**row) for pk, row in wanted.items() if pk not in present)
        for pk, row in wanted.items():
            if present.get(pk) != row:  # created ones too: that set their times anew
                model._base_manager.filter(pk=pk).update(**row)
    _work_rows([work["id"]]).update(**{name: value for name, value in work.items() if name != "id"})


def marks(pks: Iterable[int], *, but: int | None = None) -> dict[int, str]:
    """
    A mark of each work that changes when anybody changes its description or its files, and only then.

    The file with the number `but` is passed over.
    """
    taken = take(pks)
    files: dict[int, list[list[object]]] = defaultdict(list)
    rows = File.objects.filter(resource__in=taken).exclude(pk=but).order_by("pk")
    for row in rows.values_list("resource", "pk", "language"):
        files[row[0]].append(list(row[1:]))
    return {pk: _mark(rows, files[pk]) for pk, rows in taken.items()}


def _mark(rows: Rows, files: list[list[object]]) -> str:
    said: dict[str, object] = {name: _said(rows.get(name, [])) for name in ("work", *TABLES) if name != "origins"}
    text = json.dumps([said, files], sort_keys=True, cls=DjangoJSONEncoder)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _said(rows: list[dict[str, Any]]) -> list[str]:
    """What rows say, whatever their numbers and order."""
    return sorted(json.dumps({k: v for k, v in row.items() if k not in PASSING}, sort_keys=True) for row in rows)
