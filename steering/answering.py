"""What somebody called to a meeting may do with the link of their letter: answer, and say who comes instead."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from network import duties, people
from network.models import Affiliation, Organisation, Person
from portal.core import audit, links
from portal.core.refused import Refused
from steering import attendance, called, invitations, outbox, seats
from steering.models import Designation, Invitation, Letter, Meeting
from steering.record import ACCREDIT_DUTY, Verb

Answer, Kind = Invitation.Answer, Letter.Kind
MOST_PROPOSED = 3
"""So many people may wait for their accreditation in one seat; after that the secretariat has to look first."""


class Standing(Enum):
    """How things stand for whoever follows a link."""

    OPEN = "open"
    CLOSED = "closed"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    NOT_CALLED = "not_called"


@dataclass(frozen=True)
class Opened:
    """What a link opens."""

    letter: Letter
    invitation: Invitation
    standing: Standing

    @property
    def meeting(self) -> Meeting:
        return self.invitation.meeting

    @property
    def knows_where(self) -> bool:
        """May this reader have the address of the call? While the meeting is to come, and they are called to it."""
        return self.standing in (Standing.OPEN, Standing.CLOSED) and self.meeting.ends_at > timezone.now()


def opened(token: str) -> Opened:
    """Raises `links.OldLink` or `links.BrokenLink`."""
    letter = called.letter_behind(invitations.PURPOSE, token)
    if letter.kind not in (Kind.REQUEST, Kind.STAND_IN):
        raise links.BrokenLink
    invitation = invitations.invitation_of(letter)
    return Opened(letter, invitation, _standing(letter, invitation))


def _standing(letter: Letter, invitation: Invitation) -> Standing:
    meeting = invitation.meeting
    if meeting.state == Meeting.State.CANCELLED:
        return Standing.CANCELLED
    if letter.round != meeting.sequence:
        return Standing.REPLACED
    if not meeting.invitations.standing(meeting.local_start.date()).filter(pk=invitation.pk).exists():
        return Standing.NOT_CALLED
    is_open = meeting.state == Meeting.State.CONVENED and answers_until(meeting) > timezone.now()
    return Standing.OPEN if is_open else Standing.CLOSED


def answers_until(meeting: Meeting) -> datetime:
    """Until it begins; by correspondence, until it is over."""
    return meeting.ends_at if meeting.mode == Meeting.Mode.CORRESPONDENCE else meeting.starts_at


# --- Answering -------------------------------------------------------------------------------------------------------


def answer(by: Opened, *, reply: str) -> None:
    """Comes, perhaps, or does not. The last answer counts; the same one again changes nothing. Raises `Refused`."""
    with transaction.atomic():
        invitation = _held(by)
        if (invitation.answer, invitation.instead_id) != (reply, None):
            attendance.answer(invitation, by=None, reply=reply, via=by.letter.name)


def send(by: Opened, substitute: Designation) -> None:
    """Somebody accredited for the same seat comes instead, and is asked to. Raises `Refused`."""
    with transaction.atomic():
        invitation = _held(by)
        if not substitutes(invitation).filter(pk=substitute.pk).exists():
            raise Refused(_("Only somebody accredited as an alternate for the same seat can come instead."))
        if invitation.instead_id == substitute.pk:
            return
        attendance.answer(invitation, by=None, reply=Answer.NO, instead=substitute, via=by.letter.name)
        meeting = invitation.meeting
        attendance.invite(meeting)
        theirs = meeting.invitations.select_related("person__user").get(person=substitute.person_id)
        kinds = (Kind.REQUEST, Kind.STAND_IN)
        outbox.put(outbox.to_person(kind, theirs.person, invitation=theirs, round=meeting.sequence) for kind in kinds)


def propose(by: Opened, *, name: str, email: str, job_title: str) -> Designation:
    """
    Somebody of the same organisation is to come: proposed to the secretariat, and not counted before it accredits
    them. The seat's own person does not come. Raises `Refused`.
    """
    with transaction.atomic():
        invitation = _held(by)
        if not may_propose(invitation):
            raise Refused(_("Nobody else can be proposed for this seat now. Please write to the secretariat."))
        term = invitation.designation.term
        person = _somebody_of(
            term.organisation, name=name, email=email, job_title=job_title, language=by.letter.language
        )
        order = (term.designations.aggregate(last=Max("order"))["last"] or 0) + 1
        today = timezone.localdate()
        proposed = Designation(term=term, person=person, order=order, since=max(today, term.since))
        seats.designate(proposed, by=None)
        audit.record(Verb.PROPOSED, proposed, by=None, reason=by.letter.name)
        duties.open_for(ACCREDIT_DUTY, [proposed])
        if invitation.answer != Answer.NO or invitation.instead_id:
            attendance.answer(invitation, by=None, reply=Answer.NO, via=by.letter.name)
    return proposed


def _somebody_of(organisation: Organisation, *, name: str, email: str, job_title: str, language: str) -> Person:
    """Whom the portal knows by this address there, else by this name, else somebody new without an account."""
    known = Affiliation.objects.current().filter(organisation=organisation).select_related("person")
    same = known.filter(person__email__iexact=email).first() or known.filter(person__name__iexact=name).first()
    if same:
        return same.person
    contacts = {"job_title": job_title, "email": email, "language": language}
    return people.record(name, organisation=organisation, by=None, **contacts).person


def substitutes(invitation: Invitation) -> QuerySet[Designation]:
    """Who may come instead: others accredited as alternates of the same seat on the day of the meeting."""
    own = invitation.designation
    if own is None or not invitation.meeting.body.alternates_allowed:
        return Designation.objects.none()
    accredited = Designation.objects.in_force(invitation.meeting.local_start.date()).filter(term=own.term_id)
    return accredited.exclude(order=Designation.TITULAR).exclude(pk=own.pk).select_related("person")


def waiting_for_accreditation(invitation: Invitation) -> QuerySet[Designation]:
    """Who has been named for the seat and does not count yet."""
    rows = Designation.objects.filter(term=invitation.designation.term_id) if invitation.designation else None
    none = Designation.objects.none()
    return rows.filter(accredited_on__isnull=True, until__isnull=True).select_related("person") if rows else none


def may_propose(invitation: Invitation) -> bool:
    if invitation.designation is None or not invitation.meeting.body.alternates_allowed:
        return False
    return waiting_for_accreditation(invitation).count() < MOST_PROPOSED


def _held(by: Opened) -> Invitation:
    """The invitation as it stands, its meeting held, while it still takes this answer. Raises `Refused`."""
    Meeting.objects.select_for_update().get(pk=by.meeting.pk)
    invitation = invitations.invitation_of(by.letter)
    if _standing(by.letter, invitation) != Standing.OPEN:
        raise Refused(_("This meeting takes no answers any more."))
    return invitation
