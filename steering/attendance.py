"""The list of those present, who speaks for which seat, and the quorum: forecast, counted and frozen."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Organisation, Person, User
from portal.core import audit
from portal.core.refused import Refused
from steering import quorum
from steering.composition import Place, composition, voting
from steering.models import Attendance, Designation, Invitation, Meeting
from steering.quorum import Chair, Presence, Rule, Tally
from steering.record import Verb
from steering.seats import checked

Status, Capacity = Attendance.Status, Attendance.Capacity


# --- Who is called, and what they answer -----------------------------------------------------------------------------


def places_of(meeting: Meeting) -> list[Place]:
    """The seats of the body as they are filled on the day of the meeting."""
    return composition(meeting.body, meeting.local_start.date())


def accredited(meeting: Meeting) -> list[Designation]:
    """Who may speak for a seat on the day of the meeting: titulars and, where the body has them, alternates."""
    named = [designation for place in places_of(meeting) for designation in place.people]
    return [row for row in named if row.is_titular or meeting.body.alternates_allowed]


def invite(meeting: Meeting) -> None:
    """Everybody accredited for a seat on the day of the meeting; who is invited already stays. Guests are added."""
    rows = [Invitation(meeting=meeting, designation=row, person=row.person) for row in accredited(meeting)]
    Invitation.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def answer(
    invitation: Invitation, *, by: User | None, reply: str, instead: Designation | None = None, via: str = ""
) -> None:
    """
    Note whether somebody comes, and who comes in their place. The last answer counts.

    `via` is who said so by a signed link. Raises `Refused` once the meeting is over or cancelled.
    """
    if Meeting.objects.select_for_update().get(pk=invitation.meeting_id).state != Meeting.State.CONVENED:
        raise Refused(_("This meeting takes no answers any more."))
    invitation.answer, invitation.answered_at = reply, timezone.now()
    invitation.instead = instead if reply == Invitation.Answer.NO else None
    invitation.save()
    audit.record(Verb.ANSWERED, invitation, by=by, reason=via, after=reply)


# --- The list --------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_list(meeting: Meeting, *, by: User | None) -> None:
    """A line for everybody accredited for a seat, absent until somebody says otherwise. Lines that stand stay."""
    lock_list(meeting)
    known = set(meeting.attendance.values_list("person", flat=True))
    for place in places_of(meeting):
        for designation in place.people:
            if designation.person_id not in known:
                line_for_seat(meeting, designation, Status.ABSENT).save(force_insert=True)
    audit.record(Verb.LIST_OPENED, meeting, by=by)


def line_for_seat(meeting: Meeting, designation: Designation, status: str) -> Attendance:
    """A line for somebody accredited, not saved yet; the names are copied."""
    capacity = Capacity.TITULAR if designation.is_titular else Capacity.SUPLENTE
    line = Attendance(meeting=meeting, designation=designation, term=designation.term, capacity=capacity, status=status)
    line.order = designation.order
    _copy_names(line, designation.person, designation.term.organisation)
    return line


def _copy_names(line: Attendance, person: Person, organisation: Organisation) -> None:
    line.person, line.organisation = person, organisation
    line.name, line.organisation_name = str(person)[:250], str(organisation)[:250]


@transaction.atomic
def note(line: Attendance, *, by: User | None) -> Attendance:
    """Write a line of the list and settle anew who speaks for its seat. Raises `Refused` once minutes circulate."""
    meeting = lock_list(line.meeting)
    if line.designation_id:
        _take_seat_of(line)
    else:
        line.term, line.order = None, 0
    if not line.pk or not line.name:
        _copy_names(line, line.person, line.organisation)
    line.meeting = meeting
    line.counted = False
    checked(line)
    line.save()
    settle(meeting)
    if meeting.state == Meeting.State.HELD:
        Meeting.objects.filter(pk=meeting.pk).update(quorum_snapshot=snapshot(meeting))
    audit.record(Verb.ATTENDANCE_NOTED, line, by=by, after=line.status)
    return line


def _take_seat_of(line: Attendance) -> None:
    """The seat of somebody accredited, who must be so on the day of the meeting."""
    day = line.meeting.local_start.date()
    named = Designation.objects.in_force(day).select_related("term__organisation", "person")
    designation = named.filter(pk=line.designation_id, term__seat__body=line.meeting.body_id).first()
    if designation is None:
        raise Refused(_("This person is not accredited for a seat on the day of the meeting."))
    line.term, line.order = designation.term, designation.order
    line.capacity = Capacity.TITULAR if designation.is_titular else Capacity.SUPLENTE
    line.person, line.organisation = designation.person, designation.term.organisation


def lock_list(meeting: Meeting) -> Meeting:
    """The meeting, held, while its list may be written."""
    held = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
    if held.state not in (Meeting.State.CONVENED, Meeting.State.HELD) or held.list_closed_at:
        raise Refused(_("The attendance list of this meeting is closed."))
    return held


def settle(meeting: Meeting) -> None:
    """Say anew who speaks for each seat: of those still there the first in order, or of those who were there at all."""
    lines = list(meeting.attendance.there().for_seats().order_by("term", "order", "pk"))
    chosen: dict[int, Attendance] = {}
    for line in sorted(lines, key=lambda line: line.left_at is not None):  # whoever left counts only if nobody stayed
        chosen.setdefault(line.term_id, line)
    counted = [line.pk for line in chosen.values()]
    meeting.attendance.filter(counted=True).exclude(pk__in=counted).update(counted=False)
    meeting.attendance.filter(pk__in=counted).update(counted=True)


# --- The quorum ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Basis:
    """What a quorum is counted over: the rule, and the voting seats filled on the day of the meeting."""

    rule: Rule
    chairs: list[Chair]


def basis_of(meeting: Meeting) -> Basis:
    """As it was when the meeting was held; before that, as the seats stand now for its day."""
    if kept := meeting.quorum_snapshot:
        return Basis(Rule(**kept["rule"]), [Chair(**chair) for chair in kept["chairs"]])
    body = meeting.body
    rule = Rule(
        body.quorum_numerator, body.quorum_denominator, body.quorum_exceeded, body.min_sectors, body.min_countries
    )
    return Basis(rule, [_chair(place) for place in voting(places_of(meeting))])


def _chair(place: Place) -> Chair:
    return Chair(
        term=place.term.pk,
        seat=str(place.seat.shown_label),
        organisation=str(place.organisation),
        sector=place.sector.slug if place.sector else "",
        country=place.country.code if place.country else "",
    )


def presences_of(meeting: Meeting) -> list[Presence]:
    lines = meeting.attendance.there().for_seats()
    return [Presence(line.person_id, line.term_id, line.order, line.arrived_at, line.left_at) for line in lines]


def forecast(meeting: Meeting) -> Tally:
    """The quorum if everybody comes who has said so: by seat, sector and country."""
    basis = basis_of(meeting)
    return quorum.tally(basis.rule, basis.chairs, spoken_for(meeting))


def spoken_for(meeting: Meeting) -> set[int]:
    """The terms for which somebody accredited has said to come, or sends somebody else who is."""
    day = meeting.local_start.date()
    standing = meeting.invitations.standing(day).filter(designation__isnull=False)
    coming = set(standing.coming().values_list("designation__term", flat=True))
    return coming | set(standing.sending_somebody(day).values_list("designation__term", flat=True))


def unanswered(meeting: Meeting) -> list[tuple[Chair, list[str]]]:
    """Voting seats for which nobody comes so far, each with those of its people who have not answered."""
    silent = meeting.invitations.standing(meeting.local_start.date()).filter(answer=Invitation.Answer.NONE)
    names: dict[int, list[str]] = {}
    for invitation in silent.filter(designation__isnull=False).select_related("person", "designation"):
        names.setdefault(invitation.designation.term_id, []).append(str(invitation.person))
    settled = spoken_for(meeting)
    chairs = [chair for chair in basis_of(meeting).chairs if chair.term not in settled]
    return [(chair, names[chair.term]) for chair in chairs if chair.term in names]


def count_at(meeting: Meeting, moment: datetime) -> Tally:
    """The quorum at that moment of the meeting."""
    basis = basis_of(meeting)
    return quorum.tally(basis.rule, basis.chairs, quorum.speakers(presences_of(meeting), moment))


def best_count(meeting: Meeting) -> Tally:
    """The quorum at its best moment, from the beginning to the end."""
    return _best(_course(meeting))


def _course(meeting: Meeting) -> list[tuple[datetime, Tally]]:
    basis, presences = basis_of(meeting), presences_of(meeting)
    return quorum.course(basis.rule, basis.chairs, presences, begins=meeting.starts_at, ends=meeting.ends_at)


def _best(course: list[tuple[datetime, Tally]]) -> Tally:
    return max((tally for _moment, tally in course), key=lambda tally: (tally.reached, tally.counted))


def snapshot(meeting: Meeting) -> dict[str, object]:
    """The rule and the filled seats as they were, and the count as it went: what history keeps."""
    basis, course = basis_of(meeting), _course(meeting)
    best = _best(course)
    return {
        "rule": asdict(basis.rule),
        "chairs": [asdict(chair) for chair in basis.chairs],
        "best": asdict(best),
        "reached": best.reached,
        "course": [
            {"at": moment.isoformat(), "counted": tally.counted, "reached": tally.reached} for moment, tally in course
        ],
    }
