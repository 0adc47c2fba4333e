"""Topics, organisations and countries by name, for suggestions and reasons."""

import time
from dataclasses import dataclass

from network.models import Country, Organisation
from resources.models import EntryTerm, Topic
from resources.search import analysis
from resources.search.state import State

SECONDS = 60


@dataclass(frozen=True)
class Name:
    """A value of a facet by one of its names: `text` is shown in place of the name that was typed."""

    facet: str
    value: str
    text: dict[str, str]
    words: tuple[str, ...]


_known: tuple[State | None, float, list[Name]] = (None, 0.0, [])


def current(now: State) -> list[Name]:
    """Every name, in both languages and with acronyms and entry terms; remembered as the vocabulary is."""
    global _known
    state, read_at, names = _known
    if state is not now or time.monotonic() - read_at > SECONDS:
        names = _read()
        _known = (now, time.monotonic(), names)
    return names


def _read() -> list[Name]:
    fields = ("name_es", "name_en")
    rows = [("topic", slug, es, en, ()) for slug, es, en in Topic.objects.values_list("slug", *fields)]
    rows += [("country", code, es, en, ()) for code, es, en in Country.objects.values_list("code", *fields)]
    organisations = Organisation.objects.values_list("slug", *fields, "acronym")
    rows += [("organisation", slug, es, en, (acronym,)) for slug, es, en, acronym in organisations]
    others: dict[str, list[str]] = {}
    for slug, term in EntryTerm.objects.values_list("topic__slug", "text"):
        others.setdefault(slug, []).append(term)
    return [
        Name(facet, value, shown, tuple(analysis.words(analysis.tidy(name))))
        for facet, value, es, en, more in rows
        for shown in [{"es": es or en or value, "en": en or es or value}]
        for name in dict.fromkeys([es, en, *more, *(others.get(value, ()) if facet == "topic" else ())])
        if name
    ]
