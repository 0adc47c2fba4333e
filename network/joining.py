"""
How an organisation joins: every step of an application, from its first line to the committee's answer.

The applicant's pages, the admin and the nightly task call these. Each step is one transaction with its line of the
record and its letter; a second click finds the application in another state and is told so.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import duties, duty_kinds, letters
from network.conflicts import conflict_of
from network.duty_kinds import DutyKind
from network.models import Application, Attachment, Conflict, Country, Remark, User
from portal.core import audit, locks

State = Application.State
WRITABLE = [State.DRAFT, State.NEEDS_INFO]
"""While the applicant may add files."""
NEEDED = ["sector", "country", "category", "motivation", "contact_name", "contact_email"]
"""Fields without which nothing is handed in; besides these a name and a description in one of the languages."""
LETTER_PAUSE = timedelta(minutes=2)
"""A second click on "hand in" sends no second letter."""
CLICK_REMEMBERED = 10 * 60
"""Seconds in which the same form, sent again, begins no second draft."""
MAX_ATTACHMENTS = 5


@audit.register
class Verb(models.TextChoices):
    BEGUN = "application_begun", gettext_lazy("Application begun")
    SUBMITTED = "application_submitted", gettext_lazy("Application handed in")
    SCREENED = "application_screened", gettext_lazy("Reading of the application begun")
    ASKED = "application_asked", gettext_lazy("Applicant asked a question")
    ANSWERED = "application_answered", gettext_lazy("Applicant answered")
    BROUGHT = "application_brought", gettext_lazy("Application put before the committee")
    ADMITTED = "application_admitted", gettext_lazy("Applicant admitted")
    DECLINED = "application_declined", gettext_lazy("Applicant not admitted")
    WITHDRAWN = "application_withdrawn", gettext_lazy("Application withdrawn")
    EXPIRED = "application_expired", gettext_lazy("Application expired")
    FORGOTTEN = "application_forgotten", gettext_lazy("Contacts of an application removed")
    CONFLICT = "application_conflict", gettext_lazy("Conflict of interest declared")


SCREEN = duty_kinds.register(
    DutyKind(
        code="screen",
        label=gettext_lazy("Screen an application"),
        address=lambda key: reverse("admin:network_application_change", args=[key]),
        days=14,
    )
)


class WrongState(Exception):
    """The application is not in a state from which this step leads on."""

    def __init__(self) -> None:
        super().__init__(_("This step is not possible any more: somebody has already moved the application on."))


class Incomplete(Exception):
    """What is missing before the application can be handed in: names of fields."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class Conflicted(Exception):
    """Whoever belongs to the applicant or declared a conflict can't record the outcome; the text says which."""


class TooMany(Exception):
    """No more files fit this application."""


# --- The applicant ---------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, name: str, contact_name: str, contact_email: str, language: str) -> Application:
    """A draft, and a letter with the link that leads back to it. The name is in the language the applicant writes."""
    application = Application(contact_name=contact_name, contact_email=contact_email, language=language)
    setattr(application, f"name_{language}", name)
    application.save()
    audit.record(Verb.BEGUN, application, by=None, after=State.DRAFT)
    letters.to_applicant(application, "begun")
    return application


@transaction.atomic
def begin_once(key: str, **given: str) -> Application:
    """The same, and for a second click on the same form (`key`) the draft that the first one began."""
    locks.wait_for(f"begin:{key}")
    known = Application.objects.filter(pk=cache.get(f"begun:{key}"), state=State.DRAFT).first()
    application = known or begin(**given)
    cache.set(f"begun:{key}", application.pk, CLICK_REMEMBERED)
    return application


@transaction.atomic
def save(application: Application, values: dict[str, object], *, countries: Iterable[Country] | None = None) -> None:
    """Keep what was typed so far: any part of it. Raises `WrongState` once it has been handed in."""
    held = _held(application, [State.DRAFT])
    for field, value in values.items():
        setattr(held, field, value)
    held.touched_at = timezone.now()
    held.save(update_fields=[*values, "touched_at"])
    if countries is not None:
        held.countries.set(countries)
    application.refresh_from_db()


def confirm_email(application: Application) -> None:
    """Whoever acts by a mailed link has shown that the address is theirs."""
    Application.objects.filter(pk=application.pk).update(confirmed_email=application.contact_email)
    application.confirmed_email = application.contact_email


@transaction.atomic
def correct_email(application: Application, email: str) -> None:
    """Another address for a draft: links sent to the old one open nothing any more."""
    held = _held(application, [State.DRAFT])
    held.contact_email, held.handed_in_at, held.touched_at = email, None, timezone.now()
    held.save(update_fields=["contact_email", "handed_in_at", "touched_at"])
    application.refresh_from_db()
    letters.to_applicant(application, "link")


def send_link(application: Application) -> None:
    """The link anew, to the address the application has."""
    letters.to_applicant(application, "link")


def missing(application: Application) -> list[str]:
    """Names of the fields that are still needed."""
    lacks = [field for field in NEEDED if not getattr(application, field)]
    for field in ("name", "description"):
        if not any(getattr(application, f"{field}_{language}") for language in ("es", "en")):
            lacks.append(f"{field}_{application.language}")
    return lacks


@transaction.atomic
def hand_in(application: Application) -> None:
    """
    Give the application to the coordination, if the e-mail address is confirmed.

    Otherwise a letter goes there first, and whoever has used its link comes here again. Raises `Incomplete` or
    `WrongState`.
    """
    held = _held(application, [State.DRAFT])
    if lacks := missing(held):
        raise Incomplete(lacks)
    if held.is_confirmed:
        now = timezone.now()
        changes = {"submitted_at": now, "handed_in_at": now}
        _move(application, Verb.SUBMITTED, sources=[State.DRAFT], to=State.SUBMITTED, **changes)
        letters.to_coordination(application, "submitted")
        return
    lately = Q(handed_in_at__gte=timezone.now() - LETTER_PAUSE)
    if Application.objects.filter(pk=held.pk).exclude(lately).update(handed_in_at=timezone.now()):
        letters.to_applicant(held, "confirm")
    application.refresh_from_db()


@transaction.atomic
def attach(application: Application, attachment: Attachment) -> Attachment:
    """Add a file that was looked at. Raises `TooMany`, or `WrongState` once nobody waits for files any more."""
    held = _held(application, WRITABLE)
    if held.attachments.count() >= MAX_ATTACHMENTS:
        raise TooMany(_("An application takes %(n)d files. Take one off first.") % {"n": MAX_ATTACHMENTS})
    attachment.application = held
    attachment.save()
    Application.objects.filter(pk=held.pk).update(touched_at=timezone.now())
    return attachment


@transaction.atomic
def detach(attachment: Attachment) -> None:
    """Take a file off again; its bytes go when the row is gone for good."""
    _held(attachment.application, WRITABLE)
    attachment.delete()
    transaction.on_commit(lambda: attachment.content.storage.delete(attachment.content.name))


@transaction.atomic
def answer(application: Application, text: str) -> None:
    """The applicant's answer brings the application back to the coordination."""
    _move(application, Verb.ANSWERED, sources=[State.NEEDS_INFO], to=State.SUBMITTED, letter="answered")
    Remark.objects.create(application=application, kind=Remark.Kind.ANSWER, text=text)
    letters.to_coordination(application, "answered")


def withdraw(application: Application, *, reason: str) -> None:
    """The applicant does not want to go on. For good: who comes back begins anew."""
    _move(application, Verb.WITHDRAWN, sources=Application.OPEN, to=State.WITHDRAWN, reason=reason)


# --- The coordination ------------------------------------------------------------------------------------------------


def screen(application: Application, *, by: User) -> None:
    _move(application, Verb.SCREENED, sources=[State.SUBMITTED], to=State.SCREENING, by=by)


@transaction.atomic
def ask(application: Application, *, by: User, question: str) -> None:
    """Send a question to the applicant and wait for the answer."""
    sources = [State.SUBMITTED, State.SCREENING]
    _move(application, Verb.ASKED, sources=sources, to=State.NEEDS_INFO, by=by, text=question)
    Remark.objects.create(application=application, kind=Remark.Kind.QUESTION, text=question, by=by)


def bring_before_committee(application: Application, *, by: User) -> None:
    """The coordination is done: from here only a decision of the committee leads on."""
    _move(application, Verb.BROUGHT, sources=[State.SCREENING], to=State.BEFORE_COMMITTEE, by=by)


@transaction.atomic
def decline(application: Application, *, by: User, decision: str, decided_on: date, reason: str) -> None:
    """Record that the committee did not admit the applicant, who reads the reason. Raises `Conflicted`."""
    record_outcome(
        application, Verb.DECLINED, by=by, reason=reason, to=State.DECLINED, decision=decision, decided_on=decided_on
    )


@transaction.atomic
def record_outcome(
    application: Application, verb: Verb, *, by: User, reason: str, to: State, **changes: object
) -> None:
    """The committee's answer, by somebody who is not too close to the applicant."""
    held = _held(application, [State.BEFORE_COMMITTEE])  # a conflict declared meanwhile waits for this row
    if why := conflict_of(by, held):
        raise Conflicted(why)
    _move(application, verb, sources=[State.BEFORE_COMMITTEE], to=to, by=by, reason=reason, **changes)


@transaction.atomic
def note(application: Application, *, by: User, text: str) -> None:
    """Something the coordination wants to remember; the applicant never sees it. A second click adds nothing."""
    held = _held(application, State.values)
    last = held.remarks.last()
    if last is None or (last.kind, last.text, last.by_id) != (Remark.Kind.NOTE, text, by.pk):
        Remark.objects.create(application=held, kind=Remark.Kind.NOTE, text=text, by=by)


@transaction.atomic
def declare_conflict(application: Application, *, by: User, note: str) -> None:
    """Say that one is too close to this applicant; once is enough."""
    held = _held(application, State.values)
    _conflict, is_new = Conflict.objects.get_or_create(application=held, user=by, defaults={"note": note})
    if is_new:
        audit.record(Verb.CONFLICT, held, by=by, whom=by)


# --- Time ------------------------------------------------------------------------------------------------------------


def expire_stale() -> int:
    """Close what has waited too long for its applicant; gives how many. Safe to repeat."""
    expired = 0
    for application in Application.objects.stale():
        try:
            _move(application, Verb.EXPIRED, sources=WRITABLE, to=State.EXPIRED, reason=_("No news of the applicant."))
            expired += 1
        except WrongState:  # the applicant came back at this very moment
            continue
    return expired


def forget_old() -> int:
    """Remove contacts, texts and files of applications that came to nothing; gives how many. What was decided stays."""
    old = list(Application.objects.to_be_forgotten().prefetch_related("attachments"))
    for application in old:
        _forget(application)
    return len(old)


@transaction.atomic
def _forget(application: Application) -> None:
    for attachment in application.attachments.all():
        transaction.on_commit(lambda content=attachment.content: content.storage.delete(content.name))
    application.attachments.all().delete()
    application.remarks.all().delete()
    emptied = ["contact_name", "contact_title", "contact_email", "contact_phone", "confirmed_email", "motivation"]
    Application.objects.filter(pk=application.pk).update(
        forgotten_at=timezone.now(), **dict.fromkeys([*emptied, "endorsers"], "")
    )
    audit.record(Verb.FORGOTTEN, application, by=None)


# --- One way for all steps -------------------------------------------------------------------------------------------


def _held(application: Application, states: Iterable[str]) -> Application:
    """The row as it stands now, held until the transaction ends. Raises `WrongState`."""
    held = Application.objects.select_for_update().filter(pk=application.pk, state__in=list(states)).first()
    if held is None:
        raise WrongState
    return held


@transaction.atomic
def _move(
    application: Application,
    verb: Verb,
    *,
    sources: Iterable[str],
    to: State,
    by: User | None = None,
    reason: str = "",
    text: str = "",
    letter: str = "",
    **changes: object,
) -> None:
    """One step, its line of the record and its letter, which says `text` or the reason."""
    before = _held(application, sources).state
    Application.objects.filter(pk=application.pk).update(state=to, touched_at=timezone.now(), **changes)
    application.refresh_from_db()
    audit.record(verb, application, by=by, reason=reason, before=before, after=to)
    if to == State.SUBMITTED:
        duties.open_for(SCREEN, [application])
    elif to != State.SCREENING:
        duties.close_for(SCREEN, [application], by=by)
    letters.to_applicant(application, letter or to, text=text or reason)
