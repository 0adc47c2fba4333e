"""A record in the library's own words: its topics and language found, ready to be compared and written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils import translation

from network.models import Country
from resources import description
from resources.description import Values
from resources.intake.child.guess.language import COMMON, find_language
from resources.intake.records import Record
from resources.intake.references import fold
from resources.models import EntryTerm, Resource, Topic

LATIN = ("es", "en")
TITLES = ("title_es", "title_en", "original_title")


@dataclass(frozen=True)
class Words:
    """What the library calls countries and topics, in both languages: by folded name."""

    countries: Mapping[str, str]
    topics: Mapping[str, str]

    @classmethod
    def current(cls) -> "Words":
        countries: dict[str, str] = {}
        for code, *names in Country.objects.values_list("code", "name_es", "name_en"):
            countries |= {fold(name): code for name in names if name}
        topics = {fold(text): slug for text, slug in EntryTerm.objects.values_list("text", "topic__slug")}
        for slug, *names in Topic.objects.values_list("slug", "name_es", "name_en"):
            topics |= {fold(name): slug for name in names if name}
        return cls(countries, topics)

    def values_of(self, record: Record, work: Resource | None = None) -> Values:
        """What the record says. Its text in no named language is in that of the work, else in the one it reads like."""
        language = record.language or (work.original_language if work else spoken_in(record))
        values = description.of_record(replace(record, language=language))
        if work and not record.language:
            values.pop("original_language")
        codes = set(self.countries.values())
        subjects = values.pop("tags", [])
        found = {
            "countries": [code for code in values.pop("countries", []) if code in codes],
            "topics": sorted({slug for subject in subjects if (slug := self.topics.get(fold(subject)))}),
            "tags": _once(subject for subject in subjects if fold(subject) not in self.topics),
        }
        return values | {name: listed for name, listed in found.items() if listed}


def _once(words: object) -> list[str]:
    """Each keyword once, whatever its capitals."""
    return list({word.casefold(): word for word in words}.values())


def spoken_in(record: Record) -> str:
    """The language of a record that names none: of its abstract, else of the short words of its title; "" if unsure."""
    texts = [*record.titles.values(), *record.abstracts.values()]
    if any(record.abstracts.values()) and (found := find_language(texts)):
        return found
    words = fold(record.titles.get("", "")).split()
    counts = {code: sum(word in COMMON[code].split() for word in words) for code in LATIN}
    return max(LATIN, key=counts.get) if counts["es"] != counts["en"] else ""


def stand_in(values: Values) -> str:
    """What a work of which only an identifier is known is called until somebody gives its title."""
    return values.get("doi") or values.get("isbn") or values.get("source_url") or ""


def is_only_named(values: Values, work: Resource | None = None) -> bool:
    """Is the work named by a DOI or an address and not described? So is one whose title only stands in for a title."""
    titles = [values[name] for name in TITLES if values.get(name)]
    has_name = bool(values.get("doi") or values.get("source_url"))
    return has_name and (not titles or (work is not None and all(stands_in(title, work) for title in titles)))


def stands_in(title: str, work: Resource) -> bool:
    return title in (work.doi, work.isbn, work.source_url)


def without_stand_in(values: Values, work: Resource) -> Values:
    """With the work's title emptied where it only stood in for the one that has come now."""
    if not any(values.get(name) for name in TITLES):
        return values
    empty = [name for name in TITLES if (title := getattr(work, name)) and stands_in(title, work)]
    return dict.fromkeys(empty, "") | values


def new_work(values: Values, **fields: object) -> Resource:
    """An unsaved draft with the plain values. Raises ValidationError for what the library can't hold."""
    said = {"type": description.UNTOLD_TYPE} | {name: values[name] for name in description.PLAIN if name in values}
    work = Resource(**said, **fields)
    if not work.titles:
        held = f"title_{work.original_language}"
        setattr(work, held if hasattr(work, held) else "original_title", stand_in(values))
    work.clean_fields(exclude=["organisation", "created_by"])
    work.clean()
    return work


def said_of(error: ValidationError) -> tuple[str, str]:
    """(field, msgid) of the first thing wrong."""
    with translation.override("en"):
        if hasattr(error, "error_dict"):
            field, messages = next(iter(error.message_dict.items()))
            return ("" if field == "__all__" else field), messages[0]
        return "", error.messages[0]
