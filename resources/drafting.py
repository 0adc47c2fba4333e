"""A draft out of what a file says of itself: its values, and where each came from and how sure that is."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.core import languages
from resources import description
from resources.dates import sound_date
from resources.description import Origin, Values
from resources.identifiers import DOI, clean_isbn, is_isbn
from resources.intake.child.metadata import Metadata
from resources.models import Resource

READ = {"language": 95, "title": 85, "date": 80, "authors": 75, "abstract": 80, "doi": 90, "isbn": 90}
"""How sure a value is that was read off the pages; what is guessed from them (type, countries) less."""
GUESSED = 65
IN_PROPERTIES = 60
"""Templates and login names end up in the properties, too."""
CATALOGUED = 95
"""The format holds a record that needs no guessing."""
FROM_NAME = 20


@dataclass
class Filled:
    """The values for a work, and of each its origin, certainty and page."""

    values: Values = field(default_factory=dict)
    origins: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    def put(self, name: str, value: Any, origin: tuple[str, int, str]) -> None:
        if name and value not in (None, "", []):
            self.values[name] = value
            self.origins[description.TOGETHER.get(name, name)] = origin

    def write(self, draft: Resource) -> None:
        """Save the draft with these values; the caller's transaction holds it together."""
        for name in description.PLAIN:
            if name in self.values:
                setattr(draft, name, self.values[name])
        draft.save()
        description.write_lists(draft, self.values)
        alike: dict[tuple[str, int, str], list[str]] = defaultdict(list)
        for name, origin in self.origins.items():
            alike[origin].append(name)
        for (origin, certainty, detail), names in alike.items():
            description.note(draft, names, origin=origin, certainty=certainty, detail=detail)


def filled(about: Metadata, *, file_name: str, language: str) -> Filled:
    """Everything the library can hold of it; the name of the file stands in for a title nobody could find."""
    out = Filled()
    known = about.language if about.language in languages.CODES else ""
    original = known or (language if language in languages.CODES else "")
    out.values["original_language"] = original or "es"
    if known:
        out.put("original_language", known, _origin(about, "language"))
    _titles(out, about, file_name)
    _abstracts(out, about)
    for name, part in zip(("year", "month", "day"), sound_date(about.year, about.month, about.day), strict=True):
        out.put(name, part, _origin(about, "date"))
    out.put("doi", about.doi if DOI.fullmatch(about.doi) else "", _origin(about, "doi"))
    sound_isbn = is_isbn(clean_isbn(about.isbn)) and len(about.isbn) <= 17
    out.put("isbn", about.isbn if sound_isbn else "", _origin(about, "isbn"))
    out.put("type", about.type if about.type in Resource.Type.values else "", _origin(about, "type"))
    out.put("publisher", (about.publisher or next(iter(about.bodies), ""))[:200], _origin(about, "publisher"))
    out.put("authors", [name[:300] for name in about.authors], _origin(about, "authors"))
    out.put("countries", sorted(set(about.countries)), _origin(about, "countries"))
    out.put("tags", list(dict.fromkeys(word[:100] for word in about.keywords)), _origin(about, "keywords"))
    return out


def _titles(out: Filled, about: Metadata, file_name: str) -> None:
    original = out.values["original_language"]
    for code, title in about.titles.items():
        out.put(_field("title", code, original), title.strip()[:500], _origin(about, "title"))
    if not any(out.values.get(name) for name in ("title_es", "title_en", "original_title")):
        title = about.title.strip()[:500]
        name = Path(file_name).stem.replace("_", " ").strip() or file_name
        origin = _origin(about, "title") if title else (Origin.NAME, FROM_NAME, "")
        out.put(_field("title", original, original), title or name, origin)


def _abstracts(out: Filled, about: Metadata) -> None:
    original = out.values["original_language"]
    for code, abstract in (about.abstracts or {original: about.abstract}).items():
        if code in ("es", "en"):
            out.put(f"abstract_{code}", abstract.strip()[:10_000], _origin(about, "abstract"))


def _field(name: str, code: str, original: str) -> str:
    return f"{name}_{code}" if code in ("es", "en") else "original_title" if code == original else ""


def _origin(about: Metadata, name: str) -> tuple[str, int, str]:
    if not about.places:
        return Origin.PROPERTIES, CATALOGUED, ""
    if page := about.places.get(name, 0):
        return Origin.TEXT, READ.get(name, GUESSED), str(page)
    return Origin.PROPERTIES, IN_PROPERTIES, ""
