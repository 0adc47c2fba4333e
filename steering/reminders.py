"""
Action items come to the mind of those who are to do them: before the day and after it, once each, with a link that
reports without an account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from network import duties
from portal.core import audit, links
from portal.core.refused import Refused
from resources.models import Resource
from steering import acting, called, decisions, outbox
from steering.acting import Recipient
from steering.models import ActionItem, Letter, Question
from steering.record import QUESTION_DUTY, Verb

PURPOSE = "action"
DAYS_BEFORE = 7
FIRST, SECOND, MONTH = 1, 14, 30
MOST_QUESTIONS = 5
"""So many an item takes by link; after that people write or call."""


# --- When ------------------------------------------------------------------------------------------------------------


def round_on(day: date, *, due: date) -> int | None:
    """
    Which reminder an open item is due that day, in days past its due date: -7, 1, 14, 44, 74, …; None before the first.

    After nights without a worker it is the last of those missed, not all of them.
    """
    late = (day - due).days
    if late < -DAYS_BEFORE:
        return None
    if late < FIRST:
        return -DAYS_BEFORE
    if late < SECOND:
        return FIRST
    return SECOND + (late - SECOND) // MONTH * MONTH


@task
def remind() -> int:
    """Write to whom an open item concerns, once for each reminder; gives how many letters. The settings say when."""
    today = timezone.localdate()
    near = ActionItem.objects.open().filter(due__lte=today + timedelta(days=DAYS_BEFORE))
    actions = list(near.select_related("person__user", "organisation"))
    before = Letter.objects.count()
    recipients = people_of(actions)
    with transaction.atomic():
        outbox.put(
            _letter(action, who, round_on(today, due=action.due)) for action in actions for who in recipients[action.pk]
        )
    return Letter.objects.count() - before


# --- Whom ------------------------------------------------------------------------------------------------------------


def people_of(actions: Iterable[ActionItem]) -> dict[int, list[Recipient]]:
    """
    For each item the focal points and managers of its organisation and the person in charge, each address once; in
    two queries for any number of items.
    """
    actions = list(actions)
    by_owner = acting.people_of({action.organisation_id for action in actions})
    found = {}
    for action in actions:
        named = [acting.as_recipient(action.person)] if action.person else []
        found[action.pk] = acting.each_once([*named, *by_owner[action.organisation_id]])
    return found


def _letter(action: ActionItem, who: Recipient, round_: int) -> Letter:
    about = {"action": action, "round": round_, "due": action.due}
    return Letter(
        kind=Letter.Kind.REMINDER, person=who.person, name=who.name[:200], email=who.email, language=who.language,
        **about,
    )  # fmt: skip


# --- Writing ---------------------------------------------------------------------------------------------------------


@outbox.writes(Letter.Kind.REMINDER)
def _write(letter: Letter) -> EmailMessage | None:
    """None for an item that is closed by now, or has another due date."""
    action = _action(letter)
    if not action.is_open or action.due != letter.due:
        return None
    context = {"action": action, "late": (timezone.localdate() - action.due).days, "link": address(letter)}
    return outbox.plain(letter, "steering/letters/reminder", context)


def address(letter: Letter) -> str:
    with translation.override(letter.language):
        return settings.SITE_URL + reverse("steering:action", args=[links.token(PURPOSE, letter.pk)])


def _action(letter: Letter) -> ActionItem:
    rows = ActionItem.objects.select_related("meeting__body", "organisation", "decision", "item", "evidence")
    return rows.get(pk=letter.action_id)


# --- Reporting by link -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """What a link opens."""

    letter: Letter
    action: ActionItem


def opened(token: str) -> Opened:
    """
    Any letter's link about an item opens it as long as it is open, whichever reminder it came with.

    Raises `links.OldLink`, also for somebody who does not act for that organisation any more, or `links.BrokenLink`.
    """
    letter = called.letter_behind(PURPOSE, token)
    if letter.kind != Letter.Kind.REMINDER:
        raise links.BrokenLink
    action = _action(letter)
    if letter.email not in [one.email for one in people_of([action])[action.pk]]:
        raise links.OldLink
    return Opened(letter, action)


def under_way(by: Opened) -> None:
    """Twice is harmless. Raises `Refused` for an item that is closed."""
    with transaction.atomic():
        held = _held(by)
        if held.state == ActionItem.State.OPEN:
            decisions.start(held, by=None, via=by.letter.name)


def done(by: Opened, *, evidence: Resource | None, url: str, note: str) -> None:
    """Raises `Refused` for an item that is closed, and without anything that shows it."""
    with transaction.atomic():
        decisions.complete(_held(by), by=None, evidence=evidence, url=url, note=note, via=by.letter.name)


def ask(by: Opened, text: str) -> None:
    """A question to the secretariat: it stands on the page of the item, and on the shared desk. Raises `Refused`."""
    with transaction.atomic():
        held = _held(by)
        if held.questions.filter(text=text).exists():
            return
        if held.questions.count() >= MOST_QUESTIONS:
            raise Refused(_("Several questions about this wait for an answer. Please write to the secretariat."))
        Question.objects.create(action=held, letter=by.letter, text=text)
        duties.open_for(QUESTION_DUTY, [held])
        audit.record(Verb.ACTION_ASKED, held, by=None, reason=by.letter.name)


def _held(by: Opened) -> ActionItem:
    held = ActionItem.objects.select_for_update(of=("self",)).get(pk=by.action.pk)
    if not held.is_open:
        raise Refused(_("This is done or cancelled already."))
    return held
