"""Taking a preview in, and taking it back out."""

from collections.abc import Callable, Iterable
from itertools import batched

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _
from taggit.models import Tag

from network.models import Organisation, User
from resources import actions, checking, deposits, description, record, search, tasks, watching
from resources.description import TOGETHER, Origin
from resources.importing import bulk, lookups, snapshots
from resources.importing.matching import Known, editable_by, is_same
from resources.importing.previewing import described
from resources.importing.reading import new_work, said_of
from resources.models import File, Gathered, Gathering, Resource, StateChange

Outcome, Decision, State = Gathered.Outcome, Gathered.Decision, Gathering.State
BATCH = 100
"""Lines in one transaction: a kill costs no more than these, and nobody waits for more."""

MEANWHILE = _("This document has come into the library since the preview; please read the list in again.")
MOVED = _("Somebody has changed this document since the preview; please read the list in again.")
GONE = _("This document has been taken out of the library since the preview.")
CHANGED_SINCE = _("Somebody has changed this document since it was taken in; it stays as it is.")
CITED_SINCE = _("An agenda, a decision or the plan rests on this document; it stays as it is.")
PUBLISHED_SINCE = _("Somebody else has published this document; it stays as it is.")

Tell = Callable[[int, int], None]
"""Told (done, of how many) after each batch."""


class NotNow(Exception):
    """The gathering is not in a state from which this step leads on."""


def _decide(gathering: Gathering, to: str, sources: list[str]) -> None:
    """The conditional update is the lock; a decision that stands already may be taken further."""
    if not Gathering.objects.filter(pk=gathering.pk, state__in=[to, *sources]).update(state=to):
        raise NotNow(gathering)
    gathering.state = to


def _in_batches(
    gathering: Gathering, lines: QuerySet[Gathered], step: Callable[[list[Gathered]], object], tell: Tell | None
) -> None:
    """
    Each batch in a transaction of its own, one at a time for an organisation.

    `step` must move its lines out of `lines`: that is how a killed run goes on where it stopped.
    """
    total, done = lines.count(), 0
    while True:
        with transaction.atomic():
            Organisation.objects.select_for_update(no_key=True).get(pk=gathering.organisation_id)
            some = list(lines.order_by("position")[:BATCH])
            if not some:
                return
            step(some)
        done += len(some)
        if tell:
            tell(done, total)


# --- In --------------------------------------------------------------------------------------------------------------


def waiting(gathering: Gathering) -> QuerySet[Gathered]:
    """Lines that are still to be taken in."""
    return gathering.lines.filter(decision=Decision.WAITING, outcome__in=[Outcome.NEW, Outcome.CHANGED])


def accept(gathering: Gathering) -> None:
    """The decision of `confirm` alone, for a page that leaves the rest to the worker. Raises `NotNow`."""
    _decide(gathering, State.DONE, [State.PREVIEW])


def confirm(gathering: Gathering, *, by: User | None, publish: bool = False, progress: Tell | None = None) -> Gathering:
    """
    Write what the preview said; with `publish` new documents go on the shelf at once.

    May be called again after a kill: it goes on with the lines that still wait. Raises `NotNow` for a gathering that
    is still being read or has been taken back out.
    """
    accept(gathering)
    known = Known(by)
    publish = publish and (by is None or by.is_coordinator)

    def step(lines: list[Gathered]) -> None:
        known.catch_up()
        _take_new([line for line in lines if line.outcome == Outcome.NEW], gathering, known, by=by, publish=publish)
        _take_changed([line for line in lines if line.outcome == Outcome.CHANGED], gathering, by=by)

    _in_batches(gathering, waiting(gathering), step, progress)
    for line in list(lookups.with_files(gathering).select_related("resource")):
        _attach(line)
    tasks.keep_search_up.enqueue()
    return gathering


def _take_new(lines: list[Gathered], gathering: Gathering, known: Known, *, by: User | None, publish: bool) -> None:
    pairs, left = [], []
    arrived = _arrived(lines, known)
    for line in lines:
        if line.pk in arrived:
            left.append(_left(line, MEANWHILE))
            continue
        try:
            work = new_work(line.values, organisation_id=gathering.organisation_id, created_by=by)
        except ValidationError as problem:
            column, reason = said_of(problem)
            left.append(_left(line, reason, column=column))
        else:
            pairs.append((line, work))
    origins = [_origins(line, gathering.name) for line, _work in pairs]
    made = bulk.create([(work, line.values) for line, work in pairs], by=by, origins=origins)
    if publish:
        actions.publish_all(Resource.objects.filter(pk__in=[work.pk for _line, work in pairs]), by=by)
    marks = snapshots.marks(work.pk for _line, work in pairs)
    for line, work in pairs:
        line.resource, line.decision = work, Decision.TAKEN
        line.before = {"_mark": marks[work.pk], "_made": made.get(work.pk, [])}
    _save([*left, *(line for line, _work in pairs)])


def _origins(line: Gathered, name: str) -> bulk.Origins:
    """Where each of its values is from: as a look-up told, else from the list of that name."""
    fields = dict.fromkeys(TOGETHER.get(field, field) for field, value in line.values.items() if value)
    if (told := line.found.get("origins")) is None:
        return dict.fromkeys(fields, (Origin.REFERENCE, 100, name))
    return {field: tuple(told[field]) for field in fields if field in told}


def _arrived(lines: list[Gathered], known: Known) -> set[int]:
    """Lines whose work somebody else has brought in between preview and confirmation."""
    near = {line.pk: known.candidates(line.values) for line in lines}
    wanted = {pk for pks in near.values() for pk in pks}
    works = {work.pk: work for work in described(Resource.objects.filter(pk__in=wanted))} if wanted else {}
    said = {pk: description.of_work(work) for pk, work in works.items()}
    return {
        line.pk
        for line in lines
        if any(pk in works and is_same(line.values, works[pk], said[pk], sure=s) for pk, s in near[line.pk].items())
    }


def _take_changed(lines: list[Gathered], gathering: Gathering, *, by: User | None) -> None:
    pks = [line.resource_id for line in lines if line.resource_id]
    works = {work.pk: work for work in described(editable_by(by).filter(pk__in=pks).select_for_update())}
    rows = snapshots.take(works)
    with watching.watched(works, by=by):
        for line in lines:
            work = works.get(line.resource_id)
            if work is None:
                _left(line, GONE if line.resource_id not in pks else MOVED)
            elif not _stands(work, line):
                _left(line, MOVED)
            else:
                _change(line, work, rows[work.pk], gathering)
    changed = [line for line in lines if line.decision == Decision.TAKEN]
    marks = snapshots.marks(line.resource_id for line in changed)
    for line in changed:
        line.before["_mark"] = marks[line.resource_id]
    _save(lines)


def _stands(work: Resource, line: Gathered) -> bool:
    """Does the work still say what the preview showed, and are the fields still nobody's own?"""
    have = description.of_work(work)
    return all(have[name] == line.before[name] for name in line.values) and (
        description.differences(work, line.values, but=description.owned(work)).keys()
        == description.differences(work, line.values).keys()
    )


def _change(line: Gathered, work: Resource, rows: snapshots.Rows, gathering: Gathering) -> None:
    last = Tag.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with transaction.atomic():
            description.put(work, line.values, origin=Origin.REFERENCE, detail=gathering.name)
            for name, (origin, certainty, detail) in _origins(line, gathering.name).items():
                description.note(work, [name], origin=origin, certainty=certainty, detail=detail)
    except (ValidationError, IntegrityError) as problem:
        column, reason = said_of(problem) if isinstance(problem, ValidationError) else ("", str(problem))
        _left(line, reason, column=column)
        return
    made = Tag.objects.filter(pk__gt=last, taggit_taggeditem_items__object_id=work.pk)
    line.decision = Decision.TAKEN
    line.before |= {"_rows": rows, "_made": list(made.values_list("pk", flat=True).distinct())}


def _left(line: Gathered, reason: str, *, column: str = "") -> Gathered:
    line.outcome, line.decision = Outcome.REFUSED, Decision.LEFT
    line.reason, line.column = reason, column[:100]
    lookups.drop_file(line)
    return line


def _attach(line: Gathered) -> None:
    """The file that came with a look-up becomes a file of the work, as an upload would; it goes when that is undone."""

    def keep(file: File) -> None:
        held = Gathered.objects.select_for_update().filter(pk=line.pk, decision=Decision.TAKEN)
        if not held.exists():
            raise NotNow(line.gathering)
        pk = line.resource_id
        if line.before["_mark"] == snapshots.marks([pk], but=file.pk)[pk]:
            line.before["_mark"] = snapshots.marks([pk])[pk]
        line.before["_file"] = file.pk
        held.update(before=line.before)

    try:
        reason = lookups.attach(line, keep)
    except (NotNow, IntegrityError):
        return  # taken back out meanwhile, and its file with it
    Gathered.objects.filter(pk=line.pk).update(found=line.found, reason=reason or line.reason)


def _save(lines: Iterable[Gathered]) -> None:
    fields = ["outcome", "decision", "reason", "column", "before", "resource", "found"]
    Gathered.objects.bulk_update(lines, fields, batch_size=50)


def drafts(gathering: Gathering) -> QuerySet[Resource]:
    """The new documents of this gathering that nobody has sent to review yet."""
    new = gathering.lines.filter(decision=Decision.TAKEN, outcome=Outcome.NEW)
    return Resource.objects.filter(pk__in=new.values("resource"), status=Resource.Status.DRAFT)


def held_back(gathering: Gathering) -> list[Resource]:
    """The new documents of this gathering that stay off the shelf until somebody has looked at their files."""
    new = gathering.lines.filter(decision=Decision.TAKEN, outcome=Outcome.NEW)
    return checking.held_back(Resource.objects.filter(pk__in=new.values("resource")))


# --- Out -------------------------------------------------------------------------------------------------------------


def to_undo(gathering: Gathering) -> QuerySet[Gathered]:
    """Lines that are still to be taken back out, without those that were refused that."""
    return gathering.lines.filter(decision=Decision.TAKEN, reason="")


@transaction.atomic
def reject(gathering: Gathering) -> None:
    """The decision of `undo` alone: what is still being taken in stops, what was refused before is tried again."""
    _decide(gathering, State.UNDONE, [State.DONE])
    waiting(gathering).update(decision=Decision.LEFT)
    gathering.lines.filter(decision=Decision.TAKEN).update(reason="")


def undo(gathering: Gathering, *, by: User | None, progress: Tell | None = None) -> list[Gathered]:
    """
    Take everything back out that came in with this gathering, exactly, whether it was taken in to the end or not.

    What a person has changed since, or somebody else has published, stays; those lines are returned, each with its
    reason. May be called again. Raises `NotNow` for what was never taken in.
    """
    reject(gathering)
    _in_batches(gathering, to_undo(gathering), lambda some: _take_out(some, by=by), progress)
    _drop_keywords(gathering)
    return list(gathering.lines.filter(decision=Decision.TAKEN))


def _drop_keywords(gathering: Gathering) -> None:
    """Keywords that came with this gathering and that no document bears any more."""
    brought = gathering.lines.filter(before__has_key="_made").values_list("before___made", flat=True)
    made = {pk for pks in brought.iterator() for pk in pks or []}
    for some in batched(sorted(made), 500, strict=False):
        Tag.objects.filter(pk__in=some, taggit_taggeditem_items__isnull=True).delete()


def _take_out(lines: list[Gathered], *, by: User | None) -> None:
    pks = [line.resource_id for line in lines if line.resource_id]
    works = {work.pk: work for work in Resource.objects.select_for_update().filter(pk__in=pks)}
    marks, publishers = snapshots.marks(works), _publishers(works)
    cited = set(Resource.objects.filter(pk__in=works).cited().values_list("pk", flat=True))
    gone, changed = [], []
    for line in lines:
        work = works.get(line.resource_id)
        line.decision = Decision.LEFT
        if work is None:  # somebody has deleted it: nothing is left to take out
            continue
        line.reason = _objection(line, work, marks[work.pk], publishers.get(work.pk), by=by)
        if line.outcome == Outcome.NEW and work.pk in cited:
            line.reason = CITED_SINCE
        if line.reason:
            line.decision = Decision.TAKEN
            continue
        _remove_file(line, by=by)
        if line.outcome == Outcome.NEW:
            gone.append(work.pk)
            line.resource = None
        else:
            changed.append(line.before["_rows"])
    with watching.watched([rows["work"][0]["id"] for rows in changed], by=by, how=watching.How.UNDONE):
        for rows in changed:
            snapshots.put_back(rows)
    Gathered.objects.bulk_update(lines, ["decision", "reason", "resource", "found"], batch_size=50)
    record.gone([works[pk] for pk in gone], by=by)
    Resource.objects.filter(pk__in=gone).delete()
    search.index(pks)


def _remove_file(line: Gathered, *, by: User | None) -> None:
    """The file that came with the line, on its work or still waiting."""
    lookups.drop_file(line)
    if file := File.objects.filter(pk=line.before.get("_file"), resource=line.resource_id).first():
        deposits.remove(file, by=by)


def _publishers(works: Iterable[int]) -> dict[int, int | None]:
    """Who put each of these works on the shelf last."""
    steps = StateChange.objects.filter(resource__in=works, to=Resource.Status.PUBLISHED).order_by("at", "pk")
    return dict(steps.values_list("resource", "by"))


def _objection(line: Gathered, work: Resource, mark: str, publisher: int | None, *, by: User | None) -> str:
    """Why this work can't be taken back; "" if it can."""
    if mark != line.before["_mark"]:
        return CHANGED_SINCE
    status = line.before["_rows"]["work"][0]["status"] if line.outcome == Outcome.CHANGED else ""
    if work.is_published and status != Resource.Status.PUBLISHED and publisher not in (None, by and by.pk):
        return PUBLISHED_SINCE
    return ""
