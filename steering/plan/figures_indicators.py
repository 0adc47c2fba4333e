"""The figures of a plan's indicators: what was aimed at and what approved reports say, quarter by quarter."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from network.models import Organisation
from portal.core import languages
from portal.core.languages import Worded
from steering.models import ExpectedResult, IndicatorTerms, PlanVersion, ProgressReport
from steering.models.plan import QUARTERS
from steering.plan import drawing, values


@dataclass(frozen=True)
class Point:
    """One quarter of an indicator; None for what was not set or not reported."""

    quarter: int
    name: str
    target: Decimal | None
    reported: Decimal | None
    reached: Decimal | None
    """How it stands after the report: of one that counts up, the baseline and all reports until then."""
    said: str


@dataclass(frozen=True, eq=False)
class IndicatorFigures:
    """An indicator as one version of the plan words it, and how far it has come."""

    terms: IndicatorTerms
    result: ExpectedResult
    points: list[Point]
    """Of all eight quarters."""

    @property
    def code(self) -> str:
        return self.terms.indicator.code

    @property
    def text(self) -> Worded:
        return self.terms.shown_text

    @property
    def unit(self) -> str:
        return "%" if self.terms.measure == IndicatorTerms.Measure.PERCENTAGE else self.terms.shown_unit.text

    @property
    def aim(self) -> Worded:
        return languages.of_row(self.terms, "target_words")

    @property
    def responsible(self) -> Organisation:
        return self.terms.responsible

    @property
    def is_in_words(self) -> bool:
        return self.terms.measure == IndicatorTerms.Measure.QUALITATIVE

    @property
    def last(self) -> Point | None:
        """The last quarter somebody reported on."""
        return next((point for point in reversed(self.points) if point.reached is not None or point.said), None)

    @property
    def actual(self) -> Decimal | None:
        return next((point.reached for point in reversed(self.points) if point.reached is not None), None)

    @property
    def chart(self) -> drawing.Chart:
        aimed = {point.quarter: point.target for point in self.points if point.target is not None}
        if self.terms.target is not None:
            aimed.setdefault(QUARTERS[-1], self.terms.target)
        reached = [(point.quarter, point.reached) for point in self.points if point.reached is not None]
        return drawing.chart(self.terms.baseline, sorted(aimed.items()), reached)

    @property
    def percent(self) -> int | None:
        """Of the way from baseline to target: 100 is there, more is beyond it, below 0 is the wrong way."""
        share = None if self.actual is None else self.terms.share(self.actual)
        return None if share is None else int((share * 100).quantize(Decimal(1), ROUND_HALF_UP))


def indicators_of(
    version: PlanVersion, results: dict[int, ExpectedResult], reports: dict[int, list[ProgressReport]]
) -> list[IndicatorFigures]:
    """In the order of the results and of their codes, in two queries."""
    rows = version.indicator_terms.select_related("indicator", "responsible").prefetch_related("targets")
    ordered = rows.order_by("result__objective__position", "result__position", "indicator__code")
    return [_figures(terms, version, results, reports.get(terms.indicator_id, [])) for terms in ordered]


def _figures(
    terms: IndicatorTerms, version: PlanVersion, results: dict[int, ExpectedResult], reports: list[ProgressReport]
) -> IndicatorFigures:
    targets = {target.quarter: target.value for target in terms.targets.all()}
    reported = {report.period.quarter: report for report in reports}
    said = [reported[quarter].value if quarter in reported else None for quarter in QUARTERS]
    points = [
        Point(
            quarter=quarter,
            name=version.plan.quarter_name(quarter),
            target=targets.get(quarter),
            reported=value,
            reached=reached,
            said=reported[quarter].narrative if quarter in reported else "",
        )
        for quarter, value, reached in zip(QUARTERS, said, values.standings(terms, said), strict=True)
    ]
    return IndicatorFigures(terms, results[terms.result_id], points)
