"""A draft as it is compared, whether it is in the database yet or not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from django.db.models import QuerySet

from resources.duplicates import memory, sketches
from resources.duplicates.sketches import Sketch
from resources.intake.records import Record
from resources.models import Page, Resource


@dataclass(frozen=True)
class Draft:
    """What is known of a work. `languages` and `page_counts` are those of its files; `names` proper names in them."""

    titles: dict[str, str]
    year: int | None = None
    type: str = ""
    doi: str = ""
    isbn: str = ""
    source_url: str = ""
    languages: frozenset[str] = field(default_factory=frozenset)
    page_counts: frozenset[int] = field(default_factory=frozenset)
    sha256s: frozenset[str] = field(default_factory=frozenset)
    sketch: Sketch = field(default_factory=Sketch)
    names: frozenset[str] = field(default_factory=frozenset)
    pk: int | None = None

    @classmethod
    def of(cls, resource: Resource) -> Self:
        """A work of the library; its pages are read, in three queries."""
        bare = cls.described(resource)
        pages = Page.objects.filter(file__resource=resource, number__lte=sketches.NAMED_PAGES)
        names = sketches.names(pages.order_by("number").values_list("text", flat=True)[: sketches.NAMED_PAGES])
        return cls(**{**vars(bare), "sketch": memory.sketch_of(resource), "names": names})

    @classmethod
    def described(cls, resource: Resource) -> Self:
        """A work without its text; uses the prefetched files."""
        files = list(resource.files.all())
        return cls(
            titles=resource.titles,
            year=resource.year,
            type=resource.type,
            doi=resource.doi,
            isbn=resource.isbn,
            source_url=resource.source_url,
            languages=frozenset(file.language or resource.original_language for file in files)
            or frozenset([resource.original_language]),
            page_counts=frozenset(file.pages for file in files if file.pages),
            sha256s=frozenset(file.sha256 for file in files),
            pk=resource.pk,
        )

    @classmethod
    def from_record(
        cls, record: Record, *, pages: Iterable[str] = (), page_count: int | None = None, sha256: str = ""
    ) -> Self:
        """What a source says of a work, with the text of its file where there is one."""
        read = list(pages)
        return cls(
            titles=record.titles,
            year=record.year,
            type=record.type,
            doi=record.identifiers.get("doi", ""),
            isbn=record.identifiers.get("isbn", ""),
            source_url=record.identifiers.get("source_url", ""),
            languages=frozenset(filter(None, [record.language])),
            page_counts=frozenset(filter(None, [page_count or len(read)])),
            sha256s=frozenset(filter(None, [sha256])),
            sketch=Sketch.of(record.titles.values(), [read] if read else []),
            names=sketches.names(read),
        )


def names_in(works: Iterable[int]) -> dict[int, frozenset[str]]:
    """The proper names of the first pages of these works, in one query."""
    rows: QuerySet = Page.objects.filter(file__resource__in=list(works), number__lte=sketches.NAMED_PAGES)
    texts: dict[int, list[str]] = {}
    for pk, text in rows.order_by("file", "number").values_list("file__resource", "text").iterator():
        texts.setdefault(pk, []).append(text)
    return {pk: sketches.names(pages) for pk, pages in texts.items()}
