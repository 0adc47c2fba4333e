"""
Which work of the library a record describes, and which records of one delivery describe the same work.

The library is read once, not once per record: what tells works apart is kept in memory, a few hundred bytes each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from django.db.models import Q

from network.models import Organisation, User
from resources.description import Values
from resources.duplicates import identity
from resources.intake.references import fold
from resources.models import Gathered, Gathering, Resource
from resources.models.resource import ResourceQuerySet

TITLES = ("title_es", "title_en", "original_title")
IN_MEMORY = ("pk", "type", "year", "doi", "isbn", "source_url", *TITLES)
TELLING = ("doi", "isbn", "source_url", "year", "month", "day", "publisher")
TELLS_BY_ITSELF = 4
"""Words of a title that no two works have in common by chance; "Introduction" may have many authors."""
MOST_ALIKE = 30
CONTENT_KEY = "#"
"""Begins the key we give a record whose source gave none."""


def visible_to(by: User | None) -> ResourceQuerySet:
    """Works an import may speak of: those the person who brought it may see; a command sees all."""
    return Resource.objects.visible_to(by) if by else Resource.objects.all()


def editable_by(by: User | None) -> ResourceQuerySet:
    return Resource.objects.editable_by(by) if by else Resource.objects.all()


def key_of(key: str, values: Values) -> str:
    """The source's own name for the record, else one made of what it says: a second delivery has the same."""
    if key:
        return key[:300]
    said = [*(str(values.get(name, "")) for name in TELLING), *titles_of(values), *values.get("authors", [])[:1]]
    return CONTENT_KEY + blake2b("\n".join(said).encode(), digest_size=15).hexdigest()


def titles_of(values: Values) -> list[str]:
    return [folded for name in TITLES if (folded := fold(values.get(name) or ""))]


def alike(some: Iterable[str], others: Iterable[str]) -> bool:
    """Have two folded titles half the words of the shorter in common? With none on a side nothing speaks against."""
    pairs = [(set(one.split()), set(other.split())) for one in some for other in others]
    return not pairs or any(2 * len(one & other) >= min(len(one), len(other)) for one, other in pairs)


def contradict(one: Values, other: Values) -> bool:
    """Do two descriptions under the same title and year speak of different works? Publishers are written many ways."""
    if _differ(one.get("doi"), other.get("doi")):
        return True
    if _differ(identity.isbn13(one.get("isbn") or ""), identity.isbn13(other.get("isbn") or "")):
        return True
    if any(_differ(one.get(name), other.get(name)) for name in ("month", "day")):
        return True
    shortest = min((len(title.split()) for title in titles_of(one)), default=0)
    return shortest < TELLS_BY_ITSELF and _other_people(one, other)


def _differ(one: object, other: object) -> bool:
    return bool(one and other and one != other)


def _other_people(one: Values, other: Values) -> bool:
    """Both name authors, and no family name is common."""
    families = [{fold(name).split(" ")[0] for name in values.get("authors", [])} for values in (one, other)]
    return all(families) and not families[0] & families[1]


def identifiers_of(values: Values) -> Iterator[tuple[str, str]]:
    """What names this very work; those of a chapter may be its book's."""
    if values.get("type") == Resource.Type.CHAPTER:
        return
    if doi := values.get("doi"):
        yield "doi", doi
    if isbn := identity.isbn13(values.get("isbn") or ""):
        yield "isbn", isbn
    if (url := values.get("source_url")) and identity.address_forms(url):
        yield "url", identity.address(url).lower()


@dataclass
class Known:
    """The works of the library by what identifies them. `catch_up` takes in those that have come since."""

    by: User | None
    identified: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    titled: dict[tuple[str, int | None], list[int]] = field(default_factory=lambda: defaultdict(list))
    last: int = 0

    def catch_up(self) -> None:
        rows = visible_to(self.by).filter(pk__gt=self.last).order_by("pk").values(*IN_MEMORY)
        for row in rows.iterator(chunk_size=5_000):
            self.last = row["pk"]
            for name in identifiers_of(row):
                _add(self.identified[name], row["pk"])
            for title in dict.fromkeys(titles_of(row)):
                _add(self.titled[title, row["year"]], row["pk"])

    def candidates(self, values: Values) -> dict[int, bool]:
        """{work: does an identifier say so?}, the surest first."""
        found = {pk: True for name in identifiers_of(values) for pk in self.identified.get(name, ())}
        for title in titles_of(values):
            for pk in self.titled.get((title, values.get("year")), ()):
                found.setdefault(pk, False)
        return found


def _add[T](same: list[T], one: T) -> None:
    """A hundred works may share a title or an address: comparing each with each has an end."""
    if len(same) < MOST_ALIKE:
        same.append(one)


@dataclass(frozen=True)
class Earlier:
    """A line this organisation has brought in before: its work, and what it said then."""

    work: int
    delivery: str
    titles: list[str]


def earlier(organisation: Organisation, keys: Iterable[str]) -> dict[str, list[Earlier]]:
    """Lines taken in before under these keys, the latest first."""
    taken = Q(decision=Gathered.Decision.TAKEN) | Q(outcome=Gathered.Outcome.SAME)
    lines = Gathered.objects.filter(
        taken,
        key__in=set(keys),
        resource__isnull=False,
        gathering__organisation=organisation,
        gathering__kind__in=[Gathering.Kind.REFERENCES, Gathering.Kind.PASTED],
        gathering__state__in=[Gathering.State.DONE, Gathering.State.UNDONE],
    )
    found: dict[str, list[Earlier]] = defaultdict(list)
    for key, work, name, values in lines.order_by("-pk").values_list("key", "resource", "gathering__name", "values"):
        found[key].append(Earlier(work, name, titles_of(values)))
    return found


def is_same(values: Values, work: Resource, described: Values, *, sure: bool) -> bool:
    """Is this candidate the record's work? A DOI says so by itself, other names only under a title like it."""
    if Resource.Type.CHAPTER in (values.get("type"), work.type) and sure:
        sure = any(title in titles_of(described) for title in titles_of(values))
    if sure:
        return values.get("doi") == described["doi"] != "" or alike(titles_of(values), titles_of(described))
    return not contradict(values, described)


def is_earlier(key: str, values: Values, line: Earlier, described: Values, *, delivery: str) -> bool:
    """Is it the work taken in under the same key? A bare number may be a row's number in another list."""
    if key.startswith(CONTENT_KEY):
        return True
    if _differ(values.get("doi"), described["doi"]):
        return False
    if line.delivery == delivery and not key.isdigit():
        return True
    return alike(titles_of(values), [*line.titles, *titles_of(described)])


@dataclass
class Delivered:
    """What one delivery has said so far: where each work stood first. The rules are those of `is_same`."""

    works: dict[int, str] = field(default_factory=dict)
    named: dict[tuple[str, str], list[tuple[str, list[str]]]] = field(default_factory=lambda: defaultdict(list))
    titled: dict[tuple[str, int | None], list[tuple[str, Values]]] = field(default_factory=lambda: defaultdict(list))

    def twin(self, where: str, values: Values, key: str, work: int | None) -> str:
        """Where the same work stands already, "" if nowhere; remembers it."""
        names, titles = [("key", key), *identifiers_of(values)], titles_of(values)
        brief = {name: values[name] for name in BRIEF if name in values} | {"authors": values.get("authors", [])[:20]}
        if first := self.works.get(work) or self._named(names, titles) or self._titled(titles, brief, values):
            return first
        if work:
            self.works[work] = where
        for name in names:
            _add(self.named[name], (where, titles))
        for title in titles:
            _add(self.titled[title, values.get("year")], (where, brief))
        return ""

    def _named(self, names: list[tuple[str, str]], titles: list[str]) -> str:
        """A DOI says so by itself, other names only under a title like it."""
        return next(
            (
                place
                for name in names
                for place, others in self.named.get(name, ())
                if name[0] == "doi" or alike(titles, others)
            ),
            "",
        )

    def _titled(self, titles: list[str], brief: Values, values: Values) -> str:
        same = (entry for title in titles for entry in self.titled.get((title, values.get("year")), ()))
        return next((place for place, other in same if not contradict(brief, other)), "")


BRIEF = ("doi", "isbn", "month", "day", *TITLES)
