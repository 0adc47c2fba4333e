"""A plan in force with something of everything, some of it for fewer readers, and one as large as plans get."""

from datetime import date
from decimal import Decimal

from network.models import Country, Organisation
from steering.models import (
    Activity,
    ActivityMarker,
    ActivityTerms,
    Evidence,
    IndicatorTarget,
    Origin,
    Period,
    PlanVersion,
    PolicyOutcome,
    ProgressReport,
)
from tests import factories
from tests.steering import plans, room

State = Activity.State
SECRET = "Nadie fuera del comité"
"""In every text that is for the committee alone."""


def told() -> PlanVersion:
    version = plans.draft(introduction_es="Lo que la Iniciativa hará.", introduction_en="What the Initiative will do.")
    for number in (2, 3):
        objective = plans.objective(version, text_es=f"Objetivo {number}", short_es=f"Alianzas {number}")
        plans.result(objective, text_es=f"Resultado {number}.1")
    _activities(version)
    _indicators(version)
    version = plans.in_force(version)
    _money(version)
    _evidence(version)
    return version


def _activities(version: PlanVersion) -> None:
    oim = room.organisation("un", acronym="OIM")
    ops = room.organisation("un", acronym="OPS")
    insp = room.organisation("academia", acronym="INSP")
    results = [result for objective in version.objectives.all() for result in objective.results.all()]
    made = [
        # state, result, lead, partners, countries, quarters, budget, currency, code
        (State.COMPLETED, 0, oim, [ops], ["HN"], (1, 2), "1000.50", "USD", 2),
        (State.ONGOING, 0, oim, [], ["HN", "GT"], (2, 6), "2000", "GTQ", 1),
        (State.PLANNED, 0, ops, [insp, oim], [], (5, 8), None, "", 0),
        (State.DELAYED, 1, insp, [], ["CR"], (1, 8), "9999999999999.99", "USD", 0),
        (State.CANCELLED, 1, ops, [], ["GT"], (3, 3), "300.25", "USD", 1),
        (State.ONGOING, 2, oim, [insp], [], (4, 7), "0", "USD", 2),
    ]
    for state, result, lead, partners, countries, quarters, budget, currency, code in made:
        given = {
            "result": results[result], "first_quarter": quarters[0], "last_quarter": quarters[1],
            "budget": budget, "currency": currency, "deliverable_es": "Una guía",
        }  # fmt: skip
        terms = plans.screened(plans.activity(version, lead, **given), code)
        terms.partners.set(partners)
        terms.countries.set([_country(one) for one in countries])
        _stands(terms, state)
    secret = plans.activity(
        version,
        ops,
        result=results[0],
        audience="committee",
        budget="777",
        currency="EUR",
        text_es=SECRET,
        code="9.9.9",
    )
    plans.screened(secret, 2, SECRET)
    _stands(secret, State.ONGOING)
    report(secret.activity, version, 1, narrative=SECRET)
    for terms in version.terms.exclude(pk=secret.pk)[:2]:
        report(terms.activity, version, 1, narrative="Se empezó.")
        said = {"status_said": terms.activity.state, "narrative": f"Se hizo {terms.activity.code}."}
        report(terms.activity, version, 2, challenges=SECRET, **said)
        report(terms.activity, version, 3, state="submitted", narrative=SECRET)


def _stands(terms: ActivityTerms, state: str) -> None:
    reason = "No hubo dinero." if state == State.CANCELLED else ""
    Activity.objects.filter(pk=terms.activity_id).update(state=state, state_reason=reason)


def _country(code: str) -> Country:
    return Country.objects.get_or_create(code=code, defaults={"name_es": code, "name_en": code})[0]


def report(about: Activity | object, version: PlanVersion, quarter: int, **fields: object) -> ProgressReport:
    kind = "activity" if isinstance(about, Activity) else "indicator"
    period = Period.objects.get(plan=version.plan, quarter=quarter)
    lead = Organisation.objects.first()
    given = {"state": "approved", "organisation": lead, "version": version, "period": period, kind: about, **fields}
    return ProgressReport.objects.create(**given)


def _indicators(version: PlanVersion) -> None:
    counted = plans.indicator(version, code="1.1.a", cumulative=True, baseline=Decimal("2.5"), target=20)
    falls = plans.indicator(version, code="1.1.b", ascending=False, measure="percentage", baseline=40, target=20)
    plans.indicator(
        version, code="1.1.c", measure="qualitative", target=None, baseline=None, target_words_es="Se aplica en todos"
    )
    for terms, values in ((counted, ["3", "4.25"]), (falls, ["35", "45"])):
        for quarter, value in enumerate(values, 1):
            report(terms.indicator, version, quarter, value=Decimal(value))
            IndicatorTarget.objects.create(terms=terms, quarter=quarter, value=terms.target)
        report(terms.indicator, version, 3, value=Decimal(999), state="submitted")


def _money(version: PlanVersion) -> None:
    shown = {"audience": "public", "amount_audience": "public"}
    first, second = (terms.activity for terms in version.terms.order_by("pk")[:2])
    given = plans.contribution(version.plan, activity=first, **shown)
    for stage, amount in (("pledge", "900"), ("commitment", "500.10")):
        plans.movement(given, stage, amount)
    plans.movement(plans.contribution(version.plan, activity=second, currency="GTQ", **shown), "pledge", "70")
    plans.movement(plans.contribution(version.plan, **shown), "received", "40")
    plans.movement(plans.contribution(version.plan, activity=first, audience="public"), "commitment", "123456.78")
    plans.movement(plans.contribution(version.plan, activity=first), "commitment", "234567.89")
    secret = version.terms.get(activity__code="9.9.9").activity
    plans.movement(plans.contribution(version.plan, activity=secret, **shown), "commitment", "345678.9")


def _evidence(version: PlanVersion) -> None:
    terms = version.terms.order_by("pk").first()
    for work in (
        factories.resource(terms.lead, title_es="Guía publicada"),
        factories.resource(terms.lead, title_es=SECRET, audience="committee"),
    ):
        Origin.objects.create(resource=work, activity=terms.activity)
    for state, change in (("published", "Se adoptó un protocolo"), ("reported", SECRET)):
        outcome = PolicyOutcome.objects.create(
            actor_es="Ministerio", change_es=change, kind="protocol", happened_on=date(2026, 2, 2),
            contribution_es="La guía", reported_by=terms.lead, state=state,
        )  # fmt: skip
        outcome.activities.add(terms.activity)
        Evidence.objects.create(outcome=outcome, url="https://example.org/")


def gifts(version: PlanVersion, number: int) -> None:
    """Contributions with a step each, everybody's to know."""
    for terms in version.terms.all()[:number]:
        shown = {"audience": "public", "amount_audience": "public"}
        plans.movement(plans.contribution(version.plan, terms.lead, activity=terms.activity, **shown))


def large(activities: int = 300, organisations: int = 30, first_year: int = 2026) -> PlanVersion:
    """In force, every activity with partners, countries, markers and an approved report."""
    version = plans.draft(first_year)
    results = [version.objectives.get().results.get(), *(plans.result(plans.objective(version)) for _ in range(2))]
    everybody = [room.organisation("un", acronym=f"ORG{first_year}{number}") for number in range(organisations)]
    countries = [_country(code) for code in ("HN", "GT", "CR", "MX")]
    states = [State.PLANNED, State.ONGOING, State.DELAYED, State.COMPLETED]
    rows = Activity.objects.bulk_create(
        Activity(plan=version.plan, code=f"{n % 3 + 1}.1.{n}", state=states[n % 4]) for n in range(activities)
    )
    terms = ActivityTerms.objects.bulk_create(
        ActivityTerms(
            version=version, activity=row, result=results[n % 3], position=n + 1, text=f"Actividad {n} de capacitación",
            text_es=f"Actividad {n} de capacitación", lead=everybody[n % organisations], first_quarter=n % 8 + 1,
            last_quarter=8, deliverable_es="Una guía", budget=Decimal(n * 100), currency=["USD", "GTQ"][n % 2],
        )
        for n, row in enumerate(rows)
    )  # fmt: skip
    partners, places = ActivityTerms.partners.through, ActivityTerms.countries.through
    partners.objects.bulk_create(
        partners(activityterms=row, organisation=everybody[(n + step) % organisations])
        for n, row in enumerate(terms)
        for step in (1, 2, 3)
    )
    places.objects.bulk_create(
        places(activityterms=row, country=country) for n, row in enumerate(terms) for country in countries[n % 4 :]
    )
    for kind in ("gender", "human_rights"):
        scale = plans.scale(kind)
        ActivityMarker.objects.bulk_create(
            ActivityMarker(terms=row, kind=kind, scale=scale, code=n % 3, justification="Se ve en el texto.")
            for n, row in enumerate(terms)
        )
    periods = list(Period.objects.filter(plan=version.plan).order_by("quarter")[:3])
    ProgressReport.objects.bulk_create(
        ProgressReport(
            activity=row, period=period, version=version, organisation=everybody[0], state="approved",
            narrative="Se capacitó al personal de los albergues. " * 10,
        )
        for row in rows
        for period in periods
    )  # fmt: skip
    for _number in range(12):
        counted = plans.indicator(version, everybody[0])
        report(counted.indicator, version, 1, value=Decimal(2))
    return plans.in_force(version)
