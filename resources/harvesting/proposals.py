"""What a source would have changed in the library: a person decides."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from network.models import User
from resources import actions, description
from resources.actions import WrongState
from resources.description import Origin
from resources.models import Gathered, Resource

Outcome, Decision, Status = Gathered.Outcome, Gathered.Decision, Resource.Status


@transaction.atomic
def accept(line: Gathered, *, by: User) -> None:
    """Write exactly the proposed fields; a work that is gone at its source leaves the shelf, or a draft the library.

    Raises `WrongState` where somebody has decided already, ValidationError for values the work can't hold.
    """
    _decide(line, Decision.TAKEN)
    work = Resource.objects.editable_by(by).select_for_update().filter(pk=line.resource_id).first()
    if work is None:
        raise WrongState(_("This document is no longer in the library."))
    source = line.gathering.source
    if line.outcome == Outcome.GONE:
        _take_out(work, by=by)
    else:
        detail = f"{source.name if source else ''} · {line.key}"
        description.write(work, line.values, origin=Origin.SOURCE, by=by, detail=detail)


def leave(line: Gathered, *, by: User) -> None:
    """Leave the work as it is. The same is not proposed again unless the source changes it again."""
    if not Resource.objects.editable_by(by).filter(pk=line.resource_id).exists():
        raise WrongState(_("This document is no longer in the library."))
    _decide(line, Decision.LEFT)


def _decide(line: Gathered, decision: str) -> None:
    """The conditional update is the lock: of two people who decide at once, one does and the other is told."""
    if not Gathered.objects.filter(pk=line.pk, decision=Decision.WAITING).update(decision=decision):
        raise WrongState(_("Somebody else has already decided this."))
    line.decision = decision


def _take_out(work: Resource, *, by: User) -> None:
    if work.status == Status.PUBLISHED:
        actions.withdraw(work, by=by, reason=_("Withdrawn at its source."))
    elif work.status in (Status.DRAFT, Status.SUBMITTED):
        if work.files.exists():
            raise ValidationError(_("This draft has files of its own: take it out by hand if it is not wanted."))
        actions.delete(work, by=by)
