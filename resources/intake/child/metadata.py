"""The answer about a document, in the one shape that both sides of the process boundary know."""

from dataclasses import dataclass, field


@dataclass
class Metadata:
    """What the document says about itself. Empty or None wherever it does not say so clearly."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    year: int | None = None
    month: int | None = None
    day: int | None = None
    language: str = ""
    abstract: str = ""
    doi: str = ""
    isbn: str = ""
    issns: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)  # by ISO 639-1 code, where the format tells them apart
    abstracts: dict[str, str] = field(default_factory=dict)
    bodies: list[str] = field(default_factory=list)  # that issued or published it
    publisher: str = ""  # of an article: the journal
    type: str = ""  # a `Resource.Type`
    countries: list[str] = field(default_factory=list)  # that it is about, ISO 3166 alpha-2
    keywords: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)  # page of each value, 0 for the properties of the file
