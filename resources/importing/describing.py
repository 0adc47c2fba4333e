"""What a look-up brought, in the library's own fields, and where each has its value from."""

from dataclasses import dataclass, replace

from resources import deposits, drafting
from resources.description import TOGETHER, Values
from resources.importing.bulk import Origins
from resources.importing.reading import TITLES, Words, spoken_in
from resources.intake import reading
from resources.intake.lookup import Said
from resources.intake.records import Record

TOLD, LIKELY, GUESSED, UNKNOWN = 100, 85, 80, 20
"""How sure a language is: as told, told in passing and borne out by the words, by the words alone, by nothing."""
# What the fields of a work are called in what a look-up says of its certainty.
GROUPS = {
    **dict.fromkeys(TITLES, "title"),
    **dict.fromkeys(("abstract_es", "abstract_en"), "abstract"),
    **dict.fromkeys(("doi", "isbn", "source_url"), "identifiers"),
    "original_language": "language",
    "topics": "tags",
}
SECONDS = 10
"""For the first pages of a file."""


@dataclass(frozen=True)
class Described:
    """The values for a work, and of each where it is from."""

    values: Values
    origins: Origins

    def filled(self, other: "Described") -> "Described":
        """With what the other one says besides. Titles and language go together: they stay as they are."""
        more = {name: value for name, value in other.values.items() if name not in self.values}
        more = {name: value for name, value in more.items() if GROUPS.get(name) not in ("title", "language")}
        if "year" in self.values:
            more = {name: value for name, value in more.items() if name not in TOGETHER}
        fields = {TOGETHER.get(name, name) for name in more}
        origins = {name: origin for name, origin in other.origins.items() if name in fields}
        return Described(more | self.values, origins | self.origins)


def of_said(said: Said, origin: str, words: Words) -> Described:
    """A work as a register or a page describes it."""
    values, language = words.values_of(said.record), _sure_of_language(said)
    origins = {}
    for name in dict.fromkeys(TOGETHER.get(name, name) for name in values):
        group = GROUPS.get(name, name)
        certainty = language if group == "language" else said.certainty.get(group, TOLD)
        if not said.record.language and group in ("title", "abstract"):
            certainty = min(certainty, language)  # it may stand under the wrong one
        origins[name] = (origin, certainty, said.where)
    return Described(values, origins)


def _sure_of_language(said: Said) -> int:
    told = said.record.language
    spoken = spoken_in(bare(said.record))
    if not told:
        return GUESSED if spoken else UNKNOWN
    certainty = said.certainty.get("language", TOLD)
    return max(certainty, LIKELY) if spoken == told else certainty


def bare(record: Record) -> Record:
    """The record as if nobody had told its language."""
    return replace(record, language="", titles={"": next(iter(record.titles.values()), "")})


def of_file(file: deposits.Handed) -> Described:
    """A work as its file describes it, read as an upload is."""
    found = reading.read(file.path, file.kind, first_pages=deposits.FIRST_PAGES, thumbnail=False, seconds=SECONDS)
    filled = drafting.filled(found.metadata, file_name=file.name, language="")
    return Described(filled.values, filled.origins)
