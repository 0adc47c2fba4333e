"""
The description of a work as plain values, to compare, to write and to put back: what imports and harvests work with.

Values are what JSON holds: texts, whole numbers, None, and lists of texts. A field that a person wrote is theirs:
`write` leaves it alone unless told otherwise.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from network.models import Country, User
from portal.core import languages
from resources import duplicates, search, watching
from resources.authors import kind_of
from resources.dates import sound_date
from resources.duplicates.identity import isbn13
from resources.intake.records import Record
from resources.models import Author, FieldOrigin, Resource, Topic

Values = dict[str, Any]
Origin = FieldOrigin.Origin

PLAIN = [
    "title_es",
    "title_en",
    "original_title",
    "original_language",
    "abstract_es",
    "abstract_en",
    "type",
    "year",
    "month",
    "day",
    "publisher",
    "doi",
    "isbn",
    "source_url",
    "licence",
]
LISTS = ["authors", "countries", "topics", "tags"]
"""Names of authors, codes of countries, slugs of topics, free keywords."""
UNTOLD_TYPE = Resource.Type.OTHER
"""What a record is that does not say what it is, until a person looks: the word of the vocabulary that claims least."""
UNKNOWN = 20
"""How sure a value is that nothing speaks for, in hundredths."""
TOGETHER = {"year": "date", "month": "date", "day": "date"}
"""Fields that are one to a reader, and have one origin."""


def of_record(record: Record) -> Values:
    """What a record says, as far as the library can hold it; what it leaves open is not in it."""
    language = record.language if record.language in languages.CODES else ""
    title_language = next((code for code in ("es", "en") if code in record.titles), language)
    values: Values = {"original_language": language or title_language or "es"}
    for code, title in sorted(record.titles.items(), key=lambda item: item[0] not in languages.CODES):
        # A language the library has no name for stands under that of the work: there it is at least shown.
        held = code if code in languages.CODES else values["original_language"]
        values.setdefault(f"title_{held}" if held in ("es", "en") else "original_title", title[:500])
    for code, abstract in record.abstracts.items():
        held = code or values["original_language"]
        if held in ("es", "en"):
            values[f"abstract_{held}"] = abstract[:10_000]
    values["year"], values["month"], values["day"] = sound_date(record.year, record.month, record.day)
    values |= {name: record.identifiers.get(name, "") for name in ("doi", "isbn", "source_url")}
    values |= {"type": record.type, "publisher": record.publisher[:200], "licence": record.licence}
    values |= {"authors": [name[:300] for name in record.authors], "countries": sorted(set(record.countries))}
    values["tags"] = list(dict.fromkeys(subject[:100] for subject in record.subjects if subject))
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def of_work(resource: Resource) -> Values:
    """Everything the description of a work says."""
    values: Values = {name: getattr(resource, name) or _empty(name) for name in PLAIN}
    values["authors"] = [author.name for author in resource.authors.all()]
    values["countries"] = sorted(country.pk for country in resource.countries.all())
    values["topics"] = sorted(topic.slug for topic in resource.topics.all())
    values["tags"] = sorted(tag.name for tag in resource.tags.all())
    return values


def _empty(name: str) -> str | None:
    return None if name in TOGETHER else ""


def differences(resource: Resource, values: Values, *, but: Iterable[str] = ()) -> Values:
    """Those of the values that stand otherwise in the work, without the fields named in `but`."""
    have = of_work(resource)
    skip = set(but)
    return {
        name: value
        for name, value in values.items()
        if TOGETHER.get(name, name) not in skip and not same(name, have[name], value)
    }


def same(name: str, one: Any, other: Any) -> bool:
    """Do two values of a field say the same? Lists do in any order, keywords in capitals too, an ISBN with hyphens."""
    return _comparable(name, one) == _comparable(name, other)


def _comparable(name: str, value: Any) -> Any:
    if name == "isbn":
        return isbn13(value) or value
    if name == "tags":
        return sorted({tag.strip().casefold() for tag in value})
    return sorted(value) if isinstance(value, list) else value


def blank(name: str) -> Any:
    """What a field says of a work nobody has described yet."""
    if name in LISTS:
        return []
    return Resource._meta.get_field(name).get_default() or _empty(name)


def owned(resource: Resource) -> set[str]:
    """The fields a person wrote or accepted; a date is one field. Uses prefetched origins."""
    theirs = (Origin.PERSON, Origin.SUGGESTED)
    return {origin.field for origin in resource.origins.all() if origin.origin in theirs}


def write(
    resource: Resource, values: Values, *, origin: str, by: User | None, certainty: int = 100, detail: str = ""
) -> Resource:
    """Put these values into a work, new or old, and note where they came from; search and history follow.

    Raises ValidationError for a value the library can't hold; nothing is then written.
    """
    with watching.watched([resource.pk], by=by):
        return put(resource, values, origin=origin, certainty=certainty, detail=detail)


@transaction.atomic
def put(resource: Resource, values: Values, *, origin: str, certainty: int = 100, detail: str = "") -> Resource:
    """The same without the history, for callers that watch many works at once."""
    plain = [name for name in PLAIN if name in values]
    for name in plain:
        setattr(resource, name, values[name])
    resource.full_clean(exclude=["organisation", "created_by"])
    resource.save()
    write_lists(resource, values)
    note(resource, values, origin=origin, certainty=certainty, detail=detail)
    duplicates.remember(resource)
    search.index([resource.pk])
    return resource


def write_lists(resource: Resource, values: Values) -> None:
    """Put these lists in the place of those that stand there; codes the library does not know are left out."""
    if "authors" in values:
        known = {author.name: author.organisation_id for author in resource.authors.all()}
        resource.authors.all().delete()
        authors = authors_of(resource, values)
        for author in authors:
            author.organisation_id = known.get(author.name)
        Author.objects.bulk_create(authors)
    if "countries" in values:
        resource.countries.set(Country.objects.filter(code__in=values["countries"]))
    if "topics" in values:
        resource.topics.set(Topic.objects.filter(slug__in=values["topics"]))
    if "tags" in values:
        resource.tags.set(values["tags"])


def authors_of(resource: Resource, values: Values) -> list[Author]:
    """Its authors as rows that are not saved yet."""
    return [
        Author(resource=resource, position=place, name=name, kind=kind_of(name))
        for place, name in enumerate(values.get("authors", []))
    ]


def note(resource: Resource, fields: Iterable[str], *, origin: str, certainty: int = 100, detail: str = "") -> None:
    """Say where these fields have their values from."""
    names = dict.fromkeys(TOGETHER.get(name, name) for name in fields)
    rows = [
        FieldOrigin(resource=resource, field=name, origin=origin, certainty=certainty, detail=detail[:200])
        for name in names
    ]
    FieldOrigin.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["resource", "field"],
        update_fields=["origin", "certainty", "detail", "at"],
    )
