"""A committee for tests, and the way through its pages in the admin."""

from datetime import date, time, timedelta
from itertools import count

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from network.models import Affiliation, Country, Organisation, Person, Sector
from steering import attendance, decisions, meetings, minutes, offices, seats
from steering.models import (
    ActionItem,
    AgendaItem,
    Body,
    Decision,
    Designation,
    Meeting,
    Minutes,
    MinutesFile,
    MinutesTemplate,
    Observation,
    Office,
    Seat,
    SeatTerm,
)
from tests import factories
from tests.resources import documents

DAY = timedelta(days=1)
LONG_AGO = date(2020, 1, 1)
_numbers = count(1)


def sector(slug: str) -> Sector:
    return Sector.objects.get_or_create(slug=slug, defaults={"name_es": slug, "name_en": slug})[0]


def organisation(in_sector: str = "un", country: str = "CR", **fields: object) -> Organisation:
    where = Country.objects.get_or_create(code=country, defaults={"name_es": country, "name_en": country})[0]
    return factories.organisation(sector=sector(in_sector), country=where, **fields)


def person(body: Organisation, name: str = "") -> Person:
    """Somebody who works for it, without an account."""
    number = next(_numbers)
    row = Person.objects.create(name=name or f"Persona {number}", email=f"persona{number}@example.org")
    Affiliation.objects.create(person=row, organisation=body, since=LONG_AGO)
    return row


def committee(**rules: object) -> Body:
    given = {"name_es": "Comité Directivo", "name_en": "Steering Committee", "kind": Body.Kind.COMMITTEE, **rules}
    return Body.objects.create(**given)


def seat(body: Body, **fields: object) -> Seat:
    number = next(_numbers)
    given = {"label_es": f"Asiento {number}", "label_en": f"Seat {number}", "since": LONG_AGO, **fields}
    return Seat.objects.create(body=body, position=number, **given)


def term(in_seat: Seat, holder: Organisation | None = None, **fields: object) -> SeatTerm:
    row = SeatTerm(seat=in_seat, organisation=holder or organisation(), **{"since": LONG_AGO, **fields})
    return seats.begin_term(row, by=None)


def named(for_term: SeatTerm, order: int = 0, *, accredited: bool = True, **fields: object) -> Designation:
    given = {"person": person(for_term.organisation), "since": for_term.since, **fields}
    row = seats.designate(Designation(term=for_term, order=order, **given), by=None)
    if accredited:
        seats.accredit(row, by=None)
    return row


def filled(body: Body, holder: Organisation | None = None, **fields: object) -> SeatTerm:
    """A seat that somebody holds, with a titular and one alternate."""
    made = term(seat(body, **fields), holder, until=timezone.localdate() + 300 * DAY)
    named(made)
    if body.alternates_allowed:
        named(made, 1)
    return made


def meeting(body: Body, *, day: str = "2026-12-01", zone: str = "America/Guatemala", **fields: object) -> Meeting:
    """A meeting in preparation, from nine to twelve, with one item."""
    made = Meeting(body=body, **{"title_es": "Reunión ordinaria", "title_en": "Regular meeting", **fields})
    when = {"day": date.fromisoformat(day), "begins": time(9), "length": timedelta(hours=3), "zone": zone}
    meetings.place_in_time(made, **when)
    meetings.plan(made, by=None)
    item(made)
    return made


def item(of: Meeting, **fields: object) -> AgendaItem:
    number = of.items.count() + 1
    return AgendaItem.objects.create(meeting=of, position=number, **{"title_es": "Punto", **fields})


def convened(body: Body, **fields: object) -> Meeting:
    made = meeting(body, **fields)
    meetings.convene(made, by=None)
    return made


def held(convened_one: Meeting, seats_there: int) -> Meeting:
    """The meeting has taken place, with the titulars of so many seats in the room."""
    attendance.open_list(convened_one, by=None)
    for line in list(convened_one.attendance.filter(order=0))[:seats_there]:
        line.status = "in_person"
        attendance.note(line, by=None)
    meetings.hold(convened_one, by=None)
    return convened_one


def decision(of: Meeting, **fields: object) -> Decision:
    row = Decision(item=of.items.first(), **{"text_es": "Se aprueba.", "text_en": "Approved.", **fields})
    return decisions.record(row, by=None)


def approved_minutes(of: Meeting, **fields: object) -> Minutes:
    """Minutes of a held meeting, ten days after they were sent round, without objection."""
    record = minutes.draft(of, by=None)
    Minutes.objects.filter(pk=record.pk).update(**fields)
    minutes.circulate(record, by=None)
    Minutes.objects.filter(pk=record.pk).update(objections_until=timezone.localdate() - DAY)
    minutes.approve_unopposed(record, by=None, reason="Nadie observó nada")
    return Minutes.objects.select_related("meeting__body").get(pk=record.pk)


def action(of: Meeting, **fields: object) -> ActionItem:
    holder = fields.pop("organisation", None) or organisation()
    given = {"text_es": "Publicar el plan", "due": timezone.localdate() - DAY, **fields}
    return decisions.assign(ActionItem(item=of.items.first(), organisation=holder, **given), by=None)


def everything() -> dict[str, object]:
    """A committee with a row of each kind, the first of each still open to changes; an approved record's address."""
    body = committee()
    term(seat(body))
    proposed = named(term(seat(body)), accredited=False)
    seats.correct_designation(proposed, by=None, letter=SimpleUploadedFile("Carta.pdf", documents.pdf()))
    filled(body)
    offices.give(Office(body=body, kind=Office.Kind.SECRETARIAT, organisation=organisation(), since=LONG_AGO), by=None)
    convened(body)
    written, approved = (held(convened(body, day=day), 1) for day in ("2026-03-03", "2026-02-03"))
    decided, handed_out = decision(written), action(written)
    decision(approved)
    minutes.draft(written, by=None)
    record = minutes.draft(approved, by=None)
    Minutes.objects.filter(pk=record.pk).update(visibility="public")
    minutes.circulate(record, by=None)
    said = minutes.observe(Observation(minutes=record, organisation=organisation(), text="Falta un nombre"), by=None)
    minutes.answer(said, by=None, state=Observation.State.REJECTED, response="Está")
    Minutes.objects.filter(pk=record.pk).update(objections_until=timezone.localdate() - DAY)
    minutes.approve_unopposed(record, by=None, reason="Nadie observó nada")
    made = {"audience": "committee", "language": "es", "format": "pdf"}
    kept = record.files.filter(**made).first()  # where tests commit, the worker has made it
    if kept is None:
        kept = MinutesFile(minutes=record, size=1, sha256="0" * 64, **made)
        kept.content.save("", ContentFile(b"x"))
    template = MinutesTemplate(body=body, language="es", name="plantilla.docx")
    template.content.save("", ContentFile(b"x"))
    return {
        **{"meeting": approved.code, "revision": 1, "number": "D1", "designation": proposed.pk, "language": "es"},
        **{"template": template.pk, "minutes_file": kept.pk, "minutes_name": kept.name},
        **{"held": written.pk, "item": decided.item_id, "lines_first": written.attendance.first().pk},
        **{"decided": decided.pk, "handed_out": handed_out.pk},
    }


# --- The admin -------------------------------------------------------------------------------------------------------


def page_of(row: Model) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def add(client: Client, model: str, **values: object) -> HttpResponseBase:
    """Fill in the form for a new row and send it."""
    return _send(client, f"/admin/steering/{model}/add/", values)


def change(client: Client, row: Model, **values: object) -> HttpResponseBase:
    return _send(client, page_of(row), values)


def _send(client: Client, address: str, values: dict[str, object]) -> HttpResponseBase:
    shown = client.get(address)
    form = shown.context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    for inline in shown.context["inline_admin_formsets"]:
        data |= {field.html_name: field.value() for field in inline.formset.management_form}
        for row in inline.formset.initial_forms:
            data |= {field.html_name: field.value() for field in row}
    return client.post(address, {name: value for name, value in (data | values).items() if value not in (None, [])})


def take(client: Client, row: Model, step: str, **given: object) -> HttpResponseBase:
    """Press a button on a row's page and say yes on the next one."""
    pressed = {"CHANGE_FORM-action": step, "_selected_action": row.pk}
    return client.post(page_of(row), {**pressed, "confirmed": "1", **given})


def offered(client: Client, row: Model) -> set[str]:
    """The steps whose buttons a row's page shows."""
    form = client.get(page_of(row)).context.get("action_form")
    return {value for value, _ in form.fields["action"].choices if value} if form else set()


def told(answer: HttpResponseBase) -> str:
    """What the page says against what was asked of it."""
    shown = answer.context
    errors = [str(shown["form"].errors)] if "form" in shown else []
    return " ".join([*errors, str(shown.get("errors", "")), *(str(note) for note in shown.get("messages", []))])
