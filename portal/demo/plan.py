"""The demo's plan: adopted by the committee, reported on, paid for, and with what came of it. All of it is made up."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils import timezone

from network.models import Organisation, User
from portal.demo import meetings
from resources.models import MarkerKind, Resource
from steering.models import (
    Activity,
    ActivityTerms,
    AgendaItem,
    Body,
    Contribution,
    Decision,
    Evidence,
    ExpectedResult,
    IndicatorTarget,
    IndicatorTerms,
    Movement,
    Period,
    Plan,
    PlanVersion,
    PolicyOutcome,
    ProgressReport,
)
from steering.plan import adoption, drafting, giving, marking, origins, outcomes, periods, reporting
from steering.plan.reporting import Reporter

HERE = Path(__file__).parent
DAY = timedelta(days=1)
OPEN_FOR = 30
UNHEARD = {"se-comisca", "secretaria-salud-honduras"}
"""They have not reported on the last quarter."""
WAITING, RETURNED = "red-jesuita-con-migrantes", "ministerio-salud-panama"


def write_plan() -> None:
    content = json.loads((HERE / "plan.json").read_text())
    version = _draft(content)
    _adopt(version)
    plan = Plan.objects.get(pk=version.plan_id)
    _report(plan, content)
    _give(plan, content["contributions"])
    _what_came_of_it(plan)


def first_year(today: date) -> int:
    """Of a biennium of which at least a quarter is over."""
    return today.year if today.month > 3 else today.year - 1


@cache
def _organisation(slug: str) -> Organisation:
    return Organisation.objects.get(slug=slug)


def _both(row: dict, *names: str) -> dict[str, str]:
    keys = [f"{name}_{language}" for name in names for language in ("es", "en")]
    return {key: row[key] for key in keys if key in row}


# --- Made and adopted ------------------------------------------------------------------------------------------------


def _draft(content: dict) -> PlanVersion:
    _organisation.cache_clear()
    plan = Plan(body=Body.objects.get(), first_year=first_year(timezone.localdate()))
    for key, value in _both(content, "title", "introduction").items():
        setattr(plan, key, value)
    version = drafting.make(plan, by=None)
    objectives = list(version.objectives.all())
    results = []
    for row in content["results"]:
        given = {"objective": objectives[row["objective"] - 1], "kind": row["kind"], **_both(row, "text")}
        results.append(drafting.keep_result(ExpectedResult(**given), by=None))
    for row in content["activities"]:
        _write_activity(version, results[row["result"] - 1], row)
    for row in content["indicators"]:
        _write_indicator(version, results[row["result"] - 1], row)
    return version


def _write_activity(version: PlanVersion, result: ExpectedResult, row: dict) -> None:
    first, last = row["quarters"]
    budget, currency = row["budget"]
    terms = ActivityTerms(
        version=version, result=result, lead=_organisation(row["lead"]), first_quarter=first, last_quarter=last,
        budget=Decimal(budget), currency=currency, **_both(row, "text", "deliverable"),
    )  # fmt: skip
    drafting.keep_activity(terms, by=None)
    terms.partners.set([_organisation(slug) for slug in row["partners"]])
    terms.countries.set(row["countries"])
    for kind in MarkerKind:
        code, justification = row[kind.value]
        marking.mark(terms, kind, code, justification, by=None)


def _write_indicator(version: PlanVersion, result: ExpectedResult, row: dict) -> None:
    plain = {name: row[name] for name in ("measure", "ascending", "cumulative") if name in row}
    terms = IndicatorTerms(
        version=version, result=result, responsible=_organisation(row["responsible"]),
        baseline=Decimal(row["baseline"]), baseline_year=version.plan.first_year - 1, target=Decimal(row["target"]),
        **plain, **_both(row, "text", "unit", "means", "disaggregation"),
    )  # fmt: skip
    drafting.keep_indicator(terms, by=None)
    for quarter, value in row["targets"].items():
        drafting.keep_target(IndicatorTarget(terms=terms, quarter=int(quarter), value=Decimal(value)), by=None)


def _adopt(version: PlanVersion) -> None:
    """By a meeting of the December before."""
    plan = version.plan
    title = {"title_es": str(plan.title_es), "title_en": str(plan.title_en)}
    meeting = meetings.planned(plan.body, plan.first_day - 20 * DAY, mode="online")
    item = meetings.item(meeting, kind=AgendaItem.Kind.DECISION, visibility="public", **title)
    adoption.bring_before_committee(version, item=item, by=None)
    meetings.hold_with_quorum(meeting)
    said = {
        "text_es": f"Se aprueba el plan de acción bianual {plan.period}.",
        "text_en": f"The biannual action plan {plan.period} is adopted.",
    }
    decision = Decision(item=item, visibility="public", **said)
    meetings.decided(decision)
    adoption.adopt(version, decision=Decision.objects.get(pk=decision.pk), since=plan.first_day, by=None)


# --- Reported on -----------------------------------------------------------------------------------------------------


def _report(plan: Plan, content: dict) -> None:
    """Quarters that are over: reported and approved; of the last one some reports wait, and some lack."""
    last = periods.just_ended(plan, timezone.localdate())
    told = _told(plan, content)
    for period in plan.periods.filter(quarter__lte=last).order_by("quarter"):
        today = timezone.localdate()
        periods.open_period(period, closes_on=today + OPEN_FOR * DAY, by=None)
        _report_quarter(period, told, is_last=period.quarter == last)
        begun = plan.quarter_days(period.quarter)[1] + DAY
        if period.quarter != last:
            closes = begun + OPEN_FOR * DAY
            Period.objects.filter(pk=period.pk).update(opened_on=begun, closes_on=min(closes, today - DAY))
            then = datetime.combine(begun + 12 * DAY, time(15), tzinfo=timezone.get_current_timezone())
            period.reports.update(submitted_at=then, decided_at=then + 3 * DAY)


def _told(plan: Plan, content: dict) -> dict[tuple[str, int], dict[str, object]]:
    """What is said of each line of the plan, by its code and quarter."""
    found: dict[tuple[str, int], dict[str, object]] = {}
    for terms, row in zip(_lines(plan, "terms"), content["activities"], strict=True):
        for quarter, (state, words) in enumerate(row["reports"], 1):
            if state:
                found[terms.activity.code, quarter] = {"status_said": state, "narrative": words}
    for terms, row in zip(_lines(plan, "indicator_terms"), content["indicators"], strict=True):
        for quarter, value in enumerate(row["values"], 1):
            found[terms.indicator.code, quarter] = {"value": Decimal(value), "narrative": ""}
    return found


def _lines(plan: Plan, name: str) -> Iterable[ActivityTerms | IndicatorTerms]:
    """In the order in which they were written."""
    return getattr(plan.versions.get(), name).order_by("pk")


def _report_quarter(period: Period, told: dict[tuple[str, int], dict[str, object]], *, is_last: bool) -> None:
    reporter = Reporter(user=User.objects.get(email="gestiona@demo.example"), on_behalf=True)
    approver = User.objects.get(email="secretaria@demo.example")
    for line in periods.due(period):
        said = told.get((line.code, period.quarter))
        who = line.organisation.slug
        if said is None or (is_last and who in UNHEARD):
            continue
        report = reporting.submit(line, said, reporter=reporter, is_right=True)
        ProgressReport.objects.filter(pk=report.pk).update(reporter_name=f"Punto focal de {line.organisation}")
        if is_last and who == RETURNED and line.is_activity:
            with meetings.no_letters():
                reporting.return_report(report, by=approver, note="Gracias. ¿Podría decir cuántas vacunas faltan?")
        elif not (is_last and who == WAITING):
            reporting.approve(report, by=approver)


# --- Paid for, and what came of it -----------------------------------------------------------------------------------


def _give(plan: Plan, rows: list[dict]) -> None:
    activities = [terms.activity for terms in _lines(plan, "terms")]
    for row in rows:
        plain = {name: row[name] for name in ("kind", "currency", "audience", "amount_audience", "restrictions")}
        given = Contribution(
            organisation=_organisation(row["organisation"]), plan=plan, activity=activities[row["activity"] - 1],
            **plain, **_both(row, "what"),
        )  # fmt: skip
        giving.keep(given, by=None)
        for months, (stage, amount) in enumerate(row.get("movements", [])):
            _step(given, months, stage, amount=Decimal(amount))
        for months, (stage, days) in enumerate(row.get("days", [])):
            _step(given, months, stage, days=Decimal(days))


def _step(given: Contribution, months: int, stage: str, **how_much: Decimal) -> None:
    on = min(given.plan.first_day + 45 * months * DAY, timezone.localdate())
    giving.note_step(Movement(contribution=given, stage=stage, on=on, **how_much), by=None)


def _what_came_of_it(plan: Plan) -> None:
    """A document of an activity, and a change that somebody independent has seen."""
    activities = {terms.lead.slug: terms.activity for terms in _lines(plan, "terms")}
    work = Resource.objects.get(title_es__startswith="Primeros auxilios psicológicos en albergues")
    origins.name_origin(work, activity=activities[WAITING], by=None)
    report = Resource.objects.get(title_es__startswith="Referencias que cruzan fronteras")
    origins.name_origin(report, activity=activities["ministerio-salud-guatemala"], by=None)
    _outcome(plan, activities["ministerio-salud-guatemala"], report)


def _outcome(plan: Plan, activity: Activity, shown_by: Resource) -> None:
    today = timezone.localdate()
    outcome = PolicyOutcome(
        country_id="GT", kind=PolicyOutcome.Kind.PRACTICE, level=PolicyOutcome.Level.LOCAL,
        happened_on=min(plan.first_day + 120 * DAY, today - 30 * DAY), reported_by=_organisation("oim"),
        actor_es="Centros de salud de la frontera (ejemplo de demostración)",
        actor_en="Health centres at the border (example of the demo)",
        change_es="Reciben a las personas que refiere el otro lado de la frontera sin pedirles documentos.",
        change_en="They receive people referred from the other side of the border without asking for papers.",
        covers_es="Personas en tránsito con tratamiento de tuberculosis o de VIH.",
        covers_en="People in transit under treatment for tuberculosis or HIV.",
        significance_es="Antes, uno de cada tres tratamientos se interrumpía al cruzar.",
        significance_en="Before, one in three treatments was broken off on crossing.",
        contribution_es="La Iniciativa reunió a los dos equipos y redactó los formatos comunes.",
        contribution_en="The Initiative brought the two teams together and drafted the common forms.",
    )  # fmt: skip
    outcomes.report(outcome, by=None)
    outcomes.link(outcome, activities=[activity], documents=[])
    evidence = outcomes.add_evidence(Evidence(outcome=outcome, document=shown_by), by=None)
    outcomes.review(outcome, by=None)
    seen = {"organisation": _organisation("insp"), "name": "Investigadora de demostración"}
    outcomes.verify(evidence, on=min(plan.first_day + 200 * DAY, today), by=None, **seen)
    outcomes.substantiate(outcome, by=None)
    outcomes.publish(outcome, by=None)
