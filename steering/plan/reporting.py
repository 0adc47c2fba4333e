"""What organisations say about a plan, quarter by quarter, and what of it counts: what somebody else has approved."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from steering.models import IndicatorTerms, PlanVersion, ProgressReport

ALL_QUARTERS = 8

# --- What counts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Actual:
    """Where an indicator stands by its approved reports."""

    value: Decimal | None
    """In its measure; None for one that is told in words."""
    quarter: int
    """The last one that was reported on."""
    share: Decimal | None
    """Of the way from baseline to target, as `IndicatorTerms.share`."""
    words: str
    """The narrative of that report."""


def latest(version: PlanVersion, *, upto: int = ALL_QUARTERS) -> dict[int, ProgressReport]:
    """By activity of this version its last approved report, with its period; in one query."""
    approved = ProgressReport.objects.approved().filter(period__quarter__lte=upto)
    last = approved.filter(activity=OuterRef("activity")).order_by("-period__quarter").values("pk")[:1]
    rows = approved.filter(activity__terms__version=version, pk=Subquery(last)).select_related("period__plan")
    return {report.activity_id: report for report in rows}


def actuals(version: PlanVersion, *, upto: int = ALL_QUARTERS) -> dict[int, Actual]:
    """By indicator of this version where it stood by the end of that quarter, as far as reported; in two queries."""
    approved = ProgressReport.objects.approved().filter(period__quarter__lte=upto, indicator__terms__version=version)
    reports = defaultdict(list)
    for report in approved.select_related("period").order_by("period__quarter"):
        reports[report.indicator_id].append(report)
    terms = version.indicator_terms.filter(indicator__in=reports) if reports else []
    return {line.indicator_id: _stands(line, reports[line.indicator_id]) for line in terms}


def actual(terms: IndicatorTerms, upto: int = ALL_QUARTERS) -> Actual | None:
    """The same for one indicator; None while nothing about it is approved."""
    approved = terms.indicator.reports.approved().filter(period__quarter__lte=upto)
    reports = list(approved.select_related("period").order_by("period__quarter"))
    return _stands(terms, reports) if reports else None


def _stands(terms: IndicatorTerms, reports: list[ProgressReport]) -> Actual:
    """One that counts up begins at its baseline, and each report adds to it; otherwise the last report tells."""
    last = reports[-1]
    values = [report.value for report in reports if report.value is not None]
    value = values[-1] if values else None
    if values and terms.cumulative:
        value = _sum([terms.baseline or Decimal(0), *values])
    share = None if value is None else terms.share(value)
    return Actual(value, last.period.quarter, share, last.narrative)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, start=Decimal(0))
