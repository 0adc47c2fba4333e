"""Offices of a body, and the presidency that goes round among its seats."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User
from portal.core import audit
from portal.core.refused import Refused
from steering.calendar import last_day_of
from steering.composition import Place, composition
from steering.models import Body, Office
from steering.record import Verb
from steering.seats import checked

PRESIDENCY = Office.Kind.PRESIDENCY


@transaction.atomic
def give(office: Office, *, by: User | None) -> Office:
    """Raises `Refused` where somebody holds the office on one of these days."""
    Body.objects.select_for_update().get(pk=office.body_id)
    checked(office)
    office.save(force_insert=True)
    audit.record(Verb.OFFICE_GIVEN, office, by=by)
    return office


@transaction.atomic
def correct(office: Office, *, by: User | None) -> Office:
    """Put an office right that has not ended. Raises `Refused`."""
    Body.objects.select_for_update().get(pk=office.body_id)
    checked(office)
    office.save(force_update=True)
    audit.record(Verb.OFFICE_CORRECTED, office, by=by)
    return office


@transaction.atomic
def end(office: Office, *, by: User | None, on: date, reason: str) -> None:
    """This is its last day. Raises `Refused`."""
    held = Office.objects.select_for_update().get(pk=office.pk)
    if on < held.since:
        raise Refused(_("The last day can't lie before the first."))
    if held.until and held.until <= on:
        raise Refused(_("This office ends earlier already."))
    held.until = on
    held.save(update_fields=["until"])
    audit.record(Verb.OFFICE_ENDED, held, by=by, reason=reason)


@transaction.atomic
def plan_presidency(body: Body, *, by: User | None) -> Office:
    """The next presidency: of the next seat in the rotation, from the day after the last one planned. May refuse."""
    Body.objects.select_for_update().get(pk=body.pk)
    last = Office.objects.filter(body=body, kind=PRESIDENCY).order_by("-since").first()
    if last and last.until is None:
        raise Refused(_("The presidency has no last day. Enter it first; the next one begins on the day after."))
    since = max(last.until + timedelta(days=1), timezone.localdate()) if last else timezone.localdate()
    place = next_in_rotation(body, after=last, on=since)
    until = last_day_of(since, body.presidency_months)
    return give(
        Office(body=body, kind=PRESIDENCY, organisation=place.term.organisation, since=since, until=until), by=by
    )


def next_in_rotation(body: Body, *, after: Office | None, on: date) -> Place:
    """The filled seat that follows in the rotation, round and round. Raises `Refused` where no seat takes part."""
    round_ = [place for place in composition(body, on) if place.term and place.seat.rotation is not None]
    round_.sort(key=lambda place: place.seat.rotation)
    if not round_:
        raise Refused(_("No filled seat has a place in the rotation. Enter the places on the seats."))
    if after is None:
        return round_[0]
    turn = next((p.seat.rotation for p in round_ if p.term.organisation_id == after.organisation_id), 0)
    return next((place for place in round_ if place.seat.rotation > turn), round_[0])


def troika(body: Body, on: date) -> dict[str, Office | None]:
    """The outgoing, current and incoming presidency as seen on that day."""
    every = list(body.offices.filter(kind=PRESIDENCY).select_related("organisation", "person").order_by("since"))
    held = [office for office in every if office.since <= on and (office.until is None or office.until >= on)]
    past = [office for office in every if office.until and office.until < on]
    coming = [office for office in every if office.since > on]
    return {
        "outgoing": past[-1] if past else None,
        "current": held[-1] if held else None,
        "incoming": coming[0] if coming else None,
    }
