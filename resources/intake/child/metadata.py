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
