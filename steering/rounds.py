"""Minutes go round: a letter to everybody who was called, with a link that reads and objects without an account."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from network.models import User
from portal.core import audit, links
from portal.core.refused import Refused
from steering import outbox
from steering.models import Invitation, Letter, Meeting, Minutes
from steering.outbox import Reach
from steering.record import Verb

PURPOSE = "minutes"
State = Minutes.State


def called_to(meeting: Meeting) -> list[Invitation]:
    """Everybody who was called, and who came for a seat without having been; the last are not saved rows."""
    invited = list(meeting.invitations.select_related("person__user", "designation__term__organisation__country"))
    known = {invitation.person_id for invitation in invited}
    there = meeting.attendance.there().for_seats().exclude(person__in=known)
    lines = there.select_related("person__user", "designation__term__organisation__country")
    return [
        *invited,
        *(Invitation(meeting=meeting, person=line.person, designation=line.designation) for line in lines),
    ]


def reach(meeting: Meeting) -> Reach:
    """If its minutes were sent round now."""
    return outbox.reach_of(invitation.person for invitation in called_to(meeting))


def reach_of_those_who_lack_one(minutes: Minutes) -> Reach:
    """Who has no letter about the text that goes round, at the address they have now."""
    given = minutes.letters.filter(round=_round(minutes)).alive().exclude(pk__in=Letter.objects.stuck())
    known = set(given.values_list("person", "email"))
    people = (invitation.person for invitation in called_to(minutes.meeting))
    return outbox.reach_of(person for person in people if (person.pk, outbox.address_of(person)) not in known)


def _round(minutes: Minutes) -> int:
    """How often they have gone round."""
    return minutes.letters.aggregate(last=Max("round"))["last"] or 0


def send_round(minutes: Minutes) -> None:
    """To be called in the transaction in which they are sent round: a letter to each, with their own link."""
    following = _round(minutes) + 1
    outbox.put(_letter(invitation, minutes, following) for invitation in called_to(minutes.meeting))


@transaction.atomic
def send_to_those_who_lack_one(minutes: Minutes, *, by: User | None) -> None:
    """Send again what did not leave, and to whom an address was found since. Raises `Refused`."""
    held = Minutes.objects.select_for_update(of=("self",)).select_related("meeting__body").get(pk=minutes.pk)
    if held.state != State.CIRCULATED:
        raise Refused(_("These minutes do not go round."))
    round_ = max(1, _round(held))
    outbox.put_again(held.letters.filter(round=round_))
    outbox.put(_letter(invitation, held, round_) for invitation in called_to(held.meeting))
    audit.record(Verb.MINUTES_SENT_AGAIN, held, by=by)


def _letter(invitation: Invitation, minutes: Minutes, round_: int) -> Letter:
    return outbox.to_person(Letter.Kind.ROUND, invitation.person, minutes=minutes, round=round_)


@outbox.writes(Letter.Kind.ROUND)
def _write(letter: Letter) -> EmailMessage | None:
    """None for minutes that have been taken back or approved meanwhile."""
    minutes = minutes_of(letter)
    if minutes.state != State.CIRCULATED or not is_last(letter):
        return None
    return outbox.plain(letter, "steering/letters/round", {"minutes": minutes, "link": address(letter)})


def address(letter: Letter) -> str:
    with translation.override(letter.language):
        return settings.SITE_URL + reverse("steering:round", args=[links.token(PURPOSE, letter.pk)])


def minutes_of(letter: Letter) -> Minutes:
    return Minutes.objects.select_related("meeting__body").get(pk=letter.minutes_id)


def is_last(letter: Letter) -> bool:
    """Is the text this letter brought still the one that goes round?"""
    return not Letter.objects.filter(minutes=letter.minutes_id, round__gt=letter.round).exists()
