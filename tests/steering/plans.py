"""A plan for tests: a biennium with a result, activities and whoever leads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db import connection
from django.utils import timezone

from network.models import Organisation
from portal.core import triggers
from resources.models import MarkerKind, MarkerLevel, MarkerScale
from steering.models import (
    Activity,
    ActivityMarker,
    ActivityTerms,
    Body,
    Contribution,
    Decision,
    ExpectedResult,
    Indicator,
    IndicatorTarget,
    IndicatorTerms,
    Movement,
    Objective,
    Period,
    Plan,
    PlanVersion,
)
from tests import factories
from tests.steering import room

_numbers = count(1)


def committee() -> Body:
    return Body.objects.filter(kind=Body.Kind.COMMITTEE).first() or room.committee()


def draft(first_year: int = 2026, **fields: object) -> PlanVersion:
    """The first version of a plan, with one objective and one result, still to be filled."""
    given = {"title_es": "Plan de acción bianual", "title_en": "Biannual action plan", **fields}
    plan = Plan.objects.create(body=committee(), first_year=first_year, **given)
    Period.objects.bulk_create([Period(plan=plan, quarter=number) for number in range(1, 9)])
    version = PlanVersion.objects.create(plan=plan)
    result(objective(version))
    return version


def objective(version: PlanVersion, **fields: object) -> Objective:
    number = version.objectives.count() + 1
    given = {"text_es": "Asegurar el acceso a información", "short_es": "Información", "position": number, **fields}
    return Objective.objects.create(version=version, **given)


def result(of: Objective, **fields: object) -> ExpectedResult:
    given = {"text_es": "La biblioteca se consulta", "position": of.results.count() + 1, **fields}
    return ExpectedResult.objects.create(objective=of, **given)


def activity(version: PlanVersion, lead: Organisation | None = None, **fields: object) -> ActivityTerms:
    """One activity under the version's first result, without markers."""
    under = fields.pop("result", None) or ExpectedResult.objects.filter(objective__version=version).first()
    number = under.terms.count() + 1
    row = Activity.objects.create(plan=version.plan, code=fields.pop("code", f"{under.code}.{number}"))
    given = {"text_es": "Capacitar al personal de salud", "first_quarter": 1, "last_quarter": 4, "currency": "USD"}
    terms = ActivityTerms(version=version, activity=row, result=under, position=number, **given | fields)
    terms.lead = lead or room.organisation()
    terms.save()
    return terms


def scale(kind: str = MarkerKind.GENDER) -> MarkerScale:
    """0, 1, 2; the same one for all tests of a kind."""
    made = MarkerScale.objects.filter(kind=kind, is_default=True).first()
    if made is None:
        made = MarkerScale.objects.create(slug=f"{kind}-0-2", kind=kind, name_es=str(kind), is_default=True)
        levels = enumerate(["No es objetivo", "Significativo", "Principal"])
        MarkerLevel.objects.bulk_create([MarkerLevel(scale=made, code=code, label_es=label) for code, label in levels])
    return made


def screened(terms: ActivityTerms, code: int = 0, justification: str = "") -> ActivityTerms:
    """Coded on both markers."""
    for kind in MarkerKind:
        words = justification or ("Se dirige a mujeres migrantes." if code else "")
        given = {"scale": scale(kind), "code": code, "justification": words, "coded_at": timezone.now()}
        ActivityMarker.objects.update_or_create(terms=terms, kind=kind, defaults=given)
    return terms


def indicator(version: PlanVersion, responsible: Organisation | None = None, **fields: object) -> IndicatorTerms:
    under = fields.pop("result", None) or ExpectedResult.objects.filter(objective__version=version).first()
    row = Indicator.objects.create(plan=version.plan, code=fields.pop("code", f"I{next(_numbers)}"))
    given = {"text_es": "Protocolos adoptados", "unit_es": "protocolos", "baseline": 0, "target": 8} | fields
    terms = IndicatorTerms(version=version, indicator=row, result=under, **given)
    terms.responsible = responsible or room.organisation()
    terms.save()
    return terms


def full(version: PlanVersion) -> ActivityTerms:
    """An activity with everything an activity can have, and an indicator."""
    terms = activity(version, budget=100, deliverable_es="Un manual", origin=decision())
    terms.partners.add(room.organisation())
    terms.countries.add(factories.country("HN", "Honduras"))
    screened(terms, 2)
    line = indicator(version)
    IndicatorTarget.objects.create(terms=line, quarter=2, value=3)
    return terms


def decision(state: str = Decision.State.IN_FORCE, **fields: object) -> Decision:
    """A decision of the committee, whose minutes are approved unless `state` says otherwise."""
    meeting = room.held(room.convened(_with_a_seat(committee()), day="2026-03-03"), 1)
    made = room.decision(meeting, **fields)
    Decision.objects.filter(pk=made.pk).update(state=state, ad_referendum=False)
    return Decision.objects.get(pk=made.pk)


def _with_a_seat(body: Body) -> Body:
    if not body.seats.exists():
        room.filled(body)
    return body


def in_force(version: PlanVersion) -> PlanVersion:
    """Adopted, without the steps that lead there: for tests of what comes afterwards."""
    since = {"decision": decision(), "in_force_since": version.plan.first_day}
    PlanVersion.objects.filter(pk=version.pk).update(state=PlanVersion.State.IN_FORCE, **since)
    Plan.objects.filter(pk=version.plan_id).update(state=Plan.State.IN_FORCE)
    return PlanVersion.objects.select_related("plan").get(pk=version.pk)


def contribution(plan: Plan, giver: Organisation | None = None, **fields: object) -> Contribution:
    given = {"organisation": giver or room.organisation("donor"), "currency": "USD", **fields}
    return Contribution.objects.create(plan=plan, **given)


def movement(of: Contribution, stage: str = Movement.Stage.PLEDGE, amount: object = "1000.00") -> Movement:
    return Movement.objects.create(contribution=of, stage=stage, amount=amount)


@contextmanager
def thawed() -> Iterator[None]:
    """What is in force can be written into, which nothing else can: spares a test the amendment it is not about."""
    if connection.vendor != "postgresql":
        with triggers.lifted():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
