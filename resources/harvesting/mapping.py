"""What a source's words mean here, and what of a record the library can hold."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from network.models import Country
from portal.core import languages
from resources import description
from resources.description import PLAIN, UNKNOWN, Values
from resources.intake.child.guess.language import find_language
from resources.intake.oai.words import folded
from resources.intake.records import Fault, Record
from resources.models import Resource, Source, Topic

KNOWN = ("type", "topic")
TOLD, GUESSED = 100, 80
"""How sure a language is, in hundredths: as the source says, by the words of title and abstract, or by nothing."""

NO_SUCH_TYPE = gettext_noop("The mapping of this source names a type that the library does not have: it is left out.")
NO_SUCH_TOPIC = gettext_noop("The mapping of this source names a topic that the library does not have: it is left out.")
UNFIT = gettext_noop("The library can't hold this value of the record: it is left out, the rest is taken.")


@dataclass(frozen=True)
class Said:
    """What a record says in our fields, how sure its language is, and what had to be left out."""

    values: Values
    certainty: int = TOLD
    faults: tuple[Fault, ...] = ()

    @property
    def unsure(self) -> list[str]:
        """The fields that stand or fall with the language."""
        titles = [name for name in self.values if name.startswith(("title_", "abstract_", "original_title"))]
        return [] if self.certainty == TOLD else ["original_language", *titles]


@dataclass(frozen=True)
class Mapping:
    """The words of one source, folded, for our types and topics; `faults` name what leads nowhere."""

    types: dict[str, str] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, source: Source) -> Self:
        types, topics = words_of(source.mapping, "type"), words_of(source.mapping, "topic")
        slugs = set(Topic.objects.filter(slug__in=topics.values()).values_list("slug", flat=True))
        faults = [Fault(word, NO_SUCH_TYPE, "type") for word, name in types.items() if name not in Resource.Type]
        faults += [Fault(word, NO_SUCH_TOPIC, "topic") for word, slug in topics.items() if slug not in slugs]
        return cls(
            {folded(word): name for word, name in types.items() if name in Resource.Type},
            {folded(word): slug for word, slug in topics.items() if slug in slugs},
            _countries(),
            tuple(faults),
        )

    def said(self, record: Record) -> Said:
        """The record in our fields and words."""
        record, certainty = in_its_language(record)
        values = description.of_record(record)
        if kind := next((self.types[word] for word in map(folded, record.type_words) if word in self.types), ""):
            values["type"] = kind
        if self.topics and (
            slugs := {self.topics[word] for word in map(folded, record.subjects) if word in self.topics}
        ):
            values["topics"] = sorted(slugs)
            values["tags"] = [tag for tag in values["tags"] if folded(tag) not in self.topics]
        if "countries" in values:
            values["countries"] = [code for code in values["countries"] if code in self.countries.values()]
        faults = [Fault(record.where, UNFIT, name) for name in unfit(values)]
        kept = {name: value for name, value in values.items() if name not in {fault.column for fault in faults}}
        return Said(kept, certainty, tuple(faults))


def words_of(mapping: Any, kind: str) -> dict[str, str]:
    """One part of a mapping as it was saved; whatever is not words for words is passed over."""
    part = mapping.get(kind) if isinstance(mapping, dict) else None
    pairs = part.items() if isinstance(part, dict) else ()
    return {word: name for word, name in pairs if isinstance(name, str) and word.strip()}


def check_mapping(mapping: Any) -> None:
    """Raise ValidationError, in words for the person who wrote it, unless every word leads somewhere."""
    if not isinstance(mapping, dict) or not all(isinstance(part, dict) for part in mapping.values()):
        raise ValidationError(_("Write it as in the example below, with the parts “type” and “topic”."))
    if strange := [part for part in mapping if part not in KNOWN]:
        raise ValidationError(_("There is no part “{name}”: only “type” and “topic”.").format(name=strange[0]))
    types, topics = words_of(mapping, "type"), words_of(mapping, "topic")
    if len(types) + len(topics) < sum(map(len, mapping.values())):
        raise ValidationError(_("Each word of the source needs one of ours, as text."))
    slugs = set(Topic.objects.filter(slug__in=topics.values()).values_list("slug", flat=True))
    for name in types.values():
        if name not in Resource.Type:
            known = ", ".join(Resource.Type.values)
            raise ValidationError(_("There is no type “{name}”. There are: {known}.").format(name=name, known=known))
    for slug in topics.values():
        if slug not in slugs:
            raise ValidationError(_("There is no topic with the short name “{name}”.").format(name=slug))


def in_its_language(record: Record) -> tuple[Record, int]:
    """The record with a language, by the words of its title and abstract where it tells none, and how sure that is."""
    if record.language in languages.CODES:
        return record, TOLD
    text = [record.titles.get("", ""), record.abstracts.get("", "")]
    if guess := find_language(text):
        return replace(record, language=guess), GUESSED
    return record, TOLD if "" not in record.titles and len(record.titles) == 1 else UNKNOWN


def unfit(values: Values) -> list[str]:
    """The fields whose value the model would not take. Titles have been cut to length before."""
    found = []
    for name in PLAIN:
        try:
            if name in values:
                Resource._meta.get_field(name).clean(values[name], None)
        except ValidationError:
            found.append(name)
    return found


def _countries() -> dict[str, str]:
    """Codes by name, in both languages."""
    rows = Country.objects.values_list("code", "name_es", "name_en")
    return {name: code for code, *names in rows for name in names if name}
