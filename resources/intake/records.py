"""
What a reference, a spreadsheet row or a harvested answer says of one work, in one shape.

Nothing in it is checked against the library yet: names stay names, and what the source left open is empty.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Record:
    """One work as its source describes it.

    `where` tells a person the place in the source ("line 41", "row 7", an OAI identifier). Titles and abstracts stand
    by ISO 639-1 code, "" where the source does not say the language. `type` is a `Resource.Type` or "". Authors are
    as printed, "Family, Given" for people. `identifiers` hold "doi", "isbn", "source_url" at most once each, valid and
    bare. `countries` are ISO 3166 alpha-2 codes, `subjects` free words.
    `key` is the source's own name for the record, stable from one delivery to the next; "" where it has none.
    `type_words` are what the source itself calls this kind of work, for those who know what it means by them.
    """

    where: str
    titles: dict[str, str] = field(default_factory=dict)
    abstracts: dict[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    publisher: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    language: str = ""
    type: str = ""
    identifiers: dict[str, str] = field(default_factory=dict)
    subjects: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    licence: str = ""
    key: str = ""
    type_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A part of a source that can't be taken, and why, in words for the person who brought it (a msgid)."""

    where: str
    reason: str
    column: str = ""
