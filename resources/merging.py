"""Two works that are one: put together by whoever may change both, proposed by others, or kept apart for good."""

from collections.abc import Callable

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import User
from resources import checking, description, duplicates, record, search, watching
from resources.actions import WrongState
from resources.dates import written
from resources.description import PLAIN, TOGETHER, Values
from resources.duplicates import Alike, Draft, Kind
from resources.models import FieldOrigin, File, Gathered, Pairing, Resource

Verdict = Pairing.Verdict
Follow = Callable[[Resource, Resource], None]
_following: dict[str, Follow] = {}
UNDECIDED = [Resource.Status.DRAFT, Resource.Status.SUBMITTED]
ALWAYS_FILLED = ["original_language", "type"]
OF_AN_EDITION = ["year", "month", "day", "publisher", "doi", "isbn", "source_url", "licence", "original_title"]
"""What belongs to one edition or translation of a work, and would be wrong of another."""


class As(models.TextChoices):
    """What two records have to do with each other that become one."""

    SAME = "same", gettext_lazy("The same document twice")
    EDITION = "edition", gettext_lazy("Another edition or language of it")


def follows(relation: str) -> Callable[[Follow], Follow]:
    """
    Register what becomes of a record of another room that rests on the work that is no more: "room.Model.field".

    Without it such a record keeps the work, and it can't go into another one.
    """

    def register(follow: Follow) -> Follow:
        _following[relation] = follow
        return follow

    return register


def alike(work: Resource, user: User) -> list[Alike]:
    """The works it may be the same as, without those that somebody said are not."""
    apart = Pairing.objects.of(work).filter(verdict=Verdict.APART)
    others = {pk for pair in apart.values_list("first", "second") for pk in pair} - {work.pk}
    return [found for found in duplicates.find(Draft.of(work), user) if found.resource.pk not in others]


def missing(into: Resource, draft: Resource, bond: str = As.SAME) -> Values:
    """What the draft says and the other work leaves open; of another edition only what is true of every edition."""
    theirs, ours = description.of_work(into), description.of_work(draft)
    open_ = {name for name, value in theirs.items() if value in (None, "", [])} - {*ALWAYS_FILLED}
    if theirs["year"]:
        open_ -= {*TOGETHER}  # a month goes with its year
    if bond == As.EDITION:
        open_ -= {*OF_AN_EDITION}
    return {name: ours[name] for name in ours if name in open_ and ours[name] not in (None, "", [])}


def likely(found: Alike | None) -> str:
    """The bond that what was found speaks for."""
    if found is None:
        return ""
    return As.EDITION if found.kind in (Kind.OTHER_LANGUAGE, Kind.OTHER_EDITION) else As.SAME


def may_merge(draft: Resource, into: Resource, by: User) -> bool:
    """A draft goes into a work when this person may change both."""
    both = Resource.objects.editable_by(by).filter(pk__in=[draft.pk, into.pk]).count() == 2
    return both and draft.pk != into.pk and draft.status in UNDECIDED


@transaction.atomic
def merge(draft: Resource, *, into: Resource, by: User, bond: str = As.SAME, looked: bool = False) -> Resource:
    """
    Move the draft's files and what it says besides over to the other work; the draft is no more.

    Of another edition its date, publisher, identifiers and licence do not become those of the work: they are kept in
    its history. Nothing that the other work says is changed. Raises `WrongState` when one of them has moved on
    meanwhile, and `checking.NotLooked` when files would become public that nobody has looked at.
    """
    held = {work.pk: work for work in _held(draft, into)}
    if len(held) < 2 or not may_merge(held[draft.pk], held[into.pk], by):
        raise WrongState(_("Somebody else has already moved this document on. Please reload the page."))
    draft, into = held[draft.pk], held[into.pk]
    if Resource.objects.filter(pk=draft.pk).cited(besides=_following).exists():
        raise WrongState(
            _("An agenda, a decision or the plan rests on this document: put the other one into it instead.")
        )
    if into.is_published and not looked:
        checking.refuse_unlooked(draft)
    with watching.watched([into.pk], by=by, how=watching.How.MERGED):
        _move_description(draft, into, bond)
        File.objects.filter(resource=draft).update(resource=into)
    Gathered.objects.filter(resource=draft).update(resource=into)
    for follow in _following.values():
        follow(draft, into)
    reason = _reason(draft, bond)
    record.merged(draft, into, by=by, reason=reason)
    pk = draft.pk
    Resource.objects.get(pk=pk).delete()  # read anew: its files are no longer its own
    duplicates.remember(into)
    search.index([pk, into.pk])
    return into


def _held(*works: Resource) -> list[Resource]:
    """Both rows, locked in one order, so that two people who merge at once do not wait for each other."""
    return list(Resource.objects.filter(pk__in=[work.pk for work in works]).order_by("pk").select_for_update())


def _reason(draft: Resource, bond: str) -> str:
    """Of an edition with what was its own: nobody has to look for its number in a record that is no more."""
    sentence = _("Put together with “{title}”, handed in as number {number}.").format(title=draft, number=draft.pk)
    if bond == As.SAME:
        return sentence
    own = [draft.original_title, written(draft.year, draft.month, draft.day), draft.publisher, draft.doi, draft.isbn]
    said = "; ".join(filter(None, [*own, draft.source_url, draft.get_licence_display()]))
    return f"{sentence} {As.EDITION.label}: {said}" if said else f"{sentence} {As.EDITION.label}."


def _move_description(draft: Resource, into: Resource, bond: str) -> None:
    values = missing(into, draft, bond)
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
