"""The tables of a plan, as its spreadsheet, its Word document and its PDF print them: texts, numbers and amounts."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.core import currencies
from portal.core.languages import Worded
from steering.plan.figures import Figures
from steering.plan.figures_parts import Line
from steering.plan.money import Totals

Cell = str | int | Decimal | Totals | Worded | None


@dataclass(frozen=True)
class Table:
    name: str
    """Of the sheet as well: at most 31 letters, none of []:*?/\\."""
    key: str
    head: list[str]
    rows: list[list[Cell]]


def about(figures: Figures) -> list[str]:
    """What stands above every file: which version, for whom, of which day."""
    today = date_format(localdate(), "DATE_FORMAT")
    said = [
        figures.named[:1].upper() + figures.named[1:],
        figures.edition,
        _("As known on %(day)s") % {"day": today},
    ]
    if figures.has_hidden:
        said.append(_("Some activities are for fewer readers. They are not shown here and no figure counts them."))
    return [*said, _("Amounts in different currencies are not added.")]


def tables(figures: Figures) -> list[Table]:
    return [
        overview(figures),
        matrix(figures),
        indicators(figures),
        money(figures),
        markers(figures),
        countries(figures),
        organisations(figures),
    ]


def overview(figures: Figures) -> Table:
    states = [one.label for one in figures.everything.states]
    head = [_("Objective"), *states, _("All"), _("Budget")]
    groups = [(f"{group.key}. {group.name}", group) for group in figures.by_objective]
    groups.append((_("All activities"), figures.everything))
    rows = [[name, *(one.number for one in group.states), group.total, group.budget] for name, group in groups]
    return Table(_("Plan"), "plan", head, rows)


def matrix(figures: Figures) -> Table:
    head = [
        _("Code"), _("Objective"), _("Expected result"), _("Activity"), _("Deliverable"), _("Co-leads"), _("Members"),
        _("Countries"), *figures.quarters, _("Status"), _("Why"), _("Times carried over"), _("Budget"),
        _("Decision"), *(profile.name for profile in figures.profile), _("Last report"), _("Documents"),
    ]  # fmt: skip
    return Table(_("Matrix"), "matrix", head, [_line(line, figures) for line in figures.lines])


def _line(line: Line, figures: Figures) -> list[Cell]:
    return [
        line.code,
        f"{line.objective.code}. {line.objective.shown_short}",
        f"{line.result.code} {line.result.shown_text}",
        line.text,
        line.deliverable,
        line.lead.short_name,
        ", ".join(partner.short_name for partner in line.partners),
        ", ".join(line.country_names),
        *line.marked_quarters,
        line.state_label,
        line.activity.state_reason,
        line.activity.times_carried,
        line.budget,
        line.origin.code if line.origin else "",
        *(mark.label if mark.code is None else mark.code for mark in line.marks),
        f"{line.report.period}: {line.narrative}" if line.report else "",
        "; ".join(str(work.shown_title) for work in figures.outputs.get(line.terms.activity_id, [])),
    ]


def indicators(figures: Figures) -> Table:
    head = [
        _("Code"), _("Expected result"), _("Indicator"), _("Unit"), _("Baseline"), _("Target"), _("Reached"),
        _("Of the way (%)"), *figures.quarters, _("Reported by"), _("Means of verification"),
    ]  # fmt: skip
    rows = [
        [
            one.code, one.result.code, one.text, one.unit, one.terms.baseline,
            one.aim if one.is_in_words else one.terms.target, one.actual, one.percent,
            *(point.reached for point in one.points), one.responsible.short_name, one.terms.means,
        ]
        for one in figures.indicators
    ]  # fmt: skip
    return Table(_("Indicators"), "indicators", head, rows)


def money(figures: Figures) -> Table:
    head = [_("Objective"), _("Budget"), *(str(stage.label) for stage in figures.stages)]
    rows = [[row.name, row.budget, *(given.money for given in row.by_stage)] for row in figures.money]
    if any(given.days for row in figures.money for given in row.by_stage):
        head += [_("%(stage)s (days)") % {"stage": stage.label} for stage in figures.stages]
        rows = [
            [*cells, *(given.days for given in row.by_stage)] for cells, row in zip(rows, figures.money, strict=True)
        ]
    return Table(_("Budget"), "money", head, rows)


def markers(figures: Figures) -> Table:
    head = [_("Marker"), _("Code"), _("Meaning"), _("Activities"), _("Budget")]
    rows = [
        [profile.name, row.code, row.label, row.number, row.budget]
        for profile in figures.profile
        for row in profile.rows
    ]
    return Table(_("Markers"), "markers", head, rows)


def countries(figures: Figures) -> Table:
    head = [_("Country"), *(one.label for one in figures.everything.states), _("All")]
    rows = [[group.name, *(one.number for one in group.states), group.total] for group in figures.by_country]
    return Table(_("Countries"), "countries", head, rows)


def organisations(figures: Figures) -> Table:
    head = [
        _("Organisation"), *(one.label for one in figures.everything.states), _("All"), _("Takes part in"), _("Budget")
    ]  # fmt: skip
    rows = [
        [group.name, *(one.number for one in group.states), group.total, group.joined, group.budget]
        for group in figures.by_organisation
    ]
    return Table(_("Organisations"), "organisations", head, rows)


def written(cell: Cell) -> str:
    """A cell on paper."""
    if cell is None:
        return ""
    if isinstance(cell, Totals):
        return "\n".join(cell.shown)
    return currencies.number(Decimal(cell)) if isinstance(cell, int | Decimal) else str(cell)
