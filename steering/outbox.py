"""
The committee's letters on their way out: written down with what they tell of, sent once by the worker.

Of two workers one takes a letter, by the conditional update. One who is stopped between taking it and hearing from the
mail server leaves it as broken off: nobody knows whether it left, so the portal does not send it a second time by
itself, and the page it belongs to says so until somebody decides.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.tasks import task
from django.utils import timezone, translation

from network.models import Person
from network.privacy import NOWHERE
from portal.core import mail
from steering.models import Letter

log = logging.getLogger(__name__)
State = Letter.State

LINKS_READ_FOR = timedelta(days=400)
"""How long a link opens at least a page that says how things stand; what it may still do, the row says."""
PAUSE = timedelta(minutes=10)
"""After a failure; doubled with each further one."""
TRIES = 8
"""About a day."""

Writer = Callable[[Letter], EmailMessage | None]
WRITERS: dict[str, Writer] = {}


def writes(*kinds: str) -> Callable[[Writer], Writer]:
    """Register who writes letters of these kinds, in the language then active; None when none is needed any more."""

    def register(writer: Writer) -> Writer:
        WRITERS.update(dict.fromkeys(kinds, writer))
        return writer

    return register


# --- Putting in ------------------------------------------------------------------------------------------------------


def put(letters: Iterable[Letter]) -> None:
    """
    Leave these to the worker, in the transaction of what they tell of.

    Somebody without an address gets none, and what the same address has been told already is not told again.
    """
    if addressed := [letter for letter in letters if letter.email]:
        Letter.objects.bulk_create(addressed, ignore_conflicts=True)
        post_letters.enqueue()


def address_of(person: Person) -> str:
    """Where letters to this person go: nowhere for somebody archived."""
    if person.archived_at:
        return ""
    return (person.email or (person.user.email if person.user and person.user.is_active else "")).strip().lower()


@dataclass(frozen=True)
class Reach:
    """Whom letters will go to, and for whom no address is known."""

    written: list[Person]
    silent: list[Person]


def reach_of(people: Iterable[Person]) -> Reach:
    found = list(people)
    written = [person for person in found if address_of(person)]
    return Reach(written, [person for person in found if person not in written])


def to_person(kind: str, person: Person, **about: object) -> Letter:
    """A letter to somebody, not saved yet; without an address it is never sent."""
    name = str(person)[:200]
    return Letter(kind=kind, person=person, name=name, email=address_of(person), language=person.language, **about)


def put_again(letters: QuerySet[Letter]) -> int:
    """Somebody has decided that what was given up or broken off goes out after all; gives how many."""
    again = letters.stuck().update(state=State.WAITING, tries=0, again_at=timezone.now())
    if again:
        post_letters.enqueue()
    return again


def drop(letters: QuerySet[Letter]) -> None:
    """What has not left yet is not sent any more."""
    letters.filter(state=State.WAITING).update(state=State.DROPPED)


# --- Sending ---------------------------------------------------------------------------------------------------------


@task
def post_letters() -> int:
    """Send whatever waits; gives how many left. Runs after every step that writes letters, and every few minutes."""
    return sum(post(pk) for pk in list(Letter.objects.to_post().values_list("pk", flat=True)))


def post(pk: int) -> bool:
    """Send one letter, if nobody else has taken it; gives whether it left."""
    now = timezone.now()
    taken = Letter.objects.to_post().order_by().filter(pk=pk)
    if not taken.update(state=State.SENDING, begun_at=now, tries=F("tries") + 1):
        return False
    letter = Letter.objects.select_related("person__user").get(pk=pk)
    try:
        with translation.override(letter.language):
            message = WRITERS[letter.kind](letter)
        if message is not None:
            message.send()
    except Exception:
        log.exception("A letter could not be sent: %s", pk)
        _later(letter)
        return False
    left = {"state": State.SENT, "sent_at": timezone.now()} if message else {"state": State.DROPPED}
    Letter.objects.filter(pk=pk).update(**left)
    return message is not None


def _later(letter: Letter) -> None:
    again = {"state": State.WAITING, "again_at": timezone.now() + PAUSE * 2 ** (letter.tries - 1)}
    Letter.objects.filter(pk=letter.pk).update(**(again if letter.tries < TRIES else {"state": State.FAILED}))


@task
def forget_addresses() -> int:
    """
    Take the addresses out of letters whose links are over, and of those to people whose contacts were erased; gives
    how many. That the letter was sent stays. The settings say when.
    """
    over = Q(made_at__lt=timezone.now() - LINKS_READ_FOR) | Q(person__archived_at__isnull=False)
    known = Letter.objects.filter(over).exclude(email__endswith=NOWHERE)
    letters = list(known.only("pk", "state"))
    for letter in letters:
        letter.email = f"{letter.pk}{NOWHERE}"
        letter.state = State.DROPPED if letter.state == State.WAITING else letter.state
    Letter.objects.bulk_update(letters, ["email", "state"], batch_size=500)
    return len(letters)


def headers_of(letter: Letter) -> dict[str, str]:
    """
    A Message-ID that stays the same however often the letter is sent, so that mailboxes show it once; and answering
    machines keep silent (RFC 3834).
    """
    host = settings.SITE_URL.split("://")[1].split(":")[0]
    return {
        "Message-ID": f"<letter.{letter.pk}.{letter.made_at:%Y%m%d%H%M%S}@{host}>",
        "Auto-Submitted": "auto-generated",
    }


def plain(letter: Letter, template: str, context: dict[str, object]) -> EmailMessage:
    """A letter of words alone, answered to the committee's own mailbox."""
    words = {"name": letter.name, **context}
    subject, text, to = mail.write(template, to=letter.email, language=letter.language, context=words)
    reply_to = [settings.COMMITTEE_EMAIL]
    return EmailMessage(subject, text, to=[to], reply_to=reply_to, headers=headers_of(letter))
