"""
What organisations give to a plan: written by the secretariat or offered on the site, then noted step by step.

The steps are IATI's: pledge (13), commitment (11), received (incoming funds, 1), spent (expenditure, 4). The record
says that something was given or withdrawn and by whom, never how much.
"""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from portal.core import audit, currencies
from portal.core.refused import Refused
from steering.models import Contribution, Movement, Plan
from steering.plan.money import Totals
from steering.record import Verb
from steering.seats import checked

Stage = Movement.Stage
AGAIN = timedelta(minutes=10)
"""The same offer within this time is the same click."""

NO_MORE_THAN = {Stage.RECEIVED: Stage.COMMITMENT, Stage.SPENT: Stage.RECEIVED}
"""Of each stage the one before it, which it should not exceed."""


@transaction.atomic
def keep(contribution: Contribution, *, by: User | None) -> Contribution:
    """Write down what an organisation gives, or put it right. Raises `Refused`."""
    _open_plan(contribution.plan_id)
    if contribution.pk:  # where it stands was not for this form to say
        held = _held(contribution)
        contribution.offered_at, contribution.withdrawn_on = held.offered_at, held.withdrawn_on
    checked(contribution)
    _check_currency(contribution)
    contribution.save()
    audit.record(Verb.CONTRIBUTION_KEPT, contribution, by=by)
    return contribution


@transaction.atomic
def offer(
    contribution: Contribution, *, by: User, amount: Decimal | None = None, days: Decimal | None = None
) -> Contribution:
    """
    An organisation offers something on the site, in its own name: a pledge that counts once the secretariat confirms
    it. The same offer sent twice is one. Raises `Refused`.
    """
    _open_plan(contribution.plan_id)
    if contribution.organisation_id not in by.organisation_ids:
        raise Refused(_("You can only offer something for your own organisation, and while it is a member."))
    checked(contribution)
    if already := _same_offer(contribution, by):
        return already
    contribution.offered_at, contribution.offered_by = timezone.now(), by
    contribution.save(force_insert=True)
    pledge = Movement(contribution=contribution, stage=Stage.PLEDGE, amount=amount, days=days)
    if amount is None and days is None:
        pledge.note = contribution.what
    _check_movement(pledge, contribution)
    pledge.save()
    audit.record(Verb.CONTRIBUTION_OFFERED, contribution, by=by, whom=by)
    return contribution


def _same_offer(contribution: Contribution, by: User) -> Contribution | None:
    same = {name: getattr(contribution, name) for name in ("organisation", "plan", "activity", "kind", "currency")}
    same |= {"what_es": contribution.what_es, "what_en": contribution.what_en}
    lately = timezone.now() - AGAIN
    return Contribution.objects.offered().filter(**same, offered_by=by, offered_at__gte=lately).first()


@transaction.atomic
def confirm(contribution: Contribution, *, by: User | None) -> None:
    """What was offered is taken up with thanks: it counts from now on. Raises `Refused`."""
    _open_plan(contribution.plan_id)
    waiting = Contribution.objects.offered().order_by().filter(pk=contribution.pk)
    if not waiting.update(offered_at=None):
        raise Refused(_("This offer waits no more: somebody else has confirmed or declined it."))
    contribution.refresh_from_db()
    audit.record(Verb.CONTRIBUTION_CONFIRMED, contribution, by=by)


@transaction.atomic
def withdraw(contribution: Contribution, *, by: User | None, reason: str) -> None:
    """It is not given after all, or the offer is declined: it counts no more, and stays on record. Raises `Refused`."""
    _open_plan(contribution.plan_id)
    standing = Contribution.objects.filter(pk=contribution.pk, withdrawn_on__isnull=True)
    if not standing.update(withdrawn_on=timezone.localdate()):
        raise Refused(_("This contribution was withdrawn already."))
    contribution.refresh_from_db()
    audit.record(Verb.CONTRIBUTION_WITHDRAWN, contribution, by=by, reason=reason)


# --- Steps -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def note_step(movement: Movement, *, by: User | None) -> Movement:
    """So much more was pledged, committed, received or spent. Raises `Refused`; what looks odd, `oddities` tells."""
    _open_plan(movement.contribution.plan_id)
    _check_movement(movement, _held(movement.contribution))
    movement.save(force_insert=True)
    audit.record(Verb.MOVEMENT_NOTED, movement.contribution, by=by, after=movement.stage)
    return movement


@transaction.atomic
def correct_step(movement: Movement, *, by: User | None) -> Movement:
    """Put right what was noted. Raises `Refused`."""
    _open_plan(movement.contribution.plan_id)
    _check_movement(movement, _held(movement.contribution))
    movement.save(force_update=True)
    audit.record(Verb.MOVEMENT_CORRECTED, movement.contribution, by=by, after=movement.stage)
    return movement


def oddities(contribution: Contribution) -> list[str]:
    """What the secretariat should look at again: more received than committed, more spent than received."""
    told, movements = [], list(contribution.movements.all())
    money = {stage: _sum(movements, stage, contribution.currency) for stage in Stage.values}
    days = {stage: sum((m.days for m in movements if m.stage == stage and m.days), Decimal(0)) for stage in Stage}
    for later, earlier in NO_MORE_THAN.items():
        words = {"later": Stage(later).label, "earlier": Stage(earlier).label}
        if money[later] > money[earlier]:
            words["more"] = currencies.shown(money[later] - money[earlier], contribution.currency)
            told.append(_("%(later)s exceeds %(earlier)s by %(more)s.") % words)
        if days[later] > days[earlier]:
            words["n"] = days[later] - days[earlier]
            told.append(_("%(later)s exceeds %(earlier)s by %(n)s days.") % words)
    return told


def _sum(movements: list[Movement], stage: str, currency: str) -> Decimal:
    of_stage = [(currency, one.amount) for one in movements if one.stage == stage and one.amount is not None]
    return Totals(of_stage).of(currency)


# --- What must hold --------------------------------------------------------------------------------------------------


def _open_plan(pk: int) -> Plan:
    """The plan, held. Raises `Refused` for one that is closed: nothing of it changes any more."""
    plan = Plan.objects.select_for_update().get(pk=pk)
    if plan.state == Plan.State.CLOSED:
        raise Refused(_("This plan is closed: its contributions can't be changed any more."))
    return plan


def _held(contribution: Contribution) -> Contribution:
    held = Contribution.objects.select_for_update().get(pk=contribution.pk)
    if held.withdrawn_on is not None:
        raise Refused(_("This contribution was withdrawn already."))
    return held


def _check_currency(contribution: Contribution) -> None:
    """Amounts are in the contribution's currency: with another one they would be other amounts."""
    if not contribution.pk or not contribution.movements.filter(amount__isnull=False).exists():
        return
    before = Contribution.objects.values_list("currency", flat=True).get(pk=contribution.pk)
    if before and before != contribution.currency:
        sentence = _("There are amounts in %(code)s: they would become others. Withdraw it and write a new one.")
        raise Refused(sentence % {"code": before})


def _check_movement(movement: Movement, contribution: Contribution) -> None:
    if movement.amount is not None and not contribution.currency:
        raise Refused(_("Say in which currency it is."))
    checked(movement)
