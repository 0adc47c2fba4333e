"""A work as every format describes it: its addresses, its words in both languages, its names."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import translation

from resources.models import Author, File, Offered, Resource
from resources.models.resource import TYPE_LABELS, ResourceQuerySet

COMMONS = "https://creativecommons.org/"
LICENCES = {
    Resource.Licence.CC_BY: f"{COMMONS}licenses/by/4.0/",
    Resource.Licence.CC_BY_SA: f"{COMMONS}licenses/by-sa/4.0/",
    Resource.Licence.CC_BY_NC: f"{COMMONS}licenses/by-nc/4.0/",
    Resource.Licence.CC_BY_NC_SA: f"{COMMONS}licenses/by-nc-sa/4.0/",
    Resource.Licence.CC_BY_NC_SA_IGO: f"{COMMONS}licenses/by-nc-sa/3.0/igo/",
    Resource.Licence.CC_BY_NC_ND: f"{COMMONS}licenses/by-nc-nd/4.0/",
}
"""Addresses of the licences that have one of their own."""
LANGUAGES = ("es", "en")


def readable(some: list[Offered]) -> ResourceQuerySet:
    """Those of these works that everybody may read, whatever else is noted."""
    here = [offered.number for offered in some if not offered.gone]
    return Resource.objects.on_the_shelf_for(AnonymousUser()).filter(pk__in=here)


def prepared(some: list[Offered]) -> dict[int, Resource]:
    """The same with all that a format prints, by number, in a fixed number of queries."""
    works = readable(some).select_related("organisation")
    return works.prefetch_related("authors", "countries", "topics", "tags", "files").in_bulk()


def page(work: Resource) -> str:
    """Its lasting address: without the words of its title, which may change."""
    with translation.override("es"):
        return settings.SITE_URL + reverse("resources:by_number", args=[work.pk])


def address_of(file: File) -> str:
    return settings.SITE_URL + file.get_absolute_url()


def abstracts(work: Resource) -> dict[str, str]:
    every = {"es": work.abstract_es, "en": work.abstract_en}
    return {language: text for language, text in every.items() if text}


def issued(work: Resource) -> str:
    """The date as exact as it is known: 2016, 2016-10 or 2016-10-12."""
    parts = (work.year and f"{work.year:04}", work.month and f"{work.month:02}", work.day and f"{work.day:02}")
    return "-".join(part for part in parts if part)


def titles(work: Resource) -> dict[str, str]:
    """In the language of the original first: the others are its translations."""
    return dict(sorted(work.titles.items(), key=lambda item: item[0] != work.original_language))


def languages_of(work: Resource) -> list[str]:
    """Of its files, that of the original first; of the original where there are none."""
    return sorted(work.file_languages, key=lambda code: code != work.original_language) or [work.original_language]


def words(one: object) -> Iterator[tuple[str, str]]:
    """(language, name) of a country, a topic or a body, in each language it has a name in."""
    for language in LANGUAGES:
        if name := getattr(one, f"name_{language}"):
            yield language, name


def is_body(author: Author) -> bool:
    return author.kind == Author.Kind.BODY


def type_in(work: Resource, language: str) -> str:
    with translation.override(language):
        return str(TYPE_LABELS[work.type])
