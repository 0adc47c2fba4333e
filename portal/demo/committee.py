"""The demo's Steering Committee. People and seats are made up: no such list has been published."""

from datetime import date, timedelta

from django.utils import timezone

from network.models import Affiliation, Organisation, Person, Sector
from steering import offices, seats
from steering.calendar import last_day_of, months_later
from steering.models import Body, Designation, Office, Seat, SeatTerm

SEATS = [
    # label in Spanish and English, organisation ("" for a vacant seat), sector, country, place in the rotation
    ("Organización de la ONU para la migración", "UN Migration Agency", "oim", "", "", None),
    ("Organización Panamericana de la Salud", "Pan American Health Organization", "ops", "", "", None),
    ("Integración regional en salud", "Regional integration in health", "se-comisca", "un", "", None),
    ("Gobierno de Guatemala", "Government of Guatemala", "ministerio-salud-guatemala", "government", "GT", 1),
    ("Gobierno de Honduras", "Government of Honduras", "secretaria-salud-honduras", "government", "HN", 2),
    ("Gobierno de El Salvador", "Government of El Salvador", "ministerio-salud-el-salvador", "government", "SV", 3),
    ("Gobierno de Costa Rica", "Government of Costa Rica", "ministerio-salud-costa-rica", "government", "CR", 4),
    ("Academia", "Academia", "insp", "academia", "", None),
    ("Organizaciones sociales", "Social organisations", "", "civil-society", "", None),
    ("Socios del desarrollo", "Development partners", "", "partners", "", None),
]
EXPIRED = "ministerio-salud-el-salvador"
"""Its term is past its last day and carried over."""


def write_committee() -> None:
    body = Body.objects.create(
        name_es="Comité Directivo", name_en="Steering Committee", kind=Body.Kind.COMMITTEE, min_sectors=2
    )
    today = timezone.localdate()
    begun = months_later(today, -20)
    for position, (label_es, label_en, slug, sector, country, rotation) in enumerate(SEATS, 1):
        holder = Organisation.objects.filter(slug=slug).first()
        where = {"sector": Sector.objects.filter(slug=sector).first(), "country_id": country or None}
        where |= {} if sector else {"organisation": holder}
        seat = Seat(body=body, label_es=label_es, label_en=label_en, position=position, rotation=rotation, **where)
        seat.since = months_later(today, -60)
        seats.keep_seat(seat, by=None)
        if holder:
            _fill(seat, holder, months_later(begun, -6) if slug == EXPIRED else begun)
    first = Organisation.objects.get(slug="ministerio-salud-guatemala")
    since = months_later(today, -5)
    office = Office(body=body, kind="presidency", organisation=first, since=since, until=last_day_of(since, 12))
    offices.give(office, by=None)
    offices.plan_presidency(body, by=None)


def _fill(seat: Seat, holder: Organisation, since: date) -> None:
    """A term with a titular and an alternate, both accredited."""
    term = seats.begin_term(SeatTerm(seat=seat, organisation=holder, since=since), by=None)
    for order, what in enumerate(["Titular", "Suplente"]):
        number = 2 * seat.position + order - 1
        address = f"comite{number:02}@demo.example"
        person = Person.objects.create(name=f"{what} de demostración {number}", email=address)
        Affiliation.objects.create(person=person, organisation=holder, since=since - timedelta(days=30))
        named = seats.designate(Designation(term=term, person=person, order=order, since=since), by=None)
        seats.accredit(named, by=None)
