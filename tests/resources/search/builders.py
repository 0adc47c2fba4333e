"""Small works for the tests of search, made straight through the models."""

import hashlib
from collections.abc import Iterable
from itertools import count

from django.utils import timezone

from network.models import Country, Organisation, Sector
from resources import search
from resources.cards import cards
from resources.models import Author, File, Page, Resource, Topic

_number = count(1)


def organisation(slug: str = "oim", **fields: object) -> Organisation:
    sector, _ = Sector.objects.get_or_create(slug="onu", defaults={"name_es": "Naciones Unidas"})
    defaults = {"name_es": f"Cuerpo {slug}", "name_en": f"Body {slug}", "sector": sector, "country": country("CR")}
    return Organisation.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def country(code: str, **fields: object) -> Country:
    return Country.objects.get_or_create(code=code, defaults={"name_es": code, "name_en": code} | fields)[0]


def topic(slug: str, *, parent: Topic | None = None, **fields: object) -> Topic:
    defaults = {"name_es": slug, "name_en": slug, "parent": parent}
    return Topic.objects.get_or_create(slug=slug, defaults=defaults | fields)[0]


def work(
    title_es: str = "Sin nombre",
    *,
    pages: Iterable[str] = (),
    file_language: str = "es",
    countries: Iterable[str] = (),
    topics: Iterable[Topic] = (),
    tags: Iterable[str] = (),
    authors: Iterable[str] = (),
    organisation_slug: str = "oim",
    indexed: bool = True,
    **fields: object,
) -> Resource:
    """A published work with one file, if there are pages."""
    fields.setdefault("status", Resource.Status.PUBLISHED)
    fields.setdefault("published_at", timezone.now())
    resource = Resource.objects.create(title_es=title_es, organisation=organisation(organisation_slug), **fields)
    resource.countries.set([country(code) for code in countries])
    resource.topics.set(topics)
    resource.tags.set(tags)
    Author.objects.bulk_create(
        [Author(resource=resource, position=place, name=name) for place, name in enumerate(authors)]
    )
    if pages:
        file_of(resource, pages, language=file_language)
    if indexed:
        search.index([resource.pk])
    return resource


def file_of(resource: Resource, pages: Iterable[str], *, language: str = "es") -> File:
    name = f"file-{next(_number)}"
    file = File.objects.create(
        resource=resource,
        language=language,
        content=name,
        name=f"{name}.pdf",
        kind="pdf",
        size=1,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        state=File.State.READ,
    )
    Page.objects.bulk_create([Page(file=file, number=place, text=text) for place, text in enumerate(pages, 1)])
    return file


def found(text: str, **fields: object) -> set[int]:
    """The works one search finds."""
    return set(search.search(search.Query(text=text, **fields), size=1_000).ids)


def counted(results: search.Results, name: str) -> dict[str, int]:
    """A facet as {value: count}."""
    return {value.value: value.count for value in results.facets[name]}


def snippets(query: search.Query, works: Iterable[int]) -> dict[int, search.Snippet]:
    """The passages shown for these works."""
    return search.snippets(search.search(query), cards(list(works)))
