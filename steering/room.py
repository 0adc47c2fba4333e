"""
What secretaries write while people meet: each field by itself, at once, and never over what somebody else has written.

A form sends back what it was shown (`seen`); where something else stands by then the action raises `Overtaken`.
"""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Affiliation, User
from portal.core.refused import Refused
from steering import agenda, attendance, decisions
from steering.models import ActionItem, AgendaItem, Attendance, Decision, Meeting, Note, Receipt

WRITTEN = {
    Attendance: ["status", "arrived_at", "left_at"],
    Decision: ["text_es", "text_en", "method", "votes_for", "votes_against", "abstentions", "visibility"],
    ActionItem: ["text_es", "text_en", "organisation_id", "due"],
}
"""What the room lets people write of a row, and so what one may write over."""


class Overtaken(Refused):
    """Somebody else has written here since. Both texts are shown, and whoever asked chooses."""


def stamp(row: models.Model) -> str:
    """A short name for what stands in a row: whoever sends it back has seen just that."""
    if isinstance(row, Note):
        return str(row.version)
    words = [getattr(row, name) or "" for name in WRITTEN[type(row)]]
    return hashlib.blake2s(repr(words).encode(), digest_size=8).hexdigest()


def in_session(meeting: Meeting) -> Meeting:
    """The meeting, held, while its room is open: convened, and not yet declared held. Raises `Refused`."""
    locked = attendance.lock_list(meeting)
    if locked.state != Meeting.State.CONVENED:
        raise Refused(_("This meeting has been held: its room only shows what was noted."))
    return locked


def _overtaken() -> Overtaken:
    return Overtaken(_("Somebody else has written here meanwhile. Choose what is to stay."))


# --- Notes -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def write_note(item: AgendaItem, language: str, *, text: str, seen: str, by: User | None, add: bool = False) -> Note:
    """
    Keep what was said about an item, in one language; with `add`, below what stands there. Raises `Refused`.

    The same text sent twice is written once.
    """
    in_session(item.meeting)
    note, _created = Note.objects.get_or_create(item=item, language=language)
    if text == note.text:
        return note
    if seen != stamp(note):
        raise _overtaken()
    note.text = f"{note.text}\n\n{text}".strip() if add else text
    note.version, note.by, note.at = note.version + 1, by, timezone.now()
    note.save()
    return note


# --- The agenda ------------------------------------------------------------------------------------------------------


@transaction.atomic
def treat(item: AgendaItem, *, by: User | None) -> None:
    in_session(item.meeting)
    agenda.treat(item, by=by)


@transaction.atomic
def reopen(item: AgendaItem, *, by: User | None) -> None:
    in_session(item.meeting)
    agenda.reopen(item, by=by)


@transaction.atomic
def defer(item: AgendaItem, *, by: User | None, reason: str) -> None:
    in_session(item.meeting)
    agenda.defer(item, by=by, reason=reason)


# --- Who is here -----------------------------------------------------------------------------------------------------


@transaction.atomic
def open_list(meeting: Meeting, *, by: User | None) -> None:
    in_session(meeting)
    attendance.open_list(meeting, by=by)


@transaction.atomic
def note_presence(
    line: Attendance, *, status: str, arrived: datetime | None, left: datetime | None, seen: str, by: User | None
) -> None:
    """Whether somebody is here, and from when to when. Raises `Refused`."""
    in_session(line.meeting)
    row = Attendance.objects.select_related("meeting__body").get(pk=line.pk)
    shown = stamp(row)
    row.status, row.arrived_at, row.left_at = status, arrived, left
    if stamp(row) == shown:
        return
    if seen != shown:
        raise _overtaken()
    attendance.note(row, by=by)


@transaction.atomic
def let_in(affiliation: Affiliation, *, meeting: Meeting, capacity: str, by: User | None) -> Attendance:
    """Somebody who comes for no seat: a guest, an observer or the secretariat. Raises `Refused` for one on the list."""
    in_session(meeting)
    line = Attendance(meeting=meeting, person=affiliation.person, organisation=affiliation.organisation)
    line.capacity, line.status = capacity, Attendance.Status.IN_PERSON
    return attendance.note(line, by=by)


# --- What is decided and handed out ----------------------------------------------------------------------------------


@transaction.atomic
def decide(decision: Decision, *, key: UUID, by: User | None) -> None:
    """Write a decision down under the next number; the form that sent it (`key`) counts once. Raises `Refused`."""
    if _is_first(key, in_session(decision.item.meeting)):
        decisions.record(decision, by=by)


@transaction.atomic
def assign(action: ActionItem, *, key: UUID, by: User | None) -> None:
    if _is_first(key, in_session(action.item.meeting)):
        decisions.assign(action, by=by)


def _is_first(key: UUID, meeting: Meeting) -> bool:
    return Receipt.objects.get_or_create(key=key, defaults={"meeting": meeting})[1]


@transaction.atomic
def correct(row: Decision | ActionItem, *, values: dict[str, object], seen: str, by: User | None) -> None:
    """Put the words of a decision or an action item right. Raises `Refused`."""
    in_session(row.meeting)
    standing = type(row).objects.select_related("item", "meeting__body").get(pk=row.pk)
    shown = stamp(standing)
    for name, value in values.items():
        setattr(standing, name, value)
    if stamp(standing) == shown:
        return
    if seen != shown:
        raise _overtaken()
    (decisions.correct if isinstance(standing, Decision) else decisions.correct_action)(standing, by=by)
