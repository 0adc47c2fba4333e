"""The demo's meetings: one with its approved minutes, and the next one. What is decided in them is made up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta

from django.test import override_settings
from django.utils import timezone

from network.models import Organisation
from resources.models import Resource
from steering import attendance, decisions, meetings, minutes
from steering.calendar import months_later
from steering.models import ActionItem, AgendaItem, Attendance, Body, Decision, Letter, Meeting, Minutes, Paper

TITLE = {"title_es": "Reunión ordinaria del Comité Directivo", "title_en": "Regular meeting of the Steering Committee"}
GUIDE = {
    "title_es": "Guía de salud mental para albergues",
    "title_en": "Guide to mental health in shelters",
    "text_es": (
        "La Coordinación Técnica presentó el borrador. Los países pidieron ejemplos de referencia entre albergues y "
        "centros de salud, que se agregarán antes de la publicación."
    ),
    "text_en": (
        "The Technical Coordination presented the draft. Countries asked for examples of referral between shelters and "
        "health centres, to be added before publication."
    ),
}
NEXT = [
    ("information", "Informe de la Coordinación Técnica", "Report of the Technical Coordination", 20, "public"),
    ("decision", "Plan de trabajo del próximo semestre", "Work plan of the next half year", 40, "public"),
    ("discussion", "Solicitudes de ingreso", "Applications to join", 30, "committee"),
]


def write_meetings() -> None:
    body = Body.objects.get()
    _held(body)
    coming = planned(body, months_later(timezone.localdate(), 1), mode="hybrid", place="Ciudad de Guatemala")
    for kind, title_es, title_en, length, visibility in NEXT:
        item(coming, kind=kind, title_es=title_es, title_en=title_en, minutes=length, visibility=visibility)
    with no_letters():
        meetings.convene(coming, by=None)


@contextmanager
def no_letters() -> Iterator[None]:
    """The committee's addresses can't exist: its letters are written, and count as sent."""
    with override_settings(TASKS={"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}):
        yield
    Letter.objects.update(state=Letter.State.SENT, sent_at=timezone.now())


def planned(body: Body, day: object, **where: str) -> Meeting:
    meeting = Meeting(body=body, **TITLE, **where)
    meetings.place_in_time(meeting, day=day, begins=time(9), length=timedelta(hours=3), zone=body.timezone)
    meetings.plan(meeting, by=None)
    return meeting


def item(meeting: Meeting, **fields: object) -> AgendaItem:
    return AgendaItem.objects.create(meeting=meeting, position=meeting.items.count() + 1, **fields)


def _held(body: Body) -> None:
    """From the invitation to the approved minutes, with what was decided and what was to be done."""
    meeting = planned(body, months_later(timezone.localdate(), -2))
    text = {name: GUIDE[name] for name in ("text_es", "text_en")}
    titles = {name: GUIDE[name] for name in ("title_es", "title_en")}
    guide = item(meeting, kind="decision", visibility="public", **titles)
    work = Resource.objects.published().filter(audience="public").order_by("pk").first()
    Paper.objects.create(item=guide, resource=work)
    item(meeting, title_es="Asuntos internos", title_en="Internal matters")
    hold_with_quorum(meeting)
    said_es = "Se aprueba la guía con los ejemplos de referencia y se publica en español e inglés."
    said_en = "The guide is approved with the examples of referral and is published in Spanish and English."
    decision = Decision(item=guide, text_es=said_es, text_en=said_en, visibility="public")
    decisions.record(decision, by=None)
    _to_do(guide, decision, work)
    _approve_minutes(meeting, guide, **text)


def hold_with_quorum(meeting: Meeting) -> None:
    """Convened and held, with all seats but one there."""
    with no_letters():
        meetings.convene(meeting, by=None)
    attendance.open_list(meeting, by=None)
    for number, line in enumerate(meeting.attendance.filter(order=0)):
        line.status = Attendance.Status.EXCUSED if number == 3 else Attendance.Status.REMOTE
        attendance.note(line, by=None)
    meetings.hold(meeting, by=None)


def decided(decision: Decision) -> None:
    """Recorded, and in force with its minutes."""
    decisions.record(decision, by=None)
    _approve_minutes(decision.meeting, decision.item)


def _approve_minutes(meeting: Meeting, about: AgendaItem, **said: str) -> None:
    record = minutes.draft(meeting, by=None)
    Minutes.objects.filter(pk=record.pk).update(visibility="public")
    if said:
        record.sections.filter(item=about).update(**said)
    with no_letters():
        minutes.circulate(record, by=None)
    over = min(timezone.localdate() - timedelta(days=20), meeting.local_start.date() + timedelta(days=30))
    Minutes.objects.filter(pk=record.pk).update(objections_until=over)
    minutes.approve_unopposed(record, by=None, reason="Nadie observó nada")


def _to_do(item: AgendaItem, decision: Decision, work: Resource) -> None:
    today = timezone.localdate()
    tasks = [
        ("oim", "Publicar la guía en la biblioteca", "Publish the guide in the library", -30),
        ("ops", "Traducir la guía al inglés", "Translate the guide into English", -6),
        ("insp", "Proponer cómo se medirá su uso", "Propose how its use will be measured", 45),
    ]
    for slug, text_es, text_en, days in tasks:
        owner = Organisation.objects.get(slug=slug)
        due = today + timedelta(days=days)
        row = ActionItem(item=item, decision=decision, organisation=owner, text_es=text_es, text_en=text_en, due=due)
        decisions.assign(row, by=None)
        if slug == "oim":
            decisions.complete(row, by=None, evidence=work)
