"""A meeting's way from draft to held. Nobody hears of a draft; whoever is invited hears of every step after it."""

from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network import duties
from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from steering import agenda, attendance, invitations, numbering
from steering.calendar import moment
from steering.models import AgendaItem, Invitation, Meeting
from steering.record import MINUTES_DUTY, Verb
from steering.seats import checked

State = Meeting.State
LONGEST = timedelta(days=31)


def place_in_time(meeting: Meeting, *, day: date, begins: time, length: timedelta, zone: str) -> None:
    """Set when it is, by the clocks of its zone. Raises `Refused`."""
    if not timedelta(minutes=5) <= length <= LONGEST:
        raise Refused(_("A meeting lasts between five minutes and 31 days."))
    meeting.timezone = zone
    meeting.starts_at = moment(day, begins, zone)
    meeting.ends_at = meeting.starts_at + length


@transaction.atomic
def plan(meeting: Meeting, *, by: User | None) -> Meeting:
    """Begin to prepare a meeting. Its agenda opens with what earlier meetings left."""
    checked(meeting)
    meeting.save(force_insert=True)
    agenda.bring_in(meeting)
    audit.record(Verb.MEETING_PLANNED, meeting, by=by)
    return meeting


@transaction.atomic
def correct(meeting: Meeting, *, by: User | None) -> Meeting:
    """Change a draft. What has been convened is moved instead, so that those invited hear of it. Raises `Refused`."""
    if _locked(meeting).state != State.DRAFT:
        raise Refused(_("This meeting has been convened: move it instead."))
    checked(meeting)
    meeting.save(force_update=True)
    audit.record(Verb.MEETING_KEPT, meeting, by=by)
    return meeting


@transaction.atomic
def refresh_agenda(meeting: Meeting, *, by: User | None) -> None:
    """Bring in what earlier meetings have left since. Raises `Refused`."""
    if not _locked(meeting).is_open:
        raise Refused(_("The agenda of this meeting can't be changed any more."))
    agenda.bring_in(meeting)
    audit.record(Verb.AGENDA_CHANGED, meeting, by=by)


@transaction.atomic
def convene(meeting: Meeting, *, by: User | None) -> None:
    """Give it its number and call people to it. Raises `Refused` for one without an agenda, or convened before."""
    held = _locked(meeting)
    if held.state != State.DRAFT:
        raise Refused(_("This meeting has been convened or cancelled already."))
    agenda.bring_in(held)
    if not held.items.exists():
        raise Refused(_("The agenda is empty. Add what is to be talked about."))
    held.state, held.year = State.CONVENED, held.local_start.year
    held.number = numbering.take(held.body, str(held.year))
    held.save(update_fields=["state", "year", "number"])
    invitations.call(held)
    audit.record(Verb.CONVENED, held, by=by, before=State.DRAFT, after=State.CONVENED)
    meeting.refresh_from_db()


@transaction.atomic
def move(
    meeting: Meeting,
    *,
    by: User | None,
    day: date,
    begins: time,
    length: timedelta,
    zone: str,
    mode: str,
    place: str,
    url: str,
    reason: str,
) -> None:
    """Another time, place or way of meeting; the same meeting for every calendar. Raises `Refused`."""
    held = _locked(meeting)
    if held.state != State.CONVENED:
        raise Refused(_("Only a convened meeting can be moved."))
    place_in_time(held, day=day, begins=begins, length=length, zone=zone)
    held.mode, held.place, held.url = mode, place, url
    held.sequence += 1
    checked(held)
    held.save()
    if held.starts_at != meeting.starts_at:  # a yes was a yes to another day
        held.invitations.update(answer=Invitation.Answer.NONE, answered_at=None, instead=None)
    audit.record(Verb.MOVED, held, by=by, reason=reason)
    invitations.call(held)
    meeting.refresh_from_db()


@transaction.atomic
def hold(meeting: Meeting, *, by: User | None) -> None:
    """
    It has taken place: the quorum is counted from the list and kept as it was, whatever becomes of the seats.

    The list may still be corrected, and the count with it, until the minutes circulate. Raises `Refused`.
    """
    held = _locked(meeting)
    if held.state != State.CONVENED:
        raise Refused(_("Only a convened meeting can be held."))
    if held.starts_at > timezone.now():
        raise Refused(_("This meeting has not begun yet."))
    if not held.attendance.there().exists():
        raise Refused(_("Nobody is noted as present. Fill in the attendance list first."))
    held.state = State.HELD
    held.quorum_snapshot = attendance.snapshot(held)
    held.save(update_fields=["state", "quorum_snapshot"])
    duties.open_for(MINUTES_DUTY, [held])
    audit.record(Verb.HELD, held, by=by, before=State.CONVENED, after=State.HELD)
    meeting.refresh_from_db()


@transaction.atomic
def cancel(meeting: Meeting, *, by: User | None, reason: str) -> None:
    """It will not take place; its agenda waits for the next meeting. Raises `Refused`."""
    held = _locked(meeting)
    if not held.is_open:
        raise Refused(_("Only a meeting that has not been held can be cancelled."))
    before, held.state = held.state, State.CANCELLED
    held.sequence += 1
    held.save(update_fields=["state", "sequence"])
    own = held.items.filter(state=AgendaItem.State.PLANNED, about__isnull=True)
    own.exclude(kind=AgendaItem.Kind.FOLLOW_UP).update(state=AgendaItem.State.DEFERRED)
    audit.record(Verb.CANCELLED, held, by=by, reason=reason, before=before, after=State.CANCELLED)
    invitations.take_back(held)
    meeting.refresh_from_db()


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
