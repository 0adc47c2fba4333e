"""
On behalf of an organisation, with its consent: it is asked once by letter, and what it says is kept.

Silence publishes nothing. Whoever holds the link of a letter answers without an account, for the works it names, as
long as the request is open and the work is still the draft that was asked about.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Organisation, Role, User
from portal.core import audit, links, mail
from resources import actions, description
from resources.description import Origin, Values
from resources.models import Asked, Asking, Consent, Resource

OPEN_FOR = timedelta(days=30)
AGAIN_AFTER = timedelta(minutes=10)
"""Between two letters: a second click sends none."""
LINKS_READ_FOR = timedelta(days=400)
"""How long a link opens at least a page that says how things stand; what it may still do, the request says."""
MOST_WORKS = 100
MOST_PEOPLE = 10
PURPOSE = "consent"
LETTER = "resources/asked"


@audit.register
class Verb(models.TextChoices):
    """What the record says of requests. An answer stands there as the step it is, with the name of who gave it."""

    ASKED = "consent.asked", gettext_lazy("asked the organisation")
    ASKED_AGAIN = "consent.asked_again", gettext_lazy("asked the organisation again")
    WITHDRAWN = "consent.withdrawn", gettext_lazy("withdrew the question")
    CHANGED = "consent.changed", gettext_lazy("corrected for the organisation, by letter")


class NotOpen(Exception):
    """This can't be answered (any more): `state` says why."""

    def __init__(self, state: Consent.State) -> None:
        super().__init__(state)
        self.state = state


class LooksOtherwise(Exception):
    """The work is no longer what the page showed: it has to be looked at again."""


class TooSoon(Exception):
    """A letter went out a moment ago, or there is nothing left to ask, or nobody to write to."""


@dataclass(frozen=True)
class Person:
    """Somebody to ask."""

    name: str
    email: str
    language: str


@dataclass(frozen=True)
class Line:
    """One document in a letter."""

    work: Resource
    link: str


# --- Asking ----------------------------------------------------------------------------------------------------------


def organisations_to_ask() -> QuerySet[Organisation]:
    """Organisations with drafts in their name."""
    drafts = Resource.objects.filter(status=Resource.Status.DRAFT)
    return Organisation.objects.filter(pk__in=drafts.values("organisation"))


def people_of(organisation: Organisation) -> QuerySet[User]:
    """Who contributes for this organisation today, or manages it."""
    kinds = (Role.Kind.MANAGER, Role.Kind.CONTRIBUTOR)
    roles = Role.objects.in_force().filter(organisation=organisation, kind__in=kinds)
    return User.objects.filter(is_active=True, roles__in=roles).distinct().order_by("name")


def draft_letter(
    person: Person, works: Iterable[Resource], *, organisation: Organisation, by: User
) -> tuple[str, str, str]:
    """Subject, text and address of the letter this person would get, with dots in the place of the links."""
    with translation.override(person.language):
        dots = address("…")
    about = {"organisation": organisation, "by": by, "expires_at": timezone.now() + OPEN_FOR, "reminder": False}
    context = {**about, "name": person.name, "link": dots, "lines": [Line(work, dots) for work in works]}
    return mail.write(LETTER, to=person.email, language=person.language, context=context)


@transaction.atomic
def ask(
    works: Iterable[Resource], people: Iterable[Person], *, organisation: Organisation, by: User, key: uuid.UUID
) -> Asking:
    """Send the letters, one to each person. Pressed twice with one `key` it is one request."""
    now = timezone.now()
    values = {"organisation": organisation, "by": by, "sent_at": now, "expires_at": now + OPEN_FOR}
    asking, is_new = Asking.objects.get_or_create(key=key, defaults=values)
    if not is_new:
        return asking
    Asked.objects.bulk_create(
        Asked(asking=asking, name=person.name, email=person.email, language=person.language) for person in people
    )
    Consent.objects.bulk_create(Consent(asking=asking, resource=work, title=str(work)[:500]) for work in works)
    audit.record(Verb.ASKED, asking, by=by)
    _send(asking)
    return asking


def _send(asking: Asking, *, reminder: bool = False) -> None:
    """A letter about what waits to each person; all of it goes with the transaction around it."""
    waiting = list(asking.consents.waiting().with_works())
    about = {"organisation": asking.organisation, "by": asking.by, "expires_at": asking.expires_at}
    for asked in asking.people.reachable():
        with translation.override(asked.language):
            lines = [Line(consent.resource, address(token(asked, consent))) for consent in waiting]
            link = address(token(asked))
        context = {**about, "name": asked.name, "link": link, "lines": lines, "reminder": reminder}
        mail.send(LETTER, to=asked.email, language=asked.language, context=context)


@transaction.atomic
def send_again(asking: Asking, *, by: User) -> None:
    """The same letter about what is still unanswered, with the whole time anew. Raises `TooSoon`."""
    now = timezone.now()
    rested = Asking.objects.filter(pk=asking.pk, withdrawn_at__isnull=True, sent_at__lt=now - AGAIN_AFTER)
    possible = asking.consents.waiting().exists() and asking.people.reachable().exists()
    if not possible or not rested.update(sent_at=now, expires_at=now + OPEN_FOR):
        raise TooSoon
    asking.refresh_from_db()
    audit.record(Verb.ASKED_AGAIN, asking, by=by)
    _send(asking)


@transaction.atomic
def withdraw(asking: Asking, *, by: User) -> bool:
    """Let the links die; what was answered stays. Gives whether it was still open."""
    if not Asking.objects.open().filter(pk=asking.pk).update(withdrawn_at=timezone.now()):
        return False
    audit.record(Verb.WITHDRAWN, asking, by=by)
    return True


def remind() -> int:
    """One reminder for each request that has waited for ten days, then none; gives how many requests."""
    reminded = 0
    for asking in Asking.objects.to_remind().select_related("organisation", "by"):
        with transaction.atomic():
            if Asking.objects.to_remind().filter(pk=asking.pk).update(reminded_at=timezone.now()):
                _send(asking, reminder=True)
                reminded += 1
    return reminded


def forget() -> int:
    """Forget the addresses of requests that are over; names and answers stay. Gives how many addresses."""
    return Asked.objects.reachable().filter(asking__in=Asking.objects.over()).update(email="")


# --- Links -----------------------------------------------------------------------------------------------------------


def token(asked: Asked, consent: Consent | None = None) -> str:
    """For all documents of a person's letter, or for one of them alone."""
    return links.token(PURPOSE, asked.pk, *([str(consent.pk)] if consent else []))


def address(token: str) -> str:
    """The whole address of a link, in the active language; dots stay dots."""
    return settings.SITE_URL + unquote(reverse("resources:asked", args=[token]))


@dataclass(frozen=True)
class Opened:
    """A link somebody followed: who, and what it leads to."""

    asked: Asked
    consents: QuerySet[Consent]
    link: str


def opened(text: str) -> Opened:
    """Raises `links.BrokenLink` for anything that is no link of ours."""
    person, *one = links.read(PURPOSE, text, valid=LINKS_READ_FOR)
    asked = Asked.objects.select_related("asking__organisation").filter(pk=person).first()
    if asked is None:
        raise links.BrokenLink
    consents = Consent.objects.filter(asking=asked.asking)
    return Opened(asked, consents.filter(pk=one[0]) if one else consents, "one" if one else "all")


# --- Answering -------------------------------------------------------------------------------------------------------


def fingerprint(work: Resource) -> str:
    """Of everything the page shows of a work: should it change before somebody answers, they look again."""
    files = sorted(file.sha256 for file in work.files.all())
    shown = json.dumps([description.of_work(work), work.audience, files], sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()


def publish(consent: Consent, *, by: Opened, seen: str, looked: bool) -> None:
    """
    Correct: the work goes on the shelf.

    Raises `NotOpen`, `LooksOtherwise`, and `checking.NotLooked` as `actions.publish` does.
    """
    with transaction.atomic():
        work = _answer(consent, Consent.Answer.PUBLISH, by=by, seen=seen)
        name = f"{by.asked.name} ({by.asked.asking.organisation.short_name})"
        actions.publish(work, by=None, looked=looked, confirmed_by=name)


def not_ours(consent: Consent, *, by: Opened, reason: str = "") -> None:
    """Out of this organisation's name; the coordination reads why. Raises `NotOpen`."""
    with transaction.atomic():
        work = _answer(consent, Consent.Answer.NOT_OURS, by=by, reason=reason)
        said = _("{name}: not a document of {organisation}.").format(
            name=by.asked.name, organisation=by.asked.asking.organisation.short_name
        )
        actions.refuse(work, reason=f"{said} {reason}".strip())


def change(consent: Consent, *, by: Opened, seen: str, values: Values) -> None:
    """
    Correct these fields; they are this person's from then on. The answer is still to come.

    Raises `NotOpen`, `LooksOtherwise`, and ValidationError for what the library can't hold.
    """
    with transaction.atomic():
        work = _held(consent, seen=seen)
        if changed := description.differences(work, values):
            description.write(work, changed, origin=Origin.PERSON, by=None, detail=by.asked.name)
            audit.record(Verb.CHANGED, work, by=None, reason=by.asked.name)


def _answer(consent: Consent, answer: str, *, by: Opened, seen: str | None = None, reason: str = "") -> Resource:
    """Write it down, once: the request and the work are held meanwhile, so the first of two answers counts."""
    work = _held(consent, seen=seen)
    values = {"answer": answer, "by": by.asked, "at": timezone.now(), "link": by.link, "reason": reason}
    values["seen"] = fingerprint(work)
    if not Consent.objects.filter(pk=consent.pk, answer=Consent.Answer.NONE).update(**values):
        raise NotOpen(Consent.State(Consent.objects.get(pk=consent.pk).answer))
    return work


def _held(consent: Consent, *, seen: str | None = None) -> Resource:
    """The work, held, while it can be answered for and still is what was `seen`."""
    Asking.objects.select_for_update().get(pk=consent.asking_id)
    work = Resource.objects.select_for_update().filter(pk=consent.resource_id).first()
    now = Consent.objects.select_related("asking", "resource").get(pk=consent.pk)
    if now.state != Consent.State.WAITING:
        raise NotOpen(now.state)
    if seen is not None and seen != fingerprint(work):
        raise LooksOtherwise
    return work
