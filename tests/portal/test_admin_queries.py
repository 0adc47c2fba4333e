"""Every list of the admin takes as many queries for eleven rows as for one. A model without a maker makes this fail."""

from collections.abc import Callable
from itertools import count

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_ox.models import OxSchedule, OxTask
from taggit.models import Tag

from network import duty_kinds, invitations
from network.models import Application, Person, Rota, Sector, User
from resources.models import MarkerScale, Source
from steering import minutes, offices
from steering.models import MinutesTemplate, Observation, Office, Plan, PlanVersion, ProgressReport
from tests import factories
from tests.conftest import signed_in
from tests.steering import giving, outcomes, plans, room

_numbers = count(1)
_years = count(2000, 2)


def organisation() -> Model:
    return factories.organisation(country=country(), acronym=f"A{next(_numbers)}")


def country() -> Model:
    number = next(_numbers)
    return factories.country(f"{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}", f"País {number}")


def sector() -> Sector:
    number = next(_numbers)
    return Sector.objects.create(slug=f"sector-{number}", name_es=f"Sector {number}", name_en=f"Sector {number}")


def user() -> User:
    return factories.user(f"persona{next(_numbers)}@example.org", "contributor", organisation())


def invitation() -> Model:
    number = next(_numbers)
    given = {"email": f"nueva{number}@example.org", "name": f"Nueva {number}", "kind": "contributor"}
    host = factories.user(f"jefa{number}@example.org", "administrator")
    return invitations.invite(by=host, organisation=organisation(), **given)


def person() -> Person:
    row = room.person(organisation())
    row.affiliations.create(organisation=organisation())
    row.user = user()
    row.save()
    return row


def application() -> Application:
    where = {"sector": sector(), "country": country(), "organisation": organisation()}
    given = {"state": Application.State.SUBMITTED, "submitted_at": timezone.now()}
    return Application.objects.create(name_es=f"Casa {next(_numbers)}", **where, **given)


def rota() -> Rota:
    """Of each kind of work there is one: those that are there give their place to new ones."""
    kind = list(duty_kinds.KINDS)[next(_numbers) % len(duty_kinds.KINDS)]
    given = {"organisation": organisation(), "backup": organisation()}
    return Rota.objects.update_or_create(kind=kind, defaults=given)[0]


def resource() -> Model:
    return factories.resource(organisation(), topics=[topic()], tags=["uno"], text="Texto", countries=[country()])


def topic() -> Model:
    number = next(_numbers)
    parent = factories.topic(f"amplio-{number}", f"Amplio {number}", f"Broad {number}")
    return factories.topic(f"tema-{number}", f"Tema {number}", f"Topic {number}", parent=parent)


def source() -> Source:
    number = next(_numbers)
    given = {"name": f"Fuente {number}", "url": f"https://example.org/{number}", "organisation": organisation()}
    return Source.objects.create(slug=f"fuente-{number}", **given)


def body() -> Model:
    return room.committee(kind="group", prefix=f"C{next(_numbers)}")


def term() -> Model:
    return room.term(room.seat(body()))


def office() -> Office:
    holder = organisation()
    row = Office(body=body(), kind=Office.Kind.SECRETARIAT, organisation=holder, person=room.person(holder))
    row.since = room.LONG_AGO
    return offices.give(row, by=None)


def meeting() -> Model:
    of = body()
    room.filled(of)
    return room.held(room.convened(of, day="2026-03-03"), 1)


def record() -> Model:
    return minutes.draft(meeting(), by=None)


def observation() -> Observation:
    held = meeting()
    room.decision(held)
    circulated = minutes.draft(held, by=None)
    minutes.circulate(circulated, by=None)
    return minutes.observe(Observation(minutes=circulated, organisation=organisation(), text="Falta"), by=None)


def scale() -> MarkerScale:
    number = next(_numbers)
    return MarkerScale.objects.create(slug=f"escala-{number}", kind="gender", name_es=f"Escala {number}")


def version() -> PlanVersion:
    """Of another plan of another body, adopted."""
    number = next(_numbers)
    made = Plan.objects.create(body=body(), first_year=2026, title_es=f"Plan {number}", title_en=f"Plan {number}")
    made = PlanVersion.objects.create(plan=made)
    plans.result(plans.objective(made))
    plans.screened(plans.activity(made, organisation()))
    plans.indicator(made, organisation())
    return plans.in_force(made)


def contribution() -> Model:
    return giving.given(giving.in_force(next(_years)), organisation=organisation())


def settlement() -> Model:
    version = giving.in_force(next(_years))
    activity = giving.terms_of(version)[0].activity
    giving.settled(activity, "carry", lead=organisation())
    return activity.settlement


def report() -> ProgressReport:
    """With a plan and a quarter of its own."""
    terms = plans.activity(plans.draft(2000 + next(_numbers) % 100), organisation())
    given = {"activity": terms.activity, "version": terms.version, "organisation": terms.lead}
    period = terms.version.plan.periods.get(quarter=1)
    return ProgressReport.objects.create(period=period, state=ProgressReport.State.SUBMITTED, **given)


def task() -> OxTask:
    return OxTask.objects.create(
        task_path="resources.tasks.read_file", backend_name="default", enqueued_at=timezone.now()
    )


def schedule() -> OxSchedule:
    now = timezone.now()
    given = {"task_key": "remind", "trigger": "cron", "cron": "0 3 * * *"}
    return OxSchedule.objects.create(
        name=f"tarea {next(_numbers)}", start_time=now, created_at=now, updated_at=now, **given
    )


MAKERS: dict[str, Callable[[], Model]] = {
    "network.country": country,
    "network.sector": sector,
    "network.organisation": organisation,
    "network.user": user,
    "network.role": lambda: user().roles.get(),
    "network.invitation": invitation,
    "network.person": person,
    "network.application": application,
    "network.membership": lambda: organisation().memberships.get(),
    "network.rota": rota,
    "resources.resource": resource,
    "resources.topic": topic,
    "resources.source": source,
    "steering.body": body,
    "steering.seat": lambda: room.seat(body(), sector=sector(), country=country()),
    "steering.seatterm": term,
    "steering.designation": lambda: room.named(term()),
    "steering.office": office,
    "steering.meeting": meeting,
    "steering.agendaitem": lambda: room.item(room.meeting(body())),
    "steering.decision": lambda: room.decision(meeting()),
    "steering.actionitem": lambda: room.action(meeting(), organisation=organisation()),
    "steering.minutes": record,
    "steering.minutestemplate": lambda: MinutesTemplate.objects.create(body=body(), name="Acta.docx", content="acta"),
    "steering.observation": observation,
    "resources.markerscale": scale,
    "steering.plan": lambda: version().plan,
    "steering.planversion": version,
    "steering.objective": lambda: version().objectives.get(),
    "steering.expectedresult": lambda: version().objectives.get().results.get(),
    "steering.activityterms": lambda: version().terms.get(),
    "steering.indicatorterms": lambda: version().indicator_terms.get(),
    "steering.contribution": contribution,
    "steering.settlement": settlement,
    "steering.period": report,
    "steering.progressreport": report,
    "steering.policyoutcome": lambda: outcomes.outcome(organisation(), country=country()),
    "taggit.tag": lambda: Tag.objects.create(name=f"palabra {next(_numbers)}"),
    "django_ox.oxtask": task,
    "django_ox.oxschedule": schedule,
}
"""How a further row comes about, with rows of its own wherever the list prints something of another table."""


def test_every_list_has_its_maker() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == set(MAKERS)


@pytest.mark.parametrize("label", sorted(MAKERS))
def test_a_list_takes_as_many_queries_for_one_row_as_for_more(administrator: User, label: str) -> None:
    client = signed_in(administrator)
    address = f"/admin/{label.replace('.', '/')}/"

    def queries() -> tuple[int, int]:
        client.get(address)  # what a process reads once
        with CaptureQueriesContext(connection) as seen:
            page = client.get(address)
        assert page.status_code == 200
        return len(seen), page.context["cl"].result_count

    MAKERS[label]()
    few, before = queries()
    for _more in range(10):
        MAKERS[label]()
    many, after = queries()
    assert after > before
    assert many == few
