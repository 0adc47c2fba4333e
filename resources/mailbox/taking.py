"""The documents of a letter become drafts of its sender's organisation; the sender is told what came of each."""

import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, User
from portal.core import mail
from resources import description, gathering
from resources.description import Origin
from resources.identifiers import DOI, clean_doi
from resources.mailbox.reading import Incoming, Part
from resources.models import Gathered, Gathering, Letter, Resource

log = logging.getLogger(__name__)
ANSWER = "resources/letter_taken"
MOST_TRIES = 3
"""A letter that has killed the process this often is left."""
MOST_A_DAY = 30
"""Letters of one sender: whoever forges an address can't fill the library with it."""
FROM_THE_LETTER = 40
"""How sure a value is that only the letter says: a person looks at it."""
PREFIXES = re.compile(r"^(\s*(re|rv|fw|fwd|enc|rm)\s*:|\s*\[[^\]]{1,40}\])+\s*", re.IGNORECASE)

TOO_OFTEN: Promise = _("More than 30 letters came from your address within a day. Please send this one again tomorrow.")
TOO_LARGE: Promise = _("It is larger than 40 MB. Please hand the documents in on the site.")


class Outcome(StrEnum):
    """What became of a letter."""

    TAKEN = "taken"
    AGAIN = "again"
    BY_MACHINE = "by_machine"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass
class Told:
    """A line of the answer; its reason is put in words when the letter is written, in its reader's language."""

    line: Gathered

    @property
    def reason(self) -> str:
        return gathering.reason(self.line)


def take(letter: Incoming, *, is_too_large: bool = False) -> Outcome:
    """
    Make drafts of its documents, once, and answer.

    A kill anywhere leaves a letter that is taken further the next time, where it stopped.
    """
    if letter.by_machine or letter.sender in _our_own():
        return Outcome.BY_MACHINE
    sender = _member(letter.sender)
    if sender is None:
        log.info("A letter of somebody who contributes for no organisation was left out")
        return Outcome.UNKNOWN
    ours = {"message_id": letter.message_id, "sender": sender}
    row, _new = Letter.objects.get_or_create(digest=letter.digest, defaults=ours)
    if row.done_at:
        return Outcome.AGAIN
    Letter.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    if row.tries >= MOST_TRIES:
        log.error("Letter %s could not be taken in after %s tries and is left out", row.pk, row.tries)
        Letter.objects.filter(pk=row.pk).update(done_at=timezone.now())
        return Outcome.FAILED
    if problem := _problem(sender, is_too_large):
        _answer(row, letter, sender, problem=problem)
        return Outcome.FAILED
    organisation, is_a_guess = _organisation(sender, letter)
    if letter.parts:
        taken_in = row.gathering or _begin(row, letter, organisation, sender)
        for part in letter.parts:
            _take_part(taken_in, part, sender)
        _describe(taken_in, letter)
    _answer(row, letter, sender, is_a_guess=is_a_guess)
    return Outcome.TAKEN


def _our_own() -> set[str]:
    return {address.lower() for address in (settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL)}


def _member(address: str) -> User | None:
    """Somebody who contributes for an organisation today."""
    user = User.objects.filter(email=address, is_active=True).first() if address else None
    return user if user and user.organisations else None


def _problem(sender: User, is_too_large: bool) -> Promise | None:
    """Why nothing of this letter is taken. The limit is said once: what comes after it gets no answer at all."""
    if Letter.objects.of_today(sender).count() > MOST_A_DAY:
        return TOO_OFTEN
    return TOO_LARGE if is_too_large else None


def _organisation(sender: User, letter: Incoming) -> tuple[Organisation, bool]:
    """
    The one named behind a plus in the address written to, or in the subject; else the sender's first.

    Gives also whether that is a guess among several.
    """
    plus = {local.partition("+")[2] for local in (address.partition("@")[0] for address in letter.to)}
    for words in (plus, set(re.findall(r"[\w-]+", letter.subject.casefold()))):
        for organisation in sender.organisations:
            if {organisation.slug.casefold(), organisation.acronym.casefold()} - {""} & words:
                return organisation, False
    return sender.organisations[0], len(sender.organisations) > 1


@transaction.atomic
def _begin(row: Letter, letter: Incoming, organisation: Organisation, sender: User) -> Gathering:
    begun = gathering.begin(organisation, by=sender)
    Gathering.objects.filter(pk=begun.pk).update(name=letter.subject[:200])
    row.gathering = begun
    row.save(update_fields=["gathering"])
    return begun


def _take_part(taken_in: Gathering, part: Part, sender: User) -> None:
    """One line for each; a file that was taken before a kill is recognised by its bytes."""
    if part.reason:
        gathering.refuse(taken_in, part.name[-200:], part.reason)
    else:
        gathering.take(taken_in, ContentFile(part.content, name=part.name), name=part.name, by=sender)


def _describe(taken_in: Gathering, letter: Incoming) -> None:
    """Where a letter brings one document, its subject and text say what the file left open; all of it unsure."""
    works = Resource.objects.filter(gathered__gathering=taken_in, status=Resource.Status.DRAFT)
    work = works.prefetch_related("origins").first() if works.count() == 1 else None
    if work is None:
        return
    values, field = {}, gathering.title_field(work)
    title = PREFIXES.sub("", letter.subject)
    if len(title.split()) > 1 and any(o.field == field and o.origin == Origin.NAME for o in work.origins.all()):
        values[field] = title
    named = {clean_doi(found.rstrip(".,;)>]")) for found in DOI.findall(letter.text)}
    if len(named) == 1 and not work.doi:
        values["doi"] = named.pop()
    if values:
        with suppress(ValidationError):  # a help, no more
            description.write(work, values, origin=Origin.MAIL, by=None, certainty=FROM_THE_LETTER)


@transaction.atomic
def _answer(
    row: Letter, letter: Incoming, sender: User, *, problem: Promise | None = None, is_a_guess: bool = False
) -> None:
    """Close the letter and tell its sender, both or neither."""
    if not Letter.objects.filter(pk=row.pk, done_at__isnull=True).update(done_at=timezone.now()):
        return
    if problem is TOO_OFTEN and Letter.objects.of_today(sender).count() > MOST_A_DAY + 1:
        return
    lines = [Told(line) for line in gathering.lines_of(row.gathering)] if row.gathering else []
    with translation.override(sender.language):
        page = reverse("resources:gathering_files", args=[row.gathering_id]) if lines else reverse("resources:upload")
    context = {
        "name": sender.name,
        "subject": letter.subject,
        "problem": problem,
        "organisation": row.gathering.organisation if row.gathering else None,
        "is_a_guess": is_a_guess,
        "others": sender.organisations,
        "taken": [told.line for told in lines if told.line.resource],
        "left": [told for told in lines if not told.line.resource],
        "link": settings.SITE_URL + page,
    }
    mail.send(ANSWER, to=sender.email, language=sender.language, context=context)
