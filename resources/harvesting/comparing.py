"""A proposal as a person reads it: each field, what stands there now and what the source says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from network.models import Country
from portal.core import languages
from resources import description
from resources.models import Author, Gathered, Resource, Topic


@dataclass(frozen=True)
class Field:
    """`language` is that of the words, where the field has one."""

    label: str
    now: str
    proposed: str
    language: str = ""


@dataclass(frozen=True)
class Proposal:
    line: Gathered
    fields: list[Field]

    @property
    def is_gone(self) -> bool:
        return self.line.outcome == Gathered.Outcome.GONE


def compared(lines: Iterable[Gathered]) -> list[Proposal]:
    """Each proposal beside its work as it stands now, in a fixed number of queries for any number of lines."""
    lines = list(lines)
    names = {country.code: country.name for country in Country.objects.all()}
    topics = {topic.slug: topic.name for topic in Topic.objects.all()}
    found = []
    for line in lines:
        now = description.of_work(line.resource)
        fields = [
            Field(label(name), words(name, now[name], names, topics), words(name, value, names, topics), spoken(name))
            for name, value in line.values.items()
            if name in now
        ]
        found.append(Proposal(line, fields))
    return found


def label(name: str) -> str:
    if name == "authors":
        return capfirst(Author._meta.verbose_name_plural)
    return capfirst(str(Resource._meta.get_field(name).verbose_name))


def spoken(name: str) -> str:
    return name[-2:] if name.endswith(("_es", "_en")) else ""


def words(name: str, value: Any, countries: dict[str, str], topics: dict[str, str]) -> str:
    """A value as the pages of the portal write it."""
    if isinstance(value, list):
        known = {"countries": countries, "topics": topics}.get(name, {})
        return "; ".join(known.get(each, each) for each in value)
    if name == "original_language":
        return languages.name_of(value)
    choices = dict(Resource._meta.get_field(name).choices or ())
    return str(choices.get(value, "" if value is None else value))
