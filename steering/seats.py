"""Seats and who holds them: terms begin and end here, and people are named and accredited for them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network import duties
from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from resources.intake import kinds
from steering.calendar import last_day_of
from steering.models import Body, Designation, Seat, SeatTerm
from steering.record import ACCREDIT_DUTY, Verb


def checked(row: models.Model) -> None:
    """The row's own rules, once more, under the lock. Raises `Refused`."""
    try:
        row.full_clean(validate_unique=False)
    except Refused:
        raise
    except ValidationError as problem:
        raise Refused(problem.messages) from problem


# --- Bodies and seats ------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_body(body: Body, *, by: User | None) -> Body:
    body.save()
    audit.record(Verb.BODY_KEPT, body, by=by)
    return body


@transaction.atomic
def keep_seat(seat: Seat, *, by: User | None) -> Seat:
    """Write a seat. A seat that somebody holds is not closed before that term has ended."""
    last = seat.until
    running = SeatTerm.objects.filter(seat=seat.pk) if seat.pk else SeatTerm.objects.none()
    if last and running.with_last_day().filter(models.Q(ended_on__isnull=True) | models.Q(last__gt=last)).exists():
        raise Refused(_("Somebody holds this seat beyond that day. End the term first."))
    seat.save()
    audit.record(Verb.SEAT_KEPT, seat, by=by)
    return seat


# --- Terms -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_term(term: SeatTerm, *, by: User | None) -> SeatTerm:
    """
    Let an organisation hold a seat. Without a last day it is the body's length of a term; a seat that one organisation
    holds by right has none. Raises `Refused`.
    """
    seat = Seat.objects.select_for_update(of=("self",)).select_related("body").get(pk=term.seat_id)
    if term.until is None and seat.organisation_id is None and seat.body.term_months:
        term.until = last_day_of(term.since, seat.body.term_months)
    checked(term)
    term.save(force_insert=True)
    audit.record(Verb.TERM_BEGUN, term, by=by, reason=term.basis)
    return term


@transaction.atomic
def correct_term(term: SeatTerm, *, by: User | None) -> SeatTerm:
    """Put it right while nobody is named for it yet; afterwards a term is ended and another begun."""
    Seat.objects.select_for_update().get(pk=term.seat_id)
    if term.designations.exists():
        raise Refused(_("People are named for this term. End it and begin another one."))
    checked(term)
    term.save(force_update=True)
    audit.record(Verb.TERM_CORRECTED, term, by=by)
    return term


@transaction.atomic
def end_term(term: SeatTerm, *, by: User | None, on: date, reason: str) -> None:
    """The organisation leaves the seat; this is its last day, and that of the people named for it. Raises `Refused`."""
    held = SeatTerm.objects.select_for_update().get(pk=term.pk)
    if held.ended_on:
        raise Refused(_("This term has ended already."))
    if on < held.since:
        raise Refused(_("The last day can't lie before the first."))
    held.ended_on = on
    checked(held)
    named = Designation.objects.filter(term=held)
    if named.filter(since__gt=on).exists():
        raise Refused(_("Somebody is named for this seat from a later day. End that designation first."))
    named.filter(models.Q(until__isnull=True) | models.Q(until__gt=on)).update(until=on)
    held.save(update_fields=["ended_on"])
    audit.record(Verb.TERM_ENDED, held, by=by, reason=reason)


# --- People for a seat -----------------------------------------------------------------------------------------------


@transaction.atomic
def designate(designation: Designation, *, by: User | None, letter: UploadedFile | None = None) -> Designation:
    """Name somebody for a seat. It speaks for the seat once it is accredited. Raises `Refused`."""
    designation.term = _locked_term(designation)
    checked(designation)
    if letter:
        designation.letter_file = _name_of(letter)
        designation.letter = letter
    designation.save()
    audit.record(Verb.DESIGNATED, designation, by=by)
    return designation


@transaction.atomic
def correct_designation(designation: Designation, *, by: User | None, letter: UploadedFile | None = None) -> None:
    """Put a designation right that is not accredited yet. Raises `Refused`."""
    designation.term = _locked_term(designation)
    if Designation.objects.filter(pk=designation.pk, accredited_on__isnull=False).exists():
        raise Refused(_("This designation is accredited. End it and name somebody anew."))
    checked(designation)
    if letter:
        designation.letter_file = _name_of(letter)
        designation.letter = letter
    designation.save(force_update=True)
    audit.record(Verb.DESIGNATION_CORRECTED, designation, by=by)


@transaction.atomic
def accredit(designation: Designation, *, by: User | None) -> None:
    """The letter has come and is in order: from now on this person may speak for the seat."""
    waiting = Designation.objects.filter(pk=designation.pk, accredited_on__isnull=True)
    if not waiting.update(accredited_on=timezone.localdate()):
        raise Refused(_("This designation is accredited already."))
    designation.refresh_from_db(fields=["accredited_on"])
    audit.record(Verb.ACCREDITED, designation, by=by)
    duties.close_for(ACCREDIT_DUTY, [designation], by=by)


@transaction.atomic
def end_designation(designation: Designation, *, by: User | None, on: date, reason: str) -> None:
    """This is the person's last day for the seat. Raises `Refused`."""
    if on < designation.since:
        raise Refused(_("The last day can't lie before the first."))
    running = Designation.objects.filter(models.Q(until__isnull=True) | models.Q(until__gt=on), pk=designation.pk)
    if not running.update(until=on):
        raise Refused(_("This designation ends earlier already."))
    audit.record(Verb.DESIGNATION_ENDED, designation, by=by, reason=reason)
    duties.close_for(ACCREDIT_DUTY, [designation], by=by)


def _locked_term(designation: Designation) -> SeatTerm:
    """As it stands now: somebody may have ended it since the form was shown."""
    rows = SeatTerm.objects.select_for_update(of=("self",)).select_related("seat__body", "organisation")
    return rows.get(pk=designation.term_id)


def _name_of(letter: UploadedFile) -> str:
    """The name to give the letter back under. Raises `Refused` for a file the library would not take either."""
    name = kinds.clean_name(letter.name)
    try:
        kinds.identify(letter.file, name)
    except kinds.Refused as refused:
        raise Refused(refused.message) from refused
    return name
