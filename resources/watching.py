"""Whatever changes in a work is written down: the field, what it said before and after, who changed it, from where."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.models import User
from resources.dates import written
from resources.models import FieldChange, FieldOrigin, Resource

How = FieldChange.How
TEXTS = [
    "title_es",
    "title_en",
    "original_title",
    "original_language",
    "abstract_es",
    "abstract_en",
    "type",
    "publisher",
    "doi",
    "isbn",
    "source_url",
    "licence",
    "audience",
]
RELATED = ["authors__organisation", "countries", "topics", "tags", "files", "origins"]


@dataclass(frozen=True)
class Standing:
    """What a work says field by field, as JSON holds it, and where each has that from: (origin, detail, when noted)."""

    values: dict[str, Any]
    origins: dict[str, tuple[str, str, object]]


@contextmanager
def watched(pks: Iterable[int | None], *, by: User | None, how: str = How.WRITTEN) -> Iterator[None]:
    """
    Write down what the block changes in these works, together with the change or not at all.

    A new work (None) has nothing before, and no row. Not to be nested: the same change would be written down twice.
    """
    with transaction.atomic():
        before = standing(pk for pk in pks if pk is not None)
        yield
        write_down(before, by=by, how=how)


def standing(pks: Iterable[int]) -> dict[int, Standing]:
    """These works as the database has them now, in a fixed number of queries for any number of works."""
    pks = list(pks)
    if not pks:
        return {}
    works = Resource.objects.filter(pk__in=pks).select_related("organisation").prefetch_related(*RELATED)
    return {work.pk: Standing(values_of(work), _origins(work)) for work in works}


def values_of(work: Resource) -> dict[str, Any]:
    """Everything a person may change of a work; more than a list or a source can say. Uses prefetched relations."""
    values: dict[str, Any] = {name: getattr(work, name) or "" for name in TEXTS}
    values["date"] = written(work.year, work.month, work.day)
    values["organisation"] = work.organisation.slug
    values["authors"] = [
        [author.name, author.kind, author.organisation.slug if author.organisation else ""]
        for author in work.authors.all()
    ]
    values["countries"] = sorted(country.pk for country in work.countries.all())
    values["topics"] = sorted(topic.slug for topic in work.topics.all())
    values["tags"] = sorted(tag.name for tag in work.tags.all())
    values["files"] = sorted([file.name, file.language] for file in work.files.all())
    return values


def _origins(work: Resource) -> dict[str, tuple[str, str, object]]:
    return {row.field: (row.origin, row.detail, row.at) for row in work.origins.all()}


def write_down(before: dict[int, Standing], *, by: User | None, how: str = How.WRITTEN) -> None:
    """The rows for what is different now; a work that has gone meanwhile took its history with it."""
    now = timezone.now()
    changes = [
        FieldChange(resource_id=pk, field=name, by=by, at=now, how=how, **_of_field(name, before[pk], after, by))
        for pk, after in standing(before).items()
        for name, value in after.values.items()
        if value != before[pk].values[name]
    ]
    FieldChange.objects.bulk_create(changes)


def _of_field(name: str, before: Standing, after: Standing, by: User | None) -> dict[str, Any]:
    """Values and origins of one field. A change for which no origin was noted is that person's own."""
    old, new = before.origins.get(name), after.origins.get(name)
    if new == old:
        new = (FieldOrigin.Origin.PERSON, by.name[:200], None) if by else None
    old, new = old or ("", "", None), new or ("", "", None)
    return {
        "before": before.values[name],
        "after": after.values[name],
        "before_origin": old[0],
        "before_detail": old[1],
        "origin": new[0],
        "detail": new[1],
    }
