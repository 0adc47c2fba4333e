"""
A plan as data, in the elements and codes of the International Aid Transparency Initiative (IATI 2.03), as JSON.

Amounts and values are texts, as in IATI's XML, because JSON's readers round large numbers. `summary` has the totals of
the pages, by currency.
"""

from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from portal.core import languages
from resources.models import MarkerKind
from steering.models import Activity, Contribution, ExpectedResult, IndicatorTerms, Movement
from steering.plan.figures import Figures
from steering.plan.figures_indicators import IndicatorFigures
from steering.plan.figures_parts import Group, Line
from steering.plan.money import Totals

State, Stage, Kind, Measure = Activity.State, Movement.Stage, ExpectedResult.Kind, IndicatorTerms.Measure
Data = dict[str, object]

ACTIVITY_STATUS = {
    State.PLANNED: "1",
    State.ONGOING: "2",
    State.DELAYED: "2",
    State.COMPLETED: "4",
    State.CANCELLED: "5",
    State.CARRIED_OVER: "4",
}
"""IATI knows no delay and no carrying over: `status` has our own word beside it."""
RESULT_TYPE = {Kind.OUTPUT: "1", Kind.OUTCOME: "2", Kind.IMPACT: "3"}
MEASURE = {Measure.UNIT: "1", Measure.PERCENTAGE: "2", Measure.QUALITATIVE: "5"}
TRANSACTION_TYPE = {Stage.PLEDGE: "13", Stage.COMMITMENT: "11", Stage.RECEIVED: "1", Stage.SPENT: "4"}
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
OWN_VOCABULARY = "99"


def data(figures: Figures) -> Data:
    """Everything the reader of the figures may know."""
    return {
        "iati-version": "2.03",
        "title": _narrative(figures.plan, "title"),
        "description": _narrative(figures.plan, "introduction"),
        "language": get_language(),
        "plan": {
            "period": figures.plan.period,
            "version": figures.version.number,
            "state": figures.version.state,
            "in-force-since": _day(figures.version.in_force_since),
            "named": figures.named,
            "edition": figures.edition,
            "incomplete": figures.has_hidden,
        },
        "generated": timezone.localdate().isoformat(),
        "reporting-org": {
            "narrative": [{"text": "Iniciativa Conjunta de Salud de las Personas Migrantes y sus Familias"}]
        },
        "summary": _summary(figures),
        "iati-activity": [_activity(line, figures) for line in figures.lines],
        "result": [_result(result, figures) for one in figures.objectives for result in one.shown_results],
    }


def _activity(line: Line, figures: Figures) -> Data:
    terms, plan = line.terms, figures.plan
    gifts = figures.gifts.get(terms.activity_id, [])
    starts, ends = plan.quarter_days(terms.first_quarter)[0], plan.quarter_days(terms.last_quarter)[1]
    period = {"period-start": starts.isoformat(), "period-end": ends.isoformat()}
    return {
        "iati-identifier": f"{settings.SITE_URL.split('//')[-1]}:{plan.first_year}:{line.code}",
        "code": line.code,
        "objective": line.objective.code,
        "result": line.result.code,
        "title": _narrative(terms, "text"),
        "description": [{"type": "1", **_narrative(terms, "deliverable")}] if line.deliverable else [],
        "participating-org": [
            _party(line.lead, ACCOUNTABLE),
            *(_party(partner, IMPLEMENTING) for partner in line.partners),
            *(_party(gift.organisation, FUNDING) for gift in gifts),
        ],
        "activity-status": ACTIVITY_STATUS[line.state],
        "status": line.state,
        "status-reason": line.activity.state_reason,
        "times-carried": line.activity.times_carried,
        "activity-date": [{"type": "1", "iso-date": starts.isoformat()}, {"type": "3", "iso-date": ends.isoformat()}],
        "recipient-country": [{"code": country.code} for country in line.countries],
        "recipient-region": [] if line.countries else [{"vocabulary": OWN_VOCABULARY, "code": "region"}],
        "policy-marker": [_marker(mark.kind, mark.code, mark.justification) for mark in line.marks],
        "budget": [
            {"type": "1", "status": "1", **period, "value": {"currency": currency, "amount": _text(amount)}}
            for currency, amount in line.budget
        ],
        "transaction": [one for gift in gifts for one in _transactions(gift, figures)],
        "last-report": _report(line),
        "document-link": [
            {"url": settings.SITE_URL + work.get_absolute_url(), "title": _narrative(work, "title")}
            for work in figures.outputs.get(terms.activity_id, [])
        ],
    }


def _report(line: Line) -> Data | None:
    if line.report is None:
        return None
    return {"quarter": str(line.report.period), "narrative": [{"text": line.narrative}]}


def _party(organisation: object, role: str) -> Data:
    return {"ref": organisation.slug, "role": role, "acronym": organisation.acronym, **_narrative(organisation, "name")}


def _marker(kind: str, code: int | None, justification: str) -> Data:
    """Gender equality is marker 1 of OECD-DAC, which has none for human rights. Not screened: no significance."""
    of_dac = kind == MarkerKind.GENDER
    marker = {"vocabulary": "1", "code": "1"} if of_dac else {"vocabulary": OWN_VOCABULARY, "code": kind}
    said = [{"text": justification}] if justification else []
    return marker | {"marker": kind, "significance": None if code is None else str(code), "narrative": said}


def _transactions(gift: Contribution, figures: Figures) -> list[Data]:
    """Only steps with an amount, and only where this reader may know it."""
    if not gift.shows_amount_to(figures.reader):
        return []
    return [
        {
            "transaction-type": TRANSACTION_TYPE[step.stage],
            "transaction-date": step.on.isoformat(),
            "value": {"currency": gift.currency, "amount": _text(step.amount)},
            "provider-org": {"ref": gift.organisation.slug},
        }
        for step in gift.movements.all()
        if step.amount is not None and gift.currency
    ]


def _result(result: ExpectedResult, figures: Figures) -> Data:
    return {
        "type": RESULT_TYPE[result.kind],
        "code": result.code,
        "title": _narrative(result, "text"),
        "indicator": [_indicator(one, figures) for one in figures.indicators if one.result == result],
    }


def _indicator(one: IndicatorFigures, figures: Figures) -> Data:
    terms = one.terms
    return {
        "code": one.code,
        "measure": MEASURE[terms.measure],
        "ascending": "1" if terms.ascending else "0",
        "title": _narrative(terms, "text"),
        "unit": one.unit,
        "baseline": {"year": terms.baseline_year, "value": _text(terms.baseline)},
        "target": _text(terms.target),
        "actual": _text(one.actual),
        "period": [
            {
                "period-start": figures.plan.quarter_days(point.quarter)[0].isoformat(),
                "period-end": figures.plan.quarter_days(point.quarter)[1].isoformat(),
                "target": {"value": _text(point.target)},
                "actual": {"value": _text(point.reached)},
            }
            for point in one.points
            if point.target is not None or point.reached is not None
        ],
    }


def _summary(figures: Figures) -> Data:
    return {
        "all": _group(figures.everything),
        "objective": {group.key: _group(group) for group in figures.by_objective},
        "country": {group.key: _group(group) for group in figures.by_country},
        "organisation": {group.key: _group(group) for group in figures.by_organisation},
        "marker": {
            profile.kind: [
                {"code": row.code, "activities": row.number, "budget": _amounts(row.budget)} for row in profile.rows
            ]
            for profile in figures.profile
        },
        "contributed": {
            row.key or "all": {
                stage.value: _amounts(given.money) for stage, given in zip(Stage, row.by_stage, strict=True)
            }
            for row in figures.money
        },
    }


def _group(group: Group) -> Data:
    states = {one.state: one.number for one in group.states}
    return {"activities": group.total, "status": states, "budget": _amounts(group.budget)}


def _amounts(totals: Totals) -> dict[str, str]:
    return {currency: _text(amount) for currency, amount in totals}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _day(day: object) -> str | None:
    return day.isoformat() if day else None


def _narrative(row: object, field: str) -> Data:
    """A text in the languages there are, the reader's first."""
    order = list(dict.fromkeys([languages.of_row(row, field).language, "es", "en"]))
    texts = [(code, getattr(row, f"{field}_{code}")) for code in order]
    return {"narrative": [{"lang": code, "text": text} for code, text in texts if text]}
