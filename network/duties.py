"""The desk the coordination shares: work comes and goes with the steps of the rooms, and changes hands here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched

from django.db import models, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.duty_kinds import DutyKind
from network.models import Absence, Duty, Organisation, Role, Rota, User
from portal.core import audit
from portal.core.refused import Refused

MINE_SHOWN = 20


@audit.register
class Verb(models.TextChoices):
    TAKEN = "duty-taken", gettext_lazy("Work taken")
    COVERED = "duty-covered", gettext_lazy("Work taken over from somebody away")
    HANDED_OVER = "duty-handed-over", gettext_lazy("Work handed over")
    PUT_BACK = "duty-put-back", gettext_lazy("Work put back")
    FINISHED = "duty-finished", gettext_lazy("Work finished")


# --- Coming and going ------------------------------------------------------------------------------------------------


def open_for(kind: DutyKind, about: Iterable[models.Model]) -> None:
    """Put work about these rows on the desk; what is there already stays as it is."""
    open_about(kind, [(row._meta.label_lower, str(row.pk), str(row)) for row in about])


def open_about(kind: DutyKind, about: Iterable[tuple[str, str, str]]) -> None:
    """The same for what has no row of its own: (type, key, name)."""
    rota = Rota.objects.filter(kind=kind.code).first()
    due = timezone.localdate() + timedelta(days=rota.days if rota else kind.days)
    owners = {"organisation_id": rota.organisation_id, "backup_id": rota.backup_id} if rota else {}
    Duty.objects.bulk_create(
        [
            Duty(kind=kind.code, about_type=type_, about_key=key, about_name=name[:200], due=due, **owners)
            for type_, key, name in about
        ],
        batch_size=500,
        ignore_conflicts=True,
    )


def close_for(kind: DutyKind, about: Iterable[models.Model], *, by: User | None) -> None:
    """These rows need it no longer: done by this person, or (None) superfluous."""
    rows = list(about)
    if rows:
        close_about(kind, rows[0]._meta.label_lower, [str(row.pk) for row in rows], by=by)


def close_about(kind: DutyKind, type_: str, keys: Iterable[str], *, by: User | None) -> None:
    done = {"done_at": timezone.now(), "done_by": by, "done_for": organisation_of(by) if by else None}
    for some in batched(keys, 500, strict=False):
        Duty.objects.open().filter(kind=kind.code, about_type=type_, about_key__in=some).update(**done)


def organisation_of(user: User) -> Organisation | None:
    """For whom somebody works at the shared desk."""
    kinds = (Role.Kind.COORDINATOR, Role.Kind.SECRETARIAT)
    roles = sorted(user.roles_in_force, key=lambda role: role.kind not in kinds)
    return next((role.organisation for role in roles if role.organisation_id), None)


# --- From hand to hand -----------------------------------------------------------------------------------------------


def away() -> QuerySet[Absence]:
    """Today's absences."""
    return Absence.objects.on()


def hands(*, coordinators_only: bool = False) -> QuerySet[User]:
    """Everybody who can do work of the shared desk today."""
    kinds = [Role.Kind.COORDINATOR, Role.Kind.ADMINISTRATOR, *([] if coordinators_only else [Role.Kind.SECRETARIAT])]
    roles = Role.objects.in_force().filter(kind__in=kinds)
    return User.objects.filter(is_active=True, pk__in=roles.values("user"))


@transaction.atomic
def take(duty: Duty, *, by: User) -> None:
    """Take free work, or cover for somebody who is away. Raises `Refused`."""
    held = _held(duty)
    if held.taken_by_id == by.pk:
        return
    if not Duty.objects.to_take(by).filter(pk=held.pk).exists():
        raise Refused(_("%(name)s has already taken this.") % {"name": held.taken_by})
    verb = Verb.COVERED if held.taken_by else Verb.TAKEN
    audit.record(verb, duty, by=by, whom=held.taken_by)
    Duty.objects.filter(pk=held.pk).update(taken_by=by)


@transaction.atomic
def hand_over(duty: Duty, *, to: User, by: User) -> None:
    """Pass work on: one's own, or as a coordinator anybody's. Raises `Refused`."""
    held = _in_hand(duty, by)
    if held.taken_by_id == to.pk:
        return
    if not hands(coordinators_only=held.what.for_coordinators).filter(pk=to.pk).exists():
        raise Refused(_("%(name)s can't do this kind of work.") % {"name": to})
    if absence := away().filter(user=to).first():
        day = date_format(absence.until, "DATE_FORMAT")
        raise Refused(_("%(name)s is away until %(day)s.") % {"name": to, "day": day})
    Duty.objects.filter(pk=held.pk).update(taken_by=to)
    audit.record(Verb.HANDED_OVER, duty, by=by, whom=to)


@transaction.atomic
def put_back(duty: Duty, *, by: User) -> None:
    """Leave it to whoever takes it next. Raises `Refused`."""
    held = _in_hand(duty, by)
    if held.taken_by_id is None:
        return
    Duty.objects.filter(pk=held.pk).update(taken_by=None)
    audit.record(Verb.PUT_BACK, duty, by=by, whom=held.taken_by)


@transaction.atomic
def finish(duty: Duty, *, by: User, note: str) -> None:
    """Say that work is done that no step of the portal closes. Raises `Refused`."""
    held = _in_hand(duty, by)
    if not held.what.by_hand:
        raise Refused(_("This work closes by itself, when it is done on its page."))
    done = {"done_at": timezone.now(), "done_by": by, "done_for": organisation_of(by), "note": note}
    Duty.objects.filter(pk=held.pk).update(**done)
    audit.record(Verb.FINISHED, duty, by=by, reason=note)


def _held(duty: Duty) -> Duty:
    """The work as it stands, its row held: of two people who take it at once, one has it and the other is told."""
    held = Duty.objects.open().select_for_update(of=("self",)).select_related("taken_by").filter(pk=duty.pk).first()
    if held is None:
        raise Refused(_("This work is done already."))
    return held


def _in_hand(duty: Duty, by: User) -> Duty:
    """The same, if this person may pass it on: nobody's, one's own, and for a coordinator anybody's."""
    held = _held(duty)
    if held.taken_by_id not in (None, by.pk) and not by.is_coordinator:
        raise Refused(_("%(name)s has already taken this.") % {"name": held.taken_by})
    return held


@dataclass(frozen=True)
class OnMyDesk:
    """What the shared desk means for one person today."""

    mine: list[Duty]
    to_take: int
    overdue: int


def for_desk(user: User) -> OnMyDesk:
    """In two queries."""
    work = Duty.objects.visible_to(user).open()
    late = Count("pk", filter=Q(due__lt=timezone.localdate()))
    counts = work.to_take(user).order_by().aggregate(all=Count("pk"), late=late)
    return OnMyDesk([*work.filter(taken_by=user).for_rows()[:MINE_SHOWN]], counts["all"], counts["late"])
