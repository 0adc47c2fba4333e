"""One record of a source: a draft, a change, a proposal, or nothing new."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext_noop

from resources import description, record
from resources.description import TOGETHER, UNKNOWN, UNTOLD_TYPE, Origin, Values
from resources.duplicates import identity, titles
from resources.harvesting.mapping import Mapping, Said
from resources.intake.oai import Harvested
from resources.intake.records import Fault
from resources.models import Gathered, Gathering, Resource, Source

Outcome, Decision = Gathered.Outcome, Gathered.Decision
MAX_KEY = 300
MAX_WHERE = 200
MAX_CANDIDATES = 20

UNHOLDABLE = gettext_noop("The library can't hold this record.")
OVERTAKEN = gettext_noop("The source has changed again since: its newer proposal counts.")
# A record that no longer names these is not a work without them.
LASTING = {"type", "original_language"}


@dataclass
class Known:
    """What a source has said of one record so far, line by line, and the work that came of it."""

    work: int | None = None
    said: Values = field(default_factory=dict)
    is_ours: bool = False  # the work came in by this record
    is_gone: bool = False
    waiting: list[Gathered] = field(default_factory=list)

    def add(self, line: Gathered) -> Self:
        self.work = line.resource_id
        self.said = {**self.said, **line.values}
        self.is_ours = self.is_ours or line.outcome == Outcome.NEW
        self.is_gone = line.outcome == Outcome.GONE
        if line.decision == Decision.WAITING:
            self.waiting.append(line)
        return self

    @property
    def proposed(self) -> Values:
        """What waits for a decision, the newest last."""
        return {name: value for line in self.waiting for name, value in line.values.items()}


@dataclass
class Taker:
    """Takes the records of one gathering in, and writes a line for each that brought something."""

    source: Source
    gathering: Gathering
    mapping: Mapping
    position: int = 0

    def take(self, records: Iterable[Harvested]) -> None:
        """All of them, in the caller's transaction."""
        records = list(records)
        known = self._known({key_of(each.identifier) for each in records if each.identifier})
        for each in records:
            try:
                with transaction.atomic():
                    self._take(each, known)
            except (ValidationError, DataError, IntegrityError):
                known.pop(key_of(each.identifier), None)  # rolled back with its lines
                known |= self._known({key_of(each.identifier)})
                self.refuse(Fault(each.identifier, UNHOLDABLE), key_of(each.identifier))

    def _known(self, keys: set[str]) -> dict[str, Known]:
        lines = Gathered.objects.of_source(self.source).filter(key__in=keys - {""}).order_by("pk")
        found: dict[str, Known] = {}
        for line in lines:
            found.setdefault(line.key, Known()).add(line)
        return found

    def _take(self, item: Harvested, known: dict[str, Known]) -> None:
        key = key_of(item.identifier)
        before = known.get(key)
        if item.faults or not (item.record or item.deleted):
            for fault in item.faults:
                self.refuse(fault, key)
        elif item.deleted:
            self._gone(item, before)
        elif before and before.work is None and not before.is_gone:
            return  # a person took it out of the library: it does not come back by itself
        else:
            said = self.mapping.said(item.record)
            if before is None or before.work is None:
                before = known[key] = Known()
                self._new(item, said, before)
            else:
                self._again(item, said, before)

    # --- Lines --------------------------------------------------------------------------------------------------------

    def refuse(self, fault: Fault, key: str = "") -> None:
        """A line that says what was not taken, and why."""
        where, column = fault.where[:MAX_WHERE], fault.column[:100]
        self._line(key, Outcome.REFUSED, Decision.LEFT, where=where, column=column, reason=fault.reason)

    def _line(self, key: str, outcome: str, decision: str, **fields: object) -> Gathered:
        self.position += 1
        return Gathered.objects.create(
            gathering=self.gathering, position=self.position, key=key, outcome=outcome, decision=decision, **fields
        )

    def _told(self, item: Harvested, known: Known, outcome: str, decision: str, **fields: object) -> None:
        where = item.identifier[:MAX_WHERE]
        known.add(self._line(key_of(item.identifier), outcome, decision, where=where, **fields))

    # --- What a record can bring --------------------------------------------------------------------------------------

    def _new(self, item: Harvested, said: Said, known: Known) -> None:
        """A draft of its own, or a proposal for the work that is already here."""
        for fault in said.faults:
            self.refuse(fault, key_of(item.identifier))
        if work := same_work(said.values):
            known.work = work.pk
            self._again(item, said, known)
            return
        work = Resource(organisation=self.source.organisation)
        values = {"type": UNTOLD_TYPE, **said.values}
        self._write(work, values, item, said)
        if "type" not in said.values:
            description.note(work, ["type"], origin=Origin.SOURCE, certainty=UNKNOWN, detail=self._detail(item))
        record.came_in([work], by=None)
        self._told(item, known, Outcome.NEW, Decision.TAKEN, values=values, resource=work)

    def _again(self, item: Harvested, said: Said, known: Known) -> None:
        """What the source says otherwise than last time: written where nobody touched it, else proposed."""
        if known.is_gone:
            self._close([line for line in known.waiting if line.outcome == Outcome.GONE], known)
            self._told(item, known, Outcome.SAME, Decision.TAKEN, resource_id=known.work)
        news = changes(said, known.said)
        if not news:
            return
        work = Resource.objects.select_for_update().get(pk=known.work)
        have = description.of_work(work)
        wanted = description.differences(work, {**known.proposed, **news})
        free = {name: wanted[name] for name in untouched(work, have, known) if name in wanted}
        rest = {name: value for name, value in wanted.items() if name not in free}
        settled = {name: value for name, value in news.items() if name not in wanted}
        self._close(known.waiting, known)
        if settled:
            self._told(item, known, Outcome.SAME, Decision.TAKEN, values=settled, resource=work)
        if free:
            self._write(work, free, item, said)
            old = {name: have[name] for name in free}
            self._told(item, known, Outcome.CHANGED, Decision.TAKEN, values=free, before=old, resource=work)
        if rest:
            old = {name: have[name] for name in rest}
            self._told(item, known, Outcome.CHANGED, Decision.WAITING, values=rest, before=old, resource=work)

    def _gone(self, item: Harvested, known: Known | None) -> None:
        """A proposal to take the work out, once."""
        if known and known.work and not known.is_gone:
            self._close(known.waiting, known)
            self._told(item, known, Outcome.GONE, Decision.WAITING, resource_id=known.work)

    def _write(self, work: Resource, values: Values, item: Harvested, said: Said) -> None:
        detail = self._detail(item)
        description.write(work, values, origin=Origin.SOURCE, by=self.gathering.by, detail=detail)
        if unsure := [name for name in said.unsure if name in values]:
            description.note(work, unsure, origin=Origin.SOURCE, certainty=said.certainty, detail=detail)

    def _detail(self, item: Harvested) -> str:
        return f"{self.source.name} · {item.identifier}"

    def _close(self, lines: list[Gathered], known: Known) -> None:
        """Older proposals make way for what the source says now."""
        pks = [line.pk for line in lines]
        waiting = Gathered.objects.filter(pk__in=pks, decision=Decision.WAITING)
        waiting.update(decision=Decision.LEFT, reason=OVERTAKEN)
        known.waiting = [line for line in known.waiting if line.pk not in pks]


def key_of(identifier: str) -> str:
    """The identifier as far as the column holds it; a longer one ends in its digest."""
    if len(identifier) <= MAX_KEY:
        return identifier
    return f"{identifier[:230]}#{hashlib.sha256(identifier.encode()).hexdigest()}"


def changes(said: Said, before: Values) -> Values:
    """What a source says otherwise than before; what it says no more is empty now."""
    now = {name: description.blank(name) for name in before if name not in LASTING} | said.values
    if said.certainty == UNKNOWN:
        del now["original_language"]
    if not before:
        return now
    return {
        name: value
        for name, value in now.items()
        if not description.same(name, value, before.get(name, description.blank(name)))
    }


def untouched(work: Resource, have: Values, known: Known) -> list[str]:
    """The fields of a draft of ours that still say what this source said last."""
    if not known.is_ours or work.status != Resource.Status.DRAFT:
        return []
    origins = dict(work.origins.values_list("field", "origin"))
    taken = {
        TOGETHER.get(name, name)
        for name in have
        if origins.get(TOGETHER.get(name, name), Origin.SOURCE) != Origin.SOURCE
        or not description.same(name, have[name], known.said.get(name, description.blank(name)))
    }
    return [name for name in have if TOGETHER.get(name, name) not in taken]


def same_work(values: Values) -> Resource | None:
    """The work of the library with this DOI, ISBN or address; a chapter carries those of its book, so there the title
    has to be the same, too."""
    doi, isbn, url = (values.get(name, "") for name in ("doi", "isbn", "source_url"))
    asked = identity.matching(doi, isbn, url)
    if asked is None:
        return None
    for work in Resource.objects.filter(asked).order_by("pk").distinct()[:MAX_CANDIDATES]:
        is_same = (
            (doi and identity.clean_doi(work.doi) == doi)
            or (isbn and identity.isbn13(work.isbn) == identity.isbn13(isbn))
            or (url and identity.address(work.source_url) == identity.address(url))
        )
        if is_same and (Resource.Type.CHAPTER not in (work.type, values.get("type")) or _same_title(work, values)):
            return work
    return None


def _same_title(work: Resource, values: Values) -> bool:
    named = [values[name] for name in ("title_es", "title_en", "original_title") if values.get(name)]
    return any(titles.same(one, other) for one in named for other in work.titles.values())
