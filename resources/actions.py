"""Everything that changes the library; its files have `resources.deposits`. Site, admin and commands all call these."""

from collections.abc import Callable, Iterable
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Country, Organisation, User
from resources import checking, deposits, description, duplicates, record, search, tasks, watching
from resources.description import Origin, Values
from resources.models import Resource, Topic


class WrongState(Exception):
    """The work is not in a state from which this step leads on: somebody else was quicker."""


# --- Steps in a work's life ------------------------------------------------------------------------------------------


def submit(resource: Resource, *, by: User | None) -> None:
    """Hand a draft to the coordination for review."""
    _move(resource, by=by, to=Resource.Status.SUBMITTED, sources=[Resource.Status.DRAFT])


def publish(resource: Resource, *, by: User | None, looked: bool = False, confirmed_by: str = "") -> None:
    """
    Put a work on the shelf; from this moment search finds it.

    `confirmed_by` names who said so for its organisation, without an account (`resources.consent`).

    Raises `checking.NotLooked` when a file was not checked or may hold personal data, unless this person (or, for a
    command, whoever runs it) says to have `looked` at it; that is kept with the step.
    """
    if not looked:
        checking.refuse_unlooked(resource)
    sources = [Resource.Status.DRAFT, Resource.Status.SUBMITTED, Resource.Status.WITHDRAWN]
    notes = [_("Confirmed by {name}.").format(name=confirmed_by)] if confirmed_by else []
    notes += [checking.looked_note(resource)] if by or confirmed_by else []
    reason = " ".join(filter(None, notes))
    _move(resource, by=by, to=Resource.Status.PUBLISHED, sources=sources, reason=reason, published_at=timezone.now())


def return_to_draft(resource: Resource, *, by: User | None, reason: str) -> None:
    """Give a submitted work back to whoever sent it, saying what is missing."""
    _move(resource, by=by, to=Resource.Status.DRAFT, sources=[Resource.Status.SUBMITTED], reason=reason)


def withdraw(resource: Resource, *, by: User | None, reason: str) -> None:
    """Take a work off the shelf. Its record and files stay, for the coordination and whoever contributed it."""
    _move(resource, by=by, to=Resource.Status.WITHDRAWN, sources=[Resource.Status.PUBLISHED], reason=reason)


def refuse(resource: Resource, *, reason: str) -> None:
    """Take a draft out of the name of an organisation that says it is not its own; the coordination alone sees it."""
    _move(resource, by=None, to=Resource.Status.REFUSED, sources=[Resource.Status.DRAFT], reason=reason)


def take_up(resource: Resource, *, by: User, organisation: Organisation) -> None:
    """Give a refused work to whom it does belong to, as a draft."""
    reason = _("Now in the name of {organisation}.").format(organisation=organisation.short_name)
    sources = [Resource.Status.REFUSED]
    with watching.watched([resource.pk], by=by):
        _move(resource, by=by, to=Resource.Status.DRAFT, sources=sources, reason=reason, organisation=organisation)


@transaction.atomic
def _move(
    resource: Resource, *, by: User | None, to: str, sources: list[str], reason: str = "", **changes: object
) -> None:
    """The conditional update is the lock: of two people who decide at once, one does and the other is told."""
    waiting = Resource.objects.filter(pk=resource.pk, status__in=sources)
    if not waiting.update(status=to, updated_at=timezone.now(), **changes):
        raise WrongState(_("Somebody else has already moved this document on. Please reload the page."))
    resource.refresh_from_db()
    record.moved([resource], before=sources[0] if len(sources) == 1 else "", to=to, by=by, reason=reason)
    search.index([resource.pk])


def submit_all(works: QuerySet[Resource], *, by: User | None) -> int:
    """Hand those of these works that are drafts to the coordination; gives how many."""
    return _move_all(works, by=by, to=Resource.Status.SUBMITTED, sources=[Resource.Status.DRAFT])


def publish_all(works: QuerySet[Resource], *, by: User | None) -> int:
    """Put those of these works on the shelf that wait for it; gives how many.

    One whose files somebody has to look at first stays where it is.
    """
    sources = [Resource.Status.DRAFT, Resource.Status.SUBMITTED]
    waiting = works.filter(status__in=sources).prefetch_related("files").iterator(chunk_size=500)
    clear = [work.pk for work in waiting if not checking.to_look_at(work)]
    moved = 0
    for some in batched(clear, 200, strict=False):
        ready = Resource.objects.filter(pk__in=some)
        moved += _move_all(ready, by=by, to=Resource.Status.PUBLISHED, sources=sources, published_at=timezone.now())
    return moved


def _move_all(works: QuerySet[Resource], *, by: User | None, to: str, sources: list[str], **changes: object) -> int:
    """The same step for many works, some hundred in a transaction."""
    moved = 0
    for some in batched(works.filter(status__in=sources).values_list("pk", flat=True), 200, strict=False):
        with transaction.atomic():
            waiting = Resource.objects.select_for_update().filter(pk__in=some, status__in=sources)
            held = list(waiting)
            pks = [work.pk for work in held]
            Resource.objects.filter(pk__in=pks).update(status=to, updated_at=timezone.now(), **changes)
            record.moved(held, to=to, by=by)
            search.index(pks)
        moved += len(pks)
    return moved


def renamed(works: QuerySet[Resource]) -> None:
    """A topic, keyword, organisation or country of these works has another name: the worker indexes them anew."""
    pks = list(works.published().values_list("pk", flat=True))
    for some in batched(pks, 500, strict=False):
        tasks.index_works.enqueue(list(some))


# --- Descriptions ----------------------------------------------------------------------------------------------------


def describe(
    resource: Resource,
    *,
    by: User,
    save: Callable[[], object],
    step: str = "",
    accept: Iterable[str] = (),
    accepted: Iterable[str] = (),
    looked: bool = False,
) -> None:
    """
    Save a corrected description and, with "submit" or "publish", take that step with it: all of it or nothing.

    `accept` are suggestions to take over besides; `accepted` those the form holds already. Both are told by their
    token, such as "topic:salud-mental".

    What was changed is this person's from then on: no import overwrites it. The row is held meanwhile, so that nobody
    publishes it in between. Raises `WrongState` when it has moved on and
    this person may no longer change it.
    """
    with transaction.atomic():
        held = Resource.objects.editable_by(by).select_for_update().filter(pk=resource.pk).first()
        if held is None:
            raise WrongState(_("Somebody else has already moved this document on. Please reload the page."))
        resource.status, resource.published_at = held.status, held.published_at
        before = description.of_work(held)
        with watching.watched([resource.pk], by=by):
            save()
            saved(resource, by=by, before=before, accepted=accepted)
            for token in accept:
                _accept(resource, token)
        if step == "publish" and by.is_coordinator and not resource.is_published:
            publish(resource, by=by, looked=looked)
        elif step == "submit" and resource.status == Resource.Status.DRAFT:
            submit(resource, by=by)


def saved(
    resource: Resource, *, by: User | None = None, before: Values | None = None, accepted: Iterable[str] = ()
) -> None:
    """
    To be called after a form has saved a work and its relations: search then shows what stands there now.

    What differs from `before` (everything, for a new work) is noted as written by this person, or as suggested.
    """
    if by is not None:
        changed = description.differences(resource, before) if before else description.of_work(resource)
        names = {name for name, value in changed.items() if before or value not in (None, "", [])}
        taken = {SUGGESTED_FIELDS.get(token.partition(":")[0]) for token in accepted}
        description.note(resource, sorted(names - taken), origin=Origin.PERSON, detail=by.name)
        description.note(resource, sorted(names & taken), origin=Origin.SUGGESTED, detail=by.name)
    duplicates.remember(resource)
    search.index([resource.pk])


SUGGESTED_FIELDS = {"topic": "topics", "country": "countries", "type": "type", "tag": "tags"}


def accept_suggestion(resource: Resource, token: str, *, by: User) -> None:
    """Add exactly this one to the work, such as "country:HN"; what the library does not know is left out."""
    with watching.watched([resource.pk], by=by):
        _accept(resource, token)


def _accept(resource: Resource, token: str) -> None:
    kind, _colon, value = token.partition(":")
    match kind:
        case "topic":
            resource.topics.add(*Topic.objects.filter(slug=value))
        case "country":
            resource.countries.add(*Country.objects.filter(code=value))
        case "tag" if 0 < len(value) <= 100:
            resource.tags.add(value)
        case "type" if value in Resource.Type.values:
            resource.type = value
            resource.save(update_fields=["type", "updated_at"])
        case _:
            return
    description.note(resource, [SUGGESTED_FIELDS[kind]], origin=Origin.SUGGESTED)
    search.index([resource.pk])


# --- Taking works out ------------------------------------------------------------------------------------------------


def delete(resource: Resource, *, by: User | None) -> None:
    """
    Take a work out for good, with its files. Meant for what should never have come in; otherwise withdraw it.

    Raises `WrongState` for one that a record of another room rests on.
    """
    if Resource.objects.filter(pk=resource.pk).cited().exists():
        raise WrongState(
            _("An agenda, a decision or the plan rests on this document: it can be withdrawn, but not deleted.")
        )
    files = list(resource.files.all())
    pk = resource.pk
    with transaction.atomic():
        record.gone([resource], by=by)
        resource.delete()
        search.index([pk])
        for file in files:
            deposits.forget_bytes(file)


@transaction.atomic
def discard(resource: Resource, *, by: User) -> None:
    """Delete a draft that went to nobody yet, with its files. Raises `WrongState` when it has gone on meanwhile."""
    held = Resource.objects.discardable_by(by).select_for_update().filter(pk=resource.pk).first()
    if held is None:
        raise WrongState(_("Somebody else has already moved this document on. Please reload the page."))
    delete(held, by=by)
