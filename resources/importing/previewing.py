"""What an import would do, line by line. Nothing but the log of gatherings is written here."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_noop as _

from network.models import Organisation, User
from portal.core import outgoing
from resources import description
from resources.description import Values
from resources.importing.matching import (
    Delivered,
    Earlier,
    Known,
    earlier,
    editable_by,
    is_earlier,
    is_same,
    key_of,
    visible_to,
)
from resources.importing.reading import Words, is_only_named, new_work, said_of, without_stand_in
from resources.intake import references
from resources.intake.records import Fault, Record
from resources.models import Gathered, Gathering, Resource
from resources.models.resource import ResourceQuerySet

logger = logging.getLogger(__name__)

Outcome, Decision, State, LookUp = Gathered.Outcome, Gathered.Decision, Gathering.State, Gathered.LookUp
BATCH = 500
WHERE = 200

TWIN = _("The same document stands in this list already, at %(other)s.")
ELSEWHERE = _("Another organisation has contributed this document; its description stays as it is.")
NOT_YOURS = _("This document is published; only the coordination may change it.")
NOTHING = _("Nothing in it can be read as a reference.")
HELD = _("The library has this document already.")
TOO_MANY = _("Only 500 lines of a list are looked up at once: look the rest up when these are done.")

MOST_LOOK_UPS = 500

Tell = Callable[[int], None]


def preview(
    data: bytes,
    name: str,
    *,
    organisation: Organisation,
    by: User | None,
    format: str = "",
    progress: Tell | None = None,
) -> Gathering:
    """Read a reference file or spreadsheet and say of each line what it would do. `confirm` then does it."""
    gathering = begin(name, organisation=organisation, by=by, kind=Gathering.Kind.REFERENCES)
    return fill(gathering, read(data, name, format), progress=progress)


def preview_pasted(text: str, name: str, *, organisation: Organisation, by: User | None) -> Gathering:
    """
    The same for a pasted bibliography, list of DOIs or of addresses.

    Lines that name a work and don't describe it wait to be looked up (`lookups.go_on`); until then it is being read.
    """
    gathering = begin(name, organisation=organisation, by=by, kind=Gathering.Kind.PASTED)
    return fill(gathering, references.paste(text), looks_up=outgoing.is_open())


def look(
    data: bytes, name: str, *, organisation: Organisation, by: User | None, format: str = ""
) -> Iterator[Gathered]:
    """The lines of a preview, unsaved: nothing at all is written."""
    return Preview(organisation, by, name).lines(read(data, name, format))


def read(data: bytes, name: str, format: str = "") -> Iterator[Record | Fault]:
    return references.read(data, name, format, Words.current().countries)


def begin(name: str, *, organisation: Organisation, by: User | None, kind: str) -> Gathering:
    return Gathering.objects.create(organisation=organisation, by=by, kind=kind, state=State.READING, name=name[:200])


def fill(
    gathering: Gathering, found: Iterable[Record | Fault], *, looks_up: bool = False, progress: Tell | None = None
) -> Gathering:
    """Write the lines, batch by batch, then open the preview. Begun again, it begins at the first line."""
    gathering.lines.all().delete()
    told = Preview(gathering.organisation, gathering.by, gathering.name, looks_up=looks_up)
    done = 0
    for some in batched(told.lines(found), BATCH, strict=False):
        for line in some:
            line.gathering = gathering
        Gathered.objects.bulk_create(some)
        done += len(some)
        if progress:
            progress(done)
    return opened(gathering)


def opened(gathering: Gathering) -> Gathering:
    """Open the preview, unless lines still wait to be looked up or somebody has decided meanwhile."""
    reading = Gathering.objects.filter(pk=gathering.pk, state=State.READING)
    if not gathering.lines.filter(look_up=LookUp.WAITING).exists() and reading.update(state=State.PREVIEW):
        gathering.state = State.PREVIEW
    return gathering


# --- Large files: kept until the worker has read them ---------------------------------------------------------------


def stage(data: bytes, name: str, *, organisation: Organisation, by: User | None) -> Gathering:
    """Keep a large file for `read_staged`, which a task calls."""
    gathering = begin(name, organisation=organisation, by=by, kind=Gathering.Kind.REFERENCES)
    default_storage.delete(_staged(gathering))
    default_storage.save(_staged(gathering), ContentFile(data))
    return gathering


def read_staged(gathering: Gathering) -> None:
    """Preview what `stage` kept, then let go of it. A second call finds nothing to do."""
    if gathering.state != State.READING or not default_storage.exists(_staged(gathering)):
        return
    with default_storage.open(_staged(gathering)) as kept:
        data = kept.read()
    fill(gathering, read(data, gathering.name))
    default_storage.delete(_staged(gathering))


def cancel(gathering: Gathering) -> bool:
    """Throw a preview away; False when it has been taken in meanwhile."""
    with transaction.atomic():
        held = Gathering.objects.select_for_update().filter(pk=gathering.pk).first()
        if held is None or held.state not in (State.READING, State.PREVIEW):
            return False
        default_storage.delete(_staged(held))
        for stored in held.lines.filter(found__has_key="file").values_list("found__file__stored", flat=True):
            default_storage.delete(stored)
        held.delete()
    return True


def _staged(gathering: Gathering) -> str:
    return f"gatherings/{gathering.pk}"


# --- One line after the other ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What a delivery says of one work; `record` is how its source put it, where there is one."""

    where: str
    key: str
    values: Values
    record: Record | None = None


@dataclass
class Preview:
    """What one delivery would change, in the eyes of whoever brings it."""

    organisation: Organisation
    by: User | None
    name: str = ""
    looks_up: bool = False
    words: Words = field(default_factory=Words.current)
    delivered: Delivered = field(default_factory=Delivered)
    asked: int = 0

    def __post_init__(self) -> None:
        self.known = Known(self.by)

    def lines(self, found: Iterable[Record | Fault]) -> Iterator[Gathered]:
        """Bounded memory and queries: a handful for each batch."""
        self.known.catch_up()
        position = 0
        for some in batched(found, BATCH, strict=False):
            for line in self._batch(list(some)):
                position += 1
                line.position = position
                yield line
        if not position:
            yield refused("", NOTHING, position=1)

    def one(self, where: str, key: str, values: Values) -> Gathered:
        """The line of a single work that is described already."""
        self.known.catch_up()
        return self._compared({0: Said(where, key, values)})[0]

    def _batch(self, found: list[Record | Fault]) -> Iterator[Gathered]:
        said = {at: self._said(one) for at, one in enumerate(found) if isinstance(one, Record)}
        lines = self._compared(said)
        for at, one in enumerate(found):
            yield lines[at] if at in lines else refused(one.where, one.reason, column=one.column)

    def _said(self, record: Record) -> "Said":
        values = self.words.values_of(record)
        return Said(record.where, key_of(record.key, values), values, record)

    def _compared(self, said: dict[int, "Said"]) -> dict[int, Gathered]:
        """The line of each, in their order."""
        before = earlier(self.organisation, [one.key for one in said.values()])
        near = {at: self.known.candidates(one.values) for at, one in said.items()}
        wanted = {pk for pks in near.values() for pk in pks} | {line.work for ls in before.values() for line in ls}
        works = described(visible_to(self.by).filter(pk__in=wanted)).prefetch_related("files").in_bulk()
        mine = set(editable_by(self.by).filter(pk__in=works).values_list("pk", flat=True))
        lines = {}
        for at, one in said.items():
            work = self._work(one.values, one.key, near[at], before.get(one.key, []), works)
            may_change = work is not None and work.pk in mine
            lines[at] = self._line(one, work, may_change=may_change)
            if is_only_named(one.values) and lines[at].outcome != Outcome.REFUSED:
                self._to_look_up(lines[at], one.values, work, may_change=may_change)
        return lines

    def _to_look_up(self, line: Gathered, values: Values, work: Resource | None, *, may_change: bool) -> None:
        """A line that only names its work: looked up, unless the library can describe it."""
        if work and not (may_change and work.organisation_id == self.organisation.pk and _is_open(work, values)):
            line.reason = line.reason or HELD
        elif self.looks_up:
            self.asked += 1
            line.look_up = LookUp.WAITING if self.asked <= MOST_LOOK_UPS else LookUp.FAILED
            line.reason = TOO_MANY if line.look_up == LookUp.FAILED else ""
            line.found = {"asked": {name: values[name] for name in ("doi", "source_url") if name in values}}

    def _work(
        self,
        values: Values,
        key: str,
        near: dict[int, bool],
        before: list[Earlier],
        works: dict[int, Resource],
    ) -> Resource | None:
        """The work the record describes, if the library has it: by identifier, by title and year, by its key."""
        known = {pk: description.of_work(works[pk]) for pk in near if pk in works}
        for pk, sure in near.items():
            if pk in works and is_same(values, works[pk], known[pk], sure=sure):
                return works[pk]
        for line in before:
            if (work := works.get(line.work)) is None:
                continue
            if is_earlier(key, values, line, description.of_work(work), delivery=self.name):
                return work
        return None

    def _line(self, said: "Said", work: Resource | None, *, may_change: bool) -> Gathered:
        where, key, values = said.where, said.key, said.values
        if other := self.delivered.twin(where, values, key, work.pk if work else None):
            return refused(where, TWIN, values={"other": other}, key=key, resource=work)
        line = Gathered(where=where[:WHERE], key=key, resource=work, outcome=Outcome.NEW, values=values)
        if work is None:
            try:
                new_work(values)
            except ValidationError as problem:
                column, reason = said_of(problem)
                return refused(where, reason, column=column, key=key)
            return line
        values = self.words.values_of(said.record, work) if said.record else values
        return self._against(line, without_stand_in(values, work), work, may_change=may_change)

    def _against(self, line: Gathered, values: Values, work: Resource, *, may_change: bool) -> Gathered:
        """A known work: what would change of it, and nothing that a person wrote."""
        changes = description.differences(work, values, but=description.owned(work))
        line.values, line.outcome = {}, Outcome.SAME
        if changes and work.organisation_id != self.organisation.pk:
            line.reason = ELSEWHERE
        elif changes and not may_change:
            line.reason = NOT_YOURS
        elif changes:
            have = description.of_work(work)
            if "year" in changes:  # another date altogether: no month of the old one stays with it
                changes |= {part: values.get(part) for part in ("month", "day") if have[part] != values.get(part)}
            line.outcome, line.values = Outcome.CHANGED, changes
            line.before = {name: have[name] for name in changes}
        if line.outcome == Outcome.SAME:
            line.decision = Decision.LEFT
        return line


def _is_open(work: Resource, asked: Values) -> bool:
    """Is the work only named, or without the file that may lie at the address?"""
    if is_only_named(description.of_work(work), work):
        return True
    return "doi" not in asked and work.status == Resource.Status.DRAFT and not work.files.all()


def described(works: ResourceQuerySet) -> ResourceQuerySet:
    """With everything `description` reads of a work, in a fixed number of queries."""
    return works.prefetch_related("authors", "countries", "topics", "tags", "origins")


def refused(where: str, reason: str, *, column: str = "", **fields: object) -> Gathered:
    return Gathered(
        where=where[:WHERE],
        column=column[:100],
        reason=reason,
        outcome=Outcome.REFUSED,
        decision=Decision.LEFT,
        **fields,
    )
