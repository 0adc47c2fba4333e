"""Somebody called to a meeting, as the pages and letters that need no account know them."""

from dataclasses import dataclass
from datetime import datetime

from network.models import Affiliation, Membership, Organisation
from portal.core import links
from resources.models.resource import Audience, audiences_of
from steering.calendar import zone_in
from steering.models import Invitation, Letter, Meeting
from steering.outbox import LINKS_READ_FOR, address_of


def audiences_for(invitation: Invitation) -> list[str]:
    """Whoever speaks for a seat reads what the committee reads; a guest what they may read anyway."""
    if invitation.designation_id:
        return [Audience.PUBLIC, Audience.MEMBERS, Audience.COMMITTEE]
    person = invitation.person
    if person.user and person.user.is_active:
        return audiences_of(person.user)
    here = Affiliation.objects.current().filter(person=person)
    is_member = Membership.objects.active().filter(organisation__in=here.values("organisation")).exists()
    return [Audience.PUBLIC, Audience.MEMBERS] if is_member else [Audience.PUBLIC]


def organisation_of(invitation: Invitation) -> Organisation | None:
    """For whom somebody comes: the holder of the seat, or whom a guest works for today."""
    if invitation.designation_id:
        return invitation.designation.term.organisation
    here = Affiliation.objects.current().filter(person=invitation.person_id)
    post = here.select_related("organisation__country").first()
    return post.organisation if post else None


@dataclass(frozen=True)
class Hours:
    """The same hours by other clocks."""

    country: str
    starts: datetime
    ends: datetime
    is_another_day: bool


def hours_at_home(meeting: Meeting, organisation: Organisation | None) -> Hours | None:
    """By the clocks of that organisation's country, where they differ from those of the meeting."""
    zone = zone_in(organisation.country_id) if organisation else None
    if zone is None:
        return None
    starts, ends = (at.astimezone(zone).replace(tzinfo=None) for at in (meeting.starts_at, meeting.ends_at))
    if starts == meeting.local_start:
        return None
    return Hours(str(organisation.country), starts, ends, starts.date() != meeting.local_start.date())


def letter_behind(purpose: str, token: str) -> Letter:
    """
    The letter whose link this is. Raises `links.OldLink` for one whose time is over or that went to an address which
    is no longer the person's, `links.BrokenLink` for anything else.
    """
    key, *_rest = links.read(purpose, token, valid=LINKS_READ_FOR)
    letter = Letter.objects.select_related("person__user").filter(pk=key).first()
    if letter is None:
        raise links.BrokenLink
    if letter.person and letter.email != address_of(letter.person):
        raise links.OldLink
    return letter
