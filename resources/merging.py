"""Two works that are one: put together by whoever may change both, proposed by others, or kept apart for good."""

from django.db import transaction
from django.utils.translation import gettext as _

from network.models import User
from resources import checking, description, duplicates, search, watching
from resources.actions import WrongState
from resources.description import PLAIN, TOGETHER, Values
from resources.duplicates import Alike, Draft
from resources.models import FieldOrigin, File, Gathered, Pairing, Resource, StateChange

Verdict = Pairing.Verdict
UNDECIDED = [Resource.Status.DRAFT, Resource.Status.SUBMITTED]
ALWAYS_FILLED = ["original_language", "type"]


def alike(work: Resource, user: User) -> list[Alike]:
    """The works it may be the same as, without those that somebody said are not."""
    apart = Pairing.objects.of(work).filter(verdict=Verdict.APART)
    others = {pk for pair in apart.values_list("first", "second") for pk in pair} - {work.pk}
    return [found for found in duplicates.find(Draft.of(work), user) if found.resource.pk not in others]


def missing(into: Resource, draft: Resource) -> Values:
    """What the draft says and the other work leaves open."""
    theirs, ours = description.of_work(into), description.of_work(draft)
    open_ = {name for name, value in theirs.items() if value in (None, "", [])} - {*ALWAYS_FILLED}
    if theirs["year"]:
        open_ -= {*TOGETHER}  # a month goes with its year
    return {name: ours[name] for name in ours if name in open_ and ours[name] not in (None, "", [])}


def may_merge(draft: Resource, into: Resource, by: User) -> bool:
    """A draft goes into a work when this person may change both."""
    both = Resource.objects.editable_by(by).filter(pk__in=[draft.pk, into.pk]).count() == 2
    return both and draft.pk != into.pk and draft.status in UNDECIDED


@transaction.atomic
def merge(draft: Resource, *, into: Resource, by: User, looked: bool = False) -> Resource:
    """
    Move the draft's files and what it says besides over to the other work; the draft is no more.

    Nothing that the other work says is changed. Raises `WrongState` when one of them has moved on meanwhile, and
    `checking.NotLooked` when files would become public that nobody has looked at.
    """
    held = {work.pk: work for work in _held(draft, into)}
    if len(held) < 2 or not may_merge(held[draft.pk], held[into.pk], by):
        raise WrongState(_("Somebody else has already moved this document on. Please reload the page."))
    draft, into = held[draft.pk], held[into.pk]
    if into.is_published and not looked:
        checking.refuse_unlooked(draft)
    with watching.watched([into.pk], by=by, how=watching.How.MERGED):
        _move_description(draft, into)
        File.objects.filter(resource=draft).update(resource=into)
    Gathered.objects.filter(resource=draft).update(resource=into)
    reason = _("Put together with “{title}”, handed in as number {number}.").format(title=draft, number=draft.pk)
    StateChange.objects.create(resource=into, to=into.status, by=by, reason=reason)
    pk = draft.pk
    Resource.objects.get(pk=pk).delete()  # read anew: its files are no longer its own
    duplicates.remember(into)
    search.index([pk, into.pk])
    return into


def _held(*works: Resource) -> list[Resource]:
    """Both rows, locked in one order, so that two people who merge at once do not wait for each other."""
    return list(Resource.objects.filter(pk__in=[work.pk for work in works]).order_by("pk").select_for_update())


def _move_description(draft: Resource, into: Resource) -> None:
    values = missing(into, draft)
    for name in PLAIN:
        if name in values:
            setattr(into, name, values[name])
    into.save()
    description.write_lists(into, values)
    names = {TOGETHER.get(name, name) for name in values}
    FieldOrigin.objects.filter(resource=into, field__in=names).delete()
    FieldOrigin.objects.filter(resource=draft, field__in=names).update(resource=into)


def judge(one: Resource, other: Resource, *, verdict: str, by: User) -> None:
    """Keep two works apart, so that nobody is asked again, or propose to the coordination that they become one."""
    first, second = sorted((one.pk, other.pk))
    Pairing.objects.update_or_create(first_id=first, second_id=second, defaults={"verdict": verdict, "by": by})


def proposed_for(work: Resource) -> list[Resource]:
    """Works that somebody proposed to put together with this one."""
    pairs = Pairing.objects.of(work).proposed().values_list("first", "second")
    return list(Resource.objects.filter(pk__in={pk for pair in pairs for pk in pair} - {work.pk}))
