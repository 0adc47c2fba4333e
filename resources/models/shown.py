"""What readers see of a work and its files, worked out from plain values: the same for rows and for cards in a list."""

from collections.abc import Iterable
from functools import lru_cache

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language

from portal.core.languages import Worded, worded
from resources.intake import kinds


class ShownWork:
    """A work by its titles, abstracts, authors and body. Whoever mixes this in has these values as attributes."""

    pk: int
    original_language: str
    original_title: str
    title_es: str | None
    title_en: str | None
    abstract_es: str | None
    abstract_en: str | None
    publisher: str
    year: int | None
    author_names: Iterable[str]
    contributed_by: str

    def get_absolute_url(self) -> str:
        slug = slugify(self.shown_title.text)[:80].strip("-")
        return f"{_address_of_list(get_language())}{self.pk}-{slug or 'x'}/"

    @property
    def titles(self) -> dict[str, str]:
        """Every title there is, by language."""
        every = {self.original_language: self.original_title, "es": self.title_es, "en": self.title_en}
        return {language: text for language, text in every.items() if text}

    def _order(self) -> list[str]:
        """The reader's language first, then the original's, then whatever there is."""
        return list(dict.fromkeys([get_language() or "es", self.original_language, "es", "en"]))

    @property
    def shown_title(self) -> Worded:
        return worded(self.titles, order=self._order())

    @property
    def shown_abstract(self) -> Worded:
        return worded({"es": self.abstract_es, "en": self.abstract_en}, order=self._order())

    @property
    def byline(self) -> str:
        """Who and when, on one line: authors, publisher where it is somebody else, year."""
        names = list(self.author_names)
        authors = "; ".join(names[:3]) + (" et al." if len(names) > 3 else "")
        publisher = self.publisher if self.publisher not in names else ""
        if not (authors or publisher):
            publisher = self.contributed_by
        return " · ".join(part for part in (authors, publisher, str(self.year or "")) if part)


class ShownFile:
    """A file by its name and kind. Whoever mixes this in has these values as attributes."""

    pk: int
    name: str
    kind: str
    pages: int | None

    def get_absolute_url(self) -> str:
        return reverse("file", args=[self.pk, self.name])

    def address_of_page(self, number: int) -> str:
        """Opens the file at that page where a browser can (RFC 8118 for PDF); else the file."""
        return f"{self.get_absolute_url()}#page={number}" if self.kind == "pdf" else self.get_absolute_url()

    @property
    def printed_pages(self) -> int | None:
        """Pages as a reader of paper counts them: a workbook's sheets and a book's chapters are none."""
        return self.pages if self.kind not in ("xlsx", "epub", "html", "txt") else None

    @property
    def format(self) -> kinds.Kind:
        return kinds.by_name(self.kind)


@lru_cache(maxsize=8)
def _address_of_list(language: str) -> str:
    """A work lies below the list. `language` is the active one; asked for with every work, so it is kept."""
    return reverse("resources:list")
