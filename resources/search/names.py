"""Topics, organisations and countries by name, for suggestions and reasons."""

from dataclasses import dataclass
from functools import cached_property

from network.models import Country, Organisation
from resources.models import EntryTerm, Topic
from resources.search import analysis
from resources.search.state import State, last


@dataclass(frozen=True)
class Name:
    """A value of a facet by one of its names: `text` is shown in place of the name that was typed.

    `short` is the acronym of a body that has one.
    """

    facet: str
    value: str
    text: dict[str, str]
    short: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """Every name of a facet's values, by (facet, value) the first of each, and all names of topics by language."""

    every: list[Name]
    of_topics: list[tuple[int, str, str]]

    @cached_property
    def by_value(self) -> dict[tuple[str, str], Name]:
        return {(name.facet, name.value): name for name in reversed(self.every)}


_known: tuple[object, Names] = (object(), Names([], []))


def current(now: State) -> Names:
    """Every name, in both languages and with acronyms and entry terms; read again when any has changed."""
    global _known
    version, names = _known
    if version != now.names:
        names = _read()
        _known = (now.names, names)
    return names


def label(facet: str, value: str, language: str) -> str:
    """What readers call a country, topic or organisation, as short as there is a word; else the value itself."""
    name = current(last()).by_value.get((facet, value))
    return name.short or name.text[language] if name else value


def _read() -> Names:
    fields = ("name_es", "name_en")
    topics = list(Topic.objects.values_list("pk", "slug", *fields))
    terms = list(EntryTerm.objects.values_list("topic_id", "language", "text"))
    rows = [("topic", slug, es, en, "") for _, slug, es, en in topics]
    rows += [("country", code, es, en, "") for code, es, en in Country.objects.values_list("code", *fields)]
    organisations = Organisation.objects.standing().values_list("slug", *fields, "acronym")
    rows += [("organisation", slug, es, en, acronym) for slug, es, en, acronym in organisations]
    others: dict[str, list[str]] = {}
    slugs = {pk: slug for pk, slug, *_ in topics}
    for topic, _, term in terms:
        others.setdefault(slugs[topic], []).append(term)
    every = [
        Name(facet, value, shown, acronym, tuple(analysis.words(analysis.tidy(name))))
        for facet, value, es, en, acronym in rows
        for shown in [{"es": es or en or value, "en": en or es or value}]
        for name in dict.fromkeys([es, en, acronym, *(others.get(value, ()) if facet == "topic" else ())])
        if name
    ]
    main = [(pk, language, name) for pk, _, es, en in topics for language, name in (("es", es), ("en", en)) if name]
    return Names(every, main + terms)
