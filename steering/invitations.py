"""
Calling people to a meeting: a real calendar invitation for each, and a link that answers without an account.

One message per address and sequence of the meeting: a move is an update of the same calendar entry, a cancellation
takes it out again. Nobody hears of a draft.
"""

from email.message import EmailMessage as MIMEMessage
from email.policy import EmailPolicy

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from network.models import Person, User
from portal.core import audit, links, mail
from portal.core.models import AuditEntry
from portal.core.refused import Refused
from resources.models import Resource
from steering import attendance, outbox
from steering.called import audiences_for, hours_at_home, organisation_of
from steering.ical import Entry, Party
from steering.models import AgendaItem, Invitation, Letter, Meeting
from steering.outbox import Reach
from steering.record import Verb

PURPOSE = "meeting"
Kind, State = Letter.Kind, Meeting.State


# --- Whom ------------------------------------------------------------------------------------------------------------


def everybody(meeting: Meeting) -> QuerySet[Person]:
    """Who is called to a meeting, as the seats stand now for its day: those accredited, and the guests."""
    accredited = [designation.person_id for designation in attendance.accredited(meeting)]
    guests = meeting.invitations.filter(designation__isnull=True)
    people = Person.objects.filter(pk__in=[*accredited, *guests.values_list("person", flat=True)])
    return people.select_related("user")


def reach(meeting: Meeting) -> Reach:
    """If the meeting were convened now. One that is over already is only recorded."""
    return outbox.reach_of([] if _is_over(meeting) else everybody(meeting))


def reach_of_moving(meeting: Meeting) -> Reach:
    """If the meeting were moved to a day that is to come."""
    return outbox.reach_of(everybody(meeting))


def reach_of_cancelling(meeting: Meeting) -> Reach:
    """Whoever has an invitation in their mailbox."""
    invited = _requests(meeting).filter(state__in=[Letter.State.SENT, Letter.State.SENDING])
    return outbox.reach_of(Person.objects.filter(pk__in=invited.values("person")).select_related("user"))


def reach_of_those_who_lack_one(meeting: Meeting) -> Reach:
    """Who has no invitation to the meeting as it stands, at the address they have now."""
    people = [] if _is_over(meeting) else everybody(meeting)
    given = _requests(meeting).filter(round=meeting.sequence).alive().exclude(pk__in=Letter.objects.stuck())
    known = set(given.values_list("person", "email"))
    return outbox.reach_of([person for person in people if (person.pk, outbox.address_of(person)) not in known])


def _requests(meeting: Meeting) -> QuerySet[Letter]:
    return Letter.objects.filter(kind=Kind.REQUEST, invitation__meeting=meeting)


# --- Calling, moving, cancelling -------------------------------------------------------------------------------------


def call(meeting: Meeting) -> None:
    """
    To be called in the transaction in which a meeting was convened or moved: an invitation, or its update, to
    everybody accredited and to the guests. Whoever is no longer accredited has the entry taken out of the calendar.
    A meeting that was held before it was entered here calls nobody.
    """
    attendance.invite(meeting)
    outbox.drop(_requests(meeting).filter(round__lt=meeting.sequence))
    if _is_over(meeting):
        return
    standing = _standing(meeting)
    outbox.put(_letter(Kind.REQUEST, row, meeting) for row in standing)
    gone = _requests(meeting).exclude(invitation__in=[row.pk for row in standing])
    _take_back(meeting, gone)


def take_back(meeting: Meeting) -> None:
    """To be called in the transaction in which it was cancelled: whoever was written to is told."""
    outbox.drop(_requests(meeting))
    _take_back(meeting, _requests(meeting))


@transaction.atomic
def call_those_who_lack_one(meeting: Meeting, *, by: User | None) -> None:
    """
    Invite those accredited or added as guests since, and send again what did not leave. To repeat it is harmless.

    Raises `Refused` for a meeting that is not to come.
    """
    held = Meeting.objects.select_for_update(of=("self",)).select_related("body").get(pk=meeting.pk)
    if not _is_coming(held):
        raise Refused(_("Only a meeting that is to come calls people."))
    attendance.invite(held)
    outbox.put_again(_requests(held).filter(round=held.sequence))
    outbox.put(_letter(Kind.REQUEST, row, held) for row in _standing(held))
    audit.record(Verb.CALLED, held, by=by)


def _standing(meeting: Meeting) -> list[Invitation]:
    rows = meeting.invitations.standing(meeting.local_start.date())
    return list(rows.select_related("person__user", "designation"))


def _letter(kind: str, invitation: Invitation, meeting: Meeting) -> Letter:
    return outbox.to_person(kind, invitation.person, invitation=invitation, round=meeting.sequence)


def _take_back(meeting: Meeting, requests: QuerySet[Letter]) -> None:
    """To the very addresses that got an invitation: it is their calendar that holds it."""
    left = requests.filter(state__in=[Letter.State.SENT, Letter.State.SENDING]).select_related("person")
    last = {(letter.invitation_id, letter.email): letter for letter in left.order_by("round")}
    outbox.put(
        Letter(
            kind=Kind.CANCEL, invitation_id=letter.invitation_id, round=meeting.sequence, person=letter.person,
            name=letter.name, email=letter.email, language=letter.language,
        )
        for letter in last.values()
    )  # fmt: skip


# --- Writing ---------------------------------------------------------------------------------------------------------


class CalendarMessage(EmailMessage):
    """
    A letter that calendars understand: the entry beside the text, and the same attached as a file (RFC 6047).

    Its bytes go as they are: in base64 neither the line ends nor the folding of the calendar can be touched.
    """

    entry: Entry

    def message(self, *, policy: EmailPolicy | None = None) -> MIMEMessage:
        made = super().message(**({"policy": policy} if policy else {}))
        calendar, method = self.entry.as_bytes(), self.entry.method
        made.make_alternative()
        says = {"method": method, "charset": "utf-8"}
        made.add_alternative(calendar, maintype="text", subtype="calendar", cte="base64", params=says)
        made.make_mixed()
        made.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
        return made


@outbox.writes(Kind.REQUEST, Kind.CANCEL)
def _write(letter: Letter) -> EmailMessage | None:
    """None for an invitation that a later one has replaced, or to a meeting that is over."""
    invitation = invitation_of(letter)
    meeting = invitation.meeting
    is_cancelled = letter.kind == Kind.CANCEL
    if not is_cancelled and (letter.round != meeting.sequence or not _is_coming(meeting)):
        return None
    context = context_of(invitation) | {
        "name": letter.name,
        "link": "" if is_cancelled else address(letter),
        "is_cancelled": is_cancelled,
        "is_update": not is_cancelled and letter.round > 0,
        "reason": _reason(meeting),
    }
    subject, text, to = mail.write(
        "steering/letters/invitation", to=letter.email, language=letter.language, context=context
    )
    headers, reply_to = outbox.headers_of(letter), [settings.COMMITTEE_EMAIL]
    message = CalendarMessage(subject, text, to=[to], reply_to=reply_to, headers=headers)
    message.entry = _entry(letter, invitation, context)
    return message


@outbox.writes(Kind.STAND_IN)
def _write_to_substitute(letter: Letter) -> EmailMessage | None:
    """None where nobody asks for it any more, or the meeting was moved."""
    invitation = invitation_of(letter)
    asking = Invitation.objects.filter(meeting=invitation.meeting, instead=invitation.designation_id)
    absent = asking.select_related("person").first()
    if absent is None or letter.round != invitation.meeting.sequence or not _is_coming(invitation.meeting):
        return None
    context = context_of(invitation) | {"absent": absent.person, "link": address(letter)}
    return outbox.plain(letter, "steering/letters/stand_in", context)


def _entry(letter: Letter, invitation: Invitation, context: dict[str, object]) -> Entry:
    meeting = invitation.meeting
    words = mail.write("steering/letters/calendar", to="", language=letter.language, context=context)
    title = meeting.shown_title
    return Entry(
        uid=meeting.uid,
        sequence=letter.round,
        stamp=letter.made_at,
        starts=meeting.starts_at.astimezone(meeting.zone),
        ends=meeting.ends_at.astimezone(meeting.zone),
        title=type(title)(f"{meeting.code} · {title}", title.language),
        description=words[1].strip(),
        location=meeting.place or (meeting.url if meeting.mode == Meeting.Mode.ONLINE else ""),
        url=meeting.url,
        organizer=Party(str(meeting.body.shown_name), settings.COMMITTEE_EMAIL),
        attendee=Party(letter.name, letter.email),
        is_titular=invitation.designation is None or invitation.designation.is_titular,
        blocks_time=meeting.mode != Meeting.Mode.CORRESPONDENCE,
        is_cancelled=letter.kind == Kind.CANCEL,
    )


def invitation_of(letter: Letter) -> Invitation:
    """With everything that its page and its letters print."""
    rows = Invitation.objects.select_related(
        "meeting__body", "designation__term__organisation__country", "person__user", "instead__person"
    )
    return rows.get(pk=letter.invitation_id)


def context_of(invitation: Invitation) -> dict[str, object]:
    """What an invited person may know of the meeting, for the letter, the calendar and the page."""
    meeting = invitation.meeting
    return {
        "meeting": meeting,
        "invitation": invitation,
        "at_home": hours_at_home(meeting, organisation_of(invitation)),
        "items": agenda_for(meeting, audiences_for(invitation)),
        "several_days": meeting.local_end.date() != meeting.local_start.date(),
    }


def agenda_for(meeting: Meeting, audiences: list[str]) -> list[AgendaItem]:
    """The items for these audiences, each with the papers they may open (`to_read`), in two queries."""
    papers = Resource.objects.published().filter(audience__in=audiences)
    items = meeting.items.filter(visibility__in=audiences)
    return list(items.prefetch_related(Prefetch("papers", papers, to_attr="to_read")))


def _is_coming(meeting: Meeting) -> bool:
    return meeting.state == State.CONVENED and not _is_over(meeting)


def _is_over(meeting: Meeting) -> bool:
    return meeting.ends_at <= timezone.now()


def _reason(meeting: Meeting) -> str:
    """Why it was moved or cancelled last."""
    told = AuditEntry.objects.about(meeting).filter(verb__in=[Verb.MOVED, Verb.CANCELLED]).first()
    return told.reason if told else ""


# --- Links -----------------------------------------------------------------------------------------------------------


def address(letter: Letter) -> str:
    """Where the letter's reader answers, in their language."""
    with translation.override(letter.language):
        return settings.SITE_URL + reverse("steering:invitation", args=[links.token(PURPOSE, letter.pk)])
