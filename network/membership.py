"""Steps in a membership's life: it begins, rests, goes on, ends. Nothing else says who may contribute."""

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Membership, User
from portal.core import audit

State = Membership.State


@audit.register
class Verb(models.TextChoices):
    BEGAN = "membership_began", gettext_lazy("Membership begun")
    CORRECTED = "membership_corrected", gettext_lazy("Membership corrected")
    SUSPENDED = "membership_suspended", gettext_lazy("Membership suspended")
    RESUMED = "membership_resumed", gettext_lazy("Membership taken up again")
    ENDED = "membership_ended", gettext_lazy("Membership ended")


class WrongState(Exception):
    """The membership is not in a state from which this step leads on: somebody else was quicker."""


class Overlap(Exception):
    """The organisation has another membership at that time."""


@transaction.atomic
def begin(membership: Membership, *, by: User | None) -> Membership:
    """Write a membership that is not saved yet. Raises `Overlap`, also of two that come at once."""
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError as error:
        if not Membership.objects.overlapping(membership).exists():
            raise
        raise Overlap(_("This organisation has another membership at that time.")) from error
    audit.record(Verb.BEGAN, membership, by=by, after=membership.category)
    return membership


@transaction.atomic
def correct(membership: Membership, *, by: User | None) -> None:
    """Save what was mended in a membership's dates, category or basis."""
    membership.save()
    audit.record(Verb.CORRECTED, membership, by=by, after=membership.category)


def suspend(membership: Membership, *, by: User | None, reason: str) -> None:
    """From now on its people only read, until it is taken up again."""
    _move(membership, Verb.SUSPENDED, by=by, reason=reason, sources=[State.ACTIVE], to=State.SUSPENDED)


def resume(membership: Membership, *, by: User | None, reason: str = "") -> None:
    _move(membership, Verb.RESUMED, by=by, reason=reason, sources=[State.SUSPENDED], to=State.ACTIVE)


def end(membership: Membership, *, by: User | None, reason: str) -> None:
    """Today is its last day, and its people only read from now on. An organisation that returns begins another one."""
    today = timezone.localdate()
    sources = [State.ACTIVE, State.SUSPENDED]
    last = max(today, membership.since)
    _move(membership, Verb.ENDED, by=by, reason=reason, sources=sources, to=State.ENDED, until=last)


@transaction.atomic
def _move(
    membership: Membership, verb: Verb, *, by: User | None, reason: str, sources: list[str], to: str, **more: object
) -> None:
    """The conditional update is the lock: of two who decide at once, one does and the other is told."""
    before = membership.state
    waiting = Membership.objects.filter(pk=membership.pk, state__in=sources)
    if not waiting.update(state=to, state_reason="" if to == State.ACTIVE else reason, **more):
        raise WrongState(_("Somebody else has already taken this step. Please reload the page."))
    membership.refresh_from_db()
    audit.record(verb, membership, by=by, reason=reason, before=before, after=to)
