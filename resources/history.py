"""The history of a work as a person reads it: every change of a field and of its status, the newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Country, Organisation, User
from portal.core import languages
from resources.models import Author, FieldChange, FieldOrigin, Resource, StateChange, Topic
from resources.watching import standing

Origin = FieldOrigin.Origin
ENTRIES_SHOWN = 30
STEPS = {
    Resource.Status.DRAFT: gettext_lazy("Sent back"),
    Resource.Status.SUBMITTED: gettext_lazy("Sent to review"),
    Resource.Status.PUBLISHED: Resource.Status.PUBLISHED.label,
    Resource.Status.WITHDRAWN: Resource.Status.WITHDRAWN.label,
}
LONG = 200
"""Characters of a value that are shown at once; the whole of it unfolds."""


@dataclass(frozen=True)
class Change:
    """One field. `language` is that of its words, `was_from` and `came_from` say where the values are from."""

    field: str
    before: str
    after: str
    was_from: str = ""
    came_from: str = ""

    @property
    def language(self) -> str:
        return self.field[-2:] if self.field.endswith(("_es", "_en")) else ""

    @property
    def is_long(self) -> bool:
        return max(len(self.before), len(self.after)) > LONG


@dataclass(frozen=True)
class Entry:
    """What somebody did at once, and why."""

    at: datetime
    who: str
    did: str
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    is_first: bool = False


@dataclass(frozen=True)
class Names:
    """What the codes and short names of the library are called, in the reader's language."""

    countries: dict[str, str]
    topics: dict[str, str]
    organisations: dict[str, str]

    @classmethod
    def current(cls) -> Self:
        return cls(
            {country.pk: country.name for country in Country.objects.all()},
            {topic.slug: topic.name for topic in Topic.objects.all()},
            {organisation.slug: organisation.name for organisation in Organisation.objects.all()},
        )

    def words(self, name: str, value: Any) -> str:
        """A value as the pages of the portal write it."""
        match name:
            case "authors":
                return "; ".join(self._author(*each) for each in value)
            case "files":
                return "; ".join(f"{file} ({languages.name_of(code)})" if code else file for file, code in value)
            case "countries" | "topics":
                known = getattr(self, name)
                return "; ".join(known.get(each, each) for each in value)
            case "tags":
                return "; ".join(value)
            case "organisation":
                return self.organisations.get(value, value)
            case "original_language":
                return languages.name_of(value)
            case "date":
                return value
        choices = dict(Resource._meta.get_field(name).choices or ())
        return str(choices.get(value, value))

    def _author(self, name: str, kind: str, organisation: str) -> str:
        notes = [Author.Kind.BODY.label] if kind == Author.Kind.BODY else []
        if organisation:
            notes.append(self.organisations.get(organisation, organisation))
        return f"{name} ({', '.join(map(str, notes))})" if notes else name


def of(work: Resource) -> list[Entry]:
    """Everything that happened to a work, the newest first, down to what it said as it came in."""
    rows, names = list(work.field_changes.select_related("by")), Names.current()
    steps = list(work.state_changes.select_related("by"))
    if steps and steps[0].to == Resource.Status.DRAFT and not steps[0].reason:
        del steps[0]  # that is how it came in
    entries = [*_changes(rows, names), *_steps(steps)]
    return [*sorted(entries, key=lambda entry: entry.at, reverse=True), _first(work, rows, names)]


def _changes(rows: Iterable[FieldChange], names: Names) -> Iterator[Entry]:
    for (at, how), some in groupby(rows, key=lambda row: (row.at, row.how)):
        some = list(some)
        yield Entry(at, _who(some[0]), FieldChange.How(how).label, changes=[_change(row, names) for row in some])


def _change(row: FieldChange, names: Names) -> Change:
    return Change(
        row.field,
        names.words(row.field, row.before),
        names.words(row.field, row.after),
        was_from=_where(row.before_origin, row.before_detail, is_own=False),
        came_from=_where(row.origin, row.detail, is_own=True),
    )


def _steps(steps: Iterable[StateChange]) -> Iterator[Entry]:
    """A step that leaves a work where it was is another document that was put together with it."""
    before: str = Resource.Status.DRAFT
    for step in steps:
        did = FieldChange.How.MERGED.label if step.to == before else STEPS[step.to]
        yield Entry(step.at, _name(step.by), str(did), reason=step.reason)
        before = step.to


def _first(work: Resource, rows: Iterable[FieldChange], names: Names) -> Entry:
    """What the work said as it came in: before its first change, or to this day."""
    now = standing([work.pk])[work.pk]
    said = {name: (value, *now.origins.get(name, ("", ""))[:2]) for name, value in now.values.items()}
    for row in reversed(list(rows)):
        said[row.field] = (row.before, row.before_origin, row.before_detail)
    changes = [
        Change(name, "", names.words(name, value), came_from=_where(origin, detail, is_own=False))
        for name, (value, origin, detail) in said.items()
        if value not in ("", [])
    ]
    return Entry(work.created_at, _name(work.created_by), _("Came into the library"), changes=changes, is_first=True)


def _name(user: User | None) -> str:
    return user.name if user else ""


def _who(row: FieldChange) -> str:
    """Whoever did it; their name was kept should their account be gone."""
    return _name(row.by) or (row.detail if row.origin == Origin.PERSON else "")


def _where(origin: str, detail: str, *, is_own: bool) -> str:
    """Where a value is from. Of a change somebody made by hand (`is_own`) its entry has said so already."""
    if not origin or (is_own and origin == Origin.PERSON):
        return ""
    where = FieldOrigin(origin=origin, detail=detail).where
    is_named = detail and origin in (Origin.REFERENCE, Origin.SOURCE, Origin.PERSON)
    return f"{where}: {detail}" if is_named else where
